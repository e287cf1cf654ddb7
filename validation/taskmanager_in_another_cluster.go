package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func taskManagerInAnotherCluster() Rule {
	return Rule{
		ID:         "taskmanager-in-another-cluster",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfConfiguration, OfWorkload},
		Modes:      []flink.Mode{flink.ModeNone, flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "as one cluster they do not find each other",
		Summary:    "JobManager and TaskManagers that seem to be one cluster have different high availability.",
		Why: "TaskManagers find the JobManager through the HA data: the same mode, the same kubernetes.namespace and kubernetes.cluster-id, the same " +
			"storage. Where they are told otherwise they wait for a leader that never shows up; without high availability beside a JobManager that has " +
			"it they are turned away with a FencingTokenException, for ever. No slot is ever offered, and every job waits.",
		Remedy: "Mount one ConfigMap into both, or give both the same values.",
		Source: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner, HighAvailabilityServicesUtils; FencingTokenException seen with 2.3.0",
		Example: Example{
			Wrong: anotherClusterExample("my-cluster-2"),
			Right: anotherClusterExample("my-cluster"),
		},
		Check: func(subject *Subject) []Violation { return subject.parted(false) },
	}
}

func anotherClusterExample(clusterID string) string {
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
        args: ["taskmanager"]
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: taskmanager-config}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: taskmanager-config}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: my-cluster
    kubernetes: {cluster-id: ` + clusterID + `, namespace: team}
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
        args: ["jobmanager", "$(POD_IP)"]
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
` + exampleConfiguration
}
