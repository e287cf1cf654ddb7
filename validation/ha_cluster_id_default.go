package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func haClusterIDDefault() Rule {
	return Rule{
		ID:         "ha-cluster-id-default",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfConfiguration, OfWorkload},
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "HA data goes to <storageDir>/default, as other clusters' may",
		Summary:    "A standalone cluster with Kubernetes high availability does not set high-availability.cluster-id.",
		Why: "Nothing in Flink derives it from kubernetes.cluster-id, and no namespace is part of the path. Clusters that share a " +
			"storageDir then share <storageDir>/default: the one that ends first deletes the blobs of the others, and applications " +
			"have the same job id, so that one may be refused because another one's job is over.",
		Remedy: "Set high-availability.cluster-id to the kubernetes.cluster-id, with the namespace before it if several namespaces use the " +
			"storageDir. In a cluster that has HA data already this moves it: stop the jobs with savepoints first.",
		Source: "org.apache.flink.configuration.HighAvailabilityOptions.HA_CLUSTER_ID (default /default), " +
			"org.apache.flink.runtime.blob.FileSystemBlobStore.cleanupAllData, FLINK-19358",
		Example: Example{
			Wrong: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: orders}
data:
  config.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    kubernetes.cluster-id: orders
    kubernetes.namespace: orders
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
			Right: `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: orders}
data:
  config.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    high-availability.cluster-id: orders
    kubernetes.cluster-id: orders
    kubernetes.namespace: orders
    state.checkpoints.dir: s3://my-bucket/checkpoints
`,
		},
		Check: checkHAClusterIDDefault,
	}
}

func checkHAClusterIDDefault(subject *Subject) []Violation {
	if subject.Managed || subject.Role == workload.RoleTaskManager {
		return nil
	}
	_, isBlank, lacks := subject.lacks(flink.KeyHAClusterID)
	if !lacks || isBlank {
		return nil // a blank one is no directory, and the storage directory's fault
	}
	at := subject.place(flink.Setting{})
	return []Violation{subject.explained(Violation{
		Option:   flink.KeyHAClusterID,
		Setting:  flink.KeyHAClusterID,
		Position: at,
		Remedy:   line(at, flink.KeyHAClusterID, subject.ownID()),
	})}
}

// ownID is the kubernetes.cluster-id as a proposal for other ids.
func (s *Subject) ownID() string {
	id := s.Configuration.Get(flink.KeyClusterID, s.Version)
	if !id.Set || id.Unknown != "" || flink.IsExpanded(id.Value()) || flink.ClusterIDProblem(id.Value()) != "" {
		return "<name>"
	}
	return id.Value()
}
