package main

import (
	"errors"
	"net/http"
	"sync/atomic"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// readiness answers /readyz. It is about this replica alone: that the start is over, that it can answer, that it is not
// about to end. What all replicas share must not take all of them away at once.
type readiness struct {
	current atomic.Pointer[healthz.Handler]
}

func newReadiness() *readiness {
	r := &readiness{}
	r.waitFor("the start")
	return r
}

// waitFor is the state during the start.
func (r *readiness) waitFor(what string) { r.not("start", "waiting for "+what) }

// ready is the state after the start: whatever the checks say.
func (r *readiness) ready(checks map[string]healthz.Checker) {
	r.current.Store(&healthz.Handler{Checks: checks})
}

// end is the state before the end.
func (r *readiness) end() { r.not("stop", "the server is stopping") }

func (r *readiness) not(check, reason string) {
	r.ready(map[string]healthz.Checker{check: func(*http.Request) error { return errors.New(reason) }})
}

// ServeHTTP answers 200 or 503.
func (r *readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.current.Load().ServeHTTP(unavailable{w}, request)
}

// unavailable makes 503 of the 500 that controller-runtime's handlers write: a server that is not ready has no error.
type unavailable struct{ http.ResponseWriter }

// WriteHeader writes the status.
func (u unavailable) WriteHeader(code int) {
	if code == http.StatusInternalServerError {
		code = http.StatusServiceUnavailable
	}
	u.ResponseWriter.WriteHeader(code)
}
