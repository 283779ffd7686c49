// Tells how Argo CD and Flux see objects: by the Lua that this repository ships, in Argo CD's own interpreter with no more than
// Argo CD gives it, by the module that Flux takes its waiting from, and by the expressions of the Flux example.
//
//	health -lua FILE -flux FILE check FILE   compares lines "KIND GENERATION CONDITION… = ARGOCD KSTATUS FLUX" with what they are
//	health -lua FILE -flux FILE show         prints "KIND NAME ARGOCD KSTATUS FLUX MESSAGE" of each object of a List on stdin
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func main() {
	lua := flag.String("lua", "", "the patch of ConfigMap argocd-cm, or the ConfigMap")
	flux := flag.String("flux", "", "a file with Flux's Kustomizations")
	flag.Parse()
	views, err := read(*lua, *flux)
	if err == nil {
		switch flag.Arg(0) {
		case "check":
			err = views.check(flag.Arg(1))
		case "show":
			err = views.show(os.Stdin)
		default:
			err = fmt.Errorf("check or show, not %q", flag.Arg(0))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type views struct {
	argo argo
	flux flux
}

func read(lua, expressions string) (views, error) {
	argo, err := readArgo(lua)
	if err != nil {
		return views{}, err
	}
	flux, err := readFlux(expressions)
	return views{argo, flux}, err
}

// of tells "ARGOCD KSTATUS FLUX" and Argo CD's message.
func (v views) of(object *unstructured.Unstructured) (string, string, error) {
	health, message, err := v.argo.health(object)
	if err != nil {
		return "", "", err
	}
	kstatus, err := kstatusOf(object)
	if err != nil {
		return "", "", err
	}
	flux, err := v.flux.status(object)
	return strings.Join([]string{health, kstatus, flux}, " "), message, err
}

func (v views) check(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		given, expected, _ := strings.Cut(lines.Text(), " = ")
		object, message := objectOf(given)
		actual, told, err := v.of(object)
		if err != nil {
			return fmt.Errorf("%s: %w", given, err)
		}
		if actual != expected {
			return fmt.Errorf("%s: expected %s, got %s", given, expected, actual)
		}
		if message != "" && told != message {
			return fmt.Errorf("%s: Argo CD would say %q", given, told)
		}
		seen[actual]++
	}
	for _, outcome := range slices.Sorted(maps.Keys(seen)) {
		fmt.Println(seen[outcome], outcome)
	}
	return lines.Err()
}

func (v views) show(from io.Reader) error {
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	list := &unstructured.UnstructuredList{}
	if err := yaml.Unmarshal(text, &list); err != nil {
		return err
	}
	for _, object := range list.Items {
		actual, message, err := v.of(&object)
		if err != nil {
			return err
		}
		fmt.Println(object.GetKind(), object.GetName(), actual, message)
	}
	return nil
}
