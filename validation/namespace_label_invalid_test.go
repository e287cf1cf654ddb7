package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestNamespaceLabelInvalid(t *testing.T) {
	const head, ignored = `metadata.labels: flink-ha.dev/`, `the label counts as if it were not there; `
	of := func(labels map[string]string) Subject {
		return Subject{Kind: OfNamespace, Name: "shop", Labels: labels}
	}
	testRule(t, "namespace-label-invalid", map[string]ruleCase{
		"a level that does not exist": {
			of(map[string]string{"flink-ha.dev/enforce": "restricted"}),
			[]string{head + `enforce is "restricted"; ` + ignored + `needs off, baseline or strict; fix: write one of these, or remove the label`},
		},
		"a name that does not exist": {
			of(map[string]string{"flink-ha.dev/enforced": "strict"}),
			[]string{head + `enforced is "strict" (there is no label of this name, did you mean flink-ha.dev/enforce?); ` + ignored + `fix: mend its name, or remove it`},
		},
		"a rule set of a newer guard": {
			of(map[string]string{"flink-ha.dev/warn-version": "v9.0"}),
			[]string{head + `warn-version is "v9.0" (this guard does not know it); the latest rule set that it has, v0.2, counts; fix: flink-ha.dev/warn-version: latest`},
		},
		"an annotation that is read like a label": {
			with(of(nil), func(s *Subject) {
				s.Annotations = map[string]string{"flink-ha.dev/service-account": "Flink"}
			}),
			[]string{`metadata.annotations: flink-ha.dev/service-account is "Flink"; the annotation counts as if it were not there; ` +
				`needs the name of a service account; fix: write one of these, or remove the annotation`},
		},
		"an annotation that a label overrules": {
			with(of(map[string]string{"flink-ha.dev/service-account": "jobs"}), func(s *Subject) {
				s.Annotations = map[string]string{"flink-ha.dev/service-account": "flink"}
			}),
			[]string{`metadata.annotations: flink-ha.dev/service-account is "flink" (the label of this name says something else, and counts); ` +
				`the annotation counts as if it were not there; fix: mend its name, or remove it`},
		},
		"good ones":        {subject: of(map[string]string{"flink-ha.dev/enforce": "off", "flink-ha.dev/guard": "disabled", "team": "x"})},
		"none":             {subject: of(nil)},
		"not a namespace":  {subject: with(of(map[string]string{"flink-ha.dev/enforce": "restricted"}), func(s *Subject) { s.Kind = OfWorkload })},
		"labels of others": {subject: of(map[string]string{"pod-security.kubernetes.io/enforce": "nonsense"})},
	})
}

func TestANameOrANewerRuleSetIsNotRefused(t *testing.T) {
	levels := map[string]policy.Level{"flink-ha.dev/enforce": policy.LevelBaseline, "flink-ha.dev/enforced": policy.LevelStrict}
	for label, want := range levels {
		findings := mustEvaluator(t).Evaluate(Subject{Kind: OfNamespace, Labels: map[string]string{label: "restricted"}})
		if len(findings) != 1 || findings[0].Level != want {
			t.Errorf("%s: got %+v, want one finding of the level %s", label, findings, want)
		}
	}
}
