package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityTypeUnread() Rule {
	return Rule{
		ID:         "high-availability-type-unread",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		Versions:   flink.VersionBefore(1, 17),
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeNone},
		Effect:     "this version does not know the key, and runs without high availability",
		Summary:    "high-availability.type is set for a version of Flink that does not know the key.",
		Why: "The key came with Flink 1.17. Up to 1.16 the mode is read from high-availability alone, and options that are not known " +
			"are passed over without a word: the cluster starts, works, and loses its jobs when the JobManager's pod is replaced.",
		Remedy: "Write the mode under the key high-availability. Up to Flink 1.15 its value for Kubernetes is " +
			"org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory.",
		Source: "org.apache.flink.configuration.HighAvailabilityOptions.HA_MODE; FLINK-29372 (1.17)",
		Example: Example{
			Wrong: typeUnreadExample("high-availability.type"),
			Right: typeUnreadExample("high-availability"),
		},
		Check: checkHighAvailabilityTypeUnread,
	}
}

func typeUnreadExample(key string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: flink-jobmanager, namespace: shop}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:1.16.3
          args: [jobmanager, $(POD_IP)]
          env:
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
            - name: FLINK_PROPERTIES
              value: |
                ` + key + `: kubernetes
                high-availability.storageDir: s3://my-bucket/ha
                high-availability.cluster-id: orders
                kubernetes.cluster-id: orders
                kubernetes.namespace: shop
                state.checkpoints.dir: s3://my-bucket/checkpoints
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-presto-1.16.3.jar}
`
}

func checkHighAvailabilityTypeUnread(subject *Subject) []Violation {
	setting, ok := subject.unreadType()
	if !ok {
		return nil
	}
	key := subject.modeKey()
	violation := Violation{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  setting.Key,
		Position: setting.Position,
		Target:   keyOf(setting),
		Found:    &setting.Value,
		Needed:   "the key " + key,
		Remedy:   line(setting.Position, key, subject.modeValue(meaningOf(setting))),
	}
	if subject.Version.Known() {
		violation.Effect = "Flink " + subject.Version.String() + " does not know the key, and runs without high availability"
	}
	if meaning := meaningOf(setting); subject.canTurnOn(meaning) {
		violation.Fix = subject.rewrite(setting, key, subject.modeValue(meaning))
	}
	violations := []Violation{violation}
	for _, missing := range missingBesideMode(subject) {
		if missing.Option != flink.KeyClusterID || meaningOf(setting) == flink.ModeKubernetes {
			violations = append(violations, missing)
		}
	}
	return violations
}

// unreadType is a high-availability.type that is meant to turn high availability on and that the version certainly does not read,
// where nothing else sets the mode.
func (s *Subject) unreadType() (flink.Setting, bool) {
	ha := s.highAvailability()
	if ha.Mode != flink.ModeNone || ha.Set || !s.readable() {
		return flink.Setting{}, false
	}
	for _, setting := range ha.Reading.Unread {
		if setting.Key == flink.KeyHighAvailabilityType && meaningOf(setting) != flink.ModeNone {
			return setting, true
		}
	}
	return flink.Setting{}, false
}
