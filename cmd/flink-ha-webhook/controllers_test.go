package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// kubeconfigOf writes a kubeconfig for a server.
func kubeconfigOf(t *testing.T, server string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{name: c, cluster: {server: %q}}]\ncontexts: [{name: c, context: {cluster: c}}]\n", server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestServeWaitsForTheAPIServer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close() // its port answers nobody any more
	p := start(t, onFreePorts("--kubeconfig="+kubeconfigOf(t, server.URL))...)
	eventually(t, "the log says what is waited for", func() bool { return len(p.logged("waiting for the API server, which cannot be reached")) > 1 })
	if status, body := p.readyz(); status != http.StatusServiceUnavailable || !strings.Contains(body, "[-]start failed") {
		t.Errorf("/readyz: got %d %s", status, body)
	}
	if status, body := get(t, "http://"+p.address("health")+"/healthz"); status != http.StatusOK {
		t.Errorf("/healthz: got %d %s", status, body)
	}
	if status, body := get(t, "http://"+p.address("health")+"/readyz/start"); status != http.StatusServiceUnavailable || !strings.Contains(body, "waiting for the API server") {
		t.Errorf("/readyz/start: got %d %s", status, body)
	}
	p.signal(t, syscall.SIGTERM)
	if code := p.wait(t); code != offline.ExitOK {
		t.Errorf("exit code: got %d, want %d", code, offline.ExitOK)
	}
}

func TestServeEndsWhereTheAPIServerDoesNotKnowIt(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable) // it is starting
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	p := start(t, onFreePorts("--kubeconfig="+kubeconfigOf(t, server.URL))...)
	if code := p.wait(t); code != offline.ExitUnanswered {
		t.Errorf("exit code: got %d, want %d", code, offline.ExitUnanswered)
	}
	if !strings.Contains(p.output(), "error: asking the API server "+server.URL+" for its version: ") {
		t.Errorf("got %s", p.output())
	}
}
