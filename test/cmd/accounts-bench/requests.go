package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// requestLog is the API server's audit log of the guard's requests.
type requestLog struct {
	folder string
	read   int // how much of it has been counted
}

func newRequestLog() (*requestLog, error) {
	folder, err := os.MkdirTemp("", "flink-ha-audit-")
	if err != nil {
		return nil, err
	}
	log := &requestLog{folder: folder}
	policy := fmt.Sprintf(`
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- {level: Metadata, users: ["system:serviceaccount:%s:%s"]}
- {level: None}
`, bench.Namespace, bench.ServiceAccount)
	return log, os.WriteFile(log.path("policy.yaml"), []byte(policy), 0o600)
}

func (l *requestLog) path(name string) string { return filepath.Join(l.folder, name) }

func (l *requestLog) flags() []string {
	return []string{"--audit-policy-file=" + l.path("policy.yaml"), "--audit-log-path=" + l.path("audit.log"), "--audit-log-maxsize=10000"}
}

func (l *requestLog) remove() { _ = os.RemoveAll(l.folder) }

// take counts the requests since it was last asked, by verb, kind and answer. The renewals of the leader's lease go on anyway and
// are left out.
func (l *requestLog) take() (map[string]int, error) {
	text, err := os.ReadFile(l.path("audit.log"))
	if err != nil {
		return nil, fmt.Errorf("reading the audit log: %w", err)
	}
	fresh := text[l.read:]
	fresh = fresh[:bytes.LastIndexByte(fresh, '\n')+1]
	l.read += len(fresh)
	counts := map[string]int{}
	for line := range bytes.Lines(fresh) {
		var event struct {
			Verb           string
			ObjectRef      struct{ Resource, Subresource string }
			ResponseStatus struct{ Code int }
		}
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, fmt.Errorf("reading the audit log: %w", err)
		}
		if event.ObjectRef.Resource == "leases" || event.ObjectRef.Resource == "" {
			continue
		}
		what := event.Verb + " " + event.ObjectRef.Resource
		if event.ResponseStatus.Code >= 300 {
			what += fmt.Sprintf(" (%d)", event.ResponseStatus.Code)
		}
		counts[what]++
	}
	return counts, nil
}
