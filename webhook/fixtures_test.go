package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

const testUID = "705ab4f5-6393-11e8-b7cc-42010a800002"

// Objects as the API server sends them.
const (
	configMapWithoutHA = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"flink-config","namespace":"streaming"},` +
		`"data":{"config.yaml":"jobmanager:\n  rpc:\n    address: flink-jobmanager\nstate.backend.type: rocksdb\n"}}`

	configMapWithHA = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"flink-config","namespace":"streaming"},` +
		`"data":{"config.yaml":"high-availability:\n  type: kubernetes\n  storageDir: s3://flink/ha\n  cluster-id: orders\nkubernetes:\n  cluster-id: orders\n  namespace: streaming\nstate.checkpoints.dir: s3://flink/checkpoints\njobmanager:\n  rpc:\n    address: flink-jobmanager\n"}}`

	jobManagerDeployment = `{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"flink-jobmanager","namespace":"streaming"},` +
		`"spec":{"template":{"metadata":{"labels":{"component":"jobmanager"}},"spec":{"containers":[{"name":"jobmanager","image":"flink:2.1.0",` +
		`"args":["standalone-job","-Dhigh-availability.type=kubernetes","-Dhigh-availability.storageDir=s3://flink/ha","-Dkubernetes.cluster-id=orders"]}]}}}}`

	flinkDeployment = `{"kind":"FlinkDeployment","apiVersion":"flink.apache.org/v1beta1","metadata":{"name":"orders","namespace":"streaming"},` +
		`"spec":{"image":"flink:1.20","flinkVersion":"v1_20","flinkConfiguration":{"high-availability.type":"kubernetes","high-availability.storageDir":"s3://flink/ha"}}}`

	ownedHAConfigMap = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"orders-cluster-config-map","namespace":"streaming",` +
		`"labels":{"app":"orders","type":"flink-native-kubernetes"},"annotations":{"control-plane.alpha.kubernetes.io/leader":"{}"},` +
		`"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"orders","uid":"d-1"}]},` +
		`"data":{"org.apache.flink.k8s.leader.dispatcher":"…"}}`

	foreignConfigMap = `{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"kube-root-ca.crt","namespace":"streaming"},"data":{"ca.crt":"…"}}`
)

// reviewOf is the body of a review of a ConfigMap's creation; modifiers make another of it.
func reviewOf(t testing.TB, object string, modifiers ...func(*admissionv1.AdmissionReview)) []byte {
	t.Helper()
	review := admissionv1.AdmissionReview{Request: &admissionv1.AdmissionRequest{UID: testUID, Namespace: "streaming", Operation: admissionv1.Create}}
	review.APIVersion, review.Kind = "admission.k8s.io/v1", "AdmissionReview"
	review.Request.Kind.Version, review.Request.Kind.Kind = "v1", "ConfigMap"
	review.Request.Resource.Version, review.Request.Resource.Resource = "v1", "configmaps"
	review.Request.Object.Raw = []byte(object)
	var named struct{ Metadata struct{ Name string } }
	_ = json.Unmarshal([]byte(object), &named)
	review.Request.Name = named.Metadata.Name
	for _, modify := range modifiers {
		modify(&review)
	}
	body, err := json.Marshal(review)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func deployment(review *admissionv1.AdmissionReview) {
	review.Request.Kind.Group, review.Request.Kind.Kind = "apps", "Deployment"
	review.Request.Resource.Group, review.Request.Resource.Resource = "apps", "deployments"
}

func customResource(review *admissionv1.AdmissionReview) {
	review.Request.Kind.Group, review.Request.Kind.Version, review.Request.Kind.Kind = "flink.apache.org", "v1beta1", "FlinkDeployment"
	review.Request.Resource.Group, review.Request.Resource.Version, review.Request.Resource.Resource = "flink.apache.org", "v1beta1", "flinkdeployments"
}

// prepared is a cluster in which the guard has an account to give: every account is there, and only "default" has no rights.
type prepared struct{ validation.Alone }

func (prepared) Namespace(string) (validation.Namespace, bool) { return validation.Namespace{}, true }

func (prepared) ServiceAccount(string, string) (validation.Account, bool) {
	return validation.Account{Exists: true}, true
}

func (prepared) Access(account access.Account, _ string, needed []rights.Right) access.Answer {
	answer := access.Answer{Known: true}
	if account.Name == "default" {
		answer.Missing = needed
	}
	return answer
}

// newHandlers returns the handlers of all paths around the real core in a prepared cluster, with their metrics and logs.
func newHandlers(t testing.TB) (handlers map[string]*Handler, logs *bytes.Buffer, registry *prometheus.Registry) {
	t.Helper()
	return newHandlersIn(t, prepared{})
}

// newHandlersIn is the same with surroundings of the test's own.
func newHandlersIn(t testing.TB, around validation.Surroundings) (handlers map[string]*Handler, logs *bytes.Buffer, registry *prometheus.Registry) {
	t.Helper()
	reviewer, err := admission.NewReviewer(admission.Options{Policy: defaultPolicy, Now: time.Now, Surroundings: around})
	if err != nil {
		t.Fatal(err)
	}
	logs, registry = &bytes.Buffer{}, prometheus.NewRegistry()
	metrics, err := NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handlers = map[string]*Handler{}
	for _, route := range Routes(reviewer) {
		handlers[route.Path] = NewHandler(route, log, metrics)
	}
	return handlers, logs, registry
}

// newStub returns a handler around a review of the test's own.
func newStub(t testing.TB, review admission.Review) (handler *Handler, logs *bytes.Buffer, registry *prometheus.Registry) {
	t.Helper()
	logs, registry = &bytes.Buffer{}, prometheus.NewRegistry()
	metrics, err := NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return NewHandler(Route{Path: "/stub", Review: review}, log, metrics), logs, registry
}

// post sends a body and returns the status and the body of the answer.
func post(handler http.Handler, body []byte, modifiers ...func(*http.Request)) (code int, answer string) {
	request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for _, modify := range modifiers {
		modify(request)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder.Code, recorder.Body.String()
}

// responseIn reads the response out of an answer, strictly: it must be one AdmissionReview of v1 and nothing else.
func responseIn(t testing.TB, answer string) *admissionv1.AdmissionResponse {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.DisallowUnknownFields()
	var review admissionv1.AdmissionReview
	if err := decoder.Decode(&review); err != nil {
		t.Fatalf("the answer is no AdmissionReview: %v\n%s", err, answer)
	}
	if decoder.More() {
		t.Fatalf("something follows the answer: %s", answer)
	}
	if review.APIVersion != "admission.k8s.io/v1" || review.Kind != "AdmissionReview" || review.Response == nil {
		t.Fatalf("the answer is no AdmissionReview of v1 with a response: %s", answer)
	}
	return review.Response
}

// indented makes JSON readable in a diff.
func indented(t testing.TB, text string) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, text)
	}
	return out.String()
}

// configMapOf is a ConfigMap with one data key.
func configMapOf(key, text string) string {
	quoted, _ := json.Marshal(text) // a string always marshals
	return fmt.Sprintf(`{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"flink-config","namespace":"streaming"},"data":{%q:%s}}`, key, quoted)
}

func defaultPolicy() *policy.Policy {
	p := policy.Default()
	return &p
}
