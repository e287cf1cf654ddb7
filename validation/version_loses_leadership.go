package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func versionLosesLeadership() Rule {
	return Rule{
		ID:         "version-loses-leadership",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Versions:   flink.Version{Major: 1, Minor: 18},
		Effect:     "a JobManager that loses leadership once, for 15 s without the API server, never leads again (FLINK-34007)",
		Summary:    "Flink 1.18.0 or 1.18.1 runs with Kubernetes high availability.",
		Why: "In these two releases the leader election cannot be started a second time. After one outage of the API server that is longer " +
			"than the renew deadline the JobManager runs on without leading, and the cluster is down until somebody restarts it.",
		Remedy: "Move to Flink 1.19 or later, with a savepoint, or build 1.18 with the fix of its release branch.",
		Source: "FLINK-34007 (apache/flink#24132, #24245), org.apache.flink.kubernetes.kubeclient.resources.KubernetesLeaderElector; " +
			"loss of leadership for good seen with 1.18.1",
		Example: Example{
			Wrong: versionExample("1.18.1"),
			Right: versionExample("1.19.3"),
		},
		Check: checkVersionLosesLeadership,
	}
}

func versionExample(version string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: orders, namespace: team}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:` + version + `
          args:
            - jobmanager
            - $(POD_IP)
            - -D
            - high-availability.type=kubernetes
            - -D
            - high-availability.storageDir=s3://my-bucket/ha
            - -D
            - high-availability.cluster-id=orders
            - -D
            - kubernetes.cluster-id=orders
            - -D
            - kubernetes.namespace=team
            - -D
            - state.checkpoints.dir=s3://my-bucket/checkpoints
          env:
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-` + version + `.jar}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
`
}

func checkVersionLosesLeadership(subject *Subject) []Violation {
	patch, exact := subject.Version.Patch()
	if !exact || patch > 1 || subject.Version.Major != 1 || subject.Version.Minor != 18 ||
		subject.Role != workload.RoleJobManager || subject.Member == nil {
		return nil
	}
	image := subject.image()
	violation := Violation{
		Setting: "image", Position: flink.Position{Path: subject.imagePath()}, Found: &image, AnyValue: true, Remedy: "Flink 1.19 or later",
	}
	if subject.Kind == OfConfiguration {
		ha := subject.highAvailability().Setting
		violation.Setting, violation.Position, violation.Found = ha.Key, subject.place(ha), &ha.Value
		violation.Detail = "read by the " + subject.Member.Kind + " " + Show(subject.Member.Name) + " with Flink " + subject.Version.String()
	}
	return []Violation{violation}
}

// image is that of the Flink container of the subject's member, "" if it is not said.
func (s *Subject) image() string {
	switch {
	case s.Member.Resource != nil:
		return s.Member.Resource.Image
	case s.Member.Role == "":
		return ""
	}
	return s.Member.Template.Spec.Containers[s.Member.Process.Container].Image
}

func (s *Subject) imagePath() string {
	if s.Member.Resource != nil {
		return s.Member.Resource.Path + ".image"
	}
	return s.Member.Process.Path + ".image"
}
