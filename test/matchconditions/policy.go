package matchconditions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	plugincel "k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/generic"
	"k8s.io/apiserver/pkg/admission/plugin/policy/matching"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
)

// Policy knows what an admission policy objects to. It is not safe for concurrent use.
type Policy struct {
	policy     *admissionregistrationv1.ValidatingAdmissionPolicy
	matcher    generic.PolicyMatcher
	namespaces namespaceStore
	interfaces admission.ObjectInterfaces
	// May tells what users have a right to, as far as expressions ask; nil is nothing.
	May func(authorizer.Attributes) bool
	// The expressions in the order in which the API server evaluates them.
	conditions, validations, messages plugincel.ConditionEvaluator
}

// NewPolicy compiles a policy as the API server of that version, or the one of this module for nil, does.
func NewPolicy(policy *admissionregistrationv1.ValidatingAdmissionPolicy, compatible *version.Version, mode environment.Type) (*Policy, error) {
	if compatible == nil {
		compatible = environment.DefaultCompatibilityVersion()
	}
	compiler, err := plugincel.NewCompositedCompiler(environment.MustBaseEnvSet(compatible))
	if err != nil {
		return nil, fmt.Errorf("making the compiler: %w", err)
	}
	options := plugincel.OptionalVariableDeclarations{HasAuthorizer: true}
	var failures []error
	for i := range policy.Spec.Variables {
		variable := policy.Spec.Variables[i]
		compiled := compiler.CompileAndStoreVariable(&validating.Variable{Name: variable.Name, Expression: variable.Expression}, options, mode)
		if compiled.Error != nil {
			failures = append(failures, fmt.Errorf("variable %s: %w", variable.Name, compiled.Error))
		}
	}
	var conditions, validations, messages []plugincel.ExpressionAccessor
	for i := range policy.Spec.MatchConditions {
		conditions = append(conditions, (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i]))
	}
	for _, validation := range policy.Spec.Validations {
		validations = append(validations, &validating.ValidationCondition{Expression: validation.Expression, Message: validation.Message})
		var message plugincel.ExpressionAccessor
		if validation.MessageExpression != "" {
			message = &validating.MessageExpressionCondition{MessageExpression: validation.MessageExpression}
		}
		messages = append(messages, message)
	}
	// Never started: it holds the namespace of the request at hand and nothing else.
	factory := informers.NewSharedInformerFactory(&kubernetes.Clientset{}, 0)
	p := &Policy{
		policy:      policy.DeepCopy(),
		matcher:     generic.NewPolicyMatcher(matching.NewMatcher(factory.Core().V1().Namespaces().Lister(), &kubernetes.Clientset{})),
		namespaces:  factory.Core().V1().Namespaces().Informer().GetStore(),
		interfaces:  admission.NewObjectInterfacesFromScheme(runtime.NewScheme()),
		conditions:  compiler.CompileCondition(conditions, options, mode),
		validations: compiler.CompileCondition(validations, options, mode),
		messages:    compiler.CompileCondition(messages, plugincel.OptionalVariableDeclarations{}, mode),
	}
	constraints := p.policy.Spec.MatchConstraints
	constraints.NamespaceSelector, constraints.ObjectSelector = orEverything(constraints.NamespaceSelector), orEverything(constraints.ObjectSelector)
	for _, compiled := range []plugincel.ConditionEvaluator{p.conditions, p.validations, p.messages} {
		failures = append(failures, compiled.CompilationErrors()...)
	}
	return p, errors.Join(failures...)
}

// Objection returns what is said to whoever makes a request, "" for nothing. An error in an expression is an error, whatever the
// policy's failure policy makes of it.
func (p *Policy) Objection(request Request) (string, error) {
	if err := p.namespaces.Add(&request.Namespace); err != nil {
		return "", fmt.Errorf("storing the namespace: %w", err)
	}
	matches, _, _, err := p.matcher.DefinitionMatches(request.attributes(), p.interfaces, validating.NewValidatingAdmissionPolicyAccessor(p.policy))
	if err != nil || !matches {
		return "", err
	}
	answer, err := p.evaluate(request)
	return answer.message, err
}

// answer is what the expressions of a policy say of a request, and what they cost: the match conditions, which have a budget of
// their own, and the others.
type answer struct {
	message               string
	conditionsCost, costs int64
}

// evaluate asks the expressions, whatever the policy's rules and selectors say.
func (p *Policy) evaluate(request Request) (answer, error) {
	var said answer
	matches, left, err := p.ask(request, p.conditions, celconfig.RuntimeCELCostBudgetMatchConditions)
	said.conditionsCost = celconfig.RuntimeCELCostBudgetMatchConditions - left
	if err != nil {
		return said, err
	}
	for _, match := range matches {
		if match != true {
			return said, nil
		}
	}
	valid, left, err := p.ask(request, p.validations, celconfig.RuntimeCELCostBudget)
	said.costs = celconfig.RuntimeCELCostBudget - left
	first := slices.IndexFunc(valid, func(value any) bool { return value != true })
	if err != nil || first < 0 {
		return said, err
	}
	messages, left, err := p.ask(request, p.messages, left)
	said.costs = celconfig.RuntimeCELCostBudget - left
	if err != nil {
		return said, err
	}
	text, _ := messages[first].(string)
	if said.message = strings.TrimSpace(text); said.message == "" || len(text) > celconfig.MaxEvaluatedMessageExpressionSizeBytes || strings.Contains(text, "\n") {
		said.message = p.policy.Spec.Validations[first].Message
	}
	return said, nil
}

func (p *Policy) authorize(_ context.Context, asked authorizer.Attributes) (authorizer.Decision, string, error) {
	if p.May != nil && p.May(asked) {
		return authorizer.DecisionAllow, "", nil
	}
	return authorizer.DecisionNoOpinion, "", nil
}

// ask evaluates expressions and returns their values and what is left of the budget.
func (p *Policy) ask(request Request, expressions plugincel.ConditionEvaluator, budget int64) (values []any, left int64, err error) {
	attributes := request.attributes()
	versioned, err := admission.NewVersionedAttributes(attributes, request.kind(), p.interfaces)
	if err != nil {
		return nil, budget, err
	}
	results, left, err := expressions.ForInput(context.Background(), versioned,
		plugincel.CreateAdmissionRequest(attributes, metav1.GroupVersionResource(request.Resource), metav1.GroupVersionKind(request.kind())),
		plugincel.OptionalVariableBindings{Authorizer: authorizer.AuthorizerFunc(p.authorize)}, plugincel.CreateNamespaceObject(&request.Namespace), budget)
	if err != nil {
		return nil, left, err
	}
	for _, result := range results {
		if result.Error != nil {
			return nil, left, fmt.Errorf("%.60s…: %w", result.ExpressionAccessor.GetExpression(), result.Error)
		}
		var value any // none for a message that no expression makes
		if result.EvalResult != nil {
			value = result.EvalResult.Value()
		}
		values = append(values, value)
	}
	return values, left, nil
}
