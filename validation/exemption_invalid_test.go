package validation

import "testing"

func TestExemptionInvalid(t *testing.T) {
	const head, effect = `metadata.annotations: exempt.flink-ha.dev/`, `it exempts the object from nothing; fix: `
	of := func(rule, value string) Subject { return exempted(cluster("a: b"), exempting(rule, value)) }
	testRule(t, "exemption-invalid", map[string]ruleCase{
		"it ended": {
			of("storage-dir-local", "2026-11-01 moving"),
			[]string{head + `storage-dir-local is "2026-11-01 moving" (it ended on 2026-11-01); ` + effect + `remove it`},
		},
		"no day": {
			of("storage-dir-local", "moving"),
			[]string{head + `storage-dir-local is "moving" (needs the last day on which it holds and a reason: YYYY-MM-DD reason); ` + effect +
				`exempt.flink-ha.dev/storage-dir-local: "YYYY-MM-DD <reason>"`},
		},
		"no reason": {
			of("storage-dir-local", "2026-12-01"),
			[]string{head + `storage-dir-local is "2026-12-01" (needs a reason after the day: YYYY-MM-DD reason); ` + effect +
				`exempt.flink-ha.dev/storage-dir-local: "YYYY-MM-DD <reason>"`},
		},
		"too far ahead": {
			of("storage-dir-local", "2029-01-01 moving"),
			[]string{head + `storage-dir-local is "2029-01-01 moving" (it ends on 2029-01-01, and the policy allows at most 90 days ahead); ` + effect + `remove it`},
		},
		"a rule that is misspelt": {
			of("storage-dir-locl", "2026-12-01 moving"),
			[]string{head + `storage-dir-locl is "2026-12-01 moving" (there is no rule of this name); ` + effect + `rename it to exempt.flink-ha.dev/storage-dir-local`},
		},
		"a rule that is like none": {
			of("everything", "2026-12-01 moving"),
			[]string{head + `everything is "2026-12-01 moving" (there is no rule of this name); ` + effect + `remove it`},
		},
		"it holds":      {subject: of("storage-dir-local", "2026-12-01 moving")},
		"no exemptions": {subject: cluster("a: b")},
	})
}
