package policy

// Policy is what a platform team decides. The tags name the fields of the policy file; what else the file's schema and its
// decoder must know of a field stands in fields.
type Policy struct {
	// Defaults hold where a namespace has no labels of ours.
	Defaults   Modes      `file:"defaults"`
	Exemptions Exemptions `file:"exemptions"`
	// Rules moves rules between levels, by their id.
	Rules           map[string]RuleOverride `file:"rules"`
	ServiceAccounts ServiceAccounts         `file:"serviceAccounts"`
	HAConfigMaps    HAConfigMaps            `file:"haConfigMaps"`
	Storage         Storage                 `file:"storage"`
	Clusters        Clusters                `file:"clusters"`
	OptOut          OptOut                  `file:"optOut"`
	// RestoreUsers are backup tools: what they write is warned about, never refused.
	RestoreUsers []string `file:"restoreUsers"`
}

// RuleOverride moves a rule to another level.
type RuleOverride struct {
	Level Level `file:"level"`
	// Reason is for whoever reads the policy later.
	Reason string `file:"reason"`
}

// HAConfigMaps is about the ConfigMaps in which Flink keeps its HA state.
type HAConfigMaps struct {
	// StripOwnerReferences turns stripping on.
	StripOwnerReferences bool `file:"stripOwnerReferences"`
	// GuardDeletes says what happens to a deletion that would lose the state of jobs.
	GuardDeletes GuardDeletes `file:"guardDeletes"`
	// Operators are users that manage Flink clusters as the Flink Kubernetes Operator does: what they do to HA state is part of it.
	Operators []string `file:"operators"`
	// Undelete says who brings back HA state that was deleted under a live cluster.
	Undelete Undelete `file:"undelete"`
	// KeepDeletedDays is for how many days deleted HA state is kept; 0 keeps none.
	KeepDeletedDays int `file:"keepDeletedDays"`
}

// Undelete says who brings back HA state that was deleted under a live cluster.
type Undelete string

// Who brings it back: people, with "flink-ha-webhook state restore", or the guard.
const (
	UndeleteManual Undelete = "manual"
	UndeleteAuto   Undelete = "auto"
)

// GuardDeletes is what is done about deletions of HA state.
type GuardDeletes string

// What may be done about deletions of HA state.
const (
	GuardDeletesWarn GuardDeletes = "warn"
	GuardDeletesDeny GuardDeletes = "deny"
	GuardDeletesOff  GuardDeletes = "off"
)

// Clusters is what the guard is told of clusters since it cannot see it.
type Clusters struct {
	// DefaultFlinkVersion is the version of a Flink that shows none, such as "1.20"; empty if that is unknown.
	DefaultFlinkVersion string `file:"defaultFlinkVersion"`
	// OperatorDefaults are ConfigMaps, as namespace/name, with the default configuration of the Flink Kubernetes operator.
	OperatorDefaults []string `file:"operatorDefaults"`
}

// OptOut says what the author of an object may switch off with an annotation on it.
type OptOut struct {
	HighAvailability bool `file:"highAvailability"`
	OwnerReferences  bool `file:"ownerReferences"`
	Configuration    bool `file:"configuration"`
}

// Default is the policy where nobody has decided otherwise.
func Default() Policy {
	return Policy{
		Defaults: Modes{
			Enforce: Mode{Level: LevelBaseline, Version: VersionLatest},
			Warn:    Mode{Level: LevelStrict, Version: VersionLatest},
			Audit:   Mode{Level: LevelStrict, Version: VersionLatest},
		},
		Exemptions:      Exemptions{Objects: ObjectExemptionRules{Allowed: true, MaxDays: 90}},
		ServiceAccounts: ServiceAccounts{Inject: true, Name: "flink", Provision: true, DefaultCredentials: DefaultCredentialsWarn},
		HAConfigMaps:    HAConfigMaps{StripOwnerReferences: true, GuardDeletes: GuardDeletesWarn, Undelete: UndeleteManual, KeepDeletedDays: 7},
		OptOut:          OptOut{HighAvailability: true, OwnerReferences: true, Configuration: true},
	}
}

// Level is the level of a rule under this policy: its own, unless the policy moves it.
func (p *Policy) Level(rule Rule) Level {
	if override, ok := p.Rules[rule.ID]; ok {
		return override.Level
	}
	return rule.Level
}

// Action is what a finding of a rule does in a namespace with these modes, at the level that the policy gives the rule.
func (p *Policy) Action(modes Modes, rule Rule) Action {
	rule.Level = p.Level(rule)
	return modes.Action(rule)
}
