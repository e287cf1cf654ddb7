package cluster

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func template(account string, args ...string) corev1.PodTemplateSpec {
	return corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		ServiceAccountName: account,
		Containers:         []corev1.Container{{Name: "main", Image: "flink:2.0", Args: args}},
	}}
}

func deployment(namespace, name, account string, args ...string) *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: "u", ResourceVersion: "7"},
		Spec:       appsv1.DeploymentSpec{Template: template(account, args...)},
	}
}

func TestSlimWorkloadMarksFlinkUnderThePolicysAccount(t *testing.T) {
	meta := metav1.ObjectMeta{Namespace: "team", Name: "jm", ResourceVersion: "7"}
	deleted := meta
	deleted.DeletionTimestamp = &metav1.Time{Time: time.Unix(1000, 0)}
	cases := map[string]struct {
		object client.Object
		want   bool
	}{
		"Deployment":  {&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template("flink", "jobmanager")}}, true},
		"StatefulSet": {&appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: template("flink", "taskmanager")}}, true},
		"Job":         {&batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template("flink", "standalone-job")}}, true},
		"another account": {
			&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template("other", "jobmanager")}}, false,
		},
		"no account": {&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template("", "jobmanager")}}, false},
		"not Flink":  {&batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template("flink", "serve")}}, false},
		"being deleted": {
			&appsv1.Deployment{ObjectMeta: deleted, Spec: appsv1.DeploymentSpec{Template: template("flink", "jobmanager")}}, false,
		},
		"another kind": {&appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Template: template("flink", "jobmanager")}}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			slim := transformTwice(t, slimWorkload("flink"), tc.object)
			if got := namesAccount(slim, "flink"); got != tc.want {
				t.Errorf("names the account: %t, want %t", got, tc.want)
			}
			if slim.GetName() != "jm" || slim.GetNamespace() != "team" || slim.GetResourceVersion() != "7" {
				t.Errorf("the object is no longer who it was: %s/%s", slim.GetNamespace(), slim.GetName())
			}
			if deployment, ok := slim.(*appsv1.Deployment); ok && deployment.Spec.Template.Spec.Containers != nil {
				t.Error("containers were kept")
			}
		})
	}
}
