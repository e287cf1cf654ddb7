package validation

import "testing"

func TestExemptionEndsSoon(t *testing.T) {
	of := func(value string) Subject { return exempted(cluster("a: b"), exempting("storage-dir-local", value)) }
	testRule(t, "exemption-ends-soon", map[string]ruleCase{
		"in a week": {
			of("2026-11-09 moving"),
			[]string{`metadata.annotations: exempt.flink-ha.dev/storage-dir-local is "2026-11-09 moving"; the rule counts again after 2026-11-09; fix: mend what it excuses, and remove it`},
		},
		"in a month":    {subject: of("2026-12-09 moving")},
		"it ended":      {subject: of("2026-11-01 moving")},
		"no exemptions": {subject: cluster("a: b")},
	})
}
