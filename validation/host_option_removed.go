package validation

import (
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
			"Flink's documentation of 2.x still have --host.",
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
	return []Violation{{
		Option:   keyAddress,
		Setting:  host.Key,
		Fault:    host.Key + " is no option of Flink " + subject.Version.String(),
		Position: host.Position,
		Needed:   "the address as a dynamic property, before the job's arguments",
		Remedy:   `"-D", "` + keyAddress + `=$(POD_IP)"`,
	}}
}

// removedHost finds the option that ends the options of a process, if its version certainly does not have it any more.
func (s *Subject) removedHost() (flink.Ignored, bool) {
	if !s.Version.AtLeast(2, 0) {
		return flink.Ignored{}, false
	}
	for _, ignored := range s.Configuration.Ignored {
		if workload.IsHostOption(ignored.Key) {
			return ignored, true
		}
	}
	return flink.Ignored{}, false
}
