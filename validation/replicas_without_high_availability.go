package validation

import (
	"strconv"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func replicasWithoutHighAvailability() Rule {
	return Rule{
		ID:         "replicas-without-high-availability",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeNone},
		Effect:     "each JobManager leads a cluster of its own, and TaskManagers and jobs end up at any of them",
		Summary:    "Several JobManagers run without high availability.",
		Why: "Only high availability elects a leader among JobManagers. Without it every one of them leads: a Service spreads TaskManagers " +
			"and requests over clusters that know nothing of each other, and jobs are there one moment and gone the next. More " +
			"JobManagers without high availability are less available than one.",
		Remedy: "Turn high availability on, or run one JobManager.",
		Source: "org.apache.flink.runtime.highavailability.nonha.standalone.StandaloneHaServices; " +
			"AbstractKubernetesParameters and KubernetesJobManagerParameters.getReplicas (native mode); DefaultValidator of the operator",
		Example: Example{
			Wrong: replicasExample("3"),
			Right: replicasExample("1"),
		},
		Check: checkReplicas,
	}
}

func replicasExample(replicas string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: jobmanager
  annotations: {flink-ha.dev/high-availability: "not-required nightly batch jobs"}
spec:
  replicas: ` + replicas + `
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      containers:
      - name: jobmanager
        image: flink:1.20
        args: ["jobmanager"]
        env:
        - {name: FLINK_PROPERTIES, value: "jobmanager.rpc.address: jobmanager"}
`
}

// checkReplicas looks where each kind of object says how many there are.
func checkReplicas(subject *Subject) []Violation {
	if subject.Role != workload.RoleJobManager || !subject.readable() {
		return nil
	}
	switch {
	case subject.Kind == OfWorkload && subject.Member != nil:
		field := "replicas"
		if subject.Member.Kind == "Job" {
			field = "parallelism"
		}
		return tooMany(field, flink.Position{Path: "spec." + field}, int(subject.Member.Replicas), "")
	case subject.Kind == OfResource && subject.Member != nil && subject.Member.Resource != nil:
		resource := subject.Member.Resource
		return tooMany("replicas", flink.Position{Path: resource.Path + ".jobManager.replicas"}, resource.JobManagers, "the operator refuses it")
	case subject.Kind == OfConfiguration && subject.Managed:
		// In native mode the configuration says it; elsewhere nobody reads it.
		reading := subject.Configuration.Get(flink.KeyJobManagerReplicas, subject.Version)
		number, err := strconv.Atoi(reading.Setting.Value)
		if reading.Set && reading.Unknown == "" && err == nil {
			return tooMany(reading.Setting.Key, reading.Setting.Position, number, "Flink's client refuses it")
		}
	}
	return nil
}

func tooMany(field string, at flink.Position, count int, effect string) []Violation {
	if count <= 1 {
		return nil
	}
	number := strconv.Itoa(count)
	return []Violation{{
		Option: flink.KeyJobManagerReplicas, Setting: field, Position: at, Found: &number, AnyValue: true, Effect: effect,
		Needed: "one JobManager, or high availability",
		Remedy: field + ": 1, or " + flink.KeyHighAvailabilityType + ": kubernetes with what belongs to it",
	}}
}
