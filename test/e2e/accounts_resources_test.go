package e2e

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// customResource is one of the operator's as it lies in Git, with the path of its account.
type customResource struct {
	resource, field, manifest string
}

// customResources are those that may name an account, and name none. A line is added to the specification of the cluster. Each
// namespace has a storage directory of its own, so that nothing is to be said about neighbours.
func customResources(namespace, line string) map[string]customResource {
	spec := func(indent string) string {
		text := strings.Replace(clusterSpec(indent, haOfOperator()...), indent+"serviceAccount: flink\n", "", 1)
		if line != "" {
			text += indent + line + "\n"
		}
		return strings.Replace(text, "s3://bucket/ha", "s3://bucket/ha/"+namespace, 1)
	}
	head := "apiVersion: flink.apache.org/v1beta1\nmetadata: {name: orders}\nkind: "
	return map[string]customResource{
		"FlinkDeployment": {
			"flinkdeployments", "spec.serviceAccount", head + "FlinkDeployment\nspec:\n" + spec("  "),
		},
		"FlinkBlueGreenDeployment": {
			"flinkbluegreendeployments", "spec.template.spec.serviceAccount",
			head + "FlinkBlueGreenDeployment\nspec:\n  template:\n    spec:\n" + spec("      "),
		},
	}
}

func (s *suite) resourceState(t *testing.T, namespace string, of customResource) state {
	t.Helper()
	client, err := dynamic.NewForConfig(s.QuietConfig())
	if err != nil {
		t.Fatal(err)
	}
	kind := schema.GroupVersionResource{Group: "flink.apache.org", Version: "v1beta1", Resource: of.resource}
	live, err := client.Resource(kind).Namespace(namespace).Get(t.Context(), "orders", getOptions())
	if err != nil {
		t.Fatal(err)
	}
	account, _, err := unstructured.NestedString(live.Object, strings.Split(of.field, ".")...)
	if err != nil {
		t.Fatal(err)
	}
	return state{live.GetGeneration(), account, strings.Join(managers(t, live.GetManagedFields(), of.field), " ")}
}

// TestACustomResourceInGitGetsAnAccount once, however often and by whom it is applied.
func TestACustomResourceInGitGetsAnAccount(t *testing.T) {
	s := shared
	for name, tc := range map[string]struct {
		line string
		args []string
		want state
	}{
		"server-side, no account":          {"", []string{"apply", "--server-side", gitOps}, state{1, "flink", ""}},
		"server-side, the account default": {"serviceAccount: default", []string{"apply", "--server-side", gitOps}, state{1, "flink", "gitops"}},
		"client-side, no account":          {"", []string{"apply"}, state{1, "flink", ""}},
		"client-side, the account default": {"serviceAccount: default", []string{"apply"}, state{1, "flink", "kubectl-client-side-apply"}},
	} {
		for kind := range customResources("", "") {
			t.Run(kind+" "+name, func(t *testing.T) {
				namespace := s.prepare(t)
				resource := customResources(namespace, tc.line)[kind]
				for range 3 {
					output := s.run(t, resource.manifest, append(tc.args, "-n", namespace, "-f", "-")...)
					if strings.Contains(output, "Warning") {
						t.Errorf("got %q, want nothing said", output)
					}
					if got := s.resourceState(t, namespace, resource); got != tc.want {
						t.Errorf("got %+v, want %+v", got, tc.want)
					}
				}
				diff := []string{"diff", "-n", namespace, "-f", "-"}
				if tc.args[len(tc.args)-1] == gitOps {
					diff = append(diff, "--server-side", gitOps)
				}
				if output, err := s.kubectl(t, resource.manifest, diff...); err != nil {
					t.Errorf("kubectl diff: %v\n%s", err, output)
				}
				s.awaitAccount(t, namespace, "flink")
			})
		}
	}
}

// TestOnlyAnUpgradeGivesAnAccount to a custom resource that ran without one: what the operator does not treat as an upgrade must
// not become one.
func TestOnlyAnUpgradeGivesAnAccount(t *testing.T) {
	s := shared
	for kind := range customResources("", "") {
		t.Run(kind, func(t *testing.T) {
			// Where nothing is enforced, nothing is edited.
			namespace := s.prepare(t, "flink-ha.dev/enforce=off")
			resource := customResources(namespace, "")[kind]
			s.run(t, resource.manifest, "apply", "-n", namespace, "-f", "-")
			if got := s.resourceState(t, namespace, resource); got.account != "" {
				t.Fatalf("got %+v, want no account where nothing is enforced", got)
			}
			s.label(t, namespace, "flink-ha.dev/enforce-")
			upgrade := strings.Replace(resource.manifest, "flink:1.20", "flink:1.20.5", 1)
			eventually(t, "the guard to know the new labels", func() bool {
				tried := s.run(t, upgrade, "apply", "-n", namespace, "-f", "-", "--dry-run=server", "-o", "yaml")
				return strings.Contains(tried, "serviceAccount: flink")
			})
			// Whoever changes what is no upgrade is told how to give the account; of metadata alone the guard is not asked.
			for what, tc := range map[string]struct {
				manifest string
				told     bool
			}{
				"an annotation":             {strings.Replace(resource.manifest, "{name: orders}", "{name: orders, annotations: {team: a}}", 1), false},
				"a nonce":                   {resource.manifest + indentOf(resource) + "restartNonce: 7\n", true},
				"an option of the operator": {strings.Replace(resource.manifest, "flinkConfiguration:\n", "flinkConfiguration:\n"+indentOf(resource)+"  kubernetes.operator.reconcile.interval: 30 s\n", 1), true},
			} {
				s.run(t, resource.manifest, "apply", "-n", namespace, "-f", "-") // without what the last case changed
				output := s.run(t, tc.manifest, "apply", "-n", namespace, "-f", "-")
				if got := s.resourceState(t, namespace, resource); got.account != "" {
					t.Errorf("%s: got %+v, want no account", what, got)
				}
				if told := strings.Contains(output, "to give them \"flink\"") && strings.Contains(output, `"serviceAccount":"flink"`); told != tc.told {
					t.Errorf("%s: got %q, want the patch to apply in it: %t", what, output, tc.told)
				}
			}
			s.run(t, upgrade, "apply", "-n", namespace, "-f", "-")
			if got := s.resourceState(t, namespace, resource); got.account != "flink" {
				t.Errorf("an upgrade: got %+v, want the account", got)
			}
		})
	}
}

// indentOf is where the fields of the specification of a cluster stand.
func indentOf(resource customResource) string {
	return strings.Repeat("  ", strings.Count(resource.field, "."))
}

// TestNothingIsMadeForAResourceThatIsNotThere since it was tried out, or refused.
func TestNothingIsMadeForAResourceThatIsNotThere(t *testing.T) {
	s := shared
	namespace, other := s.prepare(t), s.prepare(t)
	resource := customResources(namespace, "")["FlinkDeployment"]
	tried := s.run(t, resource.manifest, "apply", "-n", namespace, "-f", "-", "--dry-run=server", "-o", "yaml")
	if !strings.Contains(tried, "serviceAccount: flink") {
		t.Errorf("got %s, want the account that a real one gets", tried)
	}
	if output, err := s.kubectl(t, resource.manifest, "diff", "--server-side", "-n", namespace, "-f", "-"); !strings.Contains(output, "serviceAccount: flink") {
		t.Errorf("kubectl diff: got %v, %s, want it to show the account", err, output)
	}
	if got := s.answer(t, namespace, strings.Replace(resource.manifest, "s3://bucket/ha/"+namespace, "file://ha", 1)); !got.refused {
		t.Errorf("got %+v, want it refused", got)
	}
	s.run(t, resource.manifest, "apply", "-n", other, "-f", "-")
	s.awaitAccount(t, other, "flink")
	if s.accountExists(t, namespace, "flink") {
		t.Error("an account was made")
	}
}
