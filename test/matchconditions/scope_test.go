package matchconditions

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

func TestOtherKindsAreNeverSelected(t *testing.T) {
	selector := shippedSelector(t)
	metadata := `metadata: {name: demo-cluster-config-map, labels: {type: flink-native-kubernetes}}`
	for _, kind := range []string{
		"v1, kind: Pod", "v1, kind: Secret", "v1, kind: Service", "v1, kind: Node", "v1, kind: ServiceAccount", "v1, kind: Event",
		"coordination.k8s.io/v1, kind: Lease", "apps/v1, kind: ReplicaSet", "apps/v1, kind: DaemonSet", "batch/v1, kind: CronJob",
		"flink.apache.org/v1beta1, kind: FlinkStateSnapshot", "example.com/v1, kind: FlinkDeployment",
	} {
		manifest := "{apiVersion: " + kind + ", " + metadata + "}"
		for _, request := range []Request{creation(t, manifest), update(t, manifest, manifest), deletion(t, manifest)} {
			if got := selected(t, selector, request); got != nobody {
				t.Errorf("%s, %s: selected by %q", kind, request.Operation, got)
			}
		}
	}
}

func TestSubresourcesOtherThanScaleAreNeverSelected(t *testing.T) {
	selector := shippedSelector(t)
	process := workload(`[{args: [jobmanager]}]`)
	for _, subresource := range []string{"status", "finalize"} {
		for _, manifest := range []string{process, `{apiVersion: v1, kind: Namespace, metadata: {name: a, labels: {flink-ha.dev/warn: baseline}}}`} {
			request := creation(t, manifest)
			request.Operation, request.Subresource = admissionv1.Update, subresource
			request.OldObject = request.Object
			if got := selected(t, selector, request); got != nobody {
				t.Errorf("%s: selected by %q", subresource, got)
			}
		}
	}
}
