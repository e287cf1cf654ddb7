package admission

import (
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// ruling is the policy as it applies to one request.
type ruling struct {
	policy *policy.Policy
	modes  policy.Modes
	now    time.Time
	// exempt says why nothing is refused or changed, whatever is found; "" if that is not so.
	exempt string
	// restores is true for a backup tool: nothing is refused.
	restores bool
	// version that all processes are taken to have, the zero value where that is not said.
	version flink.Version
}

// Why a whole request is exempt, in the audit annotation "exempt".
const (
	exemptUser      = "user"
	exemptNamespace = "namespace"
	exemptSystem    = "system"
)

// rule finds out what applies to a request in a namespace. The labels of a namespace that is not known are taken for absent,
// unless they were known before: what an object shows by itself is judged by the policy's defaults then.
func (r *Reviewer) rule(namespace string, user authenticationv1.UserInfo) ruling {
	around, _ := r.options.Surroundings.Namespace(namespace)
	return r.ruleUnder(around.Labels, namespace, user)
}

// ruleUnder is the same where the labels of the namespace are at hand.
func (r *Reviewer) ruleUnder(labels map[string]string, namespace string, user authenticationv1.UserInfo) ruling {
	ruling := ruling{policy: r.options.Policy(), now: r.options.Now(), version: r.options.Version}
	ruling.modes, _ = ruling.policy.ForNamespace(labels)
	ruling.restores = ruling.policy.RestoreUser(user.Username)
	switch {
	case isSystem(user.Username):
		ruling.exempt = exemptSystem
	case isExempt(ruling.policy.ExemptUser(user.Username, ruling.now)):
		ruling.exempt = exemptUser
	case isExempt(ruling.policy.ExemptNamespace(namespace, ruling.now)):
		ruling.exempt = exemptNamespace
	}
	return ruling
}

func isExempt(_ policy.ExemptionEntry, exempt bool) bool { return exempt }

// isSystem knows the controllers that clean up: the garbage collector and the namespace controller, which have accounts of
// their own where the controller manager runs with --use-service-account-credentials, and share one otherwise.
func isSystem(username string) bool {
	return username == userGarbageCollector || username == userNamespaceController || username == userControllerManager
}

// edits tells whether planned edits may be made.
func (ruling ruling) edits() bool { return ruling.exempt == "" && ruling.modes.Edits() }

// action is what a finding does, before it is asked what the object had before.
func (ruling ruling) action(finding found) policy.Action {
	rule := policy.Rule{ID: finding.Rule, Level: finding.Level, Introduced: finding.Introduced}
	if finding.joint && ruling.policy.Level(rule) == policy.LevelBaseline {
		// What rests on another object that may still change is never certain.
		return ruling.modes.Action(policy.Rule{ID: finding.Rule, Level: policy.LevelStrict, Introduced: finding.Introduced})
	}
	return ruling.policy.Action(ruling.modes, rule)
}

// softened is what a finding does that must not be refused. What was said a moment ago is not said again.
func (ruling ruling) softened(finding found) policy.Action {
	ruling.modes.Enforce.Level = policy.LevelOff
	if finding.said {
		ruling.modes.Warn.Level = policy.LevelOff
	}
	return ruling.action(finding)
}

// found is a finding with how sure it is.
type found struct {
	validation.Finding
	// joint is true if the object alone does not show it.
	joint bool
	// since is when the other objects last changed.
	since time.Time
	// doubted is true if Flink may read another file of the same object, which may be right.
	doubted bool
	// said is true for what a ConfigMap shows by itself that came a moment ago: whoever applied it was told then.
	said bool
	// exempt is true for what stands in a ConfigMap that is exempt from the rule.
	exempt bool
}

// anyOf stands for whatever a rule finds. No option has this name.
func anyOf(rule string) validation.Identity { return validation.Identity{Rule: rule, Option: "*"} }
