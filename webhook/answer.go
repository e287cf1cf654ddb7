package webhook

import (
	"encoding/json"
	"net/http"
	"strconv"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// answer is a response with the HTTP status under which it goes out.
type answer struct {
	code     int
	response admissionv1.AdmissionResponse
}

// failed is the answer to a request about which no verdict is possible.
func failed(uid types.UID, code int32, reason metav1.StatusReason, message string) answer {
	return answer{
		code: int(code),
		response: admissionv1.AdmissionResponse{
			UID:    uid,
			Result: &metav1.Status{Status: metav1.StatusFailure, Code: code, Reason: reason, Message: message},
		},
	}
}

// write sends the answer. That the other side has gone away is not worth a word: the API server has its own deadline.
func (a answer) write(w http.ResponseWriter) {
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"},
		Response: &a.response,
	})
	if err != nil { // strings, numbers and bytes always marshal
		http.Error(w, "the answer could not be written as JSON", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.code)
	_, _ = w.Write(body)
}
