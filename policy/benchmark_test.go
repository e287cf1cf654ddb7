package policy

import "testing"

// The modes of a namespace and the action of a rule are asked for on every request.
func BenchmarkNamespaceAndAction(b *testing.B) {
	p := Default()
	p.Rules = map[string]RuleOverride{"storage-dir-local": {Level: LevelBaseline, Reason: "here"}}
	rules := []Rule{{ID: "storage-dir-local", Level: LevelStrict, Introduced: "v0.1"}, {ID: "storage-dir-missing", Level: LevelBaseline, Introduced: "v0.2"}}
	for name, labels := range map[string]map[string]string{
		"no labels":   nil,
		"all labels":  {LabelEnforce: "strict", LabelEnforceVersion: "v0.1", LabelWarn: "baseline", LabelWarnVersion: "latest", LabelAudit: "off", LabelAuditVersion: "v0.2"},
		"wrong label": {LabelEnforce: "restricted"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				modes, _ := p.ForNamespace(labels)
				for _, rule := range rules {
					if p.Action(modes, rule) == ActionNone {
						b.Fatal("the rule does nothing")
					}
				}
			}
		})
	}
}

func TestHotPathAllocatesNothing(t *testing.T) {
	p := Default()
	labels := map[string]string{LabelEnforce: "strict", LabelEnforceVersion: "v0.1", "team": "a"}
	if allocations := testing.AllocsPerRun(100, func() {
		modes, _ := p.ForNamespace(labels)
		p.Action(modes, Rule{ID: "r", Level: LevelBaseline, Introduced: "v0.2"})
		p.ObjectExemptions(labels, isRule, on("2030-01-01"))
	}); allocations > 0 {
		t.Errorf("got %.0f allocations, want none", allocations)
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load([]byte(wholeFile), catalogue()); err != nil {
			b.Fatal(err)
		}
	}
}
