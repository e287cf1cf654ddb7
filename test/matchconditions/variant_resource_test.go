package matchconditions

import (
	"encoding/json"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// customResource is one of the operator's.
func (v variants) customResource() *unstructured.Unstructured {
	kind := one(v, "FlinkDeployment", "FlinkDeployment", "FlinkBlueGreenDeployment", "FlinkSessionJob")
	raw, err := json.Marshal(v.metadata("demo", ""))
	if err != nil {
		panic(err) // metadata always marshals
	}
	var metadata map[string]any
	if err := json.Unmarshal(raw, &metadata); err != nil {
		panic(err)
	}
	made := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "flink.apache.org/v1beta1", "kind": kind, "metadata": metadata, "spec": v.specification(kind),
	}}
	if v.sometimes(10) {
		delete(made.Object, "spec")
	}
	return made
}

// specification is what a custom resource asks for.
func (v variants) specification(kind string) map[string]any {
	switch kind {
	case "FlinkSessionJob":
		return map[string]any{"deploymentName": "demo", "job": map[string]any{"parallelism": one[int64](v, 1, 2)}}
	case "FlinkBlueGreenDeployment":
		return map[string]any{"template": map[string]any{"spec": v.cluster()}}
	}
	return v.cluster()
}

// cluster is the specification of a Flink cluster.
func (v variants) cluster() map[string]any {
	spec := map[string]any{
		"image": one(v, "flink:1.20", "flink:2.0"), "flinkVersion": one(v, "v1_20", "v2_0"), "restartNonce": one[int64](v, 0, 1),
		"flinkConfiguration": map[string]any{
			"high-availability.type": one(v, "kubernetes", "NONE"), "high-availability.storageDir": "s3://bucket/ha", "taskmanager.numberOfTaskSlots": one(v, "1", "2"),
		},
		"jobManager": map[string]any{"replicas": one[int64](v, 1, 2), "resource": map[string]any{"memory": "2048m"}},
	}
	if account := one(v, "-", "", "default", "mine"); account != "-" {
		spec["serviceAccount"] = account
	}
	if v.sometimes(3) {
		spec["mode"] = one(v, "native", "standalone")
	}
	if v.sometimes(4) {
		spec["podTemplate"] = map[string]any{"spec": map[string]any{"serviceAccountName": one(v, "default", "mine")}}
	}
	return spec
}
