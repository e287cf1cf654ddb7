package report

import (
	"encoding/json"
	"errors"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// peopleReport has one of everything that may be said.
func peopleReport() *check.Report {
	return &check.Report{
		Objects: []check.Object{refusedConfiguration(), warnedWorkload(), refusedWithoutRule(), exemptConfiguration(), fineWorkload(), skipped()},
		Problems: []error{
			&manifest.ProblemError{Place: manifest.Place{File: "./b.yaml", Line: 4, Column: 2}, Reason: "this is not YAML: 100% wrong,\nreally"},
			&manifest.ProblemError{Place: manifest.Place{File: "c.yaml"}, Reason: "permission denied"},
			errors.New("the cluster is gone"),
		},
		Left:    []check.Remark{{Place: manifest.Place{File: "templates/x.yaml"}, Text: "it is a template, not YAML; render it: helm template ."}},
		Summary: check.Summary{Objects: 18, Deny: 2, Warn: 1, Allow: 2, Skip: 13},
	}
}

func at(file string, line, column int) manifest.Place {
	return manifest.Place{File: file, Line: line, Column: column}
}

func found(rule string, action policy.Action, violation validation.Violation) admission.Judged {
	return admission.Judged{Finding: validation.Finding{Rule: rule, Violation: violation}, Action: action}
}

func refusedConfiguration() check.Object {
	quoted, local, whole := `"kubernetes"`, "file:///tmp/ha", `{"type": "kubernetes", "s3.secret-key": "hunter2"}`
	position := func(line, column int) flink.Position {
		return flink.Position{Path: `data["flink-conf.yaml"]`, Line: line, Column: column}
	}
	return check.Object{
		Place: at("deploy/b.yaml", 3, 1), APIVersion: "v1", Kind: "ConfigMap", Namespace: "team", Name: "flink-config", Verdict: admission.VerdictDeny,
		Findings: []check.Finding{
			{
				Judged: found("storage-dir-local", policy.ActionDeny, validation.Violation{
					Setting: "high-availability.storageDir", Position: position(2, 31), Found: &local, Needed: "shared storage", Remedy: "high-availability.storageDir: s3://<bucket>/<path>",
				}),
				Place: at("deploy/b.yaml", 11, 36), Line: "    high-availability.storageDir:\tfile:///tmp/ha", Caret: 35,
			},
			{
				Judged: found("high-availability-type-invalid", policy.ActionDeny, validation.Violation{
					Setting: "high-availability.type", Position: position(1, 25), Found: &quoted, Detail: "the quotes are part of the value", Remedy: "high-availability.type: kubernetes",
				}),
				Place: at("deploy/b.yaml", 10, 29), Line: `    high-availability.type: "kubernetes"`, Caret: 29,
			},
			{
				Judged: found("storage-dir-local", policy.ActionDeny, validation.Violation{Setting: "a", Position: position(9, 1), Found: &local}),
				Place:  at("deploy/b.yaml", 120, 5), Line: "    größe: \u65e5\u672c e\u0301 \x1b[31m x", Caret: 20,
			},
			{
				Judged: found("checkpoint-dir-missing", policy.ActionWarn, validation.Violation{Setting: "execution.checkpointing.dir", Position: flink.Position{Path: `data["flink-conf.yaml"]`}}),
				Place:  at("deploy/b.yaml", 12, 5), Missing: true, Line: "    parallelism.default: 4", Caret: 5,
			},
			{
				// A line that Flink takes for one option, and that somebody meant for a whole configuration.
				Judged: found("high-availability-type-invalid", policy.ActionDeny, validation.Violation{
					Setting: "high-availability", Position: position(3, 20), Found: &whole, Detail: `it ends in "s3.secret-key": "hunter2"}`, Needed: "kubernetes or zookeeper",
				}),
				Place: at("deploy/b.yaml", 12, 24),
			},
			{
				Judged: found("deprecated-key", policy.ActionAudit, validation.Violation{Setting: "recovery.mode", Position: position(4, 1), Found: &local}),
				Place:  at("deploy/b.yaml", 13, 5),
			},
		},
		Unknown: []string{"its namespace is not among the objects: --namespace-labels says what labels it has"},
	}
}

func warnedWorkload() check.Object {
	account := mutation.Edit{
		Operations: []mutation.Operation{
			{Op: "test", Path: "/spec/template/spec/serviceAccount", Value: json.RawMessage(`"default"`)},
			{Op: "add", Path: "/spec/template/spec/serviceAccountName", Value: json.RawMessage(`"flink"`)},
			{Op: "replace", Path: "/spec/template/spec/automountServiceAccountToken", Value: json.RawMessage(`true`)},
		},
		Reason: "no account is named",
	}
	return check.Object{
		Place: at("deploy/a.yaml", 1, 1), APIVersion: "apps/v1", Kind: "Deployment", Namespace: "team", Name: "jobmanager", Verdict: admission.VerdictWarn,
		Findings: []check.Finding{{
			Judged: found("jobmanager-rights-missing", policy.ActionWarn, validation.Violation{
				Position: flink.Position{Path: "spec.template.spec.serviceAccountName"}, Fault: "the account \"flink\" may not watch configmaps",
				Remedy: "these objects", Manifest: "apiVersion: v1\nkind: ServiceAccount\n",
			}),
			Place: at("deploy/a.yaml", 14, 27), Line: "      serviceAccountName: flink", Caret: 27,
		}, {
			// It is in the ConfigMap that the workload reads, in another file.
			Judged: found("cluster-id-missing", policy.ActionWarn, validation.Violation{Setting: "kubernetes.cluster-id", Position: flink.Position{Path: `configMap flink-config data["flink-conf.yaml"]`}}),
			Place:  at("deploy/b.yaml", 10, 5), Missing: true,
		}},
		Notes: []string{"the account \"flink\" does not exist yet"},
		Edits: []mutation.Edit{account, {
			Operations: []mutation.Operation{{Op: "replace", Path: "/data/flink-conf.yaml", Value: json.RawMessage(`"s3.secret-key: hunter2\n"`)}},
			Reason:     "TaskManagers need it",
		}, {
			Operations: []mutation.Operation{{Op: "add", Path: "/spec/flinkConfiguration/s3.secret-key", Value: json.RawMessage(`"hunter2"`)}, {Op: "remove", Path: "/metadata/ownerReferences"}},
			Reason:     "this is a test",
		}},
		Planned: []mutation.Edit{account},
	}
}

func refusedWithoutRule() check.Object {
	return check.Object{
		Place: at("deploy/b.yaml", 200, 1), APIVersion: "v1", Kind: "ConfigMap", Name: "flink-config", Verdict: admission.VerdictDeny,
		Refusal: "it cannot be read",
	}
}

func exemptConfiguration() check.Object {
	value := "file:///tmp/ha"
	violation := validation.Violation{Setting: "high-availability.storageDir", Position: flink.Position{Path: "data[\"\x1b[2J\"]"}, Found: &value}
	return check.Object{
		Place: at("-", 1, 1), APIVersion: "v1", Kind: "ConfigMap", Name: "odd\u202ename", Verdict: admission.VerdictAllow, Exempt: "namespace",
		Findings: []check.Finding{
			{Judged: found("storage-dir-local", policy.ActionExempt, violation), Place: at("-", 5, 3), Line: "  a: b", Caret: 3},
			{Judged: found("storage-dir-local", policy.ActionExempt, violation), Place: at("-", 6, 3), Baseline: true},
		},
	}
}

func fineWorkload() check.Object {
	return check.Object{Place: at("-", 20, 1), APIVersion: "apps/v1", Kind: "Deployment", Name: "taskmanager", Verdict: admission.VerdictAllow}
}

// liveReport is what is said of a cluster.
func liveReport() *check.Report {
	value := "file:///tmp/ha"
	object := func(namespace, name string, rules ...string) check.Object {
		made := check.Object{Place: at(check.LiveName, 0, 0), APIVersion: "v1", Kind: "ConfigMap", Namespace: namespace, Name: name, Verdict: admission.VerdictDeny}
		for _, rule := range rules {
			made.Findings = append(made.Findings, check.Finding{
				Judged: found(rule, policy.ActionDeny, validation.Violation{Setting: "a", Position: flink.Position{Path: `data["flink-conf.yaml"]`, Line: 1, Column: 4}, Found: &value}),
				Place:  at(check.LiveName, 0, 0),
			})
		}
		return made
	}
	return &check.Report{
		Objects: []check.Object{object("team-b", "two", "storage-dir-local"), object("team-a", "two", "storage-dir-local", "cluster-id-invalid"), object("team-a", "one", "storage-dir-local")},
		Left:    []check.Remark{{Place: at(check.LiveName, 0, 0), Text: "roles could not be read: forbidden"}},
		Summary: check.Summary{Objects: 3, Deny: 3},
	}
}

func skipped() check.Object {
	return check.Object{Place: at("-", 40, 1), APIVersion: "v1", Kind: "Service", Name: "jobmanager", Verdict: admission.VerdictSkip}
}
