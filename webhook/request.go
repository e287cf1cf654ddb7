package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// MaxBodyBytes bounds the body of a review. A ConfigMap holds up to 1 MiB, of which the API server's JSON spells line feeds
// and quotes with two bytes, and "<", ">", "&" and control characters with six; an UPDATE carries the object twice. So a
// legal ConfigMap makes 2 MiB easily and 12 MiB at worst, before its annotations. controller-runtime's own admission handler
// stops at 7 MiB, which is why it is not used here: a limit that a legal object can reach is an outage for its owner.
const MaxBodyBytes = 16 << 20

// readTimeout bounds how long a body may trickle in. No API server waits longer for a webhook than 30 seconds.
const readTimeout = 30 * time.Second

// maxPreallocated bounds what is allocated on the word of a Content-Length alone.
const maxPreallocated = 1 << 20

// requestError is what is wrong with a request about which no verdict is possible.
type requestError struct {
	uid     types.UID
	code    int32
	reason  metav1.StatusReason
	message string
}

// readRequest takes the request for a verdict out of an HTTP request. The body is read first, whatever else is wrong, since
// the answer must carry its UID.
func readRequest(w http.ResponseWriter, r *http.Request) (*admissionv1.AdmissionRequest, *requestError) {
	body, err := readBody(w, r)
	if fault := checkEdge(w, r, body, err); fault != nil {
		fault.uid = findUID(body)
		return nil, fault
	}
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(body, &review); err != nil {
		fault := badRequest(describeJSONError(err))
		fault.uid = findUID(body)
		return nil, fault
	}
	if fault := checkReview(&review); fault != nil {
		if review.Request != nil {
			fault.uid = review.Request.UID
		}
		return nil, fault
	}
	return review.Request, nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	// A recorder in a test has no deadlines; the servers in use have.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readTimeout))
	expected := min(max(r.ContentLength, 0), maxPreallocated)
	body := bytes.NewBuffer(make([]byte, 0, expected+bytes.MinRead))
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBodyBytes))
	return body.Bytes(), err
}

// checkEdge checks what HTTP says of a request: method, size, type.
func checkEdge(w http.ResponseWriter, r *http.Request, body []byte, readError error) *requestError {
	var tooLarge *http.MaxBytesError
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		return &requestError{
			code: http.StatusMethodNotAllowed, reason: metav1.StatusReasonMethodNotAllowed,
			message: fmt.Sprintf("the method is %s; reviews are sent with POST", shown(r.Method)),
		}
	case errors.As(readError, &tooLarge):
		return &requestError{
			code: http.StatusRequestEntityTooLarge, reason: metav1.StatusReasonRequestEntityTooLarge,
			message: fmt.Sprintf("the body is larger than %d MiB; no review of an object that the API server takes is", MaxBodyBytes>>20),
		}
	case readError != nil:
		return badRequest("the body could not be read to its end")
	}
	if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || mediaType != "application/json" {
		return &requestError{
			code: http.StatusUnsupportedMediaType, reason: metav1.StatusReasonUnsupportedMediaType,
			message: fmt.Sprintf("the content type is %s; reviews are sent as application/json", shown(r.Header.Get("Content-Type"))),
		}
	}
	if len(body) == 0 {
		return badRequest("the body is empty; an AdmissionReview of " + admissionv1.SchemeGroupVersion.String() + " belongs there")
	}
	return nil
}

// checkReview checks that a body is a review in the one version that is spoken here. The older v1beta1, which an API server
// sends where a webhook configuration lists it first, looks the same and has other rules for answers.
func checkReview(review *admissionv1.AdmissionReview) *requestError {
	version := admissionv1.SchemeGroupVersion.String()
	switch {
	case review.APIVersion == admissionv1.GroupName+"/v1beta1":
		return badRequest(fmt.Sprintf("the review is of version %s/v1beta1 and %s is spoken here; "+
			`fix: admissionReviewVersions: ["v1"] in the webhook configuration`, admissionv1.GroupName, version))
	case review.APIVersion != version || review.Kind != "AdmissionReview":
		return badRequest(fmt.Sprintf("the body is of apiVersion %s and kind %s; an AdmissionReview of %s belongs there",
			shown(review.APIVersion), shown(review.Kind), version))
	case review.Request == nil:
		return badRequest("the review has no request")
	}
	return nil
}

func badRequest(message string) *requestError {
	return &requestError{code: http.StatusBadRequest, reason: metav1.StatusReasonBadRequest, message: message}
}

// describeJSONError says where a body is broken without quoting it.
func describeJSONError(err error) string {
	var syntax *json.SyntaxError
	var mistyped *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("the body is not JSON from byte %d on", syntax.Offset)
	case errors.As(err, &mistyped):
		return fmt.Sprintf("the body is no AdmissionReview: the field %s is of another type", shown(mistyped.Field))
	}
	return "the body is no AdmissionReview"
}

// maxShown bounds what an answer repeats of a request that makes no sense.
const maxShown = 64

func shown(text string) string {
	if len(text) > maxShown {
		text = text[:maxShown] + "…"
	}
	return fmt.Sprintf("%q", text)
}
