package validation

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func argumentsRefused() Rule {
	return Rule{
		ID:         "arguments-refused",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Effect:     "the process prints its usage and exits",
		Summary:    "Flink does not start with the arguments that it is given.",
		Why: "Flink's entry points read their arguments before anything else. An option without its value, a property that is split at the " +
			"wrong place or a job id that is none ends the process; Kubernetes starts it again and again.",
		Remedy: "Write each dynamic property as \"-D\", \"key=value\", each other option with its value, and a job id as 32 hexadecimal digits.",
		Source: "org.apache.flink.runtime.entrypoint.parser.CommandLineParser with commons-cli; compared with Flink's own entry points",
		Example: Example{
			Wrong: argumentsExample(`"-D", "high-availability.type: kubernetes"`),
			Right: argumentsExample(`"-D", "high-availability.type=kubernetes"`),
		},
		Check: func(subject *Subject) []Violation {
			refused := subject.Configuration.Refused
			if refused == nil || subject.losesPropertyAt(refused.Position) {
				return nil
			}
			violation := Violation{
				Option: "args", Setting: "args", Fault: "Flink refuses the arguments", Position: refused.Position, Detail: refused.Reason,
				Remedy: `"-D", "key=value" for a property`,
			}
			if at, ok := subject.propertyWithColon(refused.Position); ok {
				violation.Target.Position, violation.Fix = at, subject.withEqualSign(at)
			}
			return []Violation{violation}
		},
	}
}

// losesPropertyAt tells whether the word at a position is a dynamic property that a start script takes for something else: dynamic-property-lost
// says so.
func (s *Subject) losesPropertyAt(at flink.Position) bool {
	return slices.ContainsFunc(s.Configuration.Ignored, func(i flink.Ignored) bool {
		return i.Position == at && !workload.IsHostOption(i.Key) && !s.setByArgument(i.Key)
	})
}

func argumentsExample(property string) string {
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
        args: ["taskmanager", ` + property + `]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
`
}
