package e2e

import (
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestAnObjectExemptsItself by annotation, until a day.
func TestAnObjectExemptsItself(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	caller := s.caller(t, "")
	day := func(days int) string { return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	cases := map[string]struct {
		annotation, value string
		denied, warned    []string
		exempt            string
	}{
		"holds":      {ruleBaseline, day(30) + " the bucket comes next month", nil, nil, ruleBaseline},
		"ends-soon":  {ruleBaseline, day(3) + " the bucket comes this week", nil, []string{"exemption-ends-soon"}, ruleBaseline},
		"ended":      {ruleBaseline, day(-1) + " the bucket came", []string{ruleBaseline}, []string{"exemption-invalid"}, ""},
		"no-reason":  {ruleBaseline, day(30), []string{ruleBaseline}, []string{"exemption-invalid"}, ""},
		"too-long":   {ruleBaseline, day(400) + " we do not care", []string{ruleBaseline}, []string{"exemption-invalid"}, ""},
		"no-such":    {"storage-dir-missin", day(30) + " misspelt", []string{ruleBaseline}, []string{"exemption-invalid"}, ""},
		"other-rule": {ruleStrict, day(30) + " of another rule", []string{ruleBaseline}, nil, ""},
		"unexempted": {"", "", []string{ruleBaseline}, nil, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			object := configMap(name, "flink-conf.yaml", configuration(namespace, "high-availability.storageDir:", "kubernetes.cluster-id: "+name))
			if tc.annotation != "" {
				object.Annotations = map[string]string{"exempt.flink-ha.dev/" + tc.annotation: tc.value}
			}
			got := caller.verdict(t, func() error {
				_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{})
				return err
			})
			if !got.is(tc.denied, tc.warned) {
				t.Errorf("got %+v, want %v refused and %v warned about", got, tc.denied, tc.warned)
			}
			noted := s.audited(t, namespace, name)
			if got := noted["validate.flink-ha.dev/exempt"]; got != tc.exempt {
				t.Errorf("the audit log has exempt %q, want %q", got, tc.exempt)
			}
		})
	}
}

// TestAnExemptionOfNoUse is told of where everything is known that the rule goes by.
func TestAnExemptionOfNoUse(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	caller := s.caller(t, "")
	if got := caller.create(t, namespace, configMap("right", "flink-conf.yaml", configuration(namespace))); !got.is(nil, nil) {
		t.Fatalf("got %+v, want nothing said", got)
	}
	object := jobManager("jm", "right")
	object.Annotations = map[string]string{"exempt.flink-ha.dev/" + ruleStrict: time.Now().UTC().AddDate(0, 0, 30).Format(time.DateOnly) + " a disk of its own"}
	if got := caller.create(t, namespace, object); !got.is(nil, []string{"exemption-unused"}) {
		t.Errorf("got %+v, want a warning", got)
	}
}

// TestThePolicyExempts namespaces and users, and knows backup tools. What is exempt is not changed either.
func TestThePolicyExempts(t *testing.T) {
	s := shared
	exempt, other := s.namespace(t), s.namespace(t)
	s.setPolicy(t, fmt.Sprintf("exemptions:\n  namespaces: [{name: %s, reason: a test, until: 2099-12-31}]\n  usernames: [pipeline]\nrestoreUsers: [backup]\n", exempt))
	for name, tc := range map[string]struct {
		namespace, user string
		denied, warned  []string
		exempt          string
		edited          bool
	}{
		"namespace": {exempt, "", nil, nil, "namespace", false},
		"user":      {other, "pipeline", nil, nil, "user", false},
		"restore":   {other, "backup", nil, []string{ruleBaseline}, "", true},
		"others":    {other, "somebody", []string{ruleBaseline}, nil, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			caller := s.caller(t, tc.user)
			got := caller.verdict(t, func() error {
				object := configMap(name, "flink-conf.yaml", configuration(tc.namespace, "high-availability.storageDir:", "kubernetes.cluster-id: "+name))
				_, err := caller.CoreV1().ConfigMaps(tc.namespace).Create(t.Context(), object, metav1.CreateOptions{})
				return err
			})
			if !got.is(tc.denied, tc.warned) {
				t.Errorf("got %+v, want %v refused and %v warned about", got, tc.denied, tc.warned)
			}
			noted := s.audited(t, tc.namespace, name)
			if got := noted["validate.flink-ha.dev/exempt"]; got != tc.exempt {
				t.Errorf("the audit log has exempt %q, want %q", got, tc.exempt)
			}
			s.edited(t, caller, tc.namespace, "edited-"+name, tc.edited)
		})
	}
}

// TestATrialChangesNothing is about namespaces where nothing is enforced: what would be changed is told of.
func TestATrialChangesNothing(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=off")
	s.awaitNamespace(t, namespace)
	caller := s.caller(t, "")
	s.edited(t, caller, namespace, "trial", false)
	got := caller.verdict(t, func() error {
		_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState("told", ownedBy(s.owner(t, namespace))), dryRun())
		return err
	})
	if !got.says("which stay, since nothing is enforced in this namespace") {
		t.Errorf("of owner references: got %q, want it told", got.warnings)
	}
	got = caller.verdict(t, func() error {
		_, err := caller.AppsV1().Deployments(namespace).Create(t.Context(), jobManager("told", "", properties(configuration(namespace))...), dryRun())
		return err
	})
	if !got.says(`they would get "flink" where the policy is enforced`) {
		t.Errorf("of accounts: got %q, want it told", got.warnings)
	}
}

// edited tries out both edits that the guard makes: it gives pods an account, and takes owners from HA state.
func (s *suite) edited(t *testing.T, caller *caller, namespace, name string, want bool) {
	t.Helper()
	deployment, err := caller.AppsV1().Deployments(namespace).Create(t.Context(), jobManager(name, "", properties(configuration(namespace))...), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := deployment.Spec.Template.Spec.ServiceAccountName != ""; got != want {
		t.Errorf("the account of the pods is %q, want one: %t", deployment.Spec.Template.Spec.ServiceAccountName, want)
	}
	state, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), leaderState(name, ownedBy(deployment)), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(state.OwnerReferences) == 0; got != want {
		t.Errorf("the owners of the HA state are %v, want them removed: %t", state.OwnerReferences, want)
	}
}
