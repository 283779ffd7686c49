package main

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// objectOf makes the object that a line tells of, and what its condition Ready says; "" where it has none. GENERATION is
// that of the object and the observed one, as 2/1; a condition is TYPE=STATUS, and Ready=STATUS/REASON.
func objectOf(line string) (*unstructured.Unstructured, string) {
	words := strings.Fields(line)
	generation, observed, _ := strings.Cut(words[1], "/")
	var conditions []any
	ready := ""
	for _, word := range words[2:] {
		kind, rest, _ := strings.Cut(word, "=")
		state, reason, _ := strings.Cut(rest, "/")
		message := "what " + reason + " says"
		if kind == "Ready" && generation == observed {
			ready = message
		}
		conditions = append(conditions, map[string]any{
			"type": kind, "status": state, "reason": reason, "message": message, "observedGeneration": number(observed),
			"lastTransitionTime": "2026-11-27T10:00:00Z"})
	}
	status := map[string]any{"observedGeneration": number(observed)}
	if conditions != nil {
		status["conditions"] = conditions
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "tunetrail.io/v1alpha1", "kind": words[0],
		"metadata": map[string]any{"name": "songs", "namespace": "music", "generation": number(generation)},
		"status":   status}}, ready
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}
