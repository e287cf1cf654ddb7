package admission

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// FuzzDecide looks for objects on which a review panics, and for updates that change nothing and are refused all the same: the
// first would take the guard away from everybody, the second would stop everything that reconciles.
func FuzzDecide(f *testing.F) {
	for _, text := range []string{
		noStorage, noHighAvailability, goodConfiguration, files("config.yaml", haKeys, "flink-conf.yaml", "a: b"), nativeConfiguration,
		reading("jm", "flink:1.18.1", `standalone-job, -D, high-availability.type=NONE`), bareJobManager, enforcing("strikt"),
		"{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {name: x}, spec: {image: 'flink:1.20', flinkVersion: v1_20, flinkConfiguration: {high-availability.type: kubernetes}, podTemplate: {spec: {containers: [{name: flink-main-container}]}}, job: {upgradeMode: last-state}}}",
		"{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, metadata: {name: x}, spec: {template: {spec: {flinkConfiguration: [a]}}}}",
		"{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: jm}, spec: {replicas: 3}}",
	} {
		for kind := range fuzzedResources() {
			f.Add(uint8(kind), manifest(f, text))
		}
	}
	for _, raw := range []string{
		"null", "[]", "{}", `{"metadata":null}`, `{"metadata":[]}`, `{"metadata":{"annotations":[],"ownerReferences":[null]}}`, `{"spec":{"template":null}}`,
		`{"metadata":{"name":"x","ownerReferences":[{}]},"spec":{"template":{"spec":{"containers":[null,{"image":"flink:1","args":["jobmanager"],"env":[null],"volumeMounts":[null]}],"volumes":[null]}}}}`,
		`{"spec":{"flinkConfiguration":null,"job":[],"jobManager":"x","podTemplate":{"spec":{"containers":[1]}},"template":{"spec":[]}},"status":1}`,
	} {
		for kind := range fuzzedResources() {
			f.Add(uint8(kind), []byte(raw))
		}
	}
	r := reviewer(f, beside(f, enforcing("strict"), files("flink-conf.yaml", unclear), reading("jm", "flink:1.20", "jobmanager"), reading("tm", "flink:1.20", "taskmanager")))
	f.Fuzz(func(t *testing.T, kind uint8, raw []byte) {
		resource := fuzzedResources()[int(kind)%len(fuzzedResources())]
		request := &admissionv1.AdmissionRequest{
			Operation: admissionv1.Create, Resource: resource.GroupVersionResource, SubResource: resource.subresource, Namespace: "team", Name: "jm",
			Kind: metav1.GroupVersionKind{Kind: "Any"}, Object: runtime.RawExtension{Raw: raw},
		}
		words := func(decision Decision) {
			decision.Message()
			for _, warning := range decision.Warnings() {
				if len(warning) > maxWarning {
					t.Errorf("a warning of %d bytes", len(warning))
				}
			}
		}
		if created, _, err := r.Decide(request); err == nil {
			words(created)
		}
		request.Operation, request.OldObject.Raw = admissionv1.Update, raw
		updated, _, err := r.Decide(request)
		if err == nil && updated.Verdict() == VerdictDeny {
			t.Errorf("an update that changes nothing is refused: %v", messages(updated))
		}
		_, _ = r.StripOwnerReferences(request)
		request.Operation = admissionv1.Delete
		if deleted, err := r.ValidateDeletion(request); err == nil {
			words(deleted)
			if deleted.Verdict() == VerdictDeny {
				t.Errorf("a deletion is refused: %v", messages(deleted))
			}
		}
	})
}

type fuzzedResource struct {
	metav1.GroupVersionResource
	subresource string
}

func fuzzedResources() []fuzzedResource {
	of := func(group, resource, subresource string) fuzzedResource {
		return fuzzedResource{metav1.GroupVersionResource{Group: group, Version: "v1", Resource: resource}, subresource}
	}
	return []fuzzedResource{
		of("", "configmaps", ""), of("apps", "deployments", ""), of("apps", "statefulsets", ""), of("batch", "jobs", ""), of("", "namespaces", ""),
		of("apps", "deployments", "scale"), of("apps", "deployments", "status"), of(workload.ResourceGroup, "flinkdeployments", ""),
		of(workload.ResourceGroup, "flinksessionjobs", ""), of(workload.ResourceGroup, "flinkbluegreendeployments", ""),
	}
}
