package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForNamespace(t *testing.T) {
	baseline, strict, off := Mode{LevelBaseline, VersionLatest}, Mode{LevelStrict, VersionLatest}, Mode{LevelOff, VersionLatest}
	cases := map[string]struct {
		labels       map[string]string
		want         Modes
		wantProblems []string
	}{
		"no labels":        {nil, Modes{baseline, strict, strict}, nil},
		"labels of others": {map[string]string{"team": "a"}, Modes{baseline, strict, strict}, nil},
		"a stricter namespace": {
			map[string]string{LabelEnforce: "strict"}, Modes{strict, strict, strict}, nil,
		},
		"everything off": {
			map[string]string{LabelEnforce: "off", LabelWarn: "off", LabelAudit: "off"}, Modes{off, off, off}, nil,
		},
		"a pinned version without a level": {
			map[string]string{LabelEnforceVersion: "v0.1"}, Modes{Mode{LevelBaseline, "v0.1"}, strict, strict}, nil,
		},
		"a level that does not exist": {
			map[string]string{LabelEnforce: "restricted", LabelWarn: "baseline"},
			Modes{baseline, baseline, strict},
			[]string{`label flink-ha.dev/enforce: found "restricted", needs off, baseline or strict`},
		},
		"a label with no text": {
			map[string]string{LabelAudit: ""},
			Modes{baseline, strict, strict},
			[]string{`label flink-ha.dev/audit: found "", needs off, baseline or strict`},
		},
		"a version that is none, beside a level that is one": {
			map[string]string{LabelWarn: "baseline", LabelWarnVersion: "1"},
			Modes{baseline, baseline, strict},
			[]string{`label flink-ha.dev/warn-version: found "1", needs latest, v0.1 or v0.2`},
		},
		"a version of a newer guard": {
			map[string]string{LabelEnforceVersion: "v7.0"},
			Modes{baseline, strict, strict},
			[]string{`warning: label flink-ha.dev/enforce-version: found "v7.0", which this guard does not know: the latest rule set that it has, v0.2, counts`},
		},
	}
	for name, tc := range cases {
		p := Default()
		got, problems := p.ForNamespace(tc.labels)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(tc.wantProblems, sentences(problems)); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, diff)
		}
	}
}

// A label of a newer guard counts as latest also where the policy pins an older rule set.
func TestForNamespaceLaterThanThePolicy(t *testing.T) {
	p := Default()
	p.Defaults.Enforce.Version = "v0.1"
	if got, _ := p.ForNamespace(map[string]string{LabelEnforceVersion: "v7.0"}); got.Enforce.Version != VersionLatest {
		t.Errorf("got %q, want latest", got.Enforce.Version)
	}
}

func TestValidateLabels(t *testing.T) {
	cases := map[string]struct {
		labels map[string]string
		want   []string
	}{
		"none": {nil, nil},
		"all of them, right": {map[string]string{
			LabelEnforce: "off", LabelWarn: "baseline", LabelAudit: "strict", LabelEnforceVersion: "latest", LabelWarnVersion: "v0.1",
			LabelAuditVersion: "v0.2", LabelServiceAccount: "flink.prod-1", LabelGuard: "disabled", "kubernetes.io/metadata.name": "a",
		}, nil},
		"wrong values": {
			map[string]string{LabelGuard: "off", LabelServiceAccount: "Flink", LabelEnforce: "yes"},
			[]string{
				`label flink-ha.dev/enforce: found "yes", needs off, baseline or strict`,
				`label flink-ha.dev/service-account: found "Flink", needs the name of a service account`,
				`label flink-ha.dev/guard: found "off", needs disabled, or no such label`,
			},
		},
		"misspelt": {
			map[string]string{"flink-ha.dev/enforced": "strict", "flink-ha.dev/zzzzzzzzzzzzzzzzzzzzzzzzzzzzz": "x"},
			[]string{
				`warning: label flink-ha.dev/enforced: found "strict", but there is no label of this name, did you mean flink-ha.dev/enforce?`,
				`warning: label flink-ha.dev/zzzzzzzzzzzzzzzzzzzzzzzzzzzzz: found "x", but there is no label of this name`,
			},
		},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, sentences(ValidateLabels(tc.labels))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNamespaceMarks(t *testing.T) {
	const key = LabelServiceAccount
	type set = map[string]string
	cases := map[string]struct{ labels, annotations, want set }{
		"nothing":                        {nil, nil, nil},
		"only what others say":           {set{"team": "a"}, set{"note": "b"}, nil},
		"a label":                        {set{key: "jobs", "team": "a"}, nil, set{key: "jobs"}},
		"an annotation":                  {set{"team": "a"}, set{key: "jobs", "note": "b"}, set{key: "jobs"}},
		"both: the label wins":           {set{key: "label"}, set{key: "annotation"}, set{key: "label"}},
		"also with a label that is \"\"": {set{key: ""}, set{key: "annotation"}, set{key: ""}},
		"beside another label":           {set{LabelEnforce: "off"}, set{key: "jobs"}, set{LabelEnforce: "off", key: "jobs"}},
		// A level is a label, so that namespaces can be selected by it and RBAC on labels is all that guards it.
		"no other annotation": {nil, set{LabelEnforce: "off", LabelGuard: GuardDisabled}, nil},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, NamespaceMarks(tc.labels, tc.annotations)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	p := Default()
	if got := p.AccountFor(NamespaceMarks(nil, set{key: "jobs"})); got != "jobs" {
		t.Errorf("got the account %q, want the annotation's", got)
	}
}

func TestValidateNamespaceAnnotations(t *testing.T) {
	const key = LabelServiceAccount
	type set = map[string]string
	cases := map[string]struct {
		labels, annotations set
		want                []string
	}{
		"none":                  {set{key: "jobs"}, set{"note": "b"}, nil},
		"a name":                {nil, set{key: "jobs"}, nil},
		"the same as the label": {set{key: "jobs"}, set{key: "jobs"}, nil},
		"no name":               {nil, set{key: "Flink Jobs"}, []string{`annotation flink-ha.dev/service-account: found "Flink Jobs", needs the name of a service account`}},
		"no text":               {nil, set{key: ""}, []string{`annotation flink-ha.dev/service-account: found "", needs the name of a service account`}},
		"not what the label says": {
			set{key: "label"},
			set{key: "annotation"},
			[]string{`warning: annotation flink-ha.dev/service-account: found "annotation", but the label of this name says something else, and counts`},
		},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, sentences(ValidateNamespaceAnnotations(tc.labels, tc.annotations))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestValidateLabelsIsBounded(t *testing.T) {
	labels := map[string]string{}
	for i := range 10_000 {
		labels[fmt.Sprintf("flink-ha.dev/x%d", i)] = strings.Repeat("x", 1000)
	}
	if got := len(ValidateLabels(labels)); got != maxUnknownLabels {
		t.Errorf("got %d problems, want %d", got, maxUnknownLabels)
	}
}

func sentences(problems []LabelProblem) []string {
	var lines []string
	for _, problem := range problems {
		line := problem.String()
		if problem.Warning {
			line = "warning: " + line
		}
		lines = append(lines, line)
	}
	return lines
}
