package matchconditions

import (
	"context"
	"errors"
	"fmt"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/environment"
)

// probe evaluates the match conditions of every webhook, whatever its rules and selectors say.
type probe struct {
	conditions map[string]plugincel.ConditionEvaluator
}

// outcome is what the conditions of one webhook say of a request, and what they cost together.
type outcome struct {
	matches bool
	cost    int64
	err     error
}

// newProbe compiles a configuration with the environment that the API server's plugin uses.
func newProbe(t testing.TB, configuration Configuration) probe {
	t.Helper()
	compiler := plugincel.NewConditionCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	p := probe{conditions: map[string]plugincel.ConditionEvaluator{}}
	for name, conditions := range configuration.conditions() {
		p.conditions[name] = compiler.CompileCondition(expressions(conditions),
			plugincel.OptionalVariableDeclarations{HasAuthorizer: true}, environment.StoredExpressions)
		if failures := p.conditions[name].CompilationErrors(); len(failures) > 0 {
			t.Fatalf("%s: %v", name, errors.Join(failures...))
		}
	}
	return p
}

// conditions are the match conditions by the names of their webhooks.
func (c *Configuration) conditions() map[string][]admissionregistrationv1.MatchCondition {
	all := map[string][]admissionregistrationv1.MatchCondition{}
	for i := range c.Mutating.Webhooks {
		all[c.Mutating.Webhooks[i].Name] = c.Mutating.Webhooks[i].MatchConditions
	}
	for i := range c.Validating.Webhooks {
		all[c.Validating.Webhooks[i].Name] = c.Validating.Webhooks[i].MatchConditions
	}
	return all
}

func expressions(conditions []admissionregistrationv1.MatchCondition) []plugincel.ExpressionAccessor {
	var accessors []plugincel.ExpressionAccessor
	for i := range conditions {
		accessors = append(accessors, (*matchconditions.MatchCondition)(&conditions[i]))
	}
	return accessors
}

// evaluate answers for each webhook.
func (p probe) evaluate(t testing.TB, request Request) map[string]outcome {
	t.Helper()
	outcomes := map[string]outcome{}
	for name, evaluator := range p.conditions {
		attributes := request.attributes()
		versioned, err := admission.NewVersionedAttributes(attributes, request.kind(), nil)
		if err != nil {
			t.Fatal(err)
		}
		results, left, err := evaluator.ForInput(context.Background(), versioned,
			plugincel.CreateAdmissionRequest(attributes, metav1.GroupVersionResource(request.Resource), metav1.GroupVersionKind(request.kind())),
			plugincel.OptionalVariableBindings{}, nil, celconfig.RuntimeCELCostBudgetMatchConditions)
		answer := outcome{matches: true, cost: celconfig.RuntimeCELCostBudgetMatchConditions - left, err: err}
		for _, result := range results {
			if result.Error != nil {
				answer.err = errors.Join(answer.err, fmt.Errorf("%.60s…: %w", result.ExpressionAccessor.GetExpression(), result.Error))
				continue
			}
			answer.matches = answer.matches && result.EvalResult.Value() == true
		}
		outcomes[name] = answer
	}
	return outcomes
}
