package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// TestTheCABundleIsKeptRight takes the CA bundle out of a webhook, as applying somebody else's manifests may.
func TestTheCABundleIsKeptRight(t *testing.T) {
	s := shared
	registrations := s.client.AdmissionregistrationV1().ValidatingWebhookConfigurations()
	spoil := []byte(`[{"op":"remove","path":"/webhooks/0/clientConfig/caBundle"},{"op":"remove","path":"/webhooks/1/clientConfig/caBundle"}]`)
	spoiled, err := registrations.Patch(t.Context(), bench.Registration, types.JSONPatchType, spoil, metav1.PatchOptions{})
	if err != nil || len(spoiled.Webhooks[0].ClientConfig.CABundle) > 0 {
		t.Fatalf("got %v, want the CA bundle gone", err)
	}
	eventually(t, "the CA bundle to be written again", func() bool {
		got, err := registrations.Get(t.Context(), bench.Registration, metav1.GetOptions{})
		return err == nil && len(got.Webhooks[0].ClientConfig.CABundle) > 0 && len(got.Webhooks[1].ClientConfig.CABundle) > 0
	})
}

// TestAFolderIsAppliedAsPeopleDo applies the example in one command: ConfigMap and workloads within milliseconds. Its configuration
// names the namespace that it is for.
func TestAFolderIsAppliedAsPeopleDo(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	folder := t.TempDir()
	for _, file := range []string{"configuration.yaml", "jobmanager.yaml", "taskmanager.yaml"} {
		text, err := os.ReadFile(filepath.Join(bench.Root(), "docs/examples/standalone-ha", file))
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("namespace: streaming"), []byte("namespace: "+namespace))
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if output, err := s.kubectl(t, "", "apply", "-n", namespace, "-f", folder); err != nil {
		t.Fatal(output)
	}
	deployments, err := s.client.AppsV1().Deployments(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(deployments.Items) != 2 {
		t.Fatalf("got %v and %d Deployments, want two", err, len(deployments.Items))
	}
	for _, deployment := range deployments.Items {
		if got := deployment.Spec.Template.Spec.ServiceAccountName; got != "flink" {
			t.Errorf("%s: got the account %q, want flink", deployment.Name, got)
		}
	}
}

// TestRemovalKeepsTheRolesOfFlink runs the command of the README by which the guard is removed, without its effect.
func TestRemovalKeepsTheRolesOfFlink(t *testing.T) {
	const command = "kubectl delete -k manifests -l '!flink-ha.dev/keep'"
	readme, err := os.ReadFile(filepath.Join(bench.Root(), "README.md"))
	if err != nil || !bytes.Contains(readme, []byte("`"+command+"`")) {
		t.Errorf("the README does not have %s (%v)", command, err)
	}
	output, err := shared.kubectl(t, "", "delete", "-k", "manifests", "-l", "!flink-ha.dev/keep", "--dry-run=server", "--ignore-not-found", "-o", "name")
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	removed := strings.Fields(output)
	for name, goes := range map[string]bool{
		"flink-ha-webhook": true, "flink-ha-webhook-jobmanager": false, "flink-ha-webhook-jobmanager-native": false, "flink-ha-webhook-taskmanager": false,
	} {
		if role := "clusterrole.rbac.authorization.k8s.io/" + name; slices.Contains(removed, role) != goes {
			t.Errorf("%s: want it removed: %t; what is removed is %q", role, goes, removed)
		}
	}
}
