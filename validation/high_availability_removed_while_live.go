package validation

import (
	"fmt"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityRemovedWhileLive() Rule {
	return Rule{
		ID:         "high-availability-removed-while-live",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeNone, flink.ModeZooKeeper},
		Effect:     "its jobs are not recovered after a restart",
		Summary:    "An update turns Kubernetes high availability off while HA ConfigMaps of the cluster are there.",
		Why: "The HA ConfigMaps point to the jobs and their last checkpoints. A JobManager that starts without Kubernetes high availability " +
			"does not look at them: a session cluster comes back empty, and an application starts from empty state. The operator's last-state " +
			"upgrade relies on them as well, and hands the new JobManager no checkpoint of its own.",
		Remedy: "Stop the jobs with savepoints, and start them from those without high availability; with the operator, upgrade with " +
			"upgradeMode: savepoint.",
		Source: "org.apache.flink.kubernetes.highavailability.KubernetesStateHandleStore; the operator's AbstractJobReconciler.getJobUpgrade, " +
			"ApplicationReconciler.deploy (KUBERNETES_OPERATOR_LAST_STATE)",
		Example: Example{
			Before: liveExample("kubernetes", "s3://my-bucket/ha", "orders"),
			Wrong:  liveExample("NONE", "s3://my-bucket/ha", "orders") + haStateExample,
			Right:  liveExample("kubernetes", "s3://my-bucket/ha", "orders") + haStateExample,
		},
		Check: checkHighAvailabilityRemoved,
	}
}

// liveExample is the configuration of a cluster.
func liveExample(mode, storageDir, clusterID string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: team}
data:
  flink-conf.yaml: |
    jobmanager.rpc.address: jobmanager
    high-availability.type: ` + mode + `
    high-availability.storageDir: ` + storageDir + `
    high-availability.cluster-id: orders
    kubernetes.cluster-id: ` + clusterID + `
    kubernetes.namespace: team
    state.checkpoints.dir: s3://my-bucket/checkpoints
`
}

// haStateExample is what a running cluster keeps.
const haStateExample = `---
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-cluster-config-map
  namespace: team
  labels: {app: orders, type: flink-native-kubernetes, configmap-type: high-availability}
`

// liveState is the identity that an update finds, and how many HA ConfigMaps there are of it: none if nothing is lost with it. What
// the operator upgrades by savepoints, or without state, needs none of them.
func (s *Subject) liveState() (before inventory.Identity, configMaps int) {
	around, known := s.inventory()
	if s.Previous == nil || !known || s.Role == workload.RoleTaskManager || !s.readable() {
		return inventory.Identity{}, 0
	}
	if s.Member != nil && s.Member.Resource != nil {
		resource := s.Member.Resource
		if resource.Form == workload.FormApplication && resource.Job.UpgradeMode != workload.UpgradeLastState {
			return inventory.Identity{}, 0
		}
	}
	before = inventory.IdentityOf(s.Previous.Configuration, s.Previous.Version)
	if before.Mode != flink.ModeKubernetes {
		return before, 0
	}
	return before, around.HAState(before.Namespace, before.ClusterID)
}

// haConfigMaps names the HA ConfigMaps of a cluster for a message.
func haConfigMaps(count int, clusterID string) string {
	if count == 1 {
		return Show(clusterID) + " has 1 HA ConfigMap"
	}
	return fmt.Sprintf("%s has %d HA ConfigMaps", Show(clusterID), count)
}

func checkHighAvailabilityRemoved(subject *Subject) []Violation {
	before, count := subject.liveState()
	if count == 0 {
		return nil
	}
	ha := subject.highAvailability()
	key := flink.Keys(flink.KeyHighAvailabilityType, subject.Version)[0]
	at := subject.place(ha.Setting)
	// There is no option, so that this is not taken for what high-availability-off says of the same place.
	return []Violation{{
		Setting:  keyAt(ha.Setting, key),
		Position: at,
		Found:    found(ha.Setting, ha.Set),
		Detail:   haConfigMaps(count, before.ClusterID),
		Remedy:   line(at, keyAt(ha.Setting, key), "kubernetes") + ", or take savepoints first",
	}}
}
