package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// podSpecPointer is where a Deployment, a StatefulSet and a Job have their pod spec, as the JSON pointer of a patch.
const podSpecPointer = "/spec/template/spec"

// workloadObject is what a Deployment, a StatefulSet and a Job have in common.
type workloadObject struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Template corev1.PodTemplateSpec `json:"template"`
		// Replicas of a Deployment or a StatefulSet; the others are a Job's.
		Replicas              *int32 `json:"replicas"`
		Parallelism           *int32 `json:"parallelism"`
		BackoffLimit          *int32 `json:"backoffLimit"`
		ActiveDeadlineSeconds *int64 `json:"activeDeadlineSeconds"`
	} `json:"spec"`
}

// member makes a member of a workload, false if it runs nothing of Flink's. One without a role is nobody's to judge.
func (w *workloadObject) member(kind string) (*inventory.Member, bool) {
	replicas, job := w.Spec.Replicas, (*inventory.Job)(nil)
	if kind == "Job" {
		replicas = w.Spec.Parallelism
		job = &inventory.Job{BackoffLimit: w.Spec.BackoffLimit, ActiveDeadlineSeconds: w.Spec.ActiveDeadlineSeconds}
	}
	count := int32(1)
	if replicas != nil {
		count = *replicas
	}
	return inventory.WorkloadMember(kind, &w.ObjectMeta, &w.Spec.Template, count, job)
}

// isWrite tells whether an object is created or changed.
func isWrite(request *admissionv1.AdmissionRequest) bool {
	return request.Operation == admissionv1.Create || request.Operation == admissionv1.Update
}

// isConfigMap, isWorkload, isResource and isNamespace tell kinds by group and resource; a subresource is none of them.
func isConfigMap(request *admissionv1.AdmissionRequest) bool {
	return request.Resource.Group == "" && request.Resource.Resource == "configmaps" && request.SubResource == ""
}

func isNamespace(request *admissionv1.AdmissionRequest) bool {
	return request.Resource.Group == "" && request.Resource.Resource == "namespaces" && request.SubResource == ""
}

func isWorkload(request *admissionv1.AdmissionRequest) bool {
	return request.SubResource == "" && workloadKind(request) != ""
}

func isScale(request *admissionv1.AdmissionRequest) bool {
	kind := workloadKind(request)
	return request.SubResource == "scale" && (kind == "Deployment" || kind == "StatefulSet")
}

// workloadKind is the kind behind a resource, or "". The request's own kind is Scale for a scale.
func workloadKind(request *admissionv1.AdmissionRequest) string {
	switch request.Resource.Group + "/" + request.Resource.Resource {
	case "apps/deployments":
		return "Deployment"
	case "apps/statefulsets":
		return "StatefulSet"
	case "batch/jobs":
		return "Job"
	}
	return ""
}

func isResource(request *admissionv1.AdmissionRequest) bool {
	return request.Resource.Group == workload.ResourceGroup && request.SubResource == ""
}

// recognize reads the object of a request, or its old one: nil if it is not ours, or is on its way out.
func (r *Reviewer) recognize(request *admissionv1.AdmissionRequest, raw []byte, what string, ruling ruling) (*target, error) {
	switch {
	case isConfigMap(request):
		var configMap corev1.ConfigMap
		if err := decode(raw, what, &configMap); err != nil || configMap.DeletionTimestamp != nil {
			return nil, err
		}
		if t, ok := r.configuration(&configMap, request.Namespace, ruling); ok {
			return t, nil
		}
		if t, ok := r.stateByLabels(&configMap, request.Namespace, ruling); ok {
			return t, nil
		}
	case isWorkload(request):
		var running workloadObject
		if err := decode(raw, what, &running); err != nil || running.DeletionTimestamp != nil {
			return nil, err
		}
		running.Namespace = request.Namespace
		if member, ok := running.member(workloadKind(request)); ok && member.Role != "" {
			return r.process(withVersion(member, r.options.Version), &running.ObjectMeta, ruling), nil
		}
	case isResource(request):
		return r.recognizeResource(request, raw, what, ruling)
	}
	return nil, nil
}

func (r *Reviewer) recognizeResource(request *admissionv1.AdmissionRequest, raw []byte, what string, ruling ruling) (*target, error) {
	var content map[string]any
	if err := decode(raw, what, &content); err != nil {
		return nil, err
	}
	var meta metav1.ObjectMeta
	metadata, _ := content["metadata"].(map[string]any)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(metadata, &meta); err != nil {
		return nil, fmt.Errorf("request.%s is not an object of its kind", what)
	}
	if meta.DeletionTimestamp != nil && request.Operation != admissionv1.Delete {
		return nil, nil
	}
	if metadata != nil && request.Namespace != "" {
		metadata["namespace"] = request.Namespace
	}
	member, ok := inventory.ResourceMember(content)
	if !ok {
		return nil, nil
	}
	member = withVersion(member, r.options.Version)
	kind := validation.OfResource
	if request.Operation == admissionv1.Delete {
		kind = validation.OfDeletion
		member.Content = content // with the status, which says whether a savepoint is recorded
	}
	return r.resource(kind, member, &meta, ruling), nil
}

// previousOf is the object before an update, nil where the request creates it.
func previousOf[T any](request *admissionv1.AdmissionRequest) (*T, error) {
	if request.Operation != admissionv1.Update {
		return nil, nil
	}
	var previous T
	if err := decode(request.OldObject.Raw, "oldObject", &previous); err != nil {
		return nil, err
	}
	return &previous, nil
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
