package matchconditions

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/version"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// common is what a webhook of either configuration has, in words.
type common struct {
	path, failurePolicy, reinvocation string
	timeout                           int32
	rules                             []string
	conditions                        []string
}

func rulesFor(operations string) map[string]string {
	return map[string]string{
		"configmaps": "/v1 configmaps " + operations + " Namespaced",
		"workloads":  "apps/v1 deployments,statefulsets " + operations + " Namespaced",
		"jobs":       "batch/v1 jobs " + operations + " Namespaced",
		"resources":  "flink.apache.org/v1beta1 flinkdeployments,flinksessionjobs,flinkbluegreendeployments " + operations + " Namespaced",
		"clusters":   "flink.apache.org/v1beta1 flinkdeployments,flinkbluegreendeployments " + operations + " Namespaced",
		"namespaces": "/v1 namespaces " + operations + " Cluster",
	}
}

// TestWebhooksAreThoseOfTheTable holds the webhooks against the promise that is made to users.
func TestWebhooksAreThoseOfTheTable(t *testing.T) {
	write, remove := rulesFor("CREATE,UPDATE"), rulesFor("DELETE")
	want := map[string]common{
		"validate.flink-ha.dev": {
			path: "/validate", failurePolicy: "Fail", timeout: 2,
			rules:      []string{write["configmaps"], write["workloads"], write["jobs"], write["resources"]},
			conditions: []string{"not-being-deleted", "not-ha-state", "flink-configuration", "flink-process", "applied-by-people"},
		},
		"validate-owned.flink-ha.dev": {
			path: "/validate", failurePolicy: "Ignore", timeout: 2,
			rules: []string{
				write["configmaps"], write["workloads"], "apps/v1 deployments/scale,statefulsets/scale UPDATE Namespaced", write["jobs"],
				write["resources"], write["namespaces"],
			},
			conditions: []string{
				"not-being-deleted", "configmaps", "flink-process", "jobmanager-scale", "labels-of-the-guard", "made-by-others",
			},
		},
		"deletes.flink-ha.dev": {
			path: "/validate-deletes", failurePolicy: "Ignore", timeout: 1,
			rules:      []string{remove["configmaps"], remove["resources"], remove["namespaces"]},
			conditions: []string{"ha-state"},
		},
		"mutate.flink-ha.dev": {
			path: "/mutate", failurePolicy: "Ignore", timeout: 2, reinvocation: "IfNeeded",
			rules:      []string{write["configmaps"], write["workloads"], write["jobs"], write["clusters"]},
			conditions: []string{"not-being-deleted", "not-ha-state", "flink-configuration", "flink-process", "new-specification"},
		},
		"strip.flink-ha.dev": {
			path: "/mutate-ha-configmaps", failurePolicy: "Ignore", timeout: 1, reinvocation: "IfNeeded",
			rules:      []string{write["configmaps"]},
			conditions: []string{"not-being-deleted", "ha-state", "new-owner-references"},
		},
	}
	configuration := shipped(t)
	got := map[string]common{}
	for _, hook := range configuration.Validating.Webhooks {
		got[hook.Name] = summary(t, hook)
	}
	for _, hook := range configuration.Mutating.Webhooks {
		got[hook.Name] = summaryOfMutating(t, hook)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(common{})); diff != "" {
		t.Errorf("webhooks (-table,+shipped):\n%s", diff)
	}
	for _, name := range []string{configuration.Validating.Name, configuration.Mutating.Name} {
		if name != "flink-ha-webhook" {
			t.Errorf("a configuration is called %q", name)
		}
	}
}

// summaryOfMutating is the summary of a mutating webhook, which has all fields of a validating one and another.
func summaryOfMutating(t testing.TB, hook admissionregistrationv1.MutatingWebhook) common {
	t.Helper()
	mutating := summary(t, admissionregistrationv1.ValidatingWebhook{
		Name: hook.Name, ClientConfig: hook.ClientConfig, Rules: hook.Rules, FailurePolicy: hook.FailurePolicy, MatchPolicy: hook.MatchPolicy,
		NamespaceSelector: hook.NamespaceSelector, ObjectSelector: hook.ObjectSelector, SideEffects: hook.SideEffects,
		TimeoutSeconds: hook.TimeoutSeconds, AdmissionReviewVersions: hook.AdmissionReviewVersions, MatchConditions: hook.MatchConditions,
	})
	mutating.reinvocation = string(*hook.ReinvocationPolicy)
	return mutating
}

// summary checks what is the same for all webhooks and returns the rest.
func summary(t testing.TB, hook admissionregistrationv1.ValidatingWebhook) common {
	t.Helper()
	port := int32(443)
	selector := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{
		{Key: "kubernetes.io/metadata.name", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"kube-system", "flink-ha-system"}},
		{Key: "flink-ha.dev/guard", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"disabled"}},
	}}
	none, equivalent := admissionregistrationv1.SideEffectClassNone, admissionregistrationv1.Equivalent
	same := admissionregistrationv1.ValidatingWebhook{
		Name: hook.Name, Rules: hook.Rules, FailurePolicy: hook.FailurePolicy, TimeoutSeconds: hook.TimeoutSeconds, MatchConditions: hook.MatchConditions,
		ClientConfig: admissionregistrationv1.WebhookClientConfig{Service: &admissionregistrationv1.ServiceReference{
			Namespace: "flink-ha-system", Name: "flink-ha-webhook", Path: hook.ClientConfig.Service.Path, Port: &port,
		}},
		NamespaceSelector: selector, SideEffects: &none, MatchPolicy: &equivalent, AdmissionReviewVersions: []string{"v1"},
	}
	if diff := cmp.Diff(same, hook); diff != "" {
		t.Errorf("%s (-want,+shipped):\n%s", hook.Name, diff)
	}
	summed := common{path: *hook.ClientConfig.Service.Path, failurePolicy: string(*hook.FailurePolicy), timeout: *hook.TimeoutSeconds}
	for _, rule := range hook.Rules {
		var operations []string
		for _, operation := range rule.Operations {
			operations = append(operations, string(operation))
		}
		summed.rules = append(summed.rules, strings.Join(rule.APIGroups, ",")+"/"+strings.Join(rule.APIVersions, ",")+" "+
			strings.Join(rule.Resources, ",")+" "+strings.Join(operations, ",")+" "+string(*rule.Scope))
	}
	for _, condition := range hook.MatchConditions {
		summed.conditions = append(summed.conditions, condition.Name)
	}
	return summed
}

// TestConditionsOfOneNameAreTheSame keeps the copies equal that YAML makes necessary.
func TestConditionsOfOneNameAreTheSame(t *testing.T) {
	configuration := shipped(t)
	known := map[string]string{}
	all := configuration.conditions()
	all[editPolicy] = configuration.Policies[editPolicy].Spec.MatchConditions
	for hook, conditions := range all {
		for _, condition := range conditions {
			name, expression := condition.Name, plain(condition.Expression)
			if hook == "deletes.flink-ha.dev" || hook == editPolicy && name == "ha-state" {
				// A deletion has the old object only, and an edit is one of what was there; and that webhook is about other kinds too.
				expression = strings.ReplaceAll(expression, "oldObject", "object")
				expression = strings.TrimSuffix(strings.TrimPrefix(expression, `request.resource.resource != "configmaps" || ( `), " )")
			}
			if other, ok := known[name]; ok && other != expression {
				t.Errorf("%s of %s is not the same everywhere:\n%s\n%s", name, hook, expression, other)
			}
			known[name] = expression
		}
	}
	if want := `request.resource.resource != "configmaps" || !( ` + known["ha-state"] + " )"; known["not-ha-state"] != want {
		t.Errorf("not-ha-state is not the contrary of ha-state:\n%s\n%s", known["not-ha-state"], want)
	}
	const configMaps = `request.resource.resource != "configmaps" || `
	if begin := configMaps + "[ " + known["ha-state"] + " ].exists(state, state ? ["; !strings.HasPrefix(known["configmaps"], begin) {
		t.Errorf("configmaps does not begin with ha-state:\n%s\n%s", known["configmaps"], begin)
	}
	if end := " || " + strings.TrimPrefix(known["flink-configuration"], configMaps) + ")"; !strings.HasSuffix(known["configmaps"], end) {
		t.Errorf("configmaps does not end with flink-configuration:\n%s\n%s", known["configmaps"], end)
	}
	contrary := `request.resource.resource == "namespaces" || request.?subResource.orValue("") == "scale" || !( ` + known["applied-by-people"] + " )"
	if known["made-by-others"] != contrary {
		t.Errorf("made-by-others is not the contrary of applied-by-people:\n%s\n%s", known["made-by-others"], contrary)
	}
}

// plain is an expression on one line.
func plain(expression string) string { return strings.Join(strings.Fields(expression), " ") }

// TestConditionsCompileWhereMatchConditionsAre tries the oldest API server that has match conditions for good: it admits
// expressions with the libraries of the release before it.
func TestConditionsCompileWhereMatchConditionsAre(t *testing.T) {
	compiler := plugincel.NewConditionCompiler(environment.MustBaseEnvSet(version.MajorMinor(1, 29)))
	configuration := shipped(t)
	for hook, conditions := range configuration.conditions() {
		compiled := compiler.CompileCondition(expressions(conditions), plugincel.OptionalVariableDeclarations{HasAuthorizer: true}, environment.NewExpressions)
		for _, err := range compiled.CompilationErrors() {
			t.Errorf("%s: %v", hook, err)
		}
	}
}

// TestConditionsAreWrittenAsTheyShouldBe holds what the head of validating-webhooks.yaml says about writing them.
func TestConditionsAreWrittenAsTheyShouldBe(t *testing.T) {
	pattern := regexp.MustCompile(`(\w+)\.matches\(`)
	configuration := shipped(t)
	for hook, conditions := range configuration.conditions() {
		for _, condition := range conditions {
			if strings.Contains(condition.Expression, "optMap") {
				t.Errorf("%s of %s: optMap around a loop does not compile everywhere", condition.Name, hook)
			}
			for _, match := range pattern.FindAllStringSubmatch(condition.Expression, -1) {
				if match[1] != "name" {
					t.Errorf("%s of %s: a regular expression over %q, which may be long", condition.Name, hook, match[1])
				}
			}
		}
	}
}
