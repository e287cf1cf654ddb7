package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestADryRunIsJudgedAlike with the same words, and is not remembered.
func TestADryRunIsJudgedAlike(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	caller := s.caller(t, "")
	wrong := func() any {
		return configMap("wrong", "flink-conf.yaml", configuration(namespace, "high-availability.storageDir:", "high-availability.cluster-id:"))
	}
	tried, made := caller.create(t, namespace, wrong(), dryRun()), caller.create(t, namespace, wrong())
	if diff := cmp.Diff(made, tried, cmp.AllowUnexported(verdict{})); diff != "" || !made.is([]string{ruleBaseline}, []string{ruleStrictLate}) {
		t.Errorf("got %+v, want the same of a dry run (-made +tried):\n%s", made, diff)
	}
	// A cluster that was only tried out is no neighbour of another one with its id.
	before := s.guardMetric(t, "flink_ha_webhook_inventory_members", "")
	twin := func(name string) any { return jobManager(name, "", properties(configuration(namespace))...) }
	if got := caller.create(t, namespace, twin("one"), dryRun()); !got.is(nil, nil) {
		t.Fatalf("got %+v, want nothing said", got)
	}
	if got := caller.create(t, namespace, twin("two")); !got.is(nil, nil) {
		t.Errorf("after a dry run: got %+v, want nothing said", got)
	}
	eventually(t, "the real one to be known", func() bool {
		return caller.create(t, namespace, twin("three"), dryRun()).is(nil, []string{"cluster-id-shared"})
	})
	if after := s.guardMetric(t, "flink_ha_webhook_inventory_members", ""); after != before+1 {
		t.Errorf("the guard knows %v workloads more, want one", after-before)
	}
	accounts, err := s.client.CoreV1().ServiceAccounts(s.tried(t, caller)).List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range accounts.Items {
		if account.Name == "flink" {
			t.Error("a dry run made an account")
		}
	}
}

// tried is a namespace in which a workload was only tried out, before one elsewhere got its account.
func (s *suite) tried(t *testing.T, caller *caller) string {
	t.Helper()
	namespace, other := s.namespace(t), s.namespace(t)
	for _, of := range []string{namespace, other} {
		how := metav1.CreateOptions{}
		if of == namespace {
			how = dryRun()
		}
		if got := caller.create(t, of, jobManager("jm", "", properties(configuration(of))...), how); !got.is(nil, nil) {
			t.Fatalf("got %+v, want nothing said", got)
		}
	}
	eventually(t, "the real workload to get its account", func() bool {
		_, err := s.client.CoreV1().ServiceAccounts(other).Get(t.Context(), "flink", metav1.GetOptions{})
		return err == nil
	})
	return namespace
}
