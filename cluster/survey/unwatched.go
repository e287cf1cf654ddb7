package survey

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// flinkCluster is the kind of custom resource of which Google's operator and Spotify's make clusters.
func flinkCluster() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: "flinkoperator.k8s.io", Version: "v1beta1", Kind: "FlinkCluster"}
}

// unwatched makes a member of what may run a JobManager and is of a kind that the guard does not watch, since hardly anybody runs Flink
// so: what a rule may overlook, nothing that is deleted for good may.
func unwatched(object client.Object) (*inventory.Member, bool) {
	switch full := object.(type) {
	case *appsv1.DaemonSet:
		return inventory.WorkloadMember("DaemonSet", &full.ObjectMeta, &full.Spec.Template, 1, nil)
	case *appsv1.ReplicaSet:
		if !madeByRead(full) {
			return inventory.WorkloadMember("ReplicaSet", &full.ObjectMeta, &full.Spec.Template, 1, nil)
		}
	case *batchv1.CronJob:
		return inventory.WorkloadMember("CronJob", &full.ObjectMeta, &full.Spec.JobTemplate.Spec.Template, 1, nil)
	case *corev1.Pod:
		ended := full.Status.Phase == corev1.PodSucceeded || full.Status.Phase == corev1.PodFailed
		if !ended && !madeByRead(full) {
			return inventory.WorkloadMember("Pod", &full.ObjectMeta, &corev1.PodTemplateSpec{ObjectMeta: full.ObjectMeta, Spec: full.Spec}, 1, nil)
		}
	case *unstructured.Unstructured:
		// What its operator makes of it is not known.
		return &inventory.Member{Key: inventory.Key{Kind: full.GetKind(), Namespace: full.GetNamespace(), Name: full.GetName()}, UID: full.GetUID()}, true
	}
	return nil, false
}

// madeByRead tells whether a workload of Kubernetes controls an object, which stands for it then: all kinds of those are read.
func madeByRead(object client.Object) bool {
	controller := metav1.GetControllerOf(object)
	return controller != nil && (controller.APIVersion == appsv1.SchemeGroupVersion.String() || controller.APIVersion == batchv1.SchemeGroupVersion.String())
}
