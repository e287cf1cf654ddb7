package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func clusterIDShared() Rule {
	return Rule{
		ID:         "cluster-id-shared",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "one waits until the other fails, and then runs its jobs",
		Summary:    "Another cluster has the same kubernetes.namespace and kubernetes.cluster-id.",
		Why: "Both contend for one leader ConfigMap. The second cluster becomes a silent standby of the first: it runs no job of its own, " +
			"and when the first one's JobManager fails it takes over its jobs, with its own image and configuration.",
		Remedy: "Give every cluster of a namespace a kubernetes.cluster-id of its own.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesLeaderElectionHaServices (<cluster-id>-cluster-config-map), KubernetesLeaderElector",
		Example: Example{
			Wrong: jobManagerExample("payments", "flink", "payments") + "---\n" + jobManagerExample("orders", "flink", "orders"),
			Right: jobManagerExample("payments", "payments", "payments") + "---\n" + jobManagerExample("orders", "flink", "orders"),
		},
		Check: checkClusterIDShared,
	}
}

// jobManagerExample is the Deployment of a session cluster's JobManager.
func jobManagerExample(name, clusterID, haClusterID string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ` + name + `, namespace: team}
spec:
  selector: {matchLabels: {app: ` + name + `}}
  template:
    metadata: {labels: {app: ` + name + `}}
    spec:
      serviceAccountName: flink
      containers:
        - name: jobmanager
          image: flink:1.20.1
          args:
            - jobmanager
            - $(POD_IP)
            - -D
            - high-availability.type=kubernetes
            - -D
            - high-availability.storageDir=s3://my-bucket/ha
            - -D
            - high-availability.cluster-id=` + haClusterID + `
            - -D
            - kubernetes.cluster-id=` + clusterID + `
            - -D
            - kubernetes.namespace=team
            - -D
            - execution.checkpointing.dir=s3://my-bucket/checkpoints
          env:
            - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.1.jar}
            - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
`
}

// checkClusterIDShared compares JobManagers with JobManagers: many workloads may well mount one ConfigMap.
func checkClusterIDShared(subject *Subject) []Violation {
	around, known := subject.inventory()
	if !known || subject.Member == nil || subject.Role != workload.RoleJobManager {
		return nil
	}
	id := subject.Configuration.Get(flink.KeyClusterID, subject.Version)
	identity := subject.identity()
	if !id.Set || identity.ClusterID == "" || identity.Namespace == "" {
		return nil
	}
	others := subject.neighbours(around.WithClusterID(identity.Namespace, identity.ClusterID), nil)
	if others.none() {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyClusterID,
		Setting:  id.Setting.Key,
		Position: id.Setting.Position,
		Found:    found(id.Setting, true),
		Detail:   "so is that of " + others.String(),
		Remedy:   line(id.Setting.Position, id.Setting.Key, "<its own>"),
		Others:   others.far,
		Since:    others.since,
	}
	if id.Setting.Position.Path == "metadata.name" {
		violation.Remedy = "another name, or another kubernetes.cluster-id for the other cluster"
	}
	return []Violation{violation}
}
