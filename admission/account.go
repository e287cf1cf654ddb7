package admission

// AccountOutcome is what became of the service account of the processes that an object describes.
type AccountOutcome string

// The outcomes. An object that describes no process with rights at the API server has none, nor one in whose namespace the policy
// injects nothing.
const (
	// AccountInjected is an account that the guard set.
	AccountInjected AccountOutcome = "injected"
	// AccountPlanned is one that it would have set where the policy is enforced.
	AccountPlanned AccountOutcome = "planned"
	// AccountDeferred is one that it did not set since that would have restarted processes that the request leaves alone, or changed a
	// file that it leaves alone or that cannot be edited.
	AccountDeferred AccountOutcome = "deferred"
	// AccountAlreadySet is one that the object names itself.
	AccountAlreadySet AccountOutcome = "already-set"
	// AccountSufficient is the account "default" where it has the rights.
	AccountSufficient AccountOutcome = "sufficient"
	// AccountInsufficient is one that the object names, or that was to be set, and that lacks rights.
	AccountInsufficient AccountOutcome = "insufficient"
	// AccountCredentials is the account "default" where it lacks rights and carries credentials that the processes would lose.
	AccountCredentials AccountOutcome = "credentials"
	// AccountMissing is one that was to be set and is not there.
	AccountMissing AccountOutcome = "missing"
	// AccountUnknown is an account of which it is not known what it may do.
	AccountUnknown AccountOutcome = "unknown"
)

// AccountOutcomes are all of them.
func AccountOutcomes() []AccountOutcome {
	return []AccountOutcome{
		AccountInjected, AccountPlanned, AccountDeferred, AccountAlreadySet, AccountSufficient, AccountInsufficient,
		AccountCredentials, AccountMissing, AccountUnknown,
	}
}

// Account is an outcome with the name of the account that it is about.
type Account struct {
	Outcome AccountOutcome
	Name    string
}
