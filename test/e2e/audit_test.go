package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// auditPolicy has the API server note every write that the guard may be asked about, without the objects.
const auditPolicy = `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- level: Metadata
  verbs: [create, update, patch, delete]
  resources:
  - {group: "", resources: [configmaps, namespaces]}
  - {group: apps, resources: [deployments, statefulsets, deployments/scale, statefulsets/scale]}
  - {group: batch, resources: [jobs]}
  - {group: flink.apache.org}
- level: None
`

// auditLog is where the API server notes what the guard says for the record.
type auditLog struct{ folder string }

func newAuditLog() (*auditLog, error) {
	folder, err := os.MkdirTemp("", "flink-ha-audit-")
	if err != nil {
		return nil, err
	}
	log := &auditLog{folder: folder}
	return log, os.WriteFile(log.path("policy.yaml"), []byte(auditPolicy), 0o600)
}

func (l *auditLog) path(name string) string { return filepath.Join(l.folder, name) }

func (l *auditLog) flags() []string {
	return []string{"--audit-policy-file=" + l.path("policy.yaml"), "--audit-log-path=" + l.path("audit.log")}
}

func (l *auditLog) remove() { _ = os.RemoveAll(l.folder) }

// auditEvent is what is read of an event (audit.k8s.io/v1).
type auditEvent struct {
	Verb        string
	Annotations map[string]string
	ObjectRef   struct{ Namespace, Name, Resource, Subresource string }
}

// audited waits for what the guard has noted about an object, last if several times, as "<webhook>/<key>".
func (s *suite) audited(t *testing.T, namespace, name string) map[string]string {
	t.Helper()
	var found map[string]string
	eventually(t, "the audit log to tell of "+name, func() bool {
		text, err := os.ReadFile(s.audit.path("audit.log"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			var event auditEvent
			if !bytes.Contains(line, []byte("flink-ha.dev/")) || json.Unmarshal(line, &event) != nil {
				continue
			}
			if event.ObjectRef.Namespace == namespace && event.ObjectRef.Name == name {
				found = event.Annotations
			}
		}
		return found != nil
	})
	return found
}

// TestTheAuditLogNamesTheWebhook shows where auditors find what the guard notes.
func TestTheAuditLogNamesTheWebhook(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	for name, object := range map[string]*corev1.ConfigMap{
		"refused": configMap("refused", "config.yaml", noStorage),
		"right":   configMap("right", "config.yaml", configuration(namespace)),
	} {
		_, err := configMaps.Create(t.Context(), object, metav1.CreateOptions{})
		if refused := err != nil; refused != (name == "refused") {
			t.Fatalf("%s: got %v", name, err)
		}
	}
	noted := s.audited(t, namespace, "refused")
	if noted["validate.flink-ha.dev/decision"] != "deny" || noted["validate.flink-ha.dev/rules"] == "" || noted["validate.flink-ha.dev/exempt"] != "" {
		t.Errorf("of a refusal: got %v", noted)
	}
	noted = s.audited(t, namespace, "right")
	if noted["validate.flink-ha.dev/decision"] != "allow" || noted["validate.flink-ha.dev/rules"] != "" {
		t.Errorf("of what is right: got %v", noted)
	}
}
