package cluster

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// podMakersOf are a pod of an account, and one object of each kind that makes such pods.
func podMakersOf(account string) map[string]client.Object {
	meta, pods := metav1.ObjectMeta{Namespace: "team", Name: "x"}, template(account, "serve")
	pods.Spec.Containers[0].Image = "web:1"
	return map[string]client.Object{
		"a pod":         &corev1.Pod{ObjectMeta: meta, Spec: corev1.PodSpec{ServiceAccountName: account}},
		"a DaemonSet":   &appsv1.DaemonSet{ObjectMeta: meta, Spec: appsv1.DaemonSetSpec{Template: pods}},
		"a ReplicaSet":  &appsv1.ReplicaSet{ObjectMeta: meta, Spec: appsv1.ReplicaSetSpec{Template: pods}},
		"a CronJob":     &batchv1.CronJob{ObjectMeta: meta, Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: pods}}}},
		"a Deployment":  &appsv1.Deployment{ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: pods}},
		"a StatefulSet": &appsv1.StatefulSet{ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: pods}},
		"a Job":         &batchv1.Job{ObjectMeta: meta, Spec: batchv1.JobSpec{Template: pods}},
	}
}

func TestBindingIsRemovedOnceNobodyHasNeededItForAWhile(t *testing.T) {
	cases := map[string]struct {
		namespace client.Object
		left      client.Object
		state     bool
		removed   bool
	}{
		"nothing is left":                {namespace: namespace("team"), removed: true},
		"HA state":                       {namespace: namespace("team"), state: true},
		"the namespace is labelled":      {namespace: namespace("team", "flink-ha.dev/service-account", "flink")},
		"something of another account":   {namespace: namespace("team"), left: podMakersOf("other")["a Deployment"], removed: true},
		"something in another namespace": {namespace: namespace("team"), removed: true, left: &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "other", Name: "x"}, Spec: corev1.PodSpec{ServiceAccountName: "flink"}}},
	}
	for what, object := range podMakersOf("flink") {
		tc := cases["nothing is left"]
		tc.left, tc.removed = object, false
		cases[what] = tc
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, makesAccounts(), tc.namespace, account("team", "flink", us), binding(policy.JobManagerRole, "flink"))
			if tc.state {
				p.surroundings.feed.replaceHAState(nil, haState(t, "team", "demo", "{}"))
			}
			if tc.left != nil {
				if err := p.client.Create(t.Context(), tc.left); err != nil {
					t.Fatal(err)
				}
			}
			if writes := p.lookLater(t, 0); writes != nil {
				t.Errorf("written at once: %v", writes)
			}
			if writes := p.lookLater(t, 59*time.Minute); writes != nil {
				t.Errorf("written too early: %v", writes)
			}
			writes := p.lookLater(t, time.Minute)
			if want := []string{"delete " + policy.JobManagerRole}; tc.removed && !slices.Equal(writes, want) || !tc.removed && writes != nil {
				t.Errorf("written %v", writes)
			}
			if p.client.Get(t.Context(), client.ObjectKey{Namespace: "team", Name: "flink"}, &corev1.ServiceAccount{}) != nil {
				t.Error("the account is gone, and with it all tokens")
			}
			if tc.removed && (len(p.provisioner.events.told.names) != 1) {
				t.Error("no event tells of it")
			}
		})
	}
}

func TestGraceBeginsAnewWhenARoleIsNeeded(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), account("team", "flink", us), binding(policy.JobManagerRole, "flink"))
	p.lookLater(t, 0)
	p.surroundings.feed.replaceObject(nil, keptOf(t, jobManager("flink")))
	p.lookLater(t, 50*time.Minute)
	p.surroundings.feed.replaceObject(keptOf(t, jobManager("flink")), nil)
	p.lookLater(t, time.Minute)
	if writes := p.lookLater(t, 59*time.Minute); writes != nil {
		t.Errorf("written %v, 59 minutes after it was last needed", writes)
	}
	if writes := p.lookLater(t, time.Minute); len(writes) != 1 {
		t.Errorf("written %v", writes)
	}
}

func TestOneAccountOfABindingIsRemovedAlone(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), account("team", "flink", us), account("team", "gone", us), binding(policy.JobManagerRole, "flink", "gone"))
	p.lookLater(t, 0)
	if writes := p.lookLater(t, time.Hour); !slices.Equal(writes, []string{"apply " + policy.JobManagerRole}) {
		t.Errorf("written %v", writes)
	}
	if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink"}}, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
}

func TestNothingIsRemovedWhereThePolicyStopsProvisioning(t *testing.T) {
	p := provisioningOf(t, policy.ServiceAccounts{Inject: true, Name: "flink"}, namespace("team"), account("team", "flink", us), binding(policy.JobManagerRole, "flink"))
	p.lookLater(t, 0)
	if writes := p.lookLater(t, 2*time.Hour); writes != nil {
		t.Errorf("written %v", writes)
	}
}

func TestCustomResourceUsesAnAccount(t *testing.T) {
	cases := map[string]struct {
		kind string
		spec map[string]any
		want bool
	}{
		"it names it":                    {"FlinkDeployment", map[string]any{"serviceAccount": "flink"}, true},
		"it names another":               {"FlinkDeployment", map[string]any{"serviceAccount": "other"}, false},
		"it leaves it open":              {"FlinkDeployment", map[string]any{}, true},
		"a pod template names it":        {"FlinkDeployment", map[string]any{"serviceAccount": "other", "podTemplate": map[string]any{"spec": map[string]any{"serviceAccountName": "flink"}}}, true},
		"one of two names another":       {"FlinkBlueGreenDeployment", map[string]any{"template": map[string]any{"spec": map[string]any{"serviceAccount": "other"}}}, false},
		"a job has none":                 {"FlinkSessionJob", map[string]any{"deploymentName": "demo"}, false},
		"in a list, however deep it may": {"FlinkDeployment", map[string]any{"serviceAccount": "x", "a": []any{[]any{"flink"}}}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			object := flinkDeployment("team", "demo")
			object.SetKind(tc.kind)
			object.Object["spec"] = tc.spec
			if got := resourceMayUse(object, "flink"); got != tc.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
