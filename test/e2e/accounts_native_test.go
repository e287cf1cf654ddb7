package e2e

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// clientsDeployment is what Flink's native client makes first, with the account written out.
func clientsDeployment(name string) *appsv1.Deployment {
	made := deployment(name, "flink-config-"+name, "bash", "-c", "kubernetes-jobmanager.sh kubernetes-session ")
	made.Labels = map[string]string{"app": name, "type": "flink-native-kubernetes", "component": "jobmanager"}
	made.Spec.Template.Labels, made.Spec.Selector.MatchLabels = made.Labels, made.Labels
	pod := &made.Spec.Template.Spec
	pod.ServiceAccountName, pod.DeprecatedServiceAccount = "default", "default"
	pod.Containers[0].Name, pod.Containers[0].Image = "flink-main-container", "registry.example.com/flink:1.18"
	pod.Containers[0].Command = []string{"/docker-entrypoint.sh"}
	return made
}

// clientsConfiguration is what it makes then.
func clientsConfiguration(owner *appsv1.Deployment, text string) *corev1.ConfigMap {
	made := configMap("flink-config-"+owner.Name, "flink-conf.yaml", text)
	made.Labels = map[string]string{"app": owner.Name, "type": "flink-native-kubernetes"}
	made.OwnerReferences = ownedBy(owner)
	made.OwnerReferences[0].Controller, made.OwnerReferences[0].BlockOwnerDeletion = new(true), new(true)
	return made
}

// TestAVeryLargeConfigurationIsEdited in time: the JobManager takes the account of its TaskManagers from it.
func TestAVeryLargeConfigurationIsEdited(t *testing.T) {
	s := shared
	for name, size := range map[string]int{"small": 0, "1000 KiB": 1000 << 10} {
		t.Run(name, func(t *testing.T) {
			namespace := s.prepare(t)
			owner, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), clientsDeployment("orders"), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if pod := owner.Spec.Template.Spec; pod.ServiceAccountName != "flink" || pod.DeprecatedServiceAccount != "flink" {
				t.Errorf("the Deployment: got %q and %q, want the account twice", pod.ServiceAccountName, pod.DeprecatedServiceAccount)
			}
			text := configuration(namespace, "kubernetes.cluster-id: orders", "high-availability.cluster-id: orders", "jobmanager.rpc.address: orders."+namespace,
				"kubernetes.taskmanager.service-account: default")
			const line = "containerized.master.env.PADDING: <xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx>\n"
			before := strings.Repeat(line, size/len(line)) + text
			started := time.Now()
			made, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), clientsConfiguration(owner, before), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d bytes were made in %s", len(before), time.Since(started))
			after := made.Data["flink-conf.yaml"]
			for _, want := range []string{"\nkubernetes.taskmanager.service-account: flink\n", "kubernetes.service-account: flink"} {
				if !strings.Contains(after, want) {
					t.Errorf("got a configuration that ends %q, want %q in it", after[max(0, len(after)-400):], want)
				}
			}
			if added := len(after) - len(before); added <= 0 || added > 100 {
				t.Errorf("%d bytes were added, want a line", added)
			}
			s.awaitAccount(t, namespace, "flink")
		})
	}
}
