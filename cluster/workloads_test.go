package cluster

import (
	"testing"

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

// keptOf is what the store of an informer has of a workload.
func keptOf(t *testing.T, object client.Object) *keptObject {
	t.Helper()
	kept, ok := transformTwice[client.Object](t, slimWorkload, object).(*keptObject)
	if !ok {
		t.Fatalf("%T is no workload", object)
	}
	return kept
}

func TestSlimWorkloadKnowsWhoRunsFlink(t *testing.T) {
	meta := metav1.ObjectMeta{Namespace: "team", Name: "jm", ResourceVersion: "7"}
	foreign := template("flink", "serve")
	foreign.Spec.Containers[0].Image = "web:1"
	cases := map[string]struct {
		object client.Object
		want   bool
	}{
		"Deployment":  {&appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template("flink", "jobmanager")}}, true},
		"StatefulSet": {&appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: template("flink", "taskmanager")}}, true},
		"Job":         {&batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template("flink", "standalone-job")}}, true},
		"not Flink":   {&batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: foreign}}, false},
		"a client":    {&batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template("flink", "/opt/flink/bin/flink", "list")}}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kept := keptOf(t, tc.object)
			if got := kept.member != nil && kept.member.Role != "" && kept.member.Template.Spec.ServiceAccountName == "flink"; got != tc.want {
				t.Errorf("runs a process of Flink's under its account: %t, want %t", got, tc.want)
			}
			if kept.Name != "jm" || kept.Namespace != "team" || kept.ResourceVersion != "7" {
				t.Errorf("the object is no longer who it was: %s/%s", kept.Namespace, kept.Name)
			}
		})
	}
}

func TestSlimWorkloadKeepsWhatRulesAskAbout(t *testing.T) {
	two, six := int32(2), int64(6)
	full := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "team", Name: "jm", UID: "u", Labels: map[string]string{"app": "demo"}, Annotations: map[string]string{"plain": "x"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "flink.apache.org/v1beta1", Kind: "FlinkDeployment", Name: "demo", UID: "o"}},
		},
		Spec: batchv1.JobSpec{BackoffLimit: &two, ActiveDeadlineSeconds: &six, Template: template("flink", "standalone-job")},
	}
	member := keptOf(t, full).member
	if member == nil || member.Kind != "Job" || member.Name != "jm" || member.Role == "" || member.Replicas != 1 {
		t.Fatalf("got %+v", member)
	}
	if *member.Job.BackoffLimit != 2 || *member.Job.ActiveDeadlineSeconds != 6 {
		t.Errorf("limits: got %+v", member.Job)
	}
	if !ownedByResource(member) {
		t.Errorf("owner: got %+v, want the custom resource", member.Owner)
	}
	if keptOf(t, deployment("team", "web", "", "serve")).member == nil {
		t.Error("an image of Flink's that runs something else is not kept for the ConfigMaps that it mounts")
	}
}
