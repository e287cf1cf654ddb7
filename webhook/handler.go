package webhook

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// Handler answers the reviews of one path. It is safe for concurrent use.
type Handler struct {
	route   Route
	log     *slog.Logger
	metrics *Metrics
}

// NewHandler returns the handler of a route.
func NewHandler(route Route, log *slog.Logger, metrics *Metrics) *Handler {
	metrics.prepare(route.Path)
	return &Handler{route: route, log: log.With("path", route.Path), metrics: metrics}
}

// ServeHTTP answers every request with an AdmissionReview that carries the request's UID as far as it can be found, also
// where the request cannot be understood or its review panics. Such an answer has an HTTP status other than 200: the API
// server then takes the call for failed and the webhook's failurePolicy decides, so that what confuses the guard is never
// refused where the guard is not essential.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer h.metrics.begin(h.route.Path)()
	h.answer(w, r).write(w)
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request) (given answer) {
	var uid types.UID
	defer func() {
		if reason := recover(); reason != nil {
			given = h.recovered(r, uid, reason)
		}
	}()
	started := time.Now()
	request, err := readRequest(w, r)
	if err != nil {
		return h.refuse(r, err)
	}
	uid = request.UID
	decision, cause := h.route.Review(request)
	if cause != nil {
		return h.refuse(r, &requestError{
			uid: uid, code: http.StatusBadRequest, reason: metav1.StatusReasonBadRequest, message: cause.Error(),
		})
	}
	patch := h.patch(request, &decision)
	h.observe(request, &decision, len(patch) > 0)
	response := respond(request, decision, patch)
	h.record(r, request, decision, len(patch) > 0, time.Since(started))
	return answer{code: http.StatusOK, response: response}
}

// refuse answers a request about which no verdict is possible.
func (h *Handler) refuse(r *http.Request, err *requestError) answer {
	h.metrics.refused(h.route.Path, err.code)
	h.log.WarnContext(r.Context(), "refused a request that is no review", "uid", err.uid, "code", err.code, "error", err.message)
	return failed(err.uid, err.code, err.reason, err.message)
}

// recovered answers a request whose review panicked. What was thrown is logged only if the runtime wrote its text: any
// other could quote the object. The stack holds addresses and no values.
func (h *Handler) recovered(r *http.Request, uid types.UID, thrown any) answer {
	text := fmt.Sprintf("a value of type %T", thrown)
	if err, ok := thrown.(runtime.Error); ok {
		text = err.Error()
	}
	h.metrics.panicked(h.route.Path)
	h.log.ErrorContext(r.Context(), "recovered from a panic", "uid", uid, "panic", text, "stack", string(debug.Stack()))
	return failed(uid, http.StatusInternalServerError, metav1.StatusReasonInternalError,
		"the review panicked, which is a bug of flink-ha-webhook; its log holds the stack beside this UID")
}

// observe tells whoever asked of a decision.
func (h *Handler) observe(request *admissionv1.AdmissionRequest, decision *admission.Decision, patched bool) {
	if h.route.OnDecided == nil || !decision.Recognized || isDryRun(request) {
		return
	}
	h.route.OnDecided(request, decision, patched)
}

func isDryRun(request *admissionv1.AdmissionRequest) bool {
	return request.DryRun != nil && *request.DryRun
}

// record counts the decision and writes its line. What is not ours is logged for debugging only: it is nearly everything
// that passes.
func (h *Handler) record(r *http.Request, request *admissionv1.AdmissionRequest, decision admission.Decision, patched bool, took time.Duration) {
	verdict := decision.Verdict()
	h.metrics.decided(h.route.Path, request.Operation, decision, verdict)
	if !isDryRun(request) {
		h.metrics.accounted(decision.Account)
		h.metrics.guarded(decision.HAState, verdict)
	}
	level := slog.LevelInfo
	if verdict == admission.VerdictSkip {
		level = slog.LevelDebug
	}
	if !h.log.Enabled(r.Context(), level) {
		return
	}
	h.log.With(haStateAttributes(decision.HAState)...).Log(r.Context(), level, "reviewed",
		"uid", request.UID,
		"operation", request.Operation,
		"kind", request.Kind.Kind,
		"namespace", request.Namespace,
		"name", decision.Name,
		"decision", verdict,
		"rules", append([]string{}, decision.Rules()...), // [] instead of null
		"patched", patched,
		"dryRun", isDryRun(request),
		"durationSeconds", took.Seconds(),
	)
}
