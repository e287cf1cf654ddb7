package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// podSpecPath and podSpecPointer are where a Deployment, a StatefulSet and a Job have their pod spec, as the path that
// messages show and as the JSON pointer of a patch.
const (
	podSpecPath    = "spec.template.spec"
	podSpecPointer = "/spec/template/spec"
)

// workloadObject is what a Deployment, a StatefulSet and a Job have in common.
type workloadObject struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Template corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// isWrite tells whether an object is created or changed.
func isWrite(request *admissionv1.AdmissionRequest) bool {
	return request.Operation == admissionv1.Create || request.Operation == admissionv1.Update
}

// isConfigMap and isWorkload tell kinds by group and resource; a subresource is neither.
func isConfigMap(request *admissionv1.AdmissionRequest) bool {
	return request.Resource.Group == "" && request.Resource.Resource == "configmaps" && request.SubResource == ""
}

func isWorkload(request *admissionv1.AdmissionRequest) bool {
	if request.SubResource != "" {
		return false
	}
	switch request.Resource.Group + "/" + request.Resource.Resource {
	case "apps/deployments", "apps/statefulsets", "batch/jobs":
		return true
	}
	return false
}

// decode reads the JSON of an object as the API server does, names of fields in their exact case. The error holds nothing of
// the object's content.
func decode(raw []byte, what string, into any) error {
	if len(raw) == 0 {
		return fmt.Errorf("request.%s is missing", what)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("request.%s is not an object of its kind", what)
	}
	return nil
}

// managed tells whether something else makes an object: it has an owner, or Flink's client or operator labelled it. People
// do not apply such objects, so that refusing them helps nobody and may hold up a repair.
func managed(meta *metav1.ObjectMeta) bool {
	return len(meta.OwnerReferences) > 0 || flink.MadeByFlink(meta.Labels)
}
