package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// paths lists every path, since each must stand every input.
var paths = []string{PathMutate, PathValidate, PathMutateHAConfigMaps, PathValidateDeletes}

func TestRequestsThatAreNoReviewGetAClearAnswerWithTheirUID(t *testing.T) {
	whole := reviewOf(t, configMapWithoutHA)
	contentType := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", value) }
	}
	for sentence, tc := range map[string]struct {
		body       []byte
		modify     func(*http.Request)
		wantCode   int
		wantReason metav1.StatusReason
		wantWords  string
		withoutUID bool
	}{
		"an empty body": {
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "the body is empty", withoutUID: true,
		},
		"a body of 20 MiB": {
			body:     reviewOf(t, configMapOf("blob", strings.Repeat("x", 20<<20))),
			wantCode: 413, wantReason: metav1.StatusReasonRequestEntityTooLarge, wantWords: "larger than 16 MiB",
		},
		"truncated JSON": {
			body: whole[:len(whole)-20], wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "not JSON from byte",
		},
		"JSON that is cut off right behind the UID": {
			body:     []byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"` + testUID + `","ki`),
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "not JSON from byte",
		},
		"a review with something behind it": {
			body: append(bytes.Clone(whole), "{}"...), wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "not JSON from byte",
		},
		"a v1beta1 review": {
			body:     reviewOf(t, configMapWithoutHA, func(review *admissionv1.AdmissionReview) { review.APIVersion = "admission.k8s.io/v1beta1" }),
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: `fix: admissionReviewVersions: ["v1"]`,
		},
		"a v1beta1 review with an object of another shape": {
			body:     []byte(`{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"` + testUID + `","operation":7}}`),
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: `the field "request.operation" is of another type`,
		},
		"another kind of the same group": {
			body:     reviewOf(t, configMapWithoutHA, func(review *admissionv1.AdmissionReview) { review.Kind = "Review" }),
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: `kind "Review"`,
		},
		"an object instead of a review": {
			body: []byte(configMapWithoutHA), wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: `kind "ConfigMap"`, withoutUID: true,
		},
		"a review without request": {
			body:     []byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`),
			wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "has no request", withoutUID: true,
		},
		"text instead of a review": {
			body: []byte("hello\n"), wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "not JSON from byte 1", withoutUID: true,
		},
		"a list instead of a review": {
			body: []byte("[]"), wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "of another type", withoutUID: true,
		},
		"bytes that are no text": {
			body: []byte{0xff, 0xfe, 0x00, 0x80}, wantCode: 400, wantReason: metav1.StatusReasonBadRequest, wantWords: "not JSON from byte 1", withoutUID: true,
		},
		"a content type that is not JSON": {
			body: whole, modify: contentType("application/yaml"),
			wantCode: 415, wantReason: metav1.StatusReasonUnsupportedMediaType, wantWords: `"application/yaml"`,
		},
		"no content type": {
			body: whole, modify: contentType(""), wantCode: 415, wantReason: metav1.StatusReasonUnsupportedMediaType, wantWords: "application/json",
		},
		"GET": {
			modify:   func(r *http.Request) { r.Method = http.MethodGet },
			wantCode: 405, wantReason: metav1.StatusReasonMethodNotAllowed, wantWords: "POST", withoutUID: true,
		},
		"PUT": {
			body: whole, modify: func(r *http.Request) { r.Method = http.MethodPut },
			wantCode: 405, wantReason: metav1.StatusReasonMethodNotAllowed, wantWords: "POST",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			for _, path := range paths {
				handlers, _, _ := newHandlers(t)
				modify := tc.modify
				if modify == nil {
					modify = func(*http.Request) {}
				}
				code, answer := post(handlers[path], tc.body, modify)
				if code != tc.wantCode {
					t.Errorf("%s: HTTP status: got %d, want %d", path, code, tc.wantCode)
				}
				response := responseIn(t, answer)
				wantUID := testUID
				if tc.withoutUID {
					wantUID = ""
				}
				if string(response.UID) != wantUID {
					t.Errorf("%s: UID: got %q, want %q", path, response.UID, wantUID)
				}
				if response.Allowed || response.Result == nil {
					t.Fatalf("%s: allowed, or without a status: %s", path, answer)
				}
				if int(response.Result.Code) != tc.wantCode || response.Result.Reason != tc.wantReason || response.Result.Status != metav1.StatusFailure {
					t.Errorf("%s: status: got %v", path, response.Result)
				}
				if !strings.Contains(response.Result.Message, tc.wantWords) {
					t.Errorf("%s: message: got %q, want it to say %q", path, response.Result.Message, tc.wantWords)
				}
				expectUsable(t, handlers)
			}
		})
	}
}

// Reviews that are well formed around objects that are not.
func TestObjectsThatMakeNoSenseGetAnAnswerWithTheirUID(t *testing.T) {
	junk := make([]string, 10_000)
	for i := range junk {
		junk[i] = fmt.Sprintf(`{"name":"c%d","image":"%s","command":["sh","-c","%s"],"args":[""],"env":[{"name":"A"}]}`, i, strings.Repeat("i", 50), strings.Repeat("x ", 50))
	}
	update := func(review *admissionv1.AdmissionReview) {
		review.Request.Operation = admissionv1.Update
		review.Request.OldObject = review.Request.Object
	}
	none := func(review *admissionv1.AdmissionReview) { review.Request.Object.Raw = nil }
	for sentence, tc := range map[string]struct {
		body []byte
		// want is the HTTP status at each path, by default 200 everywhere.
		want map[string]int
	}{
		"a review without object": {
			body: reviewOf(t, configMapWithoutHA, none), want: map[string]int{PathValidate: 400, PathMutate: 400, PathMutateHAConfigMaps: 400},
		},
		"a Deployment's review without object": {
			body: reviewOf(t, jobManagerDeployment, none, deployment), want: map[string]int{PathValidate: 400, PathMutate: 400},
		},
		"an object that is a list": {
			body: reviewOf(t, `[1,2,3]`), want: map[string]int{PathValidate: 400, PathMutate: 400, PathMutateHAConfigMaps: 400},
		},
		"a data map that is a number": {
			body: reviewOf(t, `{"metadata":{"name":"x"},"data":7}`), want: map[string]int{PathValidate: 400, PathMutate: 400, PathMutateHAConfigMaps: 400},
		},
		"a Deployment with ten thousand containers": {
			body: reviewOf(t, `{"metadata":{"name":"d"},"spec":{"template":{"spec":{"containers":[`+strings.Join(junk, ",")+`]}}}}`, deployment),
		},
		"binaryData instead of data": {
			body: reviewOf(t, `{"metadata":{"name":"flink-config"},"binaryData":{"config.yaml":"am9ibWFuYWdlcjoKICBycGM6IHt9Cg=="}}`),
		},
		"bytes in a value that are no text": {
			body: reviewOf(t, "{\"metadata\":{\"name\":\"c\"},\"data\":{\"flink-conf.yaml\":\"jobmanager.rpc.address: \xff\xfe\"}}"),
		},
		"a ConfigMap of one mebibyte, created": {
			body: reviewOf(t, configMapOf("config.yaml", "jobmanager.rpc.address: jm\n"+strings.Repeat("# <&>\n", 1<<20/6))),
		},
		"a ConfigMap of one mebibyte, updated": {
			body: reviewOf(t, configMapOf("flink-conf.yaml", "high-availability.type: kubernetes\n"+strings.Repeat("a: b\n", 1<<20/5)), update),
		},
		"a kind that nobody knows": {
			body: reviewOf(t, `{"kind":"Gadget"}`, func(review *admissionv1.AdmissionReview) {
				review.Request.Kind = metav1.GroupVersionKind{Group: "example.com", Version: "v1", Kind: "Gadget"}
				review.Request.Resource = metav1.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "gadgets"}
			}),
		},
		"an operation that nobody knows": {
			body: reviewOf(t, configMapWithoutHA, func(review *admissionv1.AdmissionReview) { review.Request.Operation = "FROB" }),
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			for _, path := range paths {
				handlers, _, _ := newHandlers(t)
				code, answer := post(handlers[path], tc.body)
				want, ok := tc.want[path]
				if !ok {
					want = http.StatusOK
				}
				if code != want {
					t.Errorf("%s: HTTP status: got %d, want %d: %s", path, code, want, answer)
				}
				if response := responseIn(t, answer); response.UID != testUID {
					t.Errorf("%s: UID: got %q", path, response.UID)
				}
				expectUsable(t, handlers)
			}
		})
	}
}

// expectUsable checks that a server goes on after whatever came before.
func expectUsable(t *testing.T, handlers map[string]*Handler) {
	t.Helper()
	code, answer := post(handlers[PathValidate], reviewOf(t, configMapWithHA))
	if response := responseIn(t, answer); code != http.StatusOK || !response.Allowed {
		t.Errorf("the next review is not answered as usual: %d %s", code, answer)
	}
}

func TestContentTypeMayCarryParameters(t *testing.T) {
	handlers, _, _ := newHandlers(t)
	code, _ := post(handlers[PathValidate], reviewOf(t, configMapWithHA), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	})
	if code != http.StatusOK {
		t.Errorf("HTTP status: got %d, want 200", code)
	}
}

// A ConfigMap of one mebibyte of what JSON spells with six bytes, twice: the largest review of a legal ConfigMap's data.
func TestTheLargestLegalReviewIsAnswered(t *testing.T) {
	body := reviewOf(t, configMapOf("notes.txt", strings.Repeat("<", 1<<20)), func(review *admissionv1.AdmissionReview) {
		review.Request.Operation = admissionv1.Update
		review.Request.OldObject = review.Request.Object
	})
	if len(body) < 12<<20 {
		t.Fatalf("the body has %d bytes, fewer than it was made for", len(body))
	}
	handlers, _, _ := newHandlers(t)
	code, answer := post(handlers[PathValidate], body)
	if response := responseIn(t, answer); code != http.StatusOK || !response.Allowed {
		t.Errorf("got %d %s", code, answer)
	}
}

func TestMethodNotAllowedNamesTheMethodThatIs(t *testing.T) {
	handlers, _, _ := newHandlers(t)
	recorder := record(handlers[PathValidate], http.MethodGet, nil)
	if got := recorder.Header().Get("Allow"); got != http.MethodPost {
		t.Errorf("Allow: got %q, want POST", got)
	}
	if got := recorder.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type: got %q", got)
	}
	if !json.Valid(recorder.Body.Bytes()) {
		t.Errorf("the body is no JSON: %s", recorder.Body)
	}
}
