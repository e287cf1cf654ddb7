package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func clusterIDInvalid() Rule {
	return Rule{
		ID:      "cluster-id-invalid",
		Level:   policy.LevelBaseline,
		Summary: "kubernetes.cluster-id cannot begin the name of a ConfigMap.",
		Why:     "The API server refuses the HA ConfigMaps, and no JobManager ever becomes leader.",
		Remedy:  "Write at most 45 lower-case letters, digits and '-', beginning with a letter.",
		Source:  "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/; AbstractKubernetesParameters.getClusterId (45 characters)",
		Check: func(subject Subject) []Violation {
			id := subject.Configuration.Get(flink.KeyClusterID, subject.Version)
			setting := id.Setting
			if !id.Set || id.Unknown != "" || flink.IsBlank(setting.Value) || !subject.readable() ||
				subject.highAvailability().Intended() != flink.ModeKubernetes {
				return nil
			}
			problem := flink.ClusterIDProblem(setting.Value)
			if problem == "" {
				return nil
			}
			return []Violation{{
				Option:   flink.KeyClusterID,
				Setting:  setting.Key,
				Position: setting.Position,
				Found:    &setting.Value,
				Needed:   "at most 45 lower-case letters, digits and '-', beginning with a letter",
				Remedy:   line(setting.Position, setting.Key, "<name>"),
				Detail:   problem,
			}}
		},
	}
}
