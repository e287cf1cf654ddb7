package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func taskManagerOverridesHighAvailability() Rule {
	return Rule{
		ID:         "taskmanager-overrides-high-availability",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Modes:      []flink.Mode{flink.ModeNone, flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "as one cluster they do not find each other",
		Summary:    "JobManager and TaskManagers of one cluster override the options of high availability differently.",
		Why: "Dynamic properties and FLINK_PROPERTIES count more than the file that both mount. A JobManager that is switched to high " +
			"availability by an argument, next to TaskManagers that are not, is never joined by them: they look for its address elsewhere, or " +
			"are turned away by a fencing token that they do not have (FencingTokenException, for ever).",
		Remedy: "Give both the same options, best in the ConfigMap that both mount.",
		Source: "org.apache.flink.runtime.entrypoint.ClusterEntrypoint.loadConfiguration, TaskManagerRunner.loadConfiguration; seen with 2.3.0",
		Example: Example{
			Wrong: overrideExample(""),
			Right: overrideExample(`, "-D", "high-availability.type=kubernetes"`),
		},
		Check: func(subject *Subject) []Violation { return subject.parted(true) },
	}
}

func overrideExample(override string) string {
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
        image: registry.example.com/flink:1.20
        args: ["taskmanager"` + override + `]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager}
spec:
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: registry.example.com/flink:1.20
        args: ["jobmanager", "-D", "high-availability.type=kubernetes"]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config}
data:
  config.yaml: |
    high-availability: {storageDir: "s3://my-bucket/ha", cluster-id: my-cluster}
    kubernetes: {cluster-id: my-cluster, namespace: team}
    jobmanager.rpc.address: jobmanager
`
}

// overrides tells whether a setting is written in the workload itself, over the files that it mounts.
func overrides(setting flink.Setting) bool {
	return setting.Origin == flink.OriginArgument || setting.Origin == flink.OriginEnvironment
}
