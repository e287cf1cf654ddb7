package policy

// Level says which rules count.
type Level string

// The levels, as Pod Security Admission has them. A rule has baseline or strict; a mode may also be off.
const (
	// LevelOff counts no rule.
	LevelOff Level = "off"
	// LevelBaseline counts what is certain from the object itself: high availability asked for but broken, a Flink that
	// would not start, a JobManager certainly without high availability.
	LevelBaseline Level = "baseline"
	// LevelStrict counts, besides baseline, what works today and fails under a failure.
	LevelStrict Level = "strict"
)

// Covers tells whether rules of a level count where this level is set.
func (l Level) Covers(rule Level) bool {
	switch l {
	case LevelStrict:
		return rule == LevelBaseline || rule == LevelStrict
	case LevelBaseline:
		return rule == LevelBaseline
	case LevelOff:
	}
	return false
}

// Action is what a finding does.
type Action string

// The actions, the gravest first.
const (
	ActionDeny  Action = "deny"
	ActionWarn  Action = "warn"
	ActionAudit Action = "audit"
	ActionNone  Action = "none"
)

// Modes sets a level for each mode: what is refused, what is warned about, what is noted in the audit log.
type Modes struct {
	Enforce, Warn, Audit Level
}

// Action returns what a finding of a rule's level does.
func (m Modes) Action(rule Level) Action {
	switch {
	case m.Enforce.Covers(rule):
		return ActionDeny
	case m.Warn.Covers(rule):
		return ActionWarn
	case m.Audit.Covers(rule):
		return ActionAudit
	}
	return ActionNone
}

// Policy is what a platform team decides.
type Policy struct {
	Modes           Modes
	ServiceAccounts ServiceAccounts
	HAConfigMaps    HAConfigMaps
}

// ServiceAccounts is about the account that Flink's processes get.
type ServiceAccounts struct {
	// Inject turns injection on.
	Inject bool
	// Name of the account to inject.
	Name string
	// Provision lets the guard make the account, and bind it to the rights that Flink needs, in a namespace where it is
	// named and missing.
	Provision bool
}

// HAConfigMaps is about the ConfigMaps in which Flink keeps its HA state.
type HAConfigMaps struct {
	// StripOwnerReferences turns stripping on.
	StripOwnerReferences bool
}

// Default is the policy where nobody has decided otherwise.
func Default() Policy {
	return Policy{
		Modes:           Modes{Enforce: LevelBaseline, Warn: LevelStrict, Audit: LevelStrict},
		ServiceAccounts: ServiceAccounts{Inject: true, Name: "flink", Provision: true},
		HAConfigMaps:    HAConfigMaps{StripOwnerReferences: true},
	}
}
