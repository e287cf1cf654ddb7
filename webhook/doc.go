// Package webhook is the HTTPS admission server: it turns the bytes of an AdmissionReview into a request to the core, and
// the core's decision into the answer.
package webhook
