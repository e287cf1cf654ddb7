package policy

// Action is what a finding does.
type Action string

// The actions, the gravest first.
const (
	ActionDeny  Action = "deny"
	ActionWarn  Action = "warn"
	ActionAudit Action = "audit"
	// ActionExempt is a finding that an exemption keeps from doing anything; it is still reported.
	ActionExempt Action = "exempt"
	ActionNone   Action = "none"
)

// Rule is what a policy needs to know of a rule of the catalogue.
type Rule struct {
	// ID in kebab-case.
	ID string
	// Level that the rule has unless a policy moves it.
	Level Level
	// Introduced is the rule set that first had the rule, such as "v0.2"; empty for one that has always been there.
	Introduced string
}

// Mode says from which level on, and of which rule set, rules count.
type Mode struct {
	Level   Level   `file:""`
	Version Version `file:"-version"`
}

// Counts tells whether a rule counts in this mode.
func (m Mode) Counts(rule Rule) bool {
	return m.Level.Covers(rule.Level) && m.Version.Admits(rule.Introduced)
}

// Modes are what is refused, what is warned about, and what is noted in the audit log.
type Modes struct {
	Enforce Mode `file:"enforce,spread"`
	Warn    Mode `file:"warn,spread"`
	Audit   Mode `file:"audit,spread"`
}

// Action returns the gravest thing that a finding of a rule does. The rule has the level that the policy gives it (see
// Policy.Action, which looks it up).
func (m Modes) Action(rule Rule) Action {
	switch {
	case m.Enforce.Counts(rule):
		return ActionDeny
	case m.Warn.Counts(rule):
		return ActionWarn
	case m.Audit.Counts(rule):
		return ActionAudit
	}
	return ActionNone
}

// Edits tells whether the guard may change objects. Where nothing is enforced, planned edits are reported and not made: a
// trial changes nothing in the cluster.
func (m Modes) Edits() bool {
	return m.Enforce.Level.Covers(LevelBaseline)
}
