package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// accountField is where the pods of a Deployment name their account.
	accountField = "spec.template.spec.serviceAccountName"
	// gitOps is the field manager of a tool that applies what is in Git, again and again.
	gitOps = "--field-manager=gitops"
)

// standaloneManifest is a Deployment as it lies in Git: a JobManager with nothing to be said about it but that it names no account.
// Lines are added to its pod spec.
func standaloneManifest(namespace string, lines ...string) string {
	text := `apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
`
	for _, line := range lines {
		text += "      " + line + "\n"
	}
	text += `      containers:
      - name: main
        image: registry.example.com/flink:1.19
        env: [{name: POD_IP, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}]
        args:
        - jobmanager
        - $(POD_IP)
`
	for _, property := range properties(configuration(namespace)) {
		text += "        - -D\n        - " + property + "\n"
	}
	return text
}

// state is what GitOps tools look at: the generation, which a change of the specification moves, the account, and who manages it.
type state struct {
	generation int64
	account    string
	managers   string
}

func (s *suite) deploymentState(t *testing.T, namespace string) state {
	t.Helper()
	live, err := s.client.AppsV1().Deployments(namespace).Get(t.Context(), "orders", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return state{live.Generation, live.Spec.Template.Spec.ServiceAccountName, strings.Join(managers(t, live.ManagedFields, accountField), " ")}
}

// run runs kubectl, which must succeed, and returns what it printed.
func (s *suite) run(t *testing.T, manifest string, args ...string) string {
	t.Helper()
	output, err := s.kubectl(t, manifest, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return output
}

// prepare makes a namespace that the guard knows.
func (s *suite) prepare(t *testing.T, labels ...string) string {
	t.Helper()
	namespace := s.namespace(t, labels...)
	s.awaitNamespace(t, namespace)
	return namespace
}

// TestWhatIsAppliedAgainStaysAsItIs with every way of applying: the second time and the third change nothing, conflict with nobody,
// and show no difference. What a mutating webhook adds, nobody manages, so that no manager takes it away by not naming it. What a
// manager names it goes on managing, whatever a webhook made of its value.
func TestWhatIsAppliedAgainStaysAsItIs(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct {
		// pod is what Git says of the account.
		pod  []string
		args []string
		want state
	}{
		"server-side, no account": {
			nil, []string{"apply", "--server-side", gitOps}, state{1, "flink", ""},
		},
		"server-side, the account default": {
			[]string{"serviceAccountName: default"}, []string{"apply", "--server-side", gitOps}, state{1, "flink", "gitops"},
		},
		"server-side, with the deprecated field too": {
			[]string{"serviceAccountName: default", "serviceAccount: default"}, []string{"apply", "--server-side", gitOps}, state{1, "flink", "gitops"},
		},
		"client-side, no account": {
			nil, []string{"apply"}, state{1, "flink", ""},
		},
		"client-side, the account default": {
			[]string{"serviceAccountName: default"}, []string{"apply"}, state{1, "flink", "kubectl-client-side-apply"},
		},
		"client-side, the deprecated field": {
			[]string{"serviceAccount: default"}, []string{"apply"}, state{1, "flink", "kubectl-client-side-apply"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := s.prepare(t)
			manifest := standaloneManifest(namespace, tc.pod...)
			for range 3 {
				output := s.run(t, manifest, append(tc.args, "-n", namespace, "-f", "-")...)
				if strings.Contains(output, "Warning") {
					t.Errorf("got %q, want nothing said", output)
				}
				if got := s.deploymentState(t, namespace); got != tc.want {
					t.Errorf("got %+v, want %+v", got, tc.want)
				}
			}
			diff := []string{"diff", "-n", namespace, "-f", "-"}
			if tc.args[len(tc.args)-1] == gitOps {
				diff = append(diff, "--server-side", gitOps)
			}
			if output, err := s.kubectl(t, manifest, diff...); err != nil {
				t.Errorf("kubectl diff: %v\n%s", err, output)
			}
		})
	}
}

// TestAnotherManagerTakesNothingAway applies what one manager applied as another, and replaces it: the account stays, and the pods
// are not restarted.
func TestAnotherManagerTakesNothingAway(t *testing.T) {
	s := shared
	namespace := s.prepare(t)
	manifest := standaloneManifest(namespace)
	s.run(t, manifest, "apply", "--server-side", gitOps, "-n", namespace, "-f", "-")
	// An annotation, such as kubectl's own, moves the generation of a Deployment too; its pods do not care.
	spec := func() string {
		return s.run(t, "", "get", "deployment", "orders", "-n", namespace, "-o", "jsonpath={.spec}")
	}
	before := spec()
	for _, args := range [][]string{
		{"apply", "--server-side", "--field-manager=pipeline"},
		{"apply"},
		{"replace"},
		{"apply", "--server-side", gitOps, "--force-conflicts"},
	} {
		s.run(t, manifest, append(args, "-n", namespace, "-f", "-")...)
		if diff := cmp.Diff(before, spec()); diff != "" || !strings.Contains(before, `"serviceAccountName":"flink"`) {
			t.Errorf("after kubectl %s (-before +after):\n%s", strings.Join(args, " "), diff)
		}
	}
}

// TestAnAccountInGitWins over the one that was injected, without a conflict.
func TestAnAccountInGitWins(t *testing.T) {
	s := shared
	namespace := s.prepare(t)
	s.run(t, "", "create", "serviceaccount", "mine", "-n", namespace)
	s.run(t, standaloneManifest(namespace), "apply", "--server-side", gitOps, "-n", namespace, "-f", "-")
	named := standaloneManifest(namespace, "serviceAccountName: mine")
	for range 2 {
		s.run(t, named, "apply", "--server-side", gitOps, "-n", namespace, "-f", "-")
		if got := s.deploymentState(t, namespace); got != (state{2, "mine", "gitops"}) {
			t.Errorf("got %+v, want the account of Git", got)
		}
	}
}

// TestAnUpgradeInGitKeepsTheAccount that the manifest does not name.
func TestAnUpgradeInGitKeepsTheAccount(t *testing.T) {
	s := shared
	for name, args := range map[string][]string{
		"server-side": {"apply", "--server-side", gitOps},
		"client-side": {"apply"},
	} {
		t.Run(name, func(t *testing.T) {
			namespace := s.prepare(t)
			for generation, image := range []string{"flink:1.19", "flink:1.20", "flink:2.0"} {
				manifest := strings.Replace(standaloneManifest(namespace), "flink:1.19", image, 1)
				s.run(t, manifest, append(args, "-n", namespace, "-f", "-")...)
				if got := s.deploymentState(t, namespace); got.generation != int64(generation)+1 || got.account != "flink" {
					t.Errorf("%s: got %+v, want the account", image, got)
				}
			}
		})
	}
}
