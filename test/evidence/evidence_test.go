package evidence

import (
	"fmt"
	"slices"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// trials are all of them.
func trials(t *testing.T) []trial {
	t.Helper()
	return slices.Concat(
		unloadedFiles(), noHighAvailability(), jobStores(t), unknownModes(), missingStorage(), unusableStorage(), missingIdentity(),
		refusedClusterIDs(), electionTimings(), hostOption(), refusedArguments(), refusedByTheNativeClient(), noToken(t),
	)
}

// TestRulesAreTrueOfFlink runs each trial's two starts, each in a namespace of its own that the guard leaves alone. Many
// mistakes are mended in the same way: that is tried once.
func TestRulesAreTrueOfFlink(t *testing.T) {
	s := shared
	tried := map[string]bool{}
	for _, tc := range trials(t) {
		name := tc.rule + "/" + string(tc.release) + "/" + tc.what
		if tc.wrong.program.Class != "" {
			t.Run(name+"/wrong", func(t *testing.T) {
				t.Parallel()
				s.try(t, s.unguarded(t), tc.release, tc.wrong, tc.fails)
			})
		}
		control := fmt.Sprint(tc.release, tc.right)
		if tried[control] {
			continue
		}
		tried[control] = true
		t.Run(name+"/right", func(t *testing.T) {
			t.Parallel()
			s.try(t, s.unguarded(t), tc.release, tc.right, tc.works)
		})
	}
}

// unproven are the rules of the level baseline that no start of Flink can show to be true, with the reason.
func unproven() map[string]string {
	return map[string]string{
		"custom-resource-forbidden-key": "the operator refuses it, not Flink",
		"namespace-label-invalid":       "about the guard's own labels",
		"storage-dir-outside-prefix":    "about the platform's own policy",
		"storage-dir-on-pod-disk":       "needs a kubelet that gives a pod a new disk",
	}
}

// TestEveryBaselineRuleHasEvidence holds the trials to the catalogue: what refuses people's work is shown to be true.
func TestEveryBaselineRuleHasEvidence(t *testing.T) {
	shown := map[string]bool{}
	for _, tc := range trials(t) {
		if tc.wrong.program.Class != "" {
			shown[tc.rule] = true
		}
	}
	known := map[string]bool{}
	for _, rule := range validation.Rules() {
		known[rule.ID] = true
		reason, exempt := unproven()[rule.ID]
		switch {
		case exempt && shown[rule.ID]:
			t.Errorf("rule %s: there is evidence, and a reason why there is none: %s", rule.ID, reason)
		case rule.Level == policy.LevelBaseline && !exempt && !shown[rule.ID]:
			t.Errorf("rule %s: neither evidence nor a reason why there is none", rule.ID)
		}
	}
	for _, tc := range trials(t) {
		if !known[tc.rule] {
			t.Errorf("rule %s: there is evidence, and no such rule", tc.rule)
		}
	}
	for id := range unproven() {
		if !known[id] {
			t.Errorf("rule %s: a reason why there is no evidence, and no such rule", id)
		}
	}
}
