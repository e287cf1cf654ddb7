package cluster

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// podSpecPath is where the kinds of workloads below have their pod spec.
const podSpecPath = "spec.template.spec"

// slimWorkload keeps of a workload that runs Flink under the given account who it is and the name of the account, and of any
// other its name.
func slimWorkload(account string) toolscache.TransformFunc {
	return func(object any) (any, error) {
		switch full := object.(type) {
		case *appsv1.Deployment:
			slim := &appsv1.Deployment{}
			slim.ObjectMeta, slim.Spec.Template.Spec.ServiceAccountName = slimTemplate(&full.ObjectMeta, &full.Spec.Template, account)
			return slim, nil
		case *appsv1.StatefulSet:
			slim := &appsv1.StatefulSet{}
			slim.ObjectMeta, slim.Spec.Template.Spec.ServiceAccountName = slimTemplate(&full.ObjectMeta, &full.Spec.Template, account)
			return slim, nil
		case *batchv1.Job:
			slim := &batchv1.Job{}
			slim.ObjectMeta, slim.Spec.Template.Spec.ServiceAccountName = slimTemplate(&full.ObjectMeta, &full.Spec.Template, account)
			return slim, nil
		}
		return object, nil
	}
}

// slimTemplate returns what is kept of a workload: its metadata, and the account if a Flink process runs under it.
func slimTemplate(meta *metav1.ObjectMeta, template *corev1.PodTemplateSpec, account string) (metav1.ObjectMeta, string) {
	if template.Spec.ServiceAccountName != account {
		return key(meta), ""
	}
	// The API server takes no workload without containers: a template that has none has been through here before.
	if _, ok := workload.Recognize(template, podSpecPath); !ok && len(template.Spec.Containers) > 0 {
		return key(meta), ""
	}
	return identity(meta), account
}

// namesAccount tells whether a workload from the cache runs Flink under the account and will go on doing so.
func namesAccount(object client.Object, account string) bool {
	if object.GetDeletionTimestamp() != nil {
		return false
	}
	switch full := object.(type) {
	case *appsv1.Deployment:
		return full.Spec.Template.Spec.ServiceAccountName == account
	case *appsv1.StatefulSet:
		return full.Spec.Template.Spec.ServiceAccountName == account
	case *batchv1.Job:
		return full.Spec.Template.Spec.ServiceAccountName == account
	}
	return false
}

// accountNamedIn tells whether any workload of a namespace names the account.
func accountNamedIn(ctx context.Context, reader client.Reader, namespace, account string) (bool, error) {
	named := false
	for _, list := range []client.ObjectList{&appsv1.DeploymentList{}, &appsv1.StatefulSetList{}, &batchv1.JobList{}} {
		if err := reader.List(ctx, list, client.InNamespace(namespace)); err != nil {
			return false, fmt.Errorf("listing the workloads of namespace %q: %w", namespace, err)
		}
		err := meta.EachListItem(list, func(item runtime.Object) error {
			found, ok := item.(client.Object)
			named = named || ok && namesAccount(found, account)
			return nil
		})
		if err != nil {
			return false, fmt.Errorf("reading the workloads of namespace %q: %w", namespace, err)
		}
		if named {
			return true, nil
		}
	}
	return false, nil
}
