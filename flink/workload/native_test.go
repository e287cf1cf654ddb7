package workload

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// nativeDeployment has the shape of what Flink's native client makes: it creates the Deployment first, and the ConfigMap that the
// Deployment mounts when that exists.
func nativeDeployment(image, file string) *corev1.PodTemplateSpec {
	template := pod(command("/docker-entrypoint.sh"), args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-session "), envFrom("_POD_IP_ADDRESS", field("status.podIP")),
		mount(emptyDir(), "/opt/flink/artifacts", ""),
		conf("flink-config-demo", DefaultConfDir, "", "log4j-console.properties", "log4j-console.properties", file, file))
	template.ObjectMeta = metav1.ObjectMeta{Labels: map[string]string{"app": "demo", "component": "jobmanager", "type": "flink-native-kubernetes"}}
	template.Spec.Containers[0].Name = mainContainer
	template.Spec.Containers[0].Image = image
	return template
}

func TestNativeMode(t *testing.T) {
	const (
		legacy   = "blob.server.port: 6124\nhigh-availability.type: kubernetes\nkubernetes.cluster-id: demo\n"
		standard = "blob:\n  server:\n    port: '6124'\nhigh-availability:\n  type: kubernetes\nkubernetes:\n  cluster-id: demo\n"
	)
	for image, file := range map[string]string{
		"apache/flink:1.18.1": flink.LegacyFile, "apache/flink:1.20.5-scala_2.12": flink.StandardFile, "apache/flink:2.3.0": flink.StandardFile, "mine:7": flink.StandardFile,
	} {
		process := recognize(t, nativeDeployment(image, file))
		if process.Deployer != DeployerNative || process.Role != RoleJobManager || process.Form != FormSession {
			t.Errorf("%s: got %+v", image, process)
		}
		alone := process.Configuration(Surroundings{})
		if alone.Complete() || len(alone.Settings) != 0 || len(process.ConfigMaps()) != 1 || process.ConfigMaps()[0] != "flink-config-demo" {
			t.Errorf("%s: got %+v of %q, want it all to be in the ConfigMap", image, alone, process.ConfigMaps())
		}
		data := map[string]string{flink.LegacyFile: legacy}
		if file == flink.StandardFile {
			data = map[string]string{flink.StandardFile: standard}
		}
		got := process.Configuration(cluster(map[string]map[string]string{"flink-config-demo": data}))
		wantStates(t, got, map[string]string{flink.KeyHighAvailabilityType: "kubernetes", flink.KeyClusterID: "demo", "blob.server.port": "6124"})
		if !got.Complete() {
			t.Errorf("%s: got the gaps %v", image, got.Gaps)
		}
	}
}
