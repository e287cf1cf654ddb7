package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	corev1 "k8s.io/api/core/v1"
)

// auditLog is the API server's log of writes to ConfigMaps in the cluster's namespace.
type auditLog struct{ folder string }

func newAuditLog() (auditLog, error) {
	dir, err := os.MkdirTemp("", "record-flink-")
	if err != nil {
		return auditLog{}, err
	}
	policy := `
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
- level: RequestResponse
  users: ["system:serviceaccount:` + namespace + ":" + account + `"]
  verbs: [create, update, patch, delete, deletecollection]
  resources: [{resources: [configmaps]}]
- level: None
`
	log := auditLog{dir}
	return log, os.WriteFile(log.path("policy.yaml"), []byte(policy), 0o600)
}

func (l auditLog) path(name string) string { return filepath.Join(l.folder, name) }

func (l auditLog) flags() []string {
	return []string{"--audit-policy-file=" + l.path("policy.yaml"), "--audit-log-path=" + l.path("audit.log"), "--audit-log-maxsize=10000"}
}

func (l auditLog) remove() error { return os.RemoveAll(l.folder) }

// event is what is read of an entry.
type event struct {
	Verb           string
	RequestURI     string
	User           struct{ Username string }
	ObjectRef      struct{ Name string }
	ResponseStatus struct{ Code int }
	// ResponseObject is the object after the write; of a deletion nothing that helps, of a deletion of many all of them.
	ResponseObject json.RawMessage
}

// writes are all that were accepted, each with the object before it.
func (l auditLog) writes() ([]write, error) {
	text, err := os.ReadFile(l.path("audit.log"))
	if err != nil {
		return nil, err
	}
	var all []write
	there := map[string]*corev1.ConfigMap{}
	for line := range bytes.Lines(text) {
		var event event
		if err := json.Unmarshal(line, &event); err != nil {
			return nil, fmt.Errorf("reading the audit log: %w", err)
		}
		if event.ResponseStatus.Code >= 300 {
			continue
		}
		written, err := event.writes(there)
		if err != nil {
			return nil, fmt.Errorf("reading the audit log: %s of %s: %w", event.Verb, event.ObjectRef.Name, err)
		}
		all = append(all, written...)
	}
	return all, nil
}

// writes are one, or one for each object that a deletion of many has deleted; there are the objects before, and is brought up to date.
func (e event) writes(there map[string]*corev1.ConfigMap) ([]write, error) {
	switch e.Verb {
	case "deletecollection":
		var list corev1.ConfigMapList
		if err := json.Unmarshal(e.ResponseObject, &list); err != nil {
			return nil, err
		}
		var all []write
		for _, item := range list.Items {
			all = append(all, e.write("DELETE", nil, there[item.Name]))
			delete(there, item.Name)
		}
		return all, nil
	case "delete":
		defer delete(there, e.ObjectRef.Name)
		return []write{e.write("DELETE", nil, there[e.ObjectRef.Name])}, nil
	}
	object := &corev1.ConfigMap{}
	if err := json.Unmarshal(e.ResponseObject, object); err != nil {
		return nil, err
	}
	object.ManagedFields = nil
	before := there[object.Name]
	there[object.Name] = object
	if e.Verb == "create" {
		return []write{e.write("CREATE", object, nil)}, nil
	}
	return []write{e.write("UPDATE", object, before)}, nil
}

func (e event) write(operation string, object, oldObject *corev1.ConfigMap) write {
	written := write{Operation: operation, Verb: e.Verb, User: e.User.Username, Changes: changes(oldObject, object), Object: object, OldObject: oldObject}
	if request, err := url.ParseRequestURI(e.RequestURI); err == nil {
		written.Manager = request.Query().Get("fieldManager")
	}
	return written
}
