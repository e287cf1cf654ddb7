package matchconditions

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// editPolicy is the name of the policy and of its binding.
const editPolicy = "foreign-edits.flink-ha.dev"

func shippedPolicy(t testing.TB) *Policy {
	t.Helper()
	policy, err := NewPolicy(shipped(t).Policies[editPolicy], nil, environment.StoredExpressions)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

// warned asks for both ways in which API servers show objects to expressions, which must agree.
func warned(t testing.TB, policy *Policy, request Request) string {
	t.Helper()
	warning, err := policy.Objection(request)
	if err != nil {
		t.Errorf("an error in an expression: %v", err)
	}
	request.Object, request.OldObject = asUnstructured(t, request.Object), asUnstructured(t, request.OldObject)
	old, err := policy.Objection(request)
	if err != nil {
		t.Errorf("an error in an expression over unstructured objects: %v", err)
	}
	if warning != old {
		t.Errorf("%q, and over unstructured objects %q", warning, old)
	}
	return warning
}

func TestForeignEditsAreWarnedOf(t *testing.T) {
	const labelled = `labels: {app: demo, type: flink-native-kubernetes}, `
	state := func(metadata, data string) string {
		return strings.TrimSuffix(haState(labelled+metadata), "}") + `, data: {` + data + `}}`
	}
	leader := func(renewed string) string {
		return `annotations: {control-plane.alpha.kubernetes.io/leader: '{"renewTime":"` + renewed + `"}'}, `
	}
	tests := map[string]struct {
		before, now string
		want        string // what the warning says was edited, "" for no warning
	}{
		"a pointer changed":             {state("", "checkpointID-1: a"), state("", "checkpointID-1: b"), "checkpointID-1;"},
		"a pointer removed":             {state("", "checkpointID-1: a"), state("", ""), "checkpointID-1;"},
		"a pointer added":               {state("", "a: b"), state("", "a: b, checkpointID-1: a"), "checkpointID-1;"},
		"data there for the first time": {haState(labelled), state("", "counter: \"1\""), "counter;"},
		"all data removed":              {state("", "counter: \"1\""), haState(labelled), "counter;"},
		"the counter":                   {state("", "counter: \"1\""), state("", "counter: \"2\""), "counter;"},
		"a job graph":                   {state("", "jobGraph-a: a"), state("", "jobGraph-a: b"), "jobGraph-a;"},
		"an execution plan":             {state("", "executionPlan-a: a"), state("", "executionPlan-a: b"), "executionPlan-a;"},
		"an application":                {state("", "application-a: a"), state("", "application-a: b"), "application-a;"},
		"a job in the registry":         {state("", "runningJobsRegistry-a: a"), state("", "runningJobsRegistry-a: b"), "runningJobsRegistry-a;"},
		"a leader":                      {state("", "org.apache.flink.k8s.leader.dispatcher: a"), state("", "org.apache.flink.k8s.leader.dispatcher: b"), "org.apache.flink.k8s.leader.dispatcher;"},
		"the address of a leader":       {state("", "address: a"), state("", "address: b"), "address;"},
		"the session of a leader":       {state("", "sessionId: a"), state("", "sessionId: b"), "sessionId;"},
		"the lock taken":                {haState(labelled + leader("1")), haState(labelled + leader("2")), "control-plane.alpha.kubernetes.io/leader;"},
		"the lock removed":              {haState(labelled + leader("1")), haState(labelled), "control-plane.alpha.kubernetes.io/leader;"},
		"all that made it HA state":     {haState(leader("1")), haState(``), "control-plane.alpha.kubernetes.io/leader;"},
		"a pointer and the lock":        {state(leader("1"), "counter: \"1\""), state(leader("2"), "counter: \"2\""), "counter, control-plane.alpha.kubernetes.io/leader;"},
		"one of many":                   {state("", "counter: \"1\", address: a"), state("", "counter: \"1\", address: b"), "address;"},

		"nothing":                      {state(leader("1"), "counter: \"1\""), state(leader("1"), "counter: \"1\""), ""},
		"an owner":                     {state("", "counter: \"1\""), state("ownerReferences: [{apiVersion: v1, kind: Pod, name: a, uid: u}]", "counter: \"1\""), ""},
		"a label":                      {haState(leader("1")), haState(labelled + leader("1")), ""},
		"another annotation":           {haState(labelled), haState(labelled + "annotations: {a: b}"), ""},
		"a key of somebody else":       {state("", "a: b"), state("", "a: c"), ""},
		"a ConfigMap of the same name": {strings.Replace(state("", "counter: \"1\""), "cluster-config", "config", 1), strings.Replace(state("", "counter: \"2\""), "cluster-config", "config", 1), ""},
		"a name alone":                 {haState(`labels: {a: b}`), haState(leader("1")), ""},
	}
	policy := shippedPolicy(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			want := test.want
			if want != "" {
				want = "HA state of Flink is edited: " + want
			}
			if got := warned(t, policy, update(t, test.before, test.now)); !strings.HasPrefix(got, want) || (got == "") != (want == "") {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestEditsByFlinkAreNotForeign(t *testing.T) {
	const (
		of      = "system:serviceaccount:"
		kubectl = "kubectl-edit"
	)
	tests := map[string]struct {
		user, manager string
		foreign       bool
	}{
		"a person":                              {"alice", kubectl, true},
		"a person's own program":                {"alice", "", true},
		"an administrator":                      {"kubernetes-admin", kubectl, true},
		"a node":                                {"system:node:a", "", true},
		"Argo CD":                               {of + "argocd:argocd-application-controller", "argocd-controller", true},
		"Flux":                                  {of + "flux-system:kustomize-controller", "kustomize-controller", true},
		"kubectl with an account of Flink's":    {of + "default:flink", kubectl, true},
		"kubectl with an account of the guard":  {of + "flink-ha-system:other", kubectl, true},
		"Flink":                                 {of + "default:flink", "", false},
		"Flink of another namespace":            {of + "jobs:flink", "", false},
		"the operator":                          {of + "flink-system:flink-operator", "", false},
		"the operator, should it name itself":   {of + "flink-system:flink-operator", "flink-operator", false},
		"the guard":                             {of + "flink-ha-system:flink-ha-webhook", "flink-ha-webhook", false},
		"a controller of Kubernetes":            {of + "kube-system:generic-garbage-collector", "kube-controller-manager", false},
		"all controllers under one name":        {"system:kube-controller-manager", "kube-controller-manager", false},
		"the API server, which migrates":        {"system:apiserver", "", false},
		"an account that only looks like these": {"alice:flink-operator", "", true},
	}
	policy := shippedPolicy(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			request := update(t, counted("1"), counted("2"))
			request.User, request.Manager = test.user, test.manager
			if got := warned(t, policy, request); (got != "") != test.foreign {
				t.Errorf("got %q, want a warning: %t", got, test.foreign)
			}
		})
	}
}

// counted is HA state with a counter.
func counted(counter string) string {
	return `{apiVersion: v1, kind: ConfigMap, metadata: {name: demo-` + job + `-config-map}, data: {counter: "` + counter + `"}}`
}

// TestTheNamespacesOfTheWebhooksAreThoseOfThePolicy holds that one label frees a namespace of both.
func TestTheNamespacesOfTheWebhooksAreThoseOfThePolicy(t *testing.T) {
	configuration := shipped(t)
	selector := configuration.Validating.Webhooks[0].NamespaceSelector
	if diff := cmp.Diff(selector, configuration.Policies[editPolicy].Spec.MatchConstraints.NamespaceSelector); diff != "" {
		t.Errorf("namespaces (-webhooks,+policy):\n%s", diff)
	}
	policy := shippedPolicy(t)
	edit := update(t, counted("1"), counted("2"))
	if got := warned(t, policy, edit.InNamespace(map[string]string{"flink-ha.dev/guard": "disabled"})); got != "" {
		t.Errorf("got %q where the guard is disabled", got)
	}
	for sentence, request := range map[string]Request{
		"a creation": creation(t, counted("1")), "a deletion": deletion(t, counted("1")),
		"a ConfigMap of another kind": update(t, file("flink-conf.yaml", "a: b"), file("flink-conf.yaml", "a: c")),
		"another kind":                update(t, workload("[{}]"), workload("[{image: a}]")),
	} {
		if got := warned(t, policy, request); got != "" {
			t.Errorf("%s: got %q", sentence, got)
		}
	}
}

// TestThePolicyRefusesNothing is the first thing about it: a leader must not be stopped by it.
func TestThePolicyRefusesNothing(t *testing.T) {
	configuration := shipped(t)
	policy, binding := configuration.Policies[editPolicy], configuration.Bindings[editPolicy]
	if got := binding.Spec.ValidationActions; !slices.Equal(got, []admissionregistrationv1.ValidationAction{admissionregistrationv1.Warn, admissionregistrationv1.Audit}) {
		t.Errorf("the binding has the actions %v", got)
	}
	if *policy.Spec.FailurePolicy != admissionregistrationv1.Ignore {
		t.Errorf("an error in an expression is a refusal")
	}
	if binding.Spec.PolicyName != policy.Name || binding.Spec.MatchResources != nil {
		t.Errorf("the binding is for %s, with %v", binding.Spec.PolicyName, binding.Spec.MatchResources)
	}
}

// TestThePolicyStaysWithinItsBudget holds the costs of the worst edits against what the API server allows one expression, although
// it allows all of them together more.
func TestThePolicyStaysWithinItsBudget(t *testing.T) {
	policy := shippedPolicy(t)
	highest := answer{}
	for _, keys := range []int{1, 256, 512, 513, 100_000} {
		before, now := configMapOf(map[string]string{}), configMapOf(map[string]string{})
		before.Name, now.Name = "a-cluster-config-map", "a-cluster-config-map"
		before.Labels = map[string]string{"type": "flink-native-kubernetes"}
		for i := range keys {
			key := fmt.Sprintf("executionPlan-%0200d", i)
			before.Data[key] = strings.Repeat("x", mebibyte/keys)
			now.Data[key] = strings.Repeat("x", mebibyte/keys-1) + "y"
		}
		said, err := policy.evaluate(change(t, admissionv1.Update, now, before))
		if err != nil || said.message == "" {
			t.Errorf("%d keys: got %q, %v", keys, said.message, err)
		}
		if len(said.message) > 1024 {
			t.Errorf("%d keys: the message has %d bytes", keys, len(said.message))
		}
		highest = answer{conditionsCost: max(highest.conditionsCost, said.conditionsCost), costs: max(highest.costs, said.costs)}
	}
	t.Logf("the conditions cost at most %d, what follows %d, of %d", highest.conditionsCost, highest.costs, celconfig.PerCallLimit)
	if highest.conditionsCost > celconfig.PerCallLimit || highest.costs > celconfig.PerCallLimit {
		t.Errorf("all expressions together should cost no more than one may")
	}
}
