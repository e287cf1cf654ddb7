package configuration

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// surroundings are the ConfigMaps that were given together with the workloads that mount them.
type surroundings struct {
	// byName holds all ConfigMaps of a name, whatever their namespace.
	byName  map[string][]*manifest.Object
	decoded map[*manifest.Object]*corev1.ConfigMap
	// defaults of the operator, nil if its ConfigMap was not given.
	defaults *workload.OperatorDefaults
}

// gather decodes all ConfigMaps. What is none, although it says so, is a problem.
func gather(files []*manifest.File) (*surroundings, []error) {
	around := &surroundings{byName: map[string][]*manifest.Object{}, decoded: map[*manifest.Object]*corev1.ConfigMap{}}
	var problems []error
	for _, file := range files {
		for _, object := range file.Objects {
			if object.Kind != "ConfigMap" || object.Group() != "" {
				continue
			}
			configMap := &corev1.ConfigMap{}
			if err := object.Decode(configMap); err != nil {
				if err = object.UnlessForeign(err); err != nil {
					problems = append(problems, err)
				}
				continue
			}
			around.decoded[object] = configMap
			around.byName[object.Name] = append(around.byName[object.Name], object)
		}
	}
	if operators := around.operators(flink.OperatorConfigMap); operators != nil {
		if defaults, ok := workload.LoadOperatorDefaults(around.decoded[operators]); ok {
			around.defaults = &defaults
		}
	}
	return around, problems
}

// find is the ConfigMap of a name that a workload of a namespace would mount, nil if it was not given, or if several may be
// meant. A namespace that a manifest does not say is whatever somebody applies it to.
func (s *surroundings) find(namespace, name string) *manifest.Object {
	var exact, possible []*manifest.Object
	for _, object := range s.byName[name] {
		switch {
		case object.Namespace == namespace:
			exact = append(exact, object)
		case object.Namespace == "" || namespace == "":
			possible = append(possible, object)
		}
	}
	if len(exact) == 0 {
		exact = possible
	}
	if len(exact) != 1 {
		return nil
	}
	return exact[0]
}

// operators is the one ConfigMap of a name, in whatever namespace the operator runs.
func (s *surroundings) operators(name string) *manifest.Object {
	if all := s.byName[name]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// of are the surroundings of a process. A ConfigMap that was not given may well be in the cluster.
func (s *surroundings) of(namespace string) workload.Surroundings {
	return workload.Surroundings{
		Namespace: namespace,
		ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
			if object := s.find(namespace, name); object != nil {
				return s.decoded[object], workload.KnownWhole
			}
			return nil, workload.Unknown
		},
	}
}
