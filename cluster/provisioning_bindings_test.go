package cluster

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestProvisionerBindsExactlyTheAccountsThatNeedARole(t *testing.T) {
	tm := taskManager("tasks")
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), tm, nativeJobManager("makes"),
		account("team", "tasks", us), account("team", "makes", us), account("team", "idle", us))
	if _, err := p.look(t, "team"); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{policy.JobManagerRole: {"flink", "makes"}, policy.NativeRole: {"makes"}, policy.TaskManagerRole: {"tasks"}}
	if diff := cmp.Diff(want, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
	var got rbacv1.RoleBinding
	if err := p.client.Get(t.Context(), client.ObjectKey{Namespace: "team", Name: policy.NativeRole}, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(binding(policy.NativeRole, "makes").RoleRef, got.RoleRef); diff != "" || got.Labels["app.kubernetes.io/managed-by"] != us {
		t.Errorf("labels %v, role (-want,+got):\n%s", got.Labels, diff)
	}
	if fields := got.ManagedFields; len(fields) != 1 || fields[0].Manager != us || fields[0].Operation != "Apply" {
		t.Errorf("fields are managed by %v", fields)
	}
}

func TestProvisionerHealsWhatSomebodyHasChanged(t *testing.T) {
	all := func(binding *rbacv1.RoleBinding) []client.Object {
		return []client.Object{namespace("team"), jobManager("flink"), account("team", "flink", us), binding}
	}
	ours := binding(policy.JobManagerRole, "flink")
	unlabelled := ours.DeepCopy()
	unlabelled.Labels = nil
	unlabelled.ManagedFields = []metav1.ManagedFieldsEntry{{
		Manager: us, Operation: "Apply", APIVersion: "rbac.authorization.k8s.io/v1", FieldsType: "FieldsV1",
		FieldsV1: metav1.NewFieldsV1(`{"f:subjects":{},"f:roleRef":{}}`),
	}}
	elsewhere := ours.DeepCopy()
	elsewhere.RoleRef.Name = "cluster-admin"
	emptied := ours.DeepCopy()
	emptied.Subjects = nil
	widened := ours.DeepCopy()
	widened.Subjects = append(widened.Subjects, rbacv1.Subject{Kind: "User", APIGroup: "rbac.authorization.k8s.io", Name: "eve"},
		rbacv1.Subject{Kind: "ServiceAccount", Namespace: "other", Name: "flink"}, rbacv1.Subject{Kind: "Group", APIGroup: "rbac.authorization.k8s.io", Name: "system:serviceaccounts"})
	foreign := ours.DeepCopy()
	foreign.Labels = map[string]string{"app.kubernetes.io/managed-by": "Helm"}
	foreign.Subjects = nil
	sufficient := ours.DeepCopy()
	sufficient.Labels = nil
	apply := "apply " + policy.JobManagerRole
	cases := map[string]struct {
		binding *rbacv1.RoleBinding
		want    []string
		failure bool
	}{
		"nothing":                        {ours, nil, false},
		"its label":                      {unlabelled, []string{apply}, false},
		"its role":                       {elsewhere, []string{"delete " + policy.JobManagerRole, apply}, false},
		"it has lost its subject":        {emptied, []string{apply}, false},
		"it has others":                  {widened, []string{apply}, false},
		"it was never ours":              {foreign, nil, true},
		"it was never ours, but will do": {sufficient, nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, makesAccounts(), all(tc.binding)...)
			writes, err := p.look(t, "team")
			if tc.failure != (err != nil) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, writes); diff != "" {
				t.Errorf("written (-want,+got):\n%s", diff)
			}
			if tc.failure {
				if len(p.events) != 1 || !strings.Contains(p.events[0].Note, "kubectl -n team delete rolebinding "+policy.JobManagerRole) {
					t.Errorf("events: %v", p.events)
				}
				return
			}
			if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink"}}, p.subjects(t)); diff != "" {
				t.Errorf("bound (-want,+got):\n%s", diff)
			}
			if again := p.lookLater(t, ownWriteLag); again != nil && name != "its label" { // the fake client keeps no fields of others
				t.Errorf("written again: %v", again)
			}
		})
	}
}

func TestProvisionerMakesAgainWhatIsDeleted(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"))
	p.lookLater(t, 0)
	for what, object := range map[string]client.Object{"create flink": account("team", "flink", ""), "apply " + policy.JobManagerRole: binding(policy.JobManagerRole)} {
		p.clock = p.clock.Add(ownWriteLag)
		if err := p.client.Delete(t.Context(), object); err != nil {
			t.Fatal(err)
		}
		p.events = nil
		if writes := p.lookLater(t, 0); !slices.Equal(writes, []string{what}) {
			t.Errorf("%s: written %v", what, writes)
		}
		if len(p.events) != 1 || p.events[0].Reason != "ServiceAccountHealed" || p.events[0].Regarding.Name != "jm" {
			t.Errorf("%s: events %v", what, p.events)
		}
	}
}

func TestAccountThatSomebodyAddsToABindingIsTakenOutAtOnce(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), account("team", "flink", us), account("team", "eve", ""), binding(policy.JobManagerRole, "flink"))
	p.lookLater(t, 0)
	widened := binding(policy.JobManagerRole, "flink", "eve")
	if err := p.client.Update(t.Context(), widened); err != nil {
		t.Fatal(err)
	}
	if writes := p.lookLater(t, 0); !slices.Equal(writes, []string{"apply " + policy.JobManagerRole}) {
		t.Errorf("written %v", writes)
	}
	if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink"}}, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
}
