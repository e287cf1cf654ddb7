package cluster

import (
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// Kinds of workloads, as keys of the inventory have them.
const (
	kindDeployment  = "Deployment"
	kindStatefulSet = "StatefulSet"
	kindJob         = "Job"
)

// workloadKind is a kind of workload that may run Flink.
type workloadKind struct {
	name, resource string
	group          schema.GroupVersion
	object         client.Object
}

// workloadKinds are the kinds of workloads that are watched.
func workloadKinds() []workloadKind {
	return []workloadKind{
		{kindDeployment, "deployments", appsv1.SchemeGroupVersion, &appsv1.Deployment{}},
		{kindStatefulSet, "statefulsets", appsv1.SchemeGroupVersion, &appsv1.StatefulSet{}},
		{kindJob, "jobs", batchv1.SchemeGroupVersion, &batchv1.Job{}},
	}
}

// slimWorkload keeps of a workload that runs a program of Flink's what rules ask about, and of any other its name.
func slimWorkload(object any) (any, error) {
	switch full := object.(type) {
	case *appsv1.Deployment:
		member, ok := inventory.WorkloadMember(kindDeployment, &full.ObjectMeta, &full.Spec.Template, orOne(full.Spec.Replicas), nil)
		return keep(&full.ObjectMeta, member, ok), nil
	case *appsv1.StatefulSet:
		member, ok := inventory.WorkloadMember(kindStatefulSet, &full.ObjectMeta, &full.Spec.Template, orOne(full.Spec.Replicas), nil)
		return keep(&full.ObjectMeta, member, ok), nil
	case *batchv1.Job:
		limits := &inventory.Job{BackoffLimit: full.Spec.BackoffLimit, ActiveDeadlineSeconds: full.Spec.ActiveDeadlineSeconds}
		member, ok := inventory.WorkloadMember(kindJob, &full.ObjectMeta, &full.Spec.Template, orOne(full.Spec.Parallelism), limits)
		return keep(&full.ObjectMeta, member, ok), nil
	}
	return object, nil
}

// orOne is the number of pods that a workload has, which is one where it does not say.
func orOne(pods *int32) int32 {
	if pods == nil {
		return 1
	}
	return *pods
}
