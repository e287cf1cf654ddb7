package webhook

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// about is a decision about HA state.
func about(state admission.HAState, change ...func(*admission.Decision)) admission.Review {
	return func(request *admissionv1.AdmissionRequest) (admission.Decision, error) {
		fresh := state
		decision := admission.Decision{Kind: request.Kind.Kind, Name: request.Name, Recognized: true, HAState: &fresh}
		for _, edit := range change {
			edit(&decision)
		}
		return decision, nil
	}
}

func refused(d *admission.Decision) { d.Refusal = "no" }
func warned(d *admission.Decision)  { d.Notes = []string{"mind"} }

func dryRun(review *admissionv1.AdmissionReview) { review.Request.DryRun = new(true) }

func TestWhatBecomesOfHAStateIsCounted(t *testing.T) {
	owners := func(outcome admission.OwnersOutcome) admission.HAState { return admission.HAState{Outcome: outcome} }
	deleted := func(by validation.Deleter) admission.HAState { return admission.HAState{Deleter: by} }
	for sentence, tc := range map[string]struct {
		review   admission.Review
		modify   func(*admissionv1.AdmissionReview)
		metric   string
		expected string
	}{
		"owner references that were removed": {about(owners(admission.OwnersStripped)), nil, "owner_references", `outcome="stripped"`},
		"owner references that were kept":    {about(owners(admission.OwnersKept), warned), nil, "owner_references", `outcome="kept"`},
		"owner references that stay":         {about(owners(admission.OwnersLeft), warned), nil, "owner_references", `outcome="left"`},
		"a write without any":                {about(admission.HAState{}), nil, "owner_references", ""},
		"a dry run":                          {about(owners(admission.OwnersStripped)), dryRun, "owner_references", ""},
		"an edit that did not fit": {
			about(owners(admission.OwnersStripped), func(d *admission.Decision) {
				d.Edits = []mutation.Edit{{Operations: []mutation.Operation{{Op: "remove", Path: "/nowhere"}}}}
			}), nil, "owner_references", `outcome="left"`,
		},
		"a deletion by Flink":         {about(deleted(validation.DeleterFlink)), nil, "deletions", `deleter="flink",outcome="allowed"`},
		"a deletion with a warning":   {about(deleted(validation.DeleterOther), warned), nil, "deletions", `deleter="other",outcome="warned"`},
		"a deletion that was refused": {about(deleted(validation.DeleterGarbageCollector), refused), nil, "deletions", `deleter="garbage-collector",outcome="refused"`},
		"a dry run of a deletion":     {about(deleted(validation.DeleterOther), refused), dryRun, "deletions", ""},
		"a write is no deletion":      {about(owners(admission.OwnersStripped)), nil, "deletions", ""},
		"an object that is no HA state": {func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
			return admission.Decision{Recognized: true}, nil
		}, nil, "deletions", ""},
		"a deletion is no owner's write": {about(deleted(validation.DeleterFlink)), nil, "owner_references", ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			handler, _, registry := newStub(t, tc.review)
			modifiers := []func(*admissionv1.AdmissionReview){}
			if tc.modify != nil {
				modifiers = append(modifiers, tc.modify)
			}
			if code, answer := post(handler, reviewOf(t, foreignConfigMap, modifiers...)); code != http.StatusOK {
				t.Fatalf("got %d %s", code, answer)
			}
			expectMetric(t, registry, "flink_ha_webhook_ha_"+tc.metric+"_total", counted(tc.metric, tc.expected)...)
		})
	}
}

// counted are the series of a metric about HA state, all zero but one.
func counted(metric, one string) []string {
	labels := []string{`outcome="kept"`, `outcome="left"`, `outcome="stripped"`}
	if metric == "deletions" {
		labels = nil
		for _, deleter := range []string{"flink", "garbage-collector", "namespace-controller", "operator", "other"} {
			for _, outcome := range []string{"allowed", "refused", "warned"} {
				labels = append(labels, `deleter="`+deleter+`",outcome="`+outcome+`"`)
			}
		}
	}
	var series []string
	for _, label := range labels {
		number := " 0"
		if label == one {
			number = " 1"
		}
		series = append(series, "{"+label+"}"+number)
	}
	return series
}

func TestTheLogSaysWhoWroteHAState(t *testing.T) {
	long := strings.Repeat("x", 1000)
	state := admission.HAState{
		Writer:  admission.Writer{Username: "ops", Groups: []string{"a", "b", "c", "d", "e", "f", long}, Manager: long},
		Owners:  []metav1.OwnerReference{{Kind: "FlinkCluster", Name: "demo"}},
		Outcome: admission.OwnersStripped,
	}
	handler, logs, _ := newStub(t, about(state))
	post(handler, reviewOf(t, foreignConfigMap))
	lines := logLines(t, logs)
	if len(lines) != 1 {
		t.Fatalf("got %v", lines)
	}
	got := lines[0]
	if manager, _ := got["manager"].(string); len(manager) != maxLoggedBytes {
		t.Errorf("got a manager of %d bytes", len(manager))
	}
	delete(got, "manager")
	for key, want := range map[string]any{
		"user": "ops", "groups": []any{"a", "b", "c", "d", "e"}, "owners": []any{"FlinkCluster/demo"}, "ownerReferences": "stripped", "deleter": nil, "live": nil,
	} {
		if diff := cmp.Diff(want, got[key]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", key, diff)
		}
	}
}

func TestARefusalWithoutARuleIsA403(t *testing.T) {
	handler, _, _ := newStub(t, about(admission.HAState{Deleter: validation.DeleterGarbageCollector}, refused))
	_, answer := post(handler, reviewOf(t, foreignConfigMap))
	response := responseIn(t, answer)
	if response.Allowed || response.Result.Code != http.StatusForbidden || !strings.HasSuffix(response.Result.Message, ": no") {
		t.Errorf("got %s", answer)
	}
	if diff := cmp.Diff(map[string]string{"decision": "deny", "deleter": "garbage-collector"}, response.AuditAnnotations); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
