package admission

import (
	"slices"

	apivalidation "k8s.io/apimachinery/pkg/util/validation"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// claim is what the account of some processes has to be good for.
type claim struct {
	// namespace of the pods, in which their account is.
	namespace string
	// rightsIn is where the rights are needed, needed are those without which the processes certainly fail. byDefault is true where
	// nobody named that namespace.
	rightsIn  string
	byDefault bool
	needed    []rights.Right
}

// claimOf is what processes of some roles need that have one configuration: false if they need no account, or if it is not known
// where they need its rights. What a native JobManager does with pods it does whatever its HA mode is, and its mode is often not known
// yet: Flink's client makes the Deployment first and the configuration after it (Fabric8FlinkKubeClient.createJobManagerComponent).
func claimOf(configuration flink.Configuration, version flink.Version, namespace string, native bool, roles ...workload.Role) (claim, bool) {
	made := claim{namespace: namespace}
	for _, role := range roles {
		process := rights.ProcessOf(role, native, configuration, version)
		if process.Mode == flink.ModeKubernetes || native && process.Mode == flink.ModeUnknown {
			made.needed = append(made.needed, rights.Needed(process)...)
		}
	}
	if _, own := configuration.Lookup(flink.KeyKubeConfig); own || len(made.needed) == 0 {
		return claim{}, false
	}
	made.rightsIn, made.byDefault = rights.NamespaceOf(configuration, version, namespace, native)
	// No namespace has another name, and notes have it in commands that people run.
	return made, len(apivalidation.IsDNS1123Label(made.rightsIn)) == 0
}

// access asks what an account in the namespace of the pods lacks.
func (r *Reviewer) access(claim claim, account string) access.Answer {
	return r.options.Surroundings.Access(access.Account{Namespace: claim.namespace, Name: account}, claim.rightsIn, claim.needed)
}

// accountFor is the account that is injected in a namespace, "" for none or if that is not known.
func (r *Reviewer) accountFor(namespace string, ruling ruling) string {
	around, known := r.options.Surroundings.Namespace(namespace)
	if !known {
		return ""
	}
	return ruling.policy.AccountFor(around.Labels)
}

// judgeNamed is what is to be said of an account that the object names itself. It is never changed; a rule says what it lacks.
func (r *Reviewer) judgeNamed(claim claim, account string) Account {
	if r.access(claim, account).Lacking() {
		return Account{Outcome: AccountInsufficient, Name: account}
	}
	return Account{Outcome: AccountAlreadySet, Name: account}
}

// chooseAccount chooses the account for processes that are on "default". Its outcome is AccountInjected where another one is to be
// injected. Nobody is moved who works on "default", nor to an account that is not known to exist, or will, with the rights that are
// needed, nor away from credentials. Otherwise the note says what to do; it is "" where nothing is certain, and where rules say it.
func (r *Reviewer) chooseAccount(claim claim, ruling ruling) (chosen Account, note string) {
	name := r.accountFor(claim.namespace, ruling)
	if name == "" {
		return Account{}, ""
	}
	now := r.access(claim, workload.DefaultAccount)
	own, ownKnown := r.options.Surroundings.ServiceAccount(claim.namespace, workload.DefaultAccount)
	other, otherKnown := r.options.Surroundings.ServiceAccount(claim.namespace, name)
	switch {
	case !now.Known || !ownKnown || !otherKnown:
		return Account{AccountUnknown, workload.DefaultAccount}, ""
	case now.Covered():
		return Account{AccountSufficient, workload.DefaultAccount}, ""
	case name == workload.DefaultAccount:
		return Account{AccountInsufficient, workload.DefaultAccount}, ""
	case len(own.Credentials) > 0 && !keepsCredentials(ruling.policy.ServiceAccounts.DefaultCredentials, own, other):
		return Account{AccountCredentials, workload.DefaultAccount}, noteCredentials(claim, own.Credentials, name, ruling.policy.ServiceAccounts.DefaultCredentials)
	case !other.Exists && !ruling.edits() && ruling.policy.ServiceAccounts.Provision && claim.rightsIn == claim.namespace:
		// In a trial nothing is made. Where the policy is enforced the guard makes the account, with the rights.
		return Account{AccountInjected, name}, ""
	case !other.Exists && !claim.byDefault:
		return Account{AccountMissing, name}, noteMissing(claim, name)
	}
	then := r.access(claim, name)
	switch {
	case claim.byDefault && (!other.Exists || then.Lacking()):
		// The namespace has to be named first, as a rule says; rights in "default" would mend nothing.
		return Account{AccountInsufficient, name}, ""
	case !then.Known:
		return Account{AccountUnknown, name}, ""
	case then.Lacking():
		return Account{AccountInsufficient, name}, noteInsufficient(claim, name, then.Missing)
	}
	return Account{AccountInjected, name}, ""
}

// keepsCredentials tells whether pods that are moved from one account to another keep what they get with the first: the guard copies
// it to an account that it makes, if the policy says so, and to no other.
func keepsCredentials(chosen policy.DefaultCredentials, from, to validation.Account) bool {
	if chosen != policy.DefaultCredentialsCopy {
		return false
	}
	if to.Promised {
		return true
	}
	for _, credential := range from.Credentials {
		if !slices.Contains(to.Credentials, credential) {
			return false
		}
	}
	return true
}

// placement is how an object comes by an account.
type placement struct {
	// kept is the account that the object keeps whatever was chosen for it, "" for none.
	kept func(chosen Account) string
	// edits name an account in it.
	edits func(account string) []mutation.Edit
	// later is what to note where the edits would restart processes that the request leaves alone, "" where they would not.
	later func(account string) string
}

// place enters into the decision what comes of an object with processes that are on "default".
func (r *Reviewer) place(object placement, claim claim, ruling ruling, decision *Decision) {
	chosen, note := r.chooseAccount(claim, ruling)
	if kept := object.kept(chosen); kept != "" {
		decision.settle(Account{AccountInjected, kept}, because(object.edits(kept), keptReason), "", ruling)
		return
	}
	if note != "" {
		decision.Notes = append(decision.Notes, note)
	}
	if chosen.Outcome != AccountInjected {
		decision.Account = chosen
		return
	}
	decision.settle(chosen, object.edits(chosen.Name), object.later(chosen.Name), ruling)
}

// settle enters into the decision what comes of a chosen account: edits are made, or planned where the policy changes nothing. later
// is what is noted instead where they have to wait for another request, "" if they need not.
func (d *Decision) settle(chosen Account, edits []mutation.Edit, later string, ruling ruling) {
	d.Account = chosen
	switch {
	case chosen.Outcome != AccountInjected:
	case len(edits) == 0:
		d.Account.Outcome = AccountAlreadySet
	case later != "":
		d.Account.Outcome = AccountDeferred
		d.Notes = append(d.Notes, later)
	case ruling.edits():
		d.Edits = append(d.Edits, edits...)
	default:
		d.Account.Outcome = AccountPlanned
		d.Planned = append(d.Planned, edits...)
		d.Notes = append(d.Notes, notePlanned(chosen.Name))
	}
}
