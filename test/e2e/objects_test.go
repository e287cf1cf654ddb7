package e2e

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// configMap returns a ConfigMap with one file.
func configMap(name, file, text string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{file: text}}
}

const (
	goodConfiguration = "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://bucket/ha\nkubernetes.cluster-id: demo\n"
	noStorage         = "high-availability.type: kubernetes\nkubernetes.cluster-id: demo\n"
	noHA              = "jobmanager.rpc.address: jm\njobmanager.memory.process.size: 1600m\n"
)

// configuration is that of a JobManager in a namespace, with nothing to be said about it; lines are added to it, or take the place
// of what it says of the same option, which a line without a value removes.
func configuration(namespace string, lines ...string) string {
	settings := []string{
		"jobmanager.rpc.address: demo", "high-availability.type: kubernetes", "high-availability.storageDir: s3://bucket/" + namespace,
		"high-availability.cluster-id: demo", "kubernetes.cluster-id: demo", "kubernetes.namespace: " + namespace,
		"state.checkpoints.dir: s3://bucket/checkpoints",
	}
	for _, line := range lines {
		option, value, _ := strings.Cut(line, ":")
		settings = slices.DeleteFunc(settings, func(other string) bool { return strings.HasPrefix(other, option+":") })
		if value != "" {
			settings = append(settings, line)
		}
	}
	return strings.Join(settings, "\n") + "\n"
}

// deployment returns a Deployment of one container with arguments; its configuration directory is a ConfigMap if one is named.
func deployment(name, configuration string, args ...string) *appsv1.Deployment {
	labels := map[string]string{"app": name}
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: labels},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flink:2.0", Args: args}}},
	}
	if configuration != "" {
		template.Spec.Volumes = []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{
			ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: configuration}},
		}}}
		template.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "conf", MountPath: "/opt/flink/conf"}}
	}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       appsv1.DeploymentSpec{Selector: &metav1.LabelSelector{MatchLabels: labels}, Template: template},
	}
}

// jobManager is a Deployment with nothing to be said about its pods.
func jobManager(name, configuration string, properties ...string) *appsv1.Deployment {
	made := deployment(name, configuration, "jobmanager", "$(POD_IP)")
	container := &made.Spec.Template.Spec.Containers[0]
	container.Image = "registry.example.com/flink:1.19"
	container.Env = []corev1.EnvVar{{Name: "POD_IP", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "status.podIP"}}}}
	for _, property := range properties {
		container.Args = append(container.Args, "-D", property)
	}
	return made
}

// properties are the arguments that say what a configuration says.
func properties(configuration string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(configuration), ": ", "="), "\n")
}

// ownedBy is an owner reference to a Deployment.
func ownedBy(owner *appsv1.Deployment) []metav1.OwnerReference {
	return []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: owner.Name, UID: owner.UID}}
}

// leaderState is the HA ConfigMap of a leading JobManager of Flink 2.
func leaderState(cluster string, owners []metav1.OwnerReference) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name:            cluster + "-cluster-config-map",
			Labels:          map[string]string{"app": cluster, "type": "flink-native-kubernetes"},
			Annotations:     map[string]string{leaderAnnotation: lock(0)},
			OwnerReferences: owners,
		},
		Data: map[string]string{"org.apache.flink.k8s.leader.dispatcher": "session,address"},
	}
}

const leaderAnnotation = "control-plane.alpha.kubernetes.io/leader"

// lock is the leader's lock after its n-th renewal.
func lock(n int) string {
	return fmt.Sprintf(`{"holderIdentity":"jm","leaseDuration":15.0,"renewTime":"2026-01-01T00:00:%02d.%06dZ","leaderTransitions":0}`, n%60, n)
}
