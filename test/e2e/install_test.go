package e2e

import (
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

// TestAFolderIsAppliedAsPeopleDo applies the example in one command: ConfigMap and workloads within milliseconds.
func TestAFolderIsAppliedAsPeopleDo(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	if output, err := s.kubectl(t, "", "apply", "-n", namespace, "-f", "docs/examples/standalone-ha"); err != nil {
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
