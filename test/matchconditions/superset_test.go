package matchconditions

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	flinkrights "github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// TestWhatTheGuardRecognizesIsSelected makes up objects and changes, and holds what the conditions say of them against what
// the guard itself says.
func TestWhatTheGuardRecognizesIsSelected(t *testing.T) {
	selector := shippedSelector(t)
	guard := newGuard(t)
	v := newVariants(1)
	seen := map[string]int{}
	for range variantCount {
		request := v.request(t)
		got := selected(t, selector, request)
		seen[got]++
		for _, problem := range guard.problems(t, request, got) {
			t.Errorf("%s\n%s of %s selected by %q", problem, request.Operation, describe(request), got)
		}
		if t.Failed() {
			return
		}
	}
	for _, outcome := range []string{nobody, people, owned, stripped, deleted, "validate", "validate-owned"} {
		if seen[outcome] < 10 {
			t.Errorf("%d of %d variants were selected by %q: the test shows nothing about it", seen[outcome], variantCount, outcome)
		}
	}
}

const variantCount = 5000

// request creates, changes or deletes a variant. A change is often one of metadata alone, as Flink's own are.
func (v variants) request(t testing.TB) Request {
	t.Helper()
	var now runtime.Object = v.configMap()
	switch v.random.IntN(9) {
	case 0, 1, 2:
		now = v.workload()
	case 3:
		now = v.customResource()
	}
	switch v.random.IntN(5) {
	case 0, 1:
		return change(t, admissionv1.Create, now, nil)
	case 2:
		return change(t, admissionv1.Delete, nil, now)
	}
	before := now.DeepCopyObject()
	accessor, err := meta.Accessor(before)
	if err != nil {
		t.Fatal(err)
	}
	if v.sometimes(2) {
		accessor.SetOwnerReferences(v.owners())
	}
	if v.sometimes(2) {
		accessor.SetAnnotations(nil)
	}
	if v.sometimes(3) {
		accessor.SetLabels(v.metadata("").Labels)
	}
	if resource, ok := before.(*unstructured.Unstructured); ok && v.sometimes(2) {
		resource.Object["spec"] = v.specification(resource.GetKind())
	}
	return change(t, admissionv1.Update, now, before)
}

// guard answers requests as the server does.
type guard struct{ reviewer *admission.Reviewer }

func newGuard(t testing.TB) guard {
	t.Helper()
	reviewer, err := admission.NewReviewer(admission.Options{Policy: defaultPolicy, Now: time.Now, Surroundings: prepared{}})
	if err != nil {
		t.Fatal(err)
	}
	return guard{reviewer}
}

// prepared is a cluster in which the guard has an account to give: every account is there, and only "default" has no rights.
type prepared struct{ validation.Alone }

func (prepared) Namespace(string) (validation.Namespace, bool) { return validation.Namespace{}, true }

func (prepared) ServiceAccount(string, string) (validation.Account, bool) {
	return validation.Account{Exists: true}, true
}

func (prepared) Access(account access.Account, _ string, needed []flinkrights.Right) access.Answer {
	answer := access.Answer{Known: true}
	if account.Name == "default" {
		answer.Missing = needed
	}
	return answer
}

func (g guard) review(t testing.TB, request Request, review func(*admission.Reviewer, *admissionv1.AdmissionRequest) (admission.Decision, error)) admission.Decision {
	t.Helper()
	received, err := request.Review()
	if err != nil {
		t.Fatal(err)
	}
	decision, err := review(g.reviewer, received)
	if err != nil {
		t.Fatal(err)
	}
	return decision
}

// problems are what is wrong with a selection.
func (g guard) problems(t testing.TB, request Request, selection string) []string {
	t.Helper()
	var problems []string
	expect := func(holds bool, problem string) {
		if !holds {
			problems = append(problems, problem)
		}
	}
	names := strings.Fields(selection)
	has := func(name string) bool { return slices.Contains(names, name) }
	configMap, _ := request.subject().(*corev1.ConfigMap)
	state := false
	if configMap != nil {
		_, state = hastate.Recognize(configMap)
	}

	validates := g.validates(t, request)
	mutates := g.mutates(t, request)
	strips := len(g.review(t, request, (*admission.Reviewer).StripOwnerReferences).Edits) > 0 && ownersChange(t, request)
	warns := g.review(t, request, (*admission.Reviewer).ValidateDeletion).Recognized

	expect(!has("validate") || !has("validate-owned"), "asked twice")
	expect(!has("validate") || !isManaged(t, request), "the guard must not be able to stop what others make")
	expect(!has("validate-owned") || isManaged(t, request), "what people apply must not get by when the guard is away")
	expect(!state || !has("validate") && !has("mutate"), "HA state reaches a webhook for configuration")
	expect(!state || has("validate-owned") == (validates && isManaged(t, request)), "HA state is judged where it is given a mark, and nowhere else")
	expect(!validates || state || has("validate") || has("validate-owned"), "the guard would judge it")
	expect(!mutates || has("mutate"), "the guard would edit it")
	expect(strips == has("strip"), "the guard would strip it, or has nothing to strip")
	expect(warns == has("deletes"), "the guard would warn, or has nothing to warn of")
	return problems
}

// validates tells whether the guard has something new to judge. What is judged by its labels alone, HA state and what is taken for it,
// need not be shown to it while these stay what they are.
func (g guard) validates(t testing.TB, request Request) bool {
	t.Helper()
	recognized := g.review(t, request, (*admission.Reviewer).Validate).Recognized
	now, ok := request.Object.(*corev1.ConfigMap)
	if !recognized || !ok {
		return recognized
	}
	before, ok := request.OldObject.(*corev1.ConfigMap)
	if !ok {
		before = &corev1.ConfigMap{}
	}
	if _, state := hastate.Recognize(now); state {
		return hasNewMark(now.Labels, before.Labels) || hasNewMark(now.Annotations, before.Annotations)
	}
	if _, taken := hastate.TakenForState(now); !taken || now.Labels["app"] != before.Labels["app"] || now.Labels["type"] != before.Labels["type"] {
		return true
	}
	unlabelled := now.DeepCopy()
	delete(unlabelled.Labels, "app")
	request.Object = unlabelled
	return g.review(t, request, (*admission.Reviewer).Validate).Recognized
}

// hasNewMark tells whether a mark of a tool is added or changed.
func hasNewMark(now, before map[string]string) bool {
	for key, value := range now {
		if was, had := before[key]; hastate.IsTracking(key, value) && (!had || was != value) {
			return true
		}
	}
	return false
}

// mutates tells whether the guard has something to do with the accounts of an object. Custom resources that stay what they are
// need not be shown to it, whatever it would say.
func (g guard) mutates(t testing.TB, request Request) bool {
	t.Helper()
	decision := g.review(t, request, (*admission.Reviewer).Mutate)
	now, ok := request.subject().(*unstructured.Unstructured)
	if !ok {
		return decision.Recognized
	}
	if before, ok := request.OldObject.(*unstructured.Unstructured); ok && cmp.Equal(now.Object["spec"], before.Object["spec"]) {
		if len(decision.Edits) > 0 {
			t.Errorf("%s of %s: edits of a custom resource that stays what it is", request.Operation, describe(request))
		}
		return false
	}
	return len(decision.Edits) > 0 || len(decision.Planned) > 0 || len(decision.Notes) > 0
}

// isManaged tells whether something else makes the object of a request.
func isManaged(t testing.TB, request Request) bool {
	t.Helper()
	accessor, err := meta.Accessor(request.subject())
	if err != nil {
		t.Fatal(err)
	}
	return len(accessor.GetOwnerReferences()) > 0 || flink.MadeByFlink(accessor.GetLabels())
}

// ownersChange tells whether a request gives its object owners that it did not have.
func ownersChange(t testing.TB, request Request) bool {
	t.Helper()
	if request.OldObject == nil {
		return true
	}
	before, err := meta.Accessor(request.OldObject)
	if err != nil {
		t.Fatal(err)
	}
	now, err := meta.Accessor(request.subject())
	if err != nil {
		t.Fatal(err)
	}
	return !cmp.Equal(now.GetOwnerReferences(), before.GetOwnerReferences(), cmpopts.EquateEmpty())
}

func describe(request Request) string {
	raw, err := json.Marshal(request.subject())
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

func defaultPolicy() *policy.Policy {
	p := policy.Default()
	return &p
}
