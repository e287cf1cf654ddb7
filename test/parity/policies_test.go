package parity

import "github.com/flink-ha/flink-ha-webhook/policy"

// underPolicy is a policy with a name.
type underPolicy struct {
	name   string
	change func(*policy.Policy)
}

func (u underPolicy) policy() *policy.Policy {
	p := policy.Default()
	u.change(&p)
	return &p
}

// policies under which objects are judged.
func policies() []underPolicy {
	return []underPolicy{
		{"default", func(*policy.Policy) {}},
		{"strict", func(p *policy.Policy) {
			p.Defaults.Enforce.Level, p.ServiceAccounts.MountToken = policy.LevelStrict, true
		}},
		{"trial", func(p *policy.Policy) { p.Defaults.Enforce.Level = policy.LevelOff }},
		{"quiet", func(p *policy.Policy) {
			p.Defaults.Warn.Level, p.Defaults.Audit.Level = policy.LevelOff, policy.LevelBaseline
			p.HAConfigMaps.StripOwnerReferences = false
		}},
		{"exemptions", func(p *policy.Policy) {
			p.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "other", Reason: "moves away"}}
			p.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "exempt", Reason: "a pipeline"}}
			p.RestoreUsers = []string{"restore"}
		}},
		{"no exemptions by objects", func(p *policy.Policy) {
			p.Exemptions.Objects.Allowed = false
			p.OptOut = policy.OptOut{}
		}},
		{"accounts bound", func(p *policy.Policy) {
			p.ServiceAccounts.BindExisting, p.ServiceAccounts.MountToken = true, true
			p.ServiceAccounts.DefaultCredentials = policy.DefaultCredentialsBind
		}},
		{"accounts copied", func(p *policy.Policy) {
			p.ServiceAccounts.Name, p.ServiceAccounts.DefaultCredentials = "runner", policy.DefaultCredentialsCopy
		}},
		{"accounts not made", func(p *policy.Policy) { p.ServiceAccounts.Provision, p.ServiceAccounts.MountToken = false, true }},
		{"prefixes and a version", func(p *policy.Policy) {
			p.Storage.AllowedPrefixes = []string{"s3://flink-ha/{namespace}/"}
			p.Clusters.DefaultFlinkVersion = "1.17"
		}},
	}
}
