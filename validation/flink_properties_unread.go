package validation

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func flinkPropertiesUnread() Rule {
	return Rule{
		ID:         "flink-properties-unread",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Effect:     "Flink runs without",
		Summary:    "FLINK_PROPERTIES asks for high availability, and nothing reads it.",
		Why: "docker-entrypoint.sh of the image writes FLINK_PROPERTIES into the configuration file. Where a ConfigMap is mounted over the " +
			"configuration directory it cannot, since Kubernetes mounts ConfigMaps read-only; it says so in the log and goes on. A " +
			"\"command\" that goes past the entry point, and another FLINK_CONF_DIR, have the same effect.",
		Remedy: "Write the options into the ConfigMap, or give them as dynamic properties: \"-D\", \"key=value\".",
		Source: "docker-entrypoint.sh of apache/flink-docker (1.12 to 2.3); GoogleCloudPlatform/flink-on-k8s-operator#213",
		Example: Example{
			Wrong: unreadExample(`[taskmanager]
        env:
        - {name: FLINK_PROPERTIES, value: "high-availability.type: kubernetes"}`),
			Right: unreadExample(`[taskmanager, -D, high-availability.type=kubernetes]`),
		},
		Check: checkFlinkPropertiesUnread,
	}
}

func unreadExample(args string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager}
spec:
  selector: {matchLabels: {app: flink, component: taskmanager}}
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: taskmanager
        image: flink:1.20
        args: ` + args + `
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
`
}

func checkFlinkPropertiesUnread(subject *Subject) []Violation {
	i := slices.IndexFunc(subject.Configuration.Ignored, func(i flink.Ignored) bool { return i.Key == workload.VariableProperties })
	if i < 0 {
		return nil
	}
	_, container, known := subject.flinkContainer()
	if !known || container == nil {
		return nil
	}
	ignored := subject.Configuration.Ignored[i]
	// With some of the versions that it may be the variable is read.
	if slices.ContainsFunc(subject.Configuration.Settings, func(s flink.Setting) bool { return s.Path == ignored.Path }) {
		return nil
	}
	at := slices.IndexFunc(container.Env, func(e corev1.EnvVar) bool { return e.Name == workload.VariableProperties && e.Value != "" })
	if at < 0 {
		return nil
	}
	lost := subject.lostProperties(container.Env[at].Value)
	if len(lost) == 0 {
		return nil
	}
	fault := "FLINK_PROPERTIES sets " + lost[0]
	if more := len(lost) - 1; more > 0 {
		fault += fmt.Sprintf(" and %d more", more)
	}
	return []Violation{{
		Option: workload.VariableProperties, Setting: workload.VariableProperties, Fault: fault + ", and nothing reads it",
		Position: ignored.Position, Detail: ignored.Reason,
		Remedy: `write it into the ConfigMap, or as "-D", "` + lost[0] + `=…"`,
	}}
}

// lostProperties are the keys of high availability in a text of FLINK_PROPERTIES that the process does not hold anyway.
func (s *Subject) lostProperties(text string) []string {
	var lost []string
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(line, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !decidesHighAvailability(key) {
			continue
		}
		if setting, ok := s.Configuration.Lookup(key); !ok || setting.Unknown != "" || setting.Value != value {
			lost = append(lost, key)
		}
	}
	return lost
}
