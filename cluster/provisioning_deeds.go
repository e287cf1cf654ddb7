package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// action is what becomes of an account, as the metrics name it.
type action string

// The actions.
const (
	actionProvisioned action = "provisioned"
	actionBound       action = "bound"
	actionHealed      action = "healed"
	actionUnbound     action = "unbound"
	// actionInsufficient, actionTokensDied and actionFailed are what people have to do something about.
	actionInsufficient action = "insufficient"
	actionTokensDied   action = "tokens-died"
	actionFailed       action = "failed"
	// actionInjected is told of, and counted where it is done.
	actionInjected action = "injected"
)

func actions() []action {
	return []action{actionProvisioned, actionBound, actionHealed, actionUnbound, actionInsufficient, actionTokensDied, actionFailed}
}

// deed is something that was done to an account, or could not be done, in words that follow the account's name.
type deed struct {
	action        action
	account, text string
}

func (s *scene) does(what action, account, text string) {
	s.deeds = append(s.deeds, deed{action: what, account: account, text: text})
}

// fails notes that accounts are not as they are to be: those that processes name and that are the guard's business.
func (s *scene) fails(err error) {
	text := err.Error() + remedyOf(err)
	var told []string
	for i := range s.needs {
		if name := s.needs[i].account; name != s.plan.Name && s.binds(name) && !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	for _, name := range append(told, s.plan.Name) {
		s.does(actionFailed, name, text)
	}
}

func deedOf(healed bool, otherwise action) action {
	if healed {
		return actionHealed
	}
	return otherwise
}

// guardRole is the name of the guard's own ClusterRole in the manifests.
const guardRole = "flink-ha-webhook"

// remedyOf says what people have to do about a failure.
func remedyOf(err error) string {
	var foreign *foreignBindingError
	var status apierrors.APIStatus
	switch {
	case errors.As(err, &foreign):
		return fmt.Sprintf(". Delete it (kubectl -n %s delete rolebinding %s), and the guard makes its own", foreign.namespace, foreign.name)
	case !apierrors.IsForbidden(err) || !errors.As(err, &status) || status.Status().Details == nil:
		return ". The guard tries again"
	}
	rule := "list on " + status.Status().Details.Kind
	switch status.Status().Details.Kind {
	case "serviceaccounts":
		rule = "create on serviceaccounts, and patch on the account where the policy copies credentials to it"
	case "rolebindings":
		rule = "create, patch and delete on rolebindings, and bind on clusterroles, of the names " + strings.Join(clusterRoles(), ", ")
	}
	return fmt.Sprintf(". If it is the right that is missing, apply the guard's manifests again: the ClusterRole %s needs %s", guardRole, rule)
}

// report counts the deeds, and tells of them on the workloads that they are about: of what was done for an account in one Event.
func (p *provisioner) report(ctx context.Context, s *scene) error {
	var failures []error
	told := map[string]bool{}
	for _, done := range s.deeds {
		p.surroundings.options.Metrics.countAccountAction(done.action)
		var event *eventsv1.Event
		switch done.action {
		case actionUnbound:
			if account := s.accounts[done.account]; account != nil {
				event = planAccountEvent(done.action, regardingAccount(account), corev1.EventTypeNormal, describe(done.account, done.text))
				failures = append(failures, p.events.send(ctx, event))
			}
		case actionFailed:
			failures = append(failures, p.tellWorkloads(ctx, s, done.account, actionFailed, corev1.EventTypeWarning, describe(done.account, done.text)))
		default:
			if !told[done.account] {
				told[done.account] = true
				what, text := s.allDoneFor(done.account)
				failures = append(failures, p.tellWorkloads(ctx, s, done.account, what, corev1.EventTypeNormal, describe(done.account, text)))
			}
		}
	}
	return errors.Join(failures...)
}

// allDoneFor puts together what was done for an account, and names it by what is worth most attention.
func (s *scene) allDoneFor(account string) (action, string) {
	what, texts := actionProvisioned, []string(nil)
	for _, done := range s.deeds {
		if done.account != account || done.action == actionFailed || done.action == actionUnbound {
			continue
		}
		if done.action == actionHealed {
			what = actionHealed
		}
		texts = append(texts, done.text)
	}
	return what, strings.Join(texts, "; ")
}

func describe(account, text string) string {
	return fmt.Sprintf("service account %q: %s", account, text)
}

// tellWorkloads writes an Event on the workloads and custom resources that name an account, as many as one object may have.
func (p *provisioner) tellWorkloads(ctx context.Context, s *scene, account string, what action, kind, note string) error {
	var failures []error
	told := map[inventory.Key]bool{}
	for i := range s.needs {
		member := s.needs[i].member
		if s.needs[i].account != account || told[member.Key] {
			continue
		}
		if len(told) == maxEventsPerMember {
			break
		}
		told[member.Key] = true
		event := planAccountEvent(what, p.regardingMember(member), kind, note)
		failures = append(failures, p.events.send(ctx, event))
	}
	return errors.Join(failures...)
}

// regardingMember is the object on which people read of a member: the custom resource that owns it, or the member itself.
func (p *provisioner) regardingMember(member *inventory.Member) corev1.ObjectReference {
	return regardingMember(p.surroundings.feed.inventory, member)
}
