package e2e

import (
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// unguarded makes a namespace with what the guard has not judged, and has it guarded from then on.
func (s *suite) unguarded(t *testing.T, create func(namespace string)) string {
	t.Helper()
	namespace := s.namespace(t, "flink-ha.dev/guard=disabled")
	create(namespace)
	s.label(t, namespace, "flink-ha.dev/guard-")
	eventually(t, "the API server to ask about the namespace again", func() bool {
		object := configMap("probe", "flink-conf.yaml", configuration(namespace, "kubernetes.cluster-id: 'not an id'"))
		_, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, dryRun())
		return apierrors.IsForbidden(err)
	})
	return namespace
}

// job is an application's JobManager with arguments of its own.
func job(name string, args ...string) *batchv1.Job {
	pods := jobManager(name, "").Spec.Template
	pods.Labels = nil // a Job has a selector of its own
	pods.Spec.RestartPolicy = corev1.RestartPolicyOnFailure
	pods.Spec.Containers[0].Args = []string{"standalone-job"}
	for _, arg := range args {
		pods.Spec.Containers[0].Args = append(pods.Spec.Containers[0].Args, "-D", arg)
	}
	limit := int32(1000000)
	return &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: batchv1.JobSpec{Template: pods, BackoffLimit: &limit}}
}

func renamed(job *batchv1.Job, name string) *batchv1.Job {
	job.Name = name
	return job
}

// TestAJobIsReplaced as pipelines do it: deleted, and created again.
func TestAJobIsReplaced(t *testing.T) {
	s := shared
	wrong := func(cluster string, more ...string) *batchv1.Job {
		return job("orders", append(more, "high-availability.storageDir=file://ha", "high-availability.type=kubernetes", "kubernetes.cluster-id="+cluster)...)
	}
	namespace := s.unguarded(t, func(namespace string) {
		if _, err := s.client.BatchV1().Jobs(namespace).Create(t.Context(), wrong("orders"), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	jobs := s.client.BatchV1().Jobs(namespace)
	if _, err := jobs.Create(t.Context(), renamed(wrong("payments"), "payments"), dryRun()); !apierrors.IsForbidden(err) {
		t.Fatalf("another job: got %v, want it refused", err)
	}
	background := metav1.DeletePropagationBackground
	if err := jobs.Delete(t.Context(), "orders", metav1.DeleteOptions{PropagationPolicy: &background}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the Job to be gone", func() bool {
		_, err := jobs.Get(t.Context(), "orders", metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if _, err := jobs.Create(t.Context(), wrong("ORDERS"), dryRun()); !apierrors.IsForbidden(err) {
		t.Errorf("with another mistake: got %v, want it refused", err)
	}
	if _, err := jobs.Create(t.Context(), wrong("orders", "parallelism.default=2"), metav1.CreateOptions{}); err != nil {
		t.Errorf("with its old mistake: got %v, want it admitted", err)
	}
}

// TestAConfigMapWithAHashIsRolled as kustomize does it: a new name for each content.
func TestAConfigMapWithAHashIsRolled(t *testing.T) {
	s := shared
	mistake := "high-availability.storageDir: file://ha"
	namespace := s.unguarded(t, func(namespace string) {
		object := configMap("flink-config-7b9f5c2d4h", "flink-conf.yaml", configuration(namespace, mistake))
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	rolled := configMap("flink-config-2m4k6t8g5f", "flink-conf.yaml", configuration(namespace, mistake, "parallelism.default: 2"))
	if _, err := configMaps.Create(t.Context(), rolled, metav1.CreateOptions{}); err != nil {
		t.Errorf("with its old mistake: got %v, want it admitted", err)
	}
	worse := configMap("flink-config-5h2d4c7b9f", "flink-conf.yaml", configuration(namespace, mistake, "kubernetes.cluster-id: ORDERS"))
	_, err := configMaps.Create(t.Context(), worse, metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) || !contains(err.Error(), "[cluster-id-invalid]") || contains(err.Error(), "[storage-dir-invalid]") {
		t.Errorf("with a new mistake: got %v, want it refused for that one alone", err)
	}
}

// TestANamespaceIsRestored after it was deleted with all that was in it.
func TestANamespaceIsRestored(t *testing.T) {
	s := shared
	objects := func(namespace string) *corev1.ConfigMap {
		return configMap("flink-config", "flink-conf.yaml", configuration(namespace, "high-availability.storageDir:"))
	}
	namespace := s.unguarded(t, func(namespace string) {
		if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), objects(namespace), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	namespaces := s.client.CoreV1().Namespaces()
	if err := namespaces.Delete(t.Context(), namespace, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the namespace to be gone", func() bool {
		_, err := namespaces.Get(t.Context(), namespace, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if _, err := namespaces.Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	caller := s.caller(t, "")
	got := caller.verdict(t, func() error {
		_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), objects(namespace), metav1.CreateOptions{})
		return err
	})
	if !got.is(nil, []string{ruleBaseline}) {
		t.Errorf("got %+v, want it admitted with a warning", got)
	}
	other := s.namespace(t)
	if _, err := s.client.CoreV1().ConfigMaps(other).Create(t.Context(), objects(other), metav1.CreateOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("the control: got %v, want it refused elsewhere", err)
	}
}
