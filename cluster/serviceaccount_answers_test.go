package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestServiceAccount(t *testing.T) {
	no := false
	there, promised := validation.Account{Exists: true}, validation.Account{Exists: true, Promised: true}
	injects := policy.ServiceAccounts{Inject: true, Name: "flink"}
	provisions := injects
	provisions.Provision = true
	going := account("going", "flink", "")
	going.DeletionTimestamp, going.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"x/y"}
	tokenless, pulling := account("team", "tokenless", ""), account("team", "default", "")
	tokenless.AutomountServiceAccountToken = &no
	pulling.ImagePullSecrets = pullSecrets("registry")
	goingDefault := account("going", "default", "")
	goingDefault.DeletionTimestamp, goingDefault.Finalizers = going.DeletionTimestamp, going.Finalizers
	objects := []client.Object{
		namespace("team"), namespace("without"), namespace("going"), terminating("terminating"), namespace("guard"), namespace("kube-system"),
		namespace("off", "flink-ha.dev/enforce", "off"), namespace("named", "flink-ha.dev/service-account", "own"),
		account("team", "flink", ""), account("team", "other", ""), tokenless, pulling, going, goingDefault,
	}
	cases := map[string]struct {
		accounts        policy.ServiceAccounts
		unsynced        bool
		namespace, name string
		want            validation.Account
		unknown         bool
	}{
		"it is made where it is missing":                     {accounts: provisions, namespace: "without", name: "flink", want: promised},
		"it is there":                                        {accounts: provisions, namespace: "team", name: "flink", want: there},
		"the namespace names another: that one is made":      {accounts: provisions, namespace: "named", name: "own", want: promised},
		"the namespace names another: the policy's is not":   {accounts: provisions, namespace: "named", name: "flink"},
		"none is made before the cache is full":              {accounts: provisions, unsynced: true, namespace: "without", name: "flink", unknown: true},
		"none is made in the guard's namespace":              {accounts: provisions, namespace: "guard", name: "flink"},
		"none is made for the control plane":                 {accounts: provisions, namespace: "kube-system", name: "flink"},
		"none is made in a namespace that is about to go":    {accounts: provisions, namespace: "terminating", name: "flink"},
		"none is made where nothing is enforced":             {accounts: provisions, namespace: "off", name: "flink"},
		"whether it is made in a new namespace is not known": {accounts: provisions, namespace: "new", name: "flink", unknown: true},
		"it is not there, and nobody makes any":              {accounts: injects, namespace: "without", name: "flink"},
		"another name is there":                              {accounts: provisions, namespace: "team", name: "other", want: there},
		"another name is not there":                          {accounts: provisions, namespace: "team", name: "another"},
		"it is about to go":                                  {accounts: provisions, namespace: "going", name: "flink"},
		"pods do not get its token":                          {accounts: injects, namespace: "team", name: "tokenless", want: validation.Account{Exists: true, Automount: &no}},
		"pods get more with it": {
			accounts: injects, namespace: "team", name: "default", want: validation.Account{Exists: true, Credentials: []string{"imagePullSecrets"}},
		},
		"Kubernetes makes one":                     {accounts: provisions, namespace: "without", name: "default", want: there},
		"Kubernetes makes one in a new namespace":  {accounts: provisions, namespace: "new", name: "default", want: there},
		"Kubernetes makes one again":               {accounts: provisions, namespace: "going", name: "default", want: there},
		"what it carries is not known":             {accounts: provisions, unsynced: true, namespace: "team", name: "default", unknown: true},
		"unknown as long as the cache is not full": {accounts: injects, unsynced: true, namespace: "without", name: "flink", unknown: true},
		"nothing is injected":                      {accounts: policy.ServiceAccounts{Provision: true, Name: "flink"}, namespace: "without", name: "flink"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // whatever is missing is waited for
			synced := !tc.unsynced
			o := everything()
			o.Policy = accountsPolicy(tc.accounts)
			s := surroundings(t, o, &synced, objects...)
			got, known := s.ServiceAccount(tc.namespace, tc.name)
			if known == tc.unknown {
				t.Errorf("known: %t", known)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
			if (got.Exists || tc.namespace == "going") && waitedFor(s) {
				t.Error("waited for what is there, or promised")
			}
		})
	}
}

func TestServiceAccountIsUnknownWhileItsWatchFails(t *testing.T) {
	clock := time.Unix(1000, 0)
	synced, o := true, everything()
	o.WatchFailures = NewWatchFailures()
	o.WatchFailures.now = func() time.Time { return clock }
	s := surroundings(t, o, &synced, namespace("team"), account("team", "other", ""))
	o.WatchFailures.note(&fakeWatch{kind: "*v1.ServiceAccount", version: "7"})
	if _, known := s.ServiceAccount("team", "other"); !known {
		t.Error("unknown right after a failure")
	}
	clock = clock.Add(staleAfter + time.Second)
	if _, known := s.ServiceAccount("team", "other"); known {
		t.Error("known although the watch has failed for a while")
	}
	if _, known := s.Namespace("team"); !known {
		t.Error("nothing else is known either")
	}
}
