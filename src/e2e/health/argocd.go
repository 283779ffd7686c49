package main

import (
	"context"
	"fmt"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// The scripts by the keys of ConfigMap argocd-cm.
type argo map[string]string

func readArgo(file string) (argo, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var configMap struct{ Data argo }
	err = yaml.Unmarshal(text, &configMap)
	return configMap.Data, err
}

// Argo CD opens these libraries for a script of a user and no others, and gives it a second.
var libraries = map[string]lua.LGFunction{
	lua.LoadLibName: lua.OpenPackage,
	lua.BaseLibName: lua.OpenBase,
	lua.TabLibName:  lua.OpenTable,
}

func (scripts argo) health(object *unstructured.Unstructured) (string, string, error) {
	kind := object.GroupVersionKind()
	script := scripts[fmt.Sprintf("resource.customizations.health.%s_%s", kind.Group, kind.Kind)]
	if script == "" {
		return "", "", fmt.Errorf("there is no script for %s", kind)
	}
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	for name, open := range libraries {
		state.Push(state.NewFunction(open))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	limit, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(limit)
	state.SetGlobal("obj", valueOf(state, object.Object))
	if err := state.DoString(script); err != nil {
		return "", "", err
	}
	health, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return "", "", fmt.Errorf("the script returned a %s", state.Get(-1).Type())
	}
	return health.RawGetString("status").String(), health.RawGetString("message").String(), nil
}

func valueOf(state *lua.LState, value any) lua.LValue {
	switch it := value.(type) {
	case bool:
		return lua.LBool(it)
	case int64:
		return lua.LNumber(it)
	case float64:
		return lua.LNumber(it)
	case string:
		return lua.LString(it)
	case []any:
		list := state.NewTable()
		for _, item := range it {
			list.Append(valueOf(state, item))
		}
		return list
	case map[string]any:
		table := state.NewTable()
		for key, item := range it {
			table.RawSetString(key, valueOf(state, item))
		}
		return table
	}
	return lua.LNil
}
