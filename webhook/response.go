package webhook

import (
	"net/http"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// Keys of the audit annotations. The API server puts the webhook's name and a slash before them, so they hold none.
const (
	annotationDecision  = "decision"
	annotationRules     = "rules"
	annotationWouldDeny = "would-deny"
	annotationExempt    = "exempt"
	// annotationOthers names what the requester is only told of as "another cluster".
	annotationOthers = "other-clusters"
	// annotationOwners says what became of the owner references of an HA ConfigMap, annotationDeleter in what capacity one is deleted.
	annotationOwners  = "owner-references"
	annotationDeleter = "deleter"
)

// respond puts a decision, and the patch that carries out its edits, into the words of an AdmissionResponse.
func respond(request *admissionv1.AdmissionRequest, decision admission.Decision, patch []byte) admissionv1.AdmissionResponse {
	response := admissionv1.AdmissionResponse{UID: request.UID, Allowed: true}
	if !decision.Recognized {
		return response
	}
	if decision.Verdict() == admission.VerdictDeny {
		response.Allowed = false
		response.Result = denial(request, decision)
	}
	if len(patch) > 0 {
		patchType := admissionv1.PatchTypeJSONPatch
		response.Patch, response.PatchType = patch, &patchType
	}
	response.AuditAnnotations = auditAnnotations(decision)
	response.Warnings = decision.Warnings()
	return response
}

// denial is a 403 with everything that is wrong, in the message for people and in the causes for machines. A 422 would
// make the force modes of kubectl and of GitOps tools delete the live object and create it anew.
func denial(request *admissionv1.AdmissionRequest, decision admission.Decision) *metav1.Status {
	details := &metav1.StatusDetails{Name: decision.Name, Group: request.Kind.Group, Kind: request.Kind.Kind}
	for _, finding := range decision.Denied() {
		details.Causes = append(details.Causes, metav1.StatusCause{
			Type:    metav1.CauseType(finding.Rule),
			Message: finding.Message(),
			Field:   finding.Position.Path,
		})
	}
	return &metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusForbidden,
		Reason:  metav1.StatusReasonForbidden,
		Message: decision.Message(),
		Details: details,
	}
}

func auditAnnotations(decision admission.Decision) map[string]string {
	annotations := map[string]string{annotationDecision: string(decision.Verdict())}
	if rules := decision.Rules(); len(rules) > 0 {
		annotations[annotationRules] = strings.Join(rules, ",")
	}
	if rules := decision.Spared(); len(rules) > 0 {
		annotations[annotationWouldDeny] = strings.Join(rules, ",")
	}
	if reasons := decision.Exempted(); len(reasons) > 0 {
		annotations[annotationExempt] = strings.Join(reasons, ",")
	}
	if others := decision.Others(); len(others) > 0 {
		annotations[annotationOthers] = strings.Join(others, ",")
	}
	if state := decision.HAState; state != nil && state.Outcome != "" {
		annotations[annotationOwners] = string(state.Outcome)
	} else if state != nil && state.Deleter != "" {
		annotations[annotationDeleter] = string(state.Deleter)
	}
	return annotations
}
