package e2e

import (
	"fmt"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// standalone is a JobManager with high availability that the guard has nothing to say about.
func standalone(name, namespace string) *appsv1.Deployment {
	return jobManager(name, "", properties(configuration(namespace, "kubernetes.cluster-id: "+name, "high-availability.cluster-id: "+name))...)
}

// taskManager is a TaskManager of the same.
func taskManager(name, namespace string) *appsv1.Deployment {
	made := deployment(name, "", "taskmanager")
	container := &made.Spec.Template.Spec.Containers[0]
	container.Image = "registry.example.com/flink:1.19"
	for _, property := range properties(configuration(namespace)) {
		container.Args = append(container.Args, "-D", property)
	}
	return made
}

// nativeJobManager is what Flink's native client makes first, with the account written out as it does.
func nativeJobManager(name string) *appsv1.Deployment {
	made := deployment(name, "flink-config-"+name, "bash", "-c", "kubernetes-jobmanager.sh kubernetes-session ")
	labels := map[string]string{"app": name, "type": "flink-native-kubernetes", "component": "jobmanager"}
	made.Labels, made.Spec.Selector.MatchLabels, made.Spec.Template.Labels = labels, labels, labels
	made.Spec.Template.Spec.Containers[0].Name = "flink-main-container"
	made.Spec.Template.Spec.Containers[0].Image = "apache/flink:1.20.5-scala_2.12"
	made.Spec.Template.Spec.Containers[0].Command = []string{"/docker-entrypoint.sh"}
	made.Spec.Template.Spec.ServiceAccountName, made.Spec.Template.Spec.DeprecatedServiceAccount = "default", "default"
	return made
}

// nativeConfiguration is what the client makes next.
func nativeConfiguration(owner *appsv1.Deployment) *corev1.ConfigMap {
	text := fmt.Sprintf(`high-availability:
  type: kubernetes
  storageDir: s3://bucket/%[2]s
  cluster-id: %[1]s
kubernetes:
  cluster-id: %[1]s
  namespace: %[2]s
execution:
  checkpointing:
    dir: s3://bucket/checkpoints
`, owner.Name, owner.Namespace)
	made := configMap("flink-config-"+owner.Name, "config.yaml", text)
	made.Labels = map[string]string{"app": owner.Name, "type": "flink-native-kubernetes"}
	made.OwnerReferences = ownedBy(owner)
	made.OwnerReferences[0].Controller, made.OwnerReferences[0].BlockOwnerDeletion = new(true), new(true)
	return made
}

// createNative makes a native cluster in the client's order.
func (s *suite) createNative(t *testing.T, namespace, name string) {
	t.Helper()
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), nativeJobManager(name), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.create(t, namespace, nativeConfiguration(created))
}

// inStatefulSet and inJob run the pods of a Deployment otherwise.
func inStatefulSet(of *appsv1.Deployment) *appsv1.StatefulSet {
	return &appsv1.StatefulSet{
		ObjectMeta: of.ObjectMeta,
		Spec:       appsv1.StatefulSetSpec{Selector: of.Spec.Selector, Template: of.Spec.Template, ServiceName: of.Name},
	}
}

func inJob(of *appsv1.Deployment) *batchv1.Job {
	template := *of.Spec.Template.DeepCopy()
	template.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	return &batchv1.Job{ObjectMeta: of.ObjectMeta, Spec: batchv1.JobSpec{Template: template}}
}

// onAccount names the account of a Deployment's pods.
func onAccount(made *appsv1.Deployment, account string) *appsv1.Deployment {
	made.Spec.Template.Spec.ServiceAccountName = account
	return made
}

// create makes an object and fails the test if that fails.
func (s *suite) create(t *testing.T, namespace string, object runtime.Object) {
	t.Helper()
	var err error
	switch object := object.(type) {
	case *corev1.ConfigMap:
		_, err = s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *corev1.ServiceAccount:
		_, err = s.client.CoreV1().ServiceAccounts(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *corev1.Pod:
		_, err = s.client.CoreV1().Pods(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *appsv1.Deployment:
		_, err = s.client.AppsV1().Deployments(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *appsv1.StatefulSet:
		_, err = s.client.AppsV1().StatefulSets(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *batchv1.Job:
		_, err = s.client.BatchV1().Jobs(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	case *batchv1.CronJob:
		_, err = s.client.BatchV1().CronJobs(namespace).Create(t.Context(), object, metav1.CreateOptions{})
	default:
		t.Fatalf("a %T cannot be made", object)
	}
	if err != nil {
		t.Fatal(err)
	}
}
