package cluster

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// rbacWith holds the objects of RBAC among others, as its informers leave them, beside what every API server has.
func rbacWith(t *testing.T, o Options, objects ...client.Object) *rbacObjects {
	t.Helper()
	r := &rbacObjects{index: access.New(), failures: o.WatchFailures, now: time.Now}
	r.synced.Store(true)
	for _, object := range append(objects, clusterAdmin()) {
		switch object := object.(type) {
		case *rbacv1.Role:
			r.replaceRole(nil, transformTwice(t, slimRole, object))
		case *rbacv1.ClusterRole:
			r.replaceClusterRole(nil, transformTwice(t, slimClusterRole, object))
		case *rbacv1.RoleBinding:
			r.replaceRoleBinding(nil, transformTwice(t, slimRoleBinding, object))
		case *rbacv1.ClusterRoleBinding:
			r.replaceClusterRoleBinding(nil, transformTwice(t, slimClusterRoleBinding, object))
		}
	}
	return r
}

// clusterAdmin is a role that an API server with RBAC makes.
func clusterAdmin() *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "cluster-admin", UID: "u", Labels: map[string]string{"kubernetes.io/bootstrapping": "rbac-defaults"}},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}},
	}
}

// clusterRole lets do everything with ConfigMaps.
func clusterRole(name string) *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name}, Rules: configMapRules()}
}

func role(namespace, name string) *rbacv1.Role {
	return &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Rules: configMapRules()}
}

func configMapRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"*"}}}
}

// bound binds a role of a kind to an account.
func bound(namespace, name, kind, role, accountNamespace, account string) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: accountNamespace, Name: account}},
		RoleRef:    rbacv1.RoleRef{APIGroup: "rbac.authorization.k8s.io", Kind: kind, Name: role},
	}
}

func readsConfigMaps() []rights.Right {
	return []rights.Right{{Resource: "configmaps", Verb: "list"}, {Resource: "configmaps", Verb: "watch"}}
}

func TestAccess(t *testing.T) {
	const covered, lacking, unknown = "covered", "lacking", "unknown"
	inject := policy.ServiceAccounts{Inject: true, Name: "flink"}
	provision := inject
	provision.Provision = true
	bindExisting, bindDefault := provision, provision
	bindExisting.BindExisting = true
	bindDefault.DefaultCredentials = policy.DefaultCredentialsBind
	ours, shipped := account("team", "old", "flink-ha-webhook"), clusterRole(policy.JobManagerRole)
	team := namespace("team")
	pulling := account("team", "default", "")
	pulling.ImagePullSecrets = pullSecrets("registry")
	going := account("team", "flink", "flink-ha-webhook")
	going.DeletionTimestamp, going.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"x/y"}
	cases := map[string]struct {
		accounts  policy.ServiceAccounts
		objects   []client.Object
		account   string
		namespace string
		want      string
	}{
		"a role is bound to it": {
			inject, []client.Object{team, role("team", "own"), bound("team", "own", "Role", "own", "team", "mine")}, "mine", "team", covered,
		},
		"a role is bound to it in another namespace": {
			inject, []client.Object{team, role("other", "own"), bound("other", "own", "Role", "own", "team", "mine")}, "mine", "team", lacking,
		},
		"nothing is bound to it":                   {inject, []client.Object{team, shipped}, "flink", "team", lacking},
		"it is absent and will be made and bound":  {provision, []client.Object{team, shipped}, "flink", "team", covered},
		"the role that will be bound is not there": {provision, []client.Object{team}, "flink", "team", lacking},
		"another account is absent":                {provision, []client.Object{team, shipped}, "other", "team", lacking},
		"it is ours and will be bound":             {provision, []client.Object{team, shipped, ours}, "old", "team", covered},
		"somebody has made a binding of that name": {
			provision, []client.Object{team, shipped, bound("team", policy.JobManagerRole, "ClusterRole", "view", "team", "other"), bound("team", policy.TaskManagerRole, "ClusterRole", "view", "team", "other")}, "flink", "team", lacking,
		},
		"the binding is there, and the guard's": {
			provision, []client.Object{team, shipped, binding(policy.JobManagerRole)}, "flink", "team", covered,
		},
		"it is about to go":                      {provision, []client.Object{team, shipped, going}, "flink", "team", lacking},
		"people made it":                         {provision, []client.Object{team, shipped, account("team", "flink", "")}, "flink", "team", lacking},
		"people made it, and it will be bound":   {bindExisting, []client.Object{team, shipped, account("team", "flink", "")}, "flink", "team", covered},
		"default":                                {provision, []client.Object{team, shipped, account("team", "default", "")}, "default", "team", lacking},
		"default with credentials":               {provision, []client.Object{team, shipped, pulling}, "default", "team", lacking},
		"default with credentials will be bound": {bindDefault, []client.Object{team, shipped, pulling}, "default", "team", covered},
		"default without credentials stays as it is": {
			bindDefault, []client.Object{team, shipped, account("team", "default", "")}, "default", "team", lacking,
		},
		"rights in another namespace are never bound": {provision, []client.Object{team, namespace("other"), shipped}, "flink", "other", lacking},
		"the namespace is not known yet":              {provision, []client.Object{shipped}, "flink", "team", unknown},
		"it has them in a namespace not known yet": {
			provision, []client.Object{role("team", "own"), bound("team", "own", "Role", "own", "team", "mine")}, "mine", "team", covered,
		},
		"the namespace is going":             {provision, []client.Object{terminating("team"), shipped}, "flink", "team", lacking},
		"the namespace is free of the guard": {provision, []client.Object{namespace("team", "flink-ha.dev/guard", "disabled"), shipped}, "flink", "team", lacking},
		"the namespace names another account": {
			provision, []client.Object{namespace("team", "flink-ha.dev/service-account", "other"), shipped}, "other", "team", covered,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synced, o := true, everything()
			o.Policy = accountsPolicy(tc.accounts)
			s := surroundings(t, o, &synced, tc.objects...)
			answer := s.Access(access.Account{Namespace: "team", Name: tc.account}, tc.namespace, readsConfigMaps())
			if waitedFor(s) {
				t.Error("waited: a binding that comes late is not waited for")
			}
			got := unknown
			if answer.Covered() {
				got = covered
			} else if answer.Lacking() {
				got = lacking
			}
			if got != tc.want {
				t.Errorf("got %s, want %s: %+v", got, tc.want, answer)
			}
		})
	}
}

func TestAccessIsUnknownUntilRBACIsRead(t *testing.T) {
	clock := time.Unix(1000, 0)
	synced, o := true, everything()
	metrics, registry := newMetrics(t)
	o.Metrics, o.WatchFailures = metrics, NewWatchFailures()
	o.WatchFailures.now = func() time.Time { return clock }
	s := surroundings(t, o, &synced, namespace("team"))
	known := func() bool {
		return s.Access(access.Account{Namespace: "team", Name: "other"}, "team", readsConfigMaps()).Known
	}
	if !known() {
		t.Error("unknown although everything is read")
	}
	synced = false
	if s.synced.Store(false); known() {
		t.Error("known before the caches have synced")
	}
	synced = true

	s.rbac.synced.Store(false)
	if known() {
		t.Error("known before there are informers for RBAC")
	}
	read := false
	s.rbac.hasSynced.Store(&[]func() bool{func() bool { return read }})
	if known() {
		t.Error("known before the informers for RBAC have synced")
	}
	if s.Ready(nil) != nil {
		t.Error("not ready for want of RBAC")
	}
	if read = true; !known() {
		t.Error("unknown although the informers for RBAC have synced")
	}

	watch := &fakeWatch{kind: "*v1.RoleBinding", version: "7"}
	o.WatchFailures.note(watch)
	clock = clock.Add(staleAfter + time.Second)
	if known() {
		t.Error("known although a watch of RBAC has failed for a while")
	}
	if _, there := s.Namespace("team"); !there {
		t.Error("nothing else is known either")
	}
	if watch.version = "8"; !known() {
		t.Error("unknown although the watch goes on")
	}

	s.rbac.replaceClusterRole(transformTwice(t, slimClusterRole, clusterAdmin()), nil)
	if known() {
		t.Error("known although the API server has no RBAC")
	}
	if diff := cmp.Diff(map[string]string{`unknown_answers_total{question="access"}`: "5"}, scraped(t, registry)); diff != "" {
		t.Errorf("unknown answers (-want,+got):\n%s", diff)
	}
}

// A guard that is newer than its role may not read RBAC. It does all else, and begins to know once it may.
func TestGuardWithoutTheRightToReadRBACDoesAllElse(t *testing.T) {
	const group = "rbac.authorization.k8s.io/v1/"
	server := startAPIServer(t)
	server.forbid(true, group+"roles", group+"rolebindings", group+"clusterroles", group+"clusterrolebindings")
	server.happen(t, "ADDED", "v1/namespaces", namespace("team"))
	server.happen(t, "ADDED", group+"clusterroles", clusterAdmin())
	server.happen(t, "ADDED", group+"roles", role("team", "own"))
	binding := bound("team", "own", "Role", "own", "team", "mine")
	server.happen(t, "ADDED", group+"rolebindings", binding)
	admins := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "admins"}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "cluster-admin"},
		Subjects: []rbacv1.Subject{{Kind: "Group", Name: "system:serviceaccounts:admin"}},
	}
	server.happen(t, "ADDED", group+"clusterrolebindings", admins)

	s := startManager(t, server, Options{Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{}), WatchFailures: NewWatchFailures()})
	eventually(t, "the caches to sync", func() bool { return s.Ready(nil) == nil })
	synced, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if !s.reader.(cache.Cache).WaitForCacheSync(synced) {
		t.Error("controllers that need nothing of RBAC would wait for it")
	}
	ask := func(namespace, name string) access.Answer {
		return s.Access(access.Account{Namespace: namespace, Name: name}, "team", readsConfigMaps())
	}
	if ask("team", "mine").Known {
		t.Error("known although nothing of RBAC may be read")
	}

	server.forbid(false, group+"roles", group+"rolebindings", group+"clusterroles", group+"clusterrolebindings")
	eventually(t, "what an account may do to be known", func() bool { return ask("team", "mine").Covered() })
	if !ask("admin", "any").Covered() || !ask("team", "other").Lacking() {
		t.Error("the ClusterRoleBinding is not known, or is for all")
	}
	server.happen(t, "DELETED", group+"rolebindings", binding)
	eventually(t, "the binding to be forgotten", func() bool { return ask("team", "mine").Lacking() })
	server.happen(t, "DELETED", group+"clusterroles", clusterAdmin())
	eventually(t, "the role to be forgotten", func() bool { return !ask("admin", "any").Known })
}
