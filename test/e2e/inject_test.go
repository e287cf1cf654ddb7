package e2e

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"
)

func TestAFlinkDeploymentGetsAnAccountThatIsMadeForIt(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("flink-config", "config.yaml", configuration(namespace)), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	deployments := s.client.AppsV1().Deployments(namespace)
	for _, role := range []string{"jobmanager", "taskmanager"} {
		created, err := deployments.Create(t.Context(), deployment(role, "flink-config", role), metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := created.Spec.Template.Spec.ServiceAccountName; got != "flink" {
			t.Errorf("%s: got the account %q, want flink", role, got)
		}
	}
	s.awaitGrants(t, namespace, "flink", jobManagerRole)
	for _, verb := range []string{"get", "list", "watch", "create", "update", "patch", "delete"} {
		eventually(t, "the account to be allowed to "+verb+" ConfigMaps", func() bool {
			return s.may(t, of(namespace, "flink"), verb, "configmaps", namespace)
		})
	}
}

func TestADeploymentThatIsLeftAlone(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	ha := []string{"-Dhigh-availability.type=kubernetes", "-Dhigh-availability.storageDir=s3://b/ha", "-Dkubernetes.cluster-id=x"}
	own := deployment("own", "", append([]string{"taskmanager"}, ha...)...)
	own.Spec.Template.Spec.ServiceAccountName = "mine"
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), own, metav1.CreateOptions{})
	if err != nil || created.Spec.Template.Spec.ServiceAccountName != "mine" {
		t.Errorf("an account of its own: got %v, %q", err, created.Spec.Template.Spec.ServiceAccountName)
	}
	created, err = s.client.AppsV1().Deployments(namespace).Create(t.Context(), deployment("web", "", "serve"), metav1.CreateOptions{})
	if err != nil || created.Spec.Template.Spec.ServiceAccountName != "" {
		t.Errorf("not Flink's: got %v, %q", err, created.Spec.Template.Spec.ServiceAccountName)
	}
}

// TestInjectionRestartsNothing adds high availability where it was not, without a change of the pod template.
func TestInjectionRestartsNothing(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	deployments := s.client.AppsV1().Deployments(namespace)
	created, err := deployments.Create(t.Context(), deployment("tm", "flink-config", "taskmanager"), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("flink-config", "config.yaml", configuration(namespace)), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	var output string
	eventually(t, "the guard to know the ConfigMap", func() bool {
		output, err = s.kubectl(t, "", "annotate", "deployment", "tm", "-n", namespace, "--overwrite", "asked="+rand.String(8))
		return err == nil && strings.Contains(output, "set serviceaccount deployments tm flink")
	})
	after, err := deployments.Get(t.Context(), "tm", metav1.GetOptions{})
	if err != nil || !equality.Semantic.DeepEqual(after.Spec.Template, created.Spec.Template) {
		t.Errorf("got %v and the template %+v, want the pods left running", err, after.Spec.Template)
	}
	if output, err := s.kubectl(t, "", "set", "image", "deployment/tm", "main=flink:2.1", "-n", namespace); err != nil {
		t.Fatal(output)
	}
	upgraded, err := deployments.Get(t.Context(), "tm", metav1.GetOptions{})
	if err != nil || upgraded.Spec.Template.Spec.ServiceAccountName != "flink" {
		t.Errorf("got %v, %q, want the account when the template changes anyway", err, upgraded.Spec.Template.Spec.ServiceAccountName)
	}
}
