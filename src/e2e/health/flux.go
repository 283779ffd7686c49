package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/yaml"
)

func kstatusOf(object *unstructured.Unstructured) (string, error) {
	result, err := status.Compute(object)
	if err != nil {
		return "", err
	}
	return result.Status.String(), nil
}

type expressions struct {
	APIVersion, Kind            string
	InProgress, Failed, Current string
}

// What a Kustomization says of kinds, by kind.
type flux map[string]expressions

func readFlux(file string) (flux, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	byKind := flux{}
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		var kustomization struct {
			Spec struct{ HealthCheckExprs []expressions }
		}
		if err := yaml.Unmarshal(document, &kustomization); err != nil {
			return nil, err
		}
		for _, it := range kustomization.Spec.HealthCheckExprs {
			byKind[it.Kind] = it
		}
	}
	return byKind, nil
}

// As Flux evaluates them: what is not yet observed is in progress, then each in this order.
func (f flux) status(object *unstructured.Unstructured) (string, error) {
	it, ok := f[object.GetKind()]
	if !ok || it.APIVersion != object.GetAPIVersion() {
		return "", fmt.Errorf("no expressions for %s", object.GroupVersionKind())
	}
	observed, found, err := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	if err != nil || found && observed != object.GetGeneration() {
		return status.InProgressStatus.String(), err
	}
	for _, step := range []struct {
		expression string
		status     status.Status
	}{{it.InProgress, status.InProgressStatus}, {it.Failed, status.FailedStatus}, {it.Current, status.CurrentStatus}} {
		if step.expression == "" {
			continue
		}
		if holds, err := evaluate(step.expression, object.Object); err != nil || holds {
			return step.status.String(), err
		}
	}
	return status.InProgressStatus.String(), nil
}

func evaluate(expression string, object map[string]any) (bool, error) {
	environment, err := cel.NewEnv(cel.OptionalTypes(), cel.CrossTypeNumericComparisons(true))
	if err != nil {
		return false, err
	}
	parsed, issues := environment.Parse(expression)
	if issues != nil {
		return false, issues.Err()
	}
	program, err := environment.Program(parsed)
	if err != nil {
		return false, err
	}
	value, _, err := program.Eval(object)
	if err != nil {
		return false, err
	}
	return value == types.True, nil
}
