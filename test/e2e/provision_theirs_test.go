package e2e

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// theirs is an account as people make one.
func theirs() *corev1.ServiceAccount {
	return &corev1.ServiceAccount{
		ObjectMeta: metav1.ObjectMeta{
			Name: "flink", Labels: map[string]string{"team": "streaming"},
			Annotations: map[string]string{"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/flink"},
		},
		Secrets:                      []corev1.ObjectReference{{Name: "token"}},
		ImagePullSecrets:             []corev1.LocalObjectReference{{Name: "registry"}},
		AutomountServiceAccountToken: new(true),
	}
}

// TestAnAccountThatPeopleMadeIsTheirs: it is not changed and gets no rights, and whoever uses it is told what it lacks.
func TestAnAccountThatPeopleMadeIsTheirs(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.create(t, namespace, theirs())
	made := s.serviceAccount(t, namespace, "flink")
	caller := s.caller(t, "")
	var got verdict
	eventually(t, "a warning of the rights that are missing", func() bool {
		got = caller.create(t, namespace, onAccount(standalone("jm", namespace), "flink"), dryRun())
		return got.is(nil, []string{"jobmanager-rights-missing"})
	})
	for _, word := range []string{"flink", "get, list, watch, create, update, patch", "configmaps"} {
		if !got.says(word) {
			t.Errorf("got %q, want it to say %q", got.warnings, word)
		}
	}
	s.create(t, namespace, onAccount(standalone("jm", namespace), "flink"))
	s.create(t, namespace, taskManager("tm", namespace))
	tm, err := s.client.AppsV1().Deployments(namespace).Get(t.Context(), "tm", metav1.GetOptions{})
	if err != nil || tm.Spec.Template.Spec.ServiceAccountName == "flink" {
		t.Errorf("got %v, %q, want no account that lacks the rights to be injected", err, tm.Spec.Template.Spec.ServiceAccountName)
	}
	s.wantNothingMade(t, namespace)
	if diff := cmp.Diff(made, s.serviceAccount(t, namespace, "flink")); diff != "" {
		t.Errorf("the account was changed (-made +now):\n%s", diff)
	}
	t.Run("bound where the policy says so", func(t *testing.T) {
		s.setPolicy(t, "serviceAccounts: {bindExisting: true}\n")
		s.awaitGrants(t, namespace, "flink", jobManagerRole)
		if diff := cmp.Diff(made, s.serviceAccount(t, namespace, "flink")); diff != "" {
			t.Errorf("the account was changed (-made +now):\n%s", diff)
		}
		eventually(t, "nothing to be said of its rights any more", func() bool {
			return caller.create(t, namespace, onAccount(standalone("another", namespace), "flink"), dryRun()).is(nil, nil)
		})
		eventually(t, "the account to be injected", func() bool {
			return s.injected(t, namespace) == "flink"
		})
	})
}

// TestABindingThatPeopleMadeIsTheirs although it has a name of the guard's.
func TestABindingThatPeopleMadeIsTheirs(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	made := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: jobManagerRole},
		Subjects:   []rbacv1.Subject{subject(namespace, "another")},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "view"},
	}
	bindings := s.client.RbacV1().RoleBindings(namespace)
	before, err := bindings.Create(t.Context(), made, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.create(t, namespace, onAccount(standalone("jm", namespace), "flink"))
	eventually(t, "an Event that names the binding", func() bool {
		return s.toldOf(t, namespace, corev1.EventTypeWarning, jobManagerRole)
	})
	if after, err := bindings.Get(t.Context(), jobManagerRole, metav1.GetOptions{}); err != nil || !cmp.Equal(before, after) {
		t.Errorf("got %v, and the binding was changed (-made +now):\n%s", err, cmp.Diff(before, after))
	}
}

// injected is the account that a new JobManager's pods would get, "" if none is named.
func (s *suite) injected(t *testing.T, namespace string) string {
	t.Helper()
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), standalone("would-be", namespace), dryRun())
	if err != nil {
		t.Fatal(err)
	}
	return created.Spec.Template.Spec.ServiceAccountName
}

// TestADefaultAccountThatWorksIsLeftAlone, whatever rights it has its rights by.
func TestADefaultAccountThatWorksIsLeftAlone(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.awaitNamespace(t, namespace)
	if output, err := s.kubectl(t, "", "create", "rolebinding", "editors", "--clusterrole=edit", "--group=system:serviceaccounts:"+namespace, "-n", namespace); err != nil {
		t.Fatal(output)
	}
	eventually(t, "the guard to know the binding", func() bool { return s.injected(t, namespace) == "" })
	caller := s.caller(t, "")
	if got := caller.create(t, namespace, standalone("jm", namespace)); !got.is(nil, nil) || len(got.warnings) > 0 {
		t.Errorf("got %+v, want nothing said", got)
	}
	s.wantNothingMade(t, namespace)
}

// carries gives the account "default" of a namespace what its pods would lose with another account.
func (s *suite) carries(t *testing.T, namespace, patch string) {
	t.Helper()
	eventually(t, "the account default", func() bool { return s.serviceAccount(t, namespace, "default") != nil })
	if _, err := s.client.CoreV1().ServiceAccounts(namespace).Patch(t.Context(), "default", types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
}

const (
	pullSecrets = `{"imagePullSecrets":[{"name":"registry"}]}`
	awsIdentity = `{"metadata":{"annotations":{"eks.amazonaws.com/role-arn":"arn:aws:iam::1:role/flink"}}}`
)

// TestADefaultAccountWithCredentialsIsNotTakenAway: pods would lose them. Who applies the workload is told of the choice.
func TestADefaultAccountWithCredentialsIsNotTakenAway(t *testing.T) {
	s := shared
	for credential, patch := range map[string]string{"imagePullSecrets": pullSecrets, "eks.amazonaws.com/role-arn": awsIdentity} {
		t.Run(credential, func(t *testing.T) {
			namespace := s.namespace(t)
			s.awaitNamespace(t, namespace)
			s.carries(t, namespace, patch)
			eventually(t, "the guard to know what the account carries", func() bool { return s.injected(t, namespace) == "" })
			got := s.caller(t, "").create(t, namespace, standalone("jm", namespace))
			if !got.says(credential) || !got.says("defaultCredentials") {
				t.Errorf("got %q, want the credential and the choice named", got.warnings)
			}
			s.wantNothingMade(t, namespace)
		})
	}
}

// TestCredentialsAreCopied where the policy says so.
func TestCredentialsAreCopied(t *testing.T) {
	s := shared
	s.setPolicy(t, "serviceAccounts: {defaultCredentials: copy}\n")
	namespace := s.namespace(t)
	s.awaitNamespace(t, namespace)
	s.carries(t, namespace, pullSecrets)
	s.carries(t, namespace, awsIdentity)
	if got := s.injected(t, namespace); got != "flink" {
		t.Errorf("got the account %q, want flink", got)
	}
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	eventually(t, "the account to carry the same", func() bool {
		account := s.serviceAccount(t, namespace, "flink")
		return fmt.Sprint(account.ImagePullSecrets) == "[{registry}]" && account.Annotations["eks.amazonaws.com/role-arn"] == "arn:aws:iam::1:role/flink"
	})
	s.carries(t, namespace, `{"imagePullSecrets":[{"name":"registry"},{"name":"mirror"}]}`)
	eventually(t, "the account to follow", func() bool {
		return len(s.serviceAccount(t, namespace, "flink").ImagePullSecrets) == 2
	})
}

// TestTheDefaultAccountIsBound where the policy says so: the pods stay on it.
func TestTheDefaultAccountIsBound(t *testing.T) {
	s := shared
	s.setPolicy(t, "serviceAccounts: {defaultCredentials: bind}\n")
	namespace := s.namespace(t)
	s.awaitNamespace(t, namespace)
	s.carries(t, namespace, pullSecrets)
	carrying := s.serviceAccount(t, namespace, "default")
	eventually(t, "the guard to know what the account carries", func() bool { return s.injected(t, namespace) == "" })
	s.create(t, namespace, standalone("jm", namespace))
	s.awaitGrants(t, namespace, "default", jobManagerRole)
	if diff := cmp.Diff(carrying, s.serviceAccount(t, namespace, "default")); diff != "" {
		t.Errorf("the account was changed (-before +after):\n%s", diff)
	}
	if s.serviceAccount(t, namespace, "flink") != nil {
		t.Error("the account of the policy was made as well")
	}
}
