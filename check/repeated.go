package check

import (
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// spot is what a finding is about, whichever object it was found with.
type spot struct {
	manifest.Place
	rule, option string
}

// MarkRepeated marks the findings that another object of the report shows at the same place, and is held to at least as strictly: a
// mistake in a ConfigMap comes up with each workload that reads it, and is to be mended once.
func (r *Report) MarkRepeated() {
	said := map[spot]int{}
	for _, inside := range []bool{false, true} {
		for i := range r.Objects {
			for f := range r.Objects[i].Findings {
				finding := &r.Objects[i].Findings[f]
				if _, _, elsewhere := flink.CutConfigMap(finding.Position.Path); finding.Place.Line == 0 || elsewhere != inside {
					continue
				}
				about, gravity := spot{finding.Place, finding.Rule, finding.Option}, gravityOf(finding.Action)
				finding.Repeated = inside && said[about] >= gravity
				said[about] = max(said[about], gravity)
			}
		}
	}
}

// gravityOf orders actions; what is not held against an object counts least.
func gravityOf(action policy.Action) int {
	switch action {
	case policy.ActionDeny:
		return 4
	case policy.ActionWarn:
		return 3
	case policy.ActionAudit:
		return 2
	case policy.ActionExempt, policy.ActionNone:
	}
	return 1
}
