package flink

import (
	"path"
	"strings"
)

// inConfigMap begins the paths of positions in a ConfigMap that a workload reads.
const inConfigMap = "configMap "

// InConfigMap is the path, as positions of a workload have it, of a field in a ConfigMap that the workload reads.
func InConfigMap(name, path string) string { return inConfigMap + name + " " + path }

// CutConfigMap parts such a path: it is false for one that leads to a field of the object itself.
func CutConfigMap(path string) (name, inside string, ok bool) {
	rest, ok := strings.CutPrefix(path, inConfigMap)
	if !ok {
		return "", "", false
	}
	return strings.Cut(rest, " ")
}

// LoaderAt is the loader of the file whose text a path leads to, such as data["config.yaml"]; false where that is none of Flink's.
func LoaderAt(at string) (Loader, bool) {
	if start := strings.LastIndex(at, `["`); start >= 0 {
		return LoaderOf(strings.TrimSuffix(at[start+2:], `"]`))
	}
	return LoaderOf(path.Base(at))
}
