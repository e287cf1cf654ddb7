package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func record(handler http.Handler, method string, body []byte) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, httptest.NewRequest(method, "/", bytes.NewReader(body)))
	return recorder
}

// logLines reads what was logged, without the time.
func logLines(t *testing.T, logs *bytes.Buffer) []map[string]any {
	t.Helper()
	var lines []map[string]any
	decoder := json.NewDecoder(logs)
	for decoder.More() {
		line := map[string]any{}
		if err := decoder.Decode(&line); err != nil {
			t.Fatal(err)
		}
		delete(line, "time")
		lines = append(lines, line)
	}
	return lines
}

func TestAPanicIsAnsweredLoggedAndCounted(t *testing.T) {
	for sentence, tc := range map[string]struct {
		panics   func()
		wantText string
	}{
		"of the runtime": {panics: func() { _ = []int(nil)[len("x")] }, wantText: "runtime error: index out of range [1] with length 0"},
		"with a text, which could quote the object": {panics: func() { panic("hunter2") }, wantText: "a value of type string"},
		"with an error, which could too":            {panics: func() { panic(errors.New("hunter2")) }, wantText: "a value of type *errors.errorString"},
	} {
		t.Run(sentence, func(t *testing.T) {
			handler, logs, registry := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
				tc.panics()
				return admission.Decision{}, nil
			})
			code, answer := post(handler, reviewOf(t, configMapWithoutHA))
			response := responseIn(t, answer)
			if code != http.StatusInternalServerError || response.UID != testUID || response.Allowed || response.Result.Code != 500 {
				t.Errorf("got %d %s", code, answer)
			}
			lines := logLines(t, logs)
			if len(lines) != 1 || lines[0]["level"] != "ERROR" || lines[0]["uid"] != testUID || lines[0]["panic"] != tc.wantText {
				t.Errorf("log: got %v", lines)
			}
			if stack, _ := lines[0]["stack"].(string); !strings.Contains(stack, "handler_test.go") || strings.Contains(stack, "hunter2") {
				t.Errorf("stack: got %s", stack)
			}
			expectMetric(t, registry, "flink_ha_webhook_panics_total", `{path="/stub"} 1`)
			if code, _ := post(handler, nil); code != http.StatusBadRequest {
				t.Errorf("the server does not go on: %d", code)
			}
		})
	}
}

func TestAReviewThatCannotBeJudgedIsLeftToTheFailurePolicy(t *testing.T) {
	handler, logs, registry := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
		return admission.Decision{}, errors.New("request.object is missing")
	})
	code, answer := post(handler, reviewOf(t, configMapWithoutHA))
	want := `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","response":{"uid":"` + testUID + `","allowed":false,` +
		`"status":{"metadata":{},"status":"Failure","message":"request.object is missing","reason":"BadRequest","code":400}}}`
	if code != http.StatusBadRequest || answer != want {
		t.Errorf("got %d %s\nwant 400 %s", code, answer, want)
	}
	wantLog := []map[string]any{{
		"level": "WARN", "msg": "refused a request that is no review", "path": "/stub", "uid": testUID, "code": 400.0, "error": "request.object is missing",
	}}
	if diff := cmp.Diff(wantLog, logLines(t, logs)); diff != "" {
		t.Errorf("log (-want +got)\n%s", diff)
	}
	expectMetric(t, registry, "flink_ha_webhook_bad_requests_total", `{code="400",path="/stub"} 1`)
}

func TestAPatchThatDoesNotApplyIsLeftOut(t *testing.T) {
	for sentence, operation := range map[string]mutation.Operation{
		"since what it tests is not so": {Op: "test", Path: "/metadata/name", Value: json.RawMessage(`"another"`)},
		"since its path is not there":   {Op: "remove", Path: "/metadata/ownerReferences"},
		"since it is no operation":      {Op: "frobnicate", Path: "/metadata"},
		"since its value is no JSON":    {Op: "add", Path: "/metadata/x", Value: json.RawMessage(`{`)},
	} {
		t.Run(sentence, func(t *testing.T) {
			handler, logs, registry := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
				return admission.Decision{
					Kind: "ConfigMap", Name: "c", Recognized: true,
					Edits: []mutation.Edit{{Operations: []mutation.Operation{operation}}},
					Notes: []string{"the owner references were removed"},
				}, nil
			})
			code, answer := post(handler, reviewOf(t, configMapWithoutHA))
			response := responseIn(t, answer)
			if code != http.StatusOK || !response.Allowed || response.Patch != nil || response.PatchType != nil {
				t.Errorf("got %d %s", code, answer)
			}
			if len(response.Warnings) != 1 || !strings.Contains(response.Warnings[0], "the edit did not fit") {
				t.Errorf("warnings: got %q", response.Warnings)
			}
			if lines := logLines(t, logs); len(lines) != 2 || lines[0]["level"] != "ERROR" || lines[1]["patched"] != false {
				t.Errorf("log: got %v", lines)
			}
			expectMetric(t, registry, "flink_ha_webhook_patches_dropped_total", `{path="/stub"} 1`)
		})
	}
}

func TestOneLineIsLoggedForADecision(t *testing.T) {
	dryRun := true
	body := reviewOf(t, configMapWithoutHA, func(review *admissionv1.AdmissionReview) { review.Request.DryRun = &dryRun })
	handler, logs, _ := newStub(t, func(request *admissionv1.AdmissionRequest) (admission.Decision, error) {
		return admission.Decision{Kind: "ConfigMap", Name: request.Name, Recognized: true, Findings: []admission.Judged{
			finding("first-rule", policy.LevelBaseline, policy.ActionDeny), finding("second-rule", policy.LevelStrict, policy.ActionWarn),
		}}, nil
	})
	post(handler, body)
	lines := logLines(t, logs)
	if len(lines) != 1 {
		t.Fatalf("got %d lines, want 1: %v", len(lines), lines)
	}
	if seconds, ok := lines[0]["durationSeconds"].(float64); !ok || seconds <= 0 {
		t.Errorf("durationSeconds: got %v", lines[0]["durationSeconds"])
	}
	delete(lines[0], "durationSeconds")
	want := map[string]any{
		"level": "INFO", "msg": "reviewed", "path": "/stub", "uid": testUID, "operation": "CREATE", "kind": "ConfigMap", "namespace": "streaming",
		"name": "flink-config", "decision": "deny", "rules": []any{"first-rule", "second-rule"}, "patched": false, "dryRun": true,
	}
	if diff := cmp.Diff(want, lines[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatIsNotOursIsLoggedForDebuggingOnly(t *testing.T) {
	handlers, logs, _ := newHandlers(t)
	post(handlers[PathValidate], reviewOf(t, foreignConfigMap))
	if lines := logLines(t, logs); len(lines) != 1 || lines[0]["level"] != "DEBUG" || lines[0]["decision"] != "skip" {
		t.Errorf("got %v", lines)
	}
}

func TestDecisionsAreCounted(t *testing.T) {
	handlers, _, registry := newHandlers(t)
	post(handlers[PathValidate], reviewOf(t, configMapWithHA))
	post(handlers[PathValidate], reviewOf(t, foreignConfigMap))
	post(handlers[PathMutate], reviewOf(t, jobManagerDeployment, deployment))
	post(handlers[PathMutateHAConfigMaps], reviewOf(t, ownedHAConfigMap))
	post(handlers[PathValidate], reviewOf(t, foreignConfigMap, func(review *admissionv1.AdmissionReview) { review.Request.Operation = "FROB" }))
	post(handlers[PathValidate], []byte("{"))
	expectMetric(t, registry, "flink_ha_webhook_decisions_total",
		`{operation="CREATE",path="/mutate",verdict="allow"} 1`,
		`{operation="CREATE",path="/mutate-ha-configmaps",verdict="warn"} 1`,
		`{operation="CREATE",path="/validate",verdict="allow"} 1`,
		`{operation="CREATE",path="/validate",verdict="skip"} 1`,
		`{operation="other",path="/validate",verdict="skip"} 1`)
	expectMetric(t, registry, "flink_ha_webhook_edits_total", `{path="/mutate"} 1`, `{path="/mutate-ha-configmaps"} 1`)
	expectMetric(t, registry, "flink_ha_webhook_bad_requests_total", `{code="400",path="/validate"} 1`)
	expectMetric(t, registry, "flink_ha_webhook_requests_in_flight",
		`{path="/mutate"} 0`, `{path="/mutate-ha-configmaps"} 0`, `{path="/validate"} 0`, `{path="/validate-deletes"} 0`)
	wantCounts := map[string]uint64{PathMutate: 1, PathMutateHAConfigMaps: 1, PathValidate: 4, PathValidateDeletes: 0}
	if diff := cmp.Diff(wantCounts, observations(t, registry, "flink_ha_webhook_review_duration_seconds")); diff != "" {
		t.Errorf("durations (-want +got)\n%s", diff)
	}
}

func TestFindingsAreCountedByRuleAndAction(t *testing.T) {
	handler, _, registry := newStub(t, func(*admissionv1.AdmissionRequest) (admission.Decision, error) {
		return admission.Decision{Recognized: true, Findings: []admission.Judged{
			finding("first-rule", policy.LevelBaseline, policy.ActionDeny), finding("second-rule", policy.LevelStrict, policy.ActionWarn),
		}}, nil
	})
	post(handler, reviewOf(t, configMapWithoutHA))
	expectMetric(t, registry, "flink_ha_webhook_findings_total", `{action="deny",rule="first-rule"} 1`, `{action="warn",rule="second-rule"} 1`)
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	registry := prometheus.NewRegistry()
	if _, err := NewMetrics(registry); err != nil {
		t.Fatal(err)
	}
	if _, err := NewMetrics(registry); err == nil {
		t.Error("registering twice: no error")
	}
}

// expectMetric compares all series of a counter or a gauge, each written as {labels} value.
func expectMetric(t *testing.T, registry *prometheus.Registry, name string, want ...string) {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, fmt.Sprintf("%s=%q", label.GetName(), label.GetValue()))
			}
			got = append(got, fmt.Sprintf("{%s} %v", strings.Join(labels, ","), metric.GetCounter().GetValue()+metric.GetGauge().GetValue()))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// observations counts what a histogram saw, by path.
func observations(t *testing.T, registry *prometheus.Registry, name string) map[string]uint64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]uint64{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			counts[metric.GetLabel()[0].GetValue()] = metric.GetHistogram().GetSampleCount()
		}
	}
	return counts
}
