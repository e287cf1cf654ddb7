package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHighAvailabilityNotRequired(t *testing.T) {
	cases := map[string]bool{
		"not-required nightly batch":  true,
		"not-required: nightly batch": true,
		" not-required nightly batch": true,
		"not-required\nnightly batch": true,
		"not-required":                false, // a reason is owed
		"not-required: ":              false,
		"not-requiredness":            false, // another word
		"required":                    false,
		"":                            false,
	}
	forbidding := Default()
	forbidding.OptOut.HighAvailability = false
	allowing := Default()
	for value, want := range cases {
		annotations := map[string]string{AnnotationHighAvailability: value}
		if got := HighAvailabilityNotRequired(annotations); got != want {
			t.Errorf("%q: got %t, want %t", value, got, want)
		}
		if got := allowing.HighAvailabilityNotRequired(annotations); got != want {
			t.Errorf("%q under the default: got %t, want %t", value, got, want)
		}
		if forbidding.HighAvailabilityNotRequired(annotations) {
			t.Errorf("%q holds though the policy forbids it", value)
		}
	}
}

func TestDeclaresConfiguration(t *testing.T) {
	forbidding, allowing := Default(), Default()
	forbidding.OptOut.Configuration = false
	cases := map[string]struct{ declared, disclaimed, forbidden bool }{
		"true":  {declared: true},
		"false": {disclaimed: true},
		"False": {},
		"":      {},
	}
	for value, want := range cases {
		annotations := map[string]string{AnnotationConfiguration: value}
		if declared, disclaimed := allowing.DeclaresConfiguration(annotations); declared != want.declared || disclaimed != want.disclaimed {
			t.Errorf("%q: got %t, %t, want %t, %t", value, declared, disclaimed, want.declared, want.disclaimed)
		}
		if declared, disclaimed := forbidding.DeclaresConfiguration(annotations); declared != want.declared || disclaimed {
			t.Errorf("%q where nobody may opt out: got %t, %t, want %t, false", value, declared, disclaimed, want.declared)
		}
	}
}

func TestKeepsOwnerReferences(t *testing.T) {
	forbidding, allowing := Default(), Default()
	forbidding.OptOut.OwnerReferences = false
	now := on("2030-01-01")
	if _, asked := allowing.KeepsOwnerReferences(map[string]string{"a": "b"}, now); asked {
		t.Error("a ConfigMap that says nothing asks for something")
	}
	for value, want := range map[string]bool{
		"2030-01-01 forensics": true,
		"2035-01-01 forensics": true, // maxDays is about exemptions from rules
		"2029-12-31 forensics": false,
		"2030-01-01":           false,
		"true":                 false,
	} {
		annotations := map[string]string{AnnotationKeepOwnerReferences: value}
		if answer, asked := allowing.KeepsOwnerReferences(annotations, now); !asked || answer.Holds() != want {
			t.Errorf("%q: asked %t, holds %t (%s), want %t", value, asked, answer.Holds(), answer.Problem, want)
		}
		if answer, asked := forbidding.KeepsOwnerReferences(annotations, now); !asked || answer.Holds() || answer.EndsSoon {
			t.Errorf("%q holds though the policy forbids it", value)
		}
	}
}

func TestAnnotationProblems(t *testing.T) {
	forbidding := Default()
	forbidding.OptOut = OptOut{}
	right := map[string]string{
		AnnotationHighAvailability: "not-required batch", AnnotationConfiguration: "false", AnnotationKeepOwnerReferences: "2030-01-01 forensics",
		AnnotationExemptPrefix + "some-rule": "nonsense", "example.com/flink-ha.dev": "x",
	}
	cases := map[string]struct {
		policy      Policy
		annotations map[string]string
		want        []AnnotationProblem
	}{
		"nothing":          {Default(), nil, nil},
		"everything right": {Default(), right, nil},
		"nothing permitted": {forbidding, right, []AnnotationProblem{
			{AnnotationHighAvailability, "the policy lets no object opt out of high availability"},
			{AnnotationConfiguration, "the policy lets no ConfigMap say that it is no Flink configuration"},
			{AnnotationKeepOwnerReferences, "the policy lets no object keep its owner references"},
		}},
		"everything wrong": {Default(), map[string]string{
			AnnotationHighAvailability: "no", AnnotationConfiguration: "yes", AnnotationKeepOwnerReferences: "2029-01-01 forensics",
			"flink-ha.dev/high-availabilitx": "not-required batch",
		}, []AnnotationProblem{
			{AnnotationHighAvailability, "needs the word and a reason: not-required reason"},
			{AnnotationConfiguration, `found "yes", needs true or false`},
			{AnnotationKeepOwnerReferences, "it ended on 2029-01-01"},
			{"flink-ha.dev/high-availabilitx", "there is no annotation of this name, did you mean flink-ha.dev/high-availability?"},
		}},
	}
	for name, tc := range cases {
		if diff := cmp.Diff(tc.want, tc.policy.AnnotationProblems(tc.annotations, on("2030-01-01"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
