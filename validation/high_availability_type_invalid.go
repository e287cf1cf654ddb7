package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityTypeInvalid() Rule {
	return Rule{
		ID:         "high-availability-type-invalid",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet01,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeInvalid},
		Effect:     "Flink takes it for the name of a class and does not start",
		Summary:    "The value of high-availability.type is neither a mode nor the name of a class.",
		Why: "Flink takes a value that it does not know for the name of a factory class, finds no such class and exits. Quotes in " +
			"flink-conf.yaml are part of the value. Up to Flink 1.15 kubernetes is no mode yet, and the class " +
			"KubernetesMultipleComponentLeaderElectionHaServicesFactory exists from 1.15 to 1.17 only.",
		Remedy: "Write kubernetes or zookeeper, without quotes; up to Flink 1.15, instead of kubernetes, " +
			"org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory.",
		Source: "org.apache.flink.runtime.jobmanager.HighAvailabilityMode.fromConfig; FLINK-27808 (1.16); " +
			"org.apache.flink.kubernetes.highavailability (classes of 1.12 to 2.3)",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: "kubernetes"
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    high-availability.cluster-id: my-cluster
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: checkHighAvailabilityTypeInvalid,
	}
}

func checkHighAvailabilityTypeInvalid(subject *Subject) []Violation {
	ha := subject.highAvailability()
	if ha.Mode != flink.ModeInvalid || !subject.readable() {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  ha.Setting.Key,
		Position: ha.Setting.Position,
		Found:    &ha.Setting.Value,
		Needed:   subject.neededModes(),
		Remedy:   line(ha.Setting.Position, ha.Setting.Key, subject.modeValue(ha.Intended())),
	}
	if meant := subject.meantMode(ha); meant == flink.ModeKubernetes || meant == flink.ModeZooKeeper {
		violation.Fix = subject.give(ha.Setting, subject.modeValue(meant))
	}
	switch {
	case strings.ContainsAny(ha.Setting.Value, `"'`):
		violation.Detail = "the quotes are part of the value"
	case ha.Intended() != flink.ModeKubernetes:
	case strings.EqualFold(ha.Setting.Value, "kubernetes"):
		violation.Detail = "the short name came with Flink 1.16"
	case strings.HasSuffix(ha.Setting.Value, ".KubernetesMultipleComponentLeaderElectionHaServicesFactory"):
		violation.Detail = "Flink has this class from 1.15 to 1.17"
	}
	if violation.Detail != "" {
		violation.Effect = "Flink does not start"
	}
	return []Violation{violation}
}

// meantMode is the mode that an invalid value was meant to be: without its quotes, in a version that has the value, or without a slip
// of the finger.
func (s *Subject) meantMode(ha flink.HighAvailability) flink.Mode {
	if intended := ha.Intended(); intended != flink.ModeInvalid {
		return intended
	}
	word := strings.Trim(ha.Setting.Value, "\"' ")
	for _, mode := range []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper} {
		if resembles(word, string(mode)) || slips(word, string(mode)) {
			return mode
		}
	}
	return flink.ModeInvalid
}
