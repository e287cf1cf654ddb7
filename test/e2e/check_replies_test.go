package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/check/report"
	"github.com/flink-ha/flink-ha-webhook/mutation"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// reply is what somebody is told about an object, by the API server or by check.
type reply struct {
	// Denied are rule, field and message of what it is refused for; Refused is true also where no rule does it.
	Denied  []string
	Refused bool
	// Warned are the warnings of rules, and Notes all others.
	Warned, Notes []string
	// Edited is what the guard may have changed, nil for an object that is refused: nobody sees it then.
	Edited map[string]any
}

// maxWarning is how long a warning may be.
const maxWarning = 256

// tells asks the API server about an object, without making it. ok is false where the API server takes it for no object of its kind:
// then nobody asks the guard.
func (s *suite) tells(t *testing.T, judged *unstructured.Unstructured) (told reply, ok bool) {
	t.Helper()
	config := s.RESTConfig()
	kept := &recorder{}
	config.WarningHandler = kept
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	how := metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}, FieldValidation: metav1.FieldValidationIgnore}
	made, err := objects(client, judged).Create(t.Context(), judged, how)
	for _, warning := range kept.take() {
		if strings.HasPrefix(warning, "[") {
			told.Warned = append(told.Warned, warning)
		} else {
			told.Notes = append(told.Notes, warning)
		}
	}
	if err == nil {
		told.Edited = guardedFields(made)
		return told, true
	}
	status, isStatus := errors.AsType[*apierrors.StatusError](err)
	switch {
	case !isStatus || apierrors.IsInvalid(err) || apierrors.IsBadRequest(err):
		t.Logf("not judged: %v", err)
		return reply{}, false
	case !apierrors.IsForbidden(err):
		t.Fatalf("got %v, want an answer of the guard", err)
	}
	told.Refused = true
	for _, cause := range status.ErrStatus.Details.Causes {
		told.Denied = append(told.Denied, string(cause.Type)+" at "+cause.Field+": "+cause.Message)
	}
	return told, true
}

// checkReport is what is read of the report of check.
type checkReport struct {
	Summary struct{ Objects, Deny, Warn, Allow, Skip int }
	Objects []checkedObject
}

type checkedObject struct {
	File, Kind, Namespace, Name, Verdict, Refusal string
	Findings                                      []struct{ Rule, Level, Action, Message, Path string }
	Edits                                         []mutation.Operation
	Notes, Unknown                                []string
}

// about is what a report has about the object in a file.
func (r checkReport) about(file string) checkedObject {
	for _, object := range r.Objects {
		if object.File == file {
			return object
		}
	}
	return checkedObject{Verdict: "skip"}
}

// rules that found something, in order.
func (o checkedObject) rules() []string {
	var rules []string
	for _, finding := range o.Findings {
		rules = append(rules, finding.Rule+" "+finding.Action)
	}
	return rules
}

// check runs "flink-ha-webhook check …" with a kubeconfig, and returns its streams and its exit code.
func (s *suite) check(t *testing.T, kubeconfig string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(s.Dir(), "flink-ha-webhook"), append([]string{"check"}, arguments...)...)
	cmd.Env = []string{"HOME=" + s.Dir(), "KUBECONFIG=" + kubeconfig}
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), problems.String(), cmd.ProcessState.ExitCode()
}

// checks returns the report about some files or a cluster.
func (s *suite) checks(t *testing.T, arguments ...string) checkReport {
	t.Helper()
	stdout, stderr, code := s.check(t, s.Kubeconfig, append([]string{"-o", "json"}, arguments...)...)
	var report checkReport
	if err := json.Unmarshal([]byte(stdout), &report); err != nil || stderr != "" || code != min(report.Summary.Deny, 1) {
		t.Fatalf("got %v, exit code %d, %s", err, code, stderr)
	}
	return report
}

// within runs check in this process, which takes a tenth of the time of the command, on files and what a cluster has, which may be nil.
func (s scene) within(t *testing.T, live check.Live, files ...string) checkReport {
	t.Helper()
	preset := policy.Default()
	found, err := check.Run(t.Context(), manifest.Find(files), nil, check.Options{Policy: &preset, Now: time.Now(), Namespace: s.namespace, Live: live})
	if err != nil || len(found.Problems) > 0 {
		t.Fatal(err, found.Problems)
	}
	var text bytes.Buffer
	if err := report.JSON(&text, found, report.Options{}); err != nil {
		t.Fatal(err)
	}
	var read checkReport
	if err := json.Unmarshal(text.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// withoutAccounts leaves out what depends on service accounts and their rights.
func (r reply) withoutAccounts() reply {
	ofAccounts := func(text string) bool {
		for _, rule := range []string{"service-account-default", "service-account-missing", "jobmanager-rights-missing", "taskmanager-rights-missing"} {
			if strings.HasPrefix(strings.TrimPrefix(text, "["), rule) {
				return true
			}
		}
		return false
	}
	byOthers := r.Refused && len(r.Denied) == 0
	r.Denied = slices.DeleteFunc(slices.Clone(r.Denied), ofAccounts)
	r.Warned = slices.DeleteFunc(slices.Clone(r.Warned), ofAccounts)
	r.Refused = byOthers || len(r.Denied) > 0
	r.Edited = maps.Clone(r.Edited)
	delete(r.Edited, "spec.template.spec.serviceAccountName")
	return r
}

// reply is what check says about an object, in the words of the API server.
func (o checkedObject) reply(t *testing.T, posted *unstructured.Unstructured) reply {
	t.Helper()
	told := reply{Refused: o.Verdict == "deny", Notes: o.Notes}
	for _, level := range []string{"baseline", "strict"} {
		for _, finding := range o.Findings {
			switch {
			case finding.Action == "warn" && finding.Level == level:
				told.Warned = append(told.Warned, "["+finding.Rule+"] "+finding.Message)
			case finding.Action == "deny" && level == "baseline":
				told.Denied = append(told.Denied, finding.Rule+" at "+finding.Path+": "+finding.Message)
			}
		}
	}
	if told.Refused {
		return told
	}
	before, err := posted.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	after, err := admission.Apply([]mutation.Edit{{Operations: o.Edits}}, before)
	if err != nil {
		t.Fatal(err)
	}
	edited := &unstructured.Unstructured{}
	if err := edited.UnmarshalJSON(after); err != nil {
		t.Fatal(err)
	}
	told.Edited = guardedFields(edited)
	return told
}

// shortened has warnings as the API server passes them on: one that is too long only by its rule, since it is put differently, and
// none with the manifest that it may have.
func shortened(warnings []string) []string {
	var short []string
	for _, warning := range warnings {
		sentence, _, _ := strings.Cut(warning, ":\n")
		if len(sentence) > maxWarning {
			sentence, _, _ = strings.Cut(warning, "]")
		}
		short = append(short, sentence)
	}
	return short
}

// asShort cuts warnings to those forms that others have.
func asShort(warnings, forms []string) []string {
	cut := slices.Clone(warnings)
	for i := range min(len(cut), len(forms)) {
		if strings.HasPrefix(cut[i], forms[i]+"]") && !strings.Contains(forms[i], "]") {
			cut[i] = forms[i]
		}
	}
	return cut
}

// guardedFields are those that the guard may change, and the API server leaves alone.
func guardedFields(object *unstructured.Unstructured) map[string]any {
	found := map[string]any{}
	// Labels are not among them: the API server gives some to Jobs and Namespaces.
	paths := []string{"metadata.ownerReferences", "metadata.annotations", "data", "spec.template.spec.serviceAccountName", "spec.template.metadata.annotations"}
	if object.GroupVersionKind().Group == "flink.apache.org" {
		paths = append(paths, "spec")
	}
	for _, path := range paths {
		if value, ok, err := unstructured.NestedFieldNoCopy(object.Object, strings.Split(path, ".")...); err == nil && ok {
			found[path] = value
		}
	}
	return found
}
