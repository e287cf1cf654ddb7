package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// now is when the surveys of the tests are made.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a cluster as the API server shows it to somebody.
type world struct {
	objects []client.Object
	// hidden are lists that may not be read, as "DeploymentList" of all namespaces or "DeploymentList/streaming".
	hidden []string
}

func (w world) surveyor(t *testing.T) *Surveyor {
	t.Helper()
	scheme, err := cluster.Scheme()
	if err != nil {
		t.Fatal(err)
	}
	operators := schema.GroupVersion{Group: "flink.apache.org", Version: "v1beta1"}
	for _, known := range []schema.GroupVersionKind{operators.WithKind("FlinkDeployment"), operators.WithKind("FlinkBlueGreenDeployment"), flinkCluster()} {
		scheme.AddKnownTypeWithName(known, &unstructured.Unstructured{})
		known.Kind += "List"
		scheme.AddKnownTypeWithName(known, &unstructured.UnstructuredList{})
	}
	hide := interceptor.Funcs{List: func(ctx context.Context, inner client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
		var asked client.ListOptions
		asked.ApplyOptions(options)
		name := fmt.Sprintf("%T", list)
		name = name[strings.LastIndex(name, ".")+1:]
		if asked.Namespace != "" {
			name += "/" + asked.Namespace
		}
		if slices.Contains(w.hidden, name) {
			return apierrors.NewForbidden(schema.GroupResource{Resource: name}, "", nil)
		}
		return inner.List(ctx, list, options...)
	}}
	return &Surveyor{
		client: fake.NewClientBuilder().WithScheme(scheme).WithObjects(w.objects...).WithInterceptorFuncs(hide).WithReturnManagedFields().Build(),
		now:    func() time.Time { return now },
	}
}

// survey surveys the world.
func (w world) survey(t *testing.T, options Options) *Survey {
	t.Helper()
	found, err := w.surveyor(t).Survey(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// lockRenewed is a leader's lock that was last renewed some time before the survey.
func lockRenewed(before time.Duration) string {
	return fmt.Sprintf(`{"holderIdentity":"jm-1","leaseDuration":15.0,"renewTime":%q,"leaderTransitions":2}`, now.Add(-before).Format("2006-01-02T15:04:05.000000Z"))
}

// state is the leader's ConfigMap of a cluster "demo" in the namespace "streaming".
func state(renewed time.Duration) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "streaming", Name: "demo-cluster-config-map", UID: "1",
			Annotations:       map[string]string{hastate.LeaderAnnotation: lockRenewed(renewed)},
			CreationTimestamp: metav1.NewTime(now.Add(-1000 * time.Hour)),
		},
	}
}

// process is a Deployment of Flink's image with arguments. Its configuration directory is the ConfigMap "conf", if it has one.
func process(namespace, name string, mounts bool, arguments ...string) *appsv1.Deployment {
	template := corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flink:1.20", Args: arguments}}},
	}
	if mounts {
		template.Spec.Volumes = []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{
			ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "conf"}},
		}}}
		template.Spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "conf", MountPath: "/opt/flink/conf"}}
	}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: "2"},
		Spec:       appsv1.DeploymentSpec{Replicas: new(int32), Template: template},
	}
}

// conf is the ConfigMap "conf".
func conf(namespace string, lines ...string) *corev1.ConfigMap {
	lines = append([]string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://bucket/ha"}, lines...)
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "conf"},
		Data:       map[string]string{"config.yaml": strings.Join(lines, "\n") + "\n"},
	}
}

// custom is a custom resource of the operator.
func custom(kind, namespace, name string, spec map[string]any) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "flink.apache.org/v1beta1", "kind": kind,
		"metadata": map[string]any{"namespace": namespace, "name": name}, "spec": spec,
	}}
}
