package validation

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func hostOptionRemoved() Rule {
	return Rule{
		ID:         "host-option-removed",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		Versions:   flink.VersionFrom(2, 0),
		On:         []Kind{OfWorkload},
		Effect:     "Flink takes it, and all that follows, for arguments of the user's program",
		Summary:    "The JobManager is started with --host, which Flink 2.0 removed.",
		Why: "The first word that is no option ends the options. The JobManager is not told its address, and --job-classname and dynamic " +
			"properties behind --host go to the user's program, which fails on them or, worse, starts without them. The manifests in " +
			"Flink's documentation of 2.x still have --host. " +
			"Where it may well be an argument of the program it is only warned about.",
		Remedy: "Write -D jobmanager.rpc.address=$(POD_IP) in its place, before the arguments of the job. That works in every version.",
		Source: "org.apache.flink.container.entrypoint.StandaloneApplicationClusterConfigurationParserFactory; FLINK-36355, FLINK-38795",
		Example: Example{
			Wrong: hostExample(`"--host", "$(POD_IP)"`),
			Right: hostExample(`"-D", "jobmanager.rpc.address=$(POD_IP)"`),
		},
		Check: checkHostOptionRemoved,
	}
}

func hostExample(address string) string {
	return `apiVersion: batch/v1
kind: Job
metadata: {name: jobmanager}
spec:
  backoffLimit: 1000000
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      restartPolicy: OnFailure
      containers:
      - name: jobmanager
        image: registry.example.com/flink:2.1
        args: ["standalone-job", ` + address + `, "--job-classname", "com.example.Main"]
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
` + exampleConfiguration
}

func checkHostOptionRemoved(subject *Subject) []Violation {
	host, ok := subject.removedHost()
	if !ok {
		return nil
	}
	violation := Violation{
		Option:   keyAddress,
		Setting:  host.Key,
		Fault:    host.Key + " is no option of Flink " + subject.Version.String(),
		Position: host.Position,
		Needed:   "the address as a dynamic property, before the job's arguments",
		Remedy:   `"-D", "` + keyAddress + `=$(POD_IP)"`,
	}
	if !subject.meansJobManager(host.Key) {
		violation.Level, violation.Detail = policy.LevelStrict, "unless it is meant for the program"
	} else {
		violation.Fix = subject.asProperty(host.Position, host.Key, keyAddress)
	}
	return []Violation{violation}
}

// meansJobManager tells whether the option was certainly not meant for the user's program: its value is a variable, as the address
// of the pod is one, or options of Flink's follow.
func (s *Subject) meansJobManager(option string) bool {
	_, container, known := s.flinkContainer()
	if !known || container == nil {
		return false
	}
	words := strings.Fields(strings.Join(slices.Concat(container.Command, container.Args), " "))
	at := slices.IndexFunc(words, func(word string) bool { return word == option || strings.HasPrefix(word, option+"=") })
	if at < 0 {
		return false
	}
	value := words[at]
	if value == option && at+1 < len(words) {
		value = words[at+1]
	}
	return strings.Contains(value, "$") || slices.ContainsFunc(words[at+1:], isOptionOfEntryPoint)
}

// isOptionOfEntryPoint knows the options of standalone-job that hardly any program has
// (StandaloneApplicationClusterConfigurationParserFactory).
func isOptionOfEntryPoint(word string) bool {
	name, _, _ := strings.Cut(word, "=")
	switch name {
	case "--job-classname", "--job-id", "--jars", "--fromSavepoint", "--allowNonRestoredState":
		return true
	}
	return strings.HasPrefix(word, "-D")
}

// removedHost finds the option that ends the options of a process, if its version certainly does not have it any more. Behind
// another word that sets the address it belongs to the user's program.
func (s *Subject) removedHost() (flink.Ignored, bool) {
	if !s.Version.AtLeast(2, 0) || s.setByArgument(keyAddress) {
		return flink.Ignored{}, false
	}
	for _, ignored := range s.Configuration.Ignored {
		if workload.IsHostOption(ignored.Key) {
			return ignored, true
		}
	}
	return flink.Ignored{}, false
}
