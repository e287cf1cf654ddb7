package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forbidden is a policy that may not be read.
const forbidden = "forbidden"

func refuse(w http.ResponseWriter, code int, reason string) {
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"it is %[1]s","reason":%[1]q,"code":%[2]d}`, reason, code)
}

// smallCluster is an API server with one ConfigMap that would be refused and one that a file may be judged with, and nothing else.
// policy is the answer to who asks for the guard's; "" for a cluster without the guard.
func smallCluster(t *testing.T, policy string) (kubeconfig string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			t.Errorf("check asked for %s %s, want nothing written", r.Method, r.URL)
		}
		w.Header().Set("Content-Type", "application/json")
		items := ""
		switch r.URL.Path {
		case "/api/v1/configmaps":
			items = `{"metadata":{"name":"wrong","namespace":"team"},"data":{"flink-conf.yaml":"jobmanager.rpc.address: jm\njobmanager.memory.process.size: 1600m\n"}}`
		case "/api/v1/namespaces":
			items = `{"metadata":{"name":"team","labels":{"flink-ha.dev/enforce":"baseline"}}},{"metadata":{"name":"strict","labels":{"flink-ha.dev/enforce":"strict"}}}`
		case "/apis/flink.apache.org/v1beta1":
			refuse(w, http.StatusNotFound, "NotFound")
			return
		case "/api/v1/namespaces/flink-ha-system/configmaps/flink-ha-webhook-policy":
			switch policy {
			case "":
				refuse(w, http.StatusNotFound, "NotFound")
			case forbidden:
				refuse(w, http.StatusForbidden, "Forbidden")
			default:
				_, _ = fmt.Fprintf(w, `{"metadata":{},"data":{"policy.yaml":%q}}`, policy)
			}
			return
		}
		_, _ = io.WriteString(w, `{"metadata":{"resourceVersion":"1"},"items":[`+items+`]}`)
	}))
	t.Cleanup(server.Close)
	kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: here,
clusters: [{name: c, cluster: {server: %q}}],
contexts: [{name: here, context: {cluster: c, namespace: strict}}, {name: there, context: {cluster: c, namespace: team}}]}`, server.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return kubeconfig
}

func TestCheckWithAClusterAndNoFilesJudgesWhatIsThere(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"check", "--cluster", "--kubeconfig", smallCluster(t, "")}, &stdout, &stderr)
	if code != 1 || !strings.Contains(stdout.String(), "wrong") || !strings.Contains(stdout.String(), "high-availability-off") {
		t.Errorf("got %d, want the live ConfigMap refused\n%s%s", code, &stdout, &stderr)
	}
}

// TestCheckTakesTheNamespaceOfTheContext of which the labels are known from the cluster.
func TestCheckTakesTheNamespaceOfTheContext(t *testing.T) {
	file, kubeconfig := filepath.Join(t.TempDir(), "file.yaml"), smallCluster(t, "")
	const strictOnly = `{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {flink-conf.yaml: "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha\nkubernetes.cluster-id: a\n"}}`
	if err := os.WriteFile(file, []byte(strictOnly), 0o600); err != nil {
		t.Fatal(err)
	}
	for arguments, want := range map[string]struct {
		namespace string
		code      int
	}{"": {"strict", 1}, "--context=there": {"team", 0}, "--namespace=team": {"team", 0}} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"check", "-o", "json", "--cluster", "--kubeconfig", kubeconfig, file}, strings.Fields(arguments)...), &stdout, &stderr)
		if code != want.code || !strings.Contains(stdout.String(), `"namespace": "`+want.namespace+`"`) || strings.Contains(stdout.String(), "wrong") {
			t.Errorf("%s: got %d, want %d in namespace %s\n%s%s", arguments, code, want.code, want.namespace, &stdout, &stderr)
		}
	}
}

func TestCheckSaysWhichClusterItLooksFor(t *testing.T) {
	for _, arguments := range []string{"--kubeconfig=no-such-file", "--context=no-such-context"} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), []string{"check", "--cluster", "--kubeconfig", smallCluster(t, ""), arguments}, &stdout, &stderr)
		if code != 2 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "error: finding the cluster: ") || !strings.Contains(stderr.String(), "no-such-") {
			t.Errorf("%s: got %d, %s%s", arguments, code, &stdout, &stderr)
		}
	}
}

// TestCheckJudgesByThePolicyOfTheCluster as admission there does.
func TestCheckJudgesByThePolicyOfTheCluster(t *testing.T) {
	const head = "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\n"
	strict := filepath.Join(t.TempDir(), "policy.yaml")
	if err := os.WriteFile(strict, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	off := head + "rules: {high-availability-off: {level: 'off', reason: a test}}\n"
	for name, tc := range map[string]struct {
		policy, flag string
		code         int
		stderr       string
	}{
		"a cluster without the guard":     {"", "", 1, ""},
		"a policy that says otherwise":    {off, "", 0, ""},
		"another one that is named":       {off, "--policy=" + strict, 1, ""},
		"one that may not be read":        {forbidden, "", 1, "warning: policy.yaml of the ConfigMap flink-ha-system/flink-ha-webhook-policy could not be read, "},
		"one that is named in its stead":  {forbidden, "--policy=" + strict, 1, ""},
		"one that is not right":           {head + "rule: {}\n", "", 2, "error: reading policy.yaml of the ConfigMap flink-ha-system/flink-ha-webhook-policy in the cluster: "},
		"one that is not right, replaced": {head + "rule: {}\n", "--policy=" + strict, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"check", "--cluster", "--kubeconfig", smallCluster(t, tc.policy)}, strings.Fields(tc.flag)...), &stdout, &stderr)
			if code != tc.code || !strings.HasPrefix(stderr.String(), tc.stderr) || (tc.stderr == "") != (stderr.Len() == 0) {
				t.Errorf("got %d, want %d and to be told %q\n%s%s", code, tc.code, tc.stderr, &stdout, &stderr)
			}
		})
	}
}
