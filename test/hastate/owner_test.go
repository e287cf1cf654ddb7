package hastate

import (
	"encoding/json"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
)

// owner makes the Deployment that the cluster's processes stand for. Nothing here would run its pods.
func (s *suite) owner(t *testing.T, namespace string) metav1.OwnerReference {
	t.Helper()
	labels := map[string]string{"app": "owner"}
	deployment := &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: clusterID},
		Spec: appsv1.DeploymentSpec{
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "registry.example/any"}}},
			},
		},
	}
	created, err := s.client.AppsV1().Deployments(namespace).Create(t.Context(), deployment, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: created.Name, UID: created.UID}
}

// leaderMap and jobMap are the two HA ConfigMaps of a cluster with one job.
const leaderMap = clusterID + "-cluster-config-map"

func jobMap(job string) string { return clusterID + "-" + job + "-config-map" }

// putOwner puts an owner on both HA ConfigMaps as operators do, by a PUT on one and a PATCH on the other, and on one that it may own.
func (s *suite) putOwner(t *testing.T, namespace, job string, owner metav1.OwnerReference) {
	t.Helper()
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		state, err := configMaps.Get(t.Context(), leaderMap, metav1.GetOptions{})
		if err != nil {
			return err
		}
		state.OwnerReferences = []metav1.OwnerReference{owner}
		_, err = configMaps.Update(t.Context(), state, metav1.UpdateOptions{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"ownerReferences": []metav1.OwnerReference{owner}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := configMaps.Patch(t.Context(), jobMap(job), types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	witness := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: ownedWitness, OwnerReferences: []metav1.OwnerReference{owner}}}
	if _, err := configMaps.Create(t.Context(), witness, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// ownedWitness is a ConfigMap that goes with its owner: when it is gone, the garbage collector has been at work.
const ownedWitness = "owned-witness"

// uids are those of the two HA ConfigMaps, empty for one that is not there.
func (s *suite) uids(t *testing.T, namespace, job string) [2]types.UID {
	t.Helper()
	return [2]types.UID{s.configMap(t, namespace, leaderMap).UID, s.configMap(t, namespace, jobMap(job)).UID}
}

// configMap reads a ConfigMap; one that is not there has no uid.
func (s *suite) configMap(t *testing.T, namespace, name string) *corev1.ConfigMap {
	t.Helper()
	got, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return &corev1.ConfigMap{}
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// isOwned tells whether one of the two HA ConfigMaps has an owner.
func (s *suite) isOwned(t *testing.T, namespace, job string) bool {
	t.Helper()
	return len(s.configMap(t, namespace, leaderMap).OwnerReferences)+len(s.configMap(t, namespace, jobMap(job)).OwnerReferences) > 0
}

// deleteOwner deletes the Deployment, and waits until the garbage collector has taken what belongs to it.
func (s *suite) deleteOwner(t *testing.T, namespace string) {
	t.Helper()
	if err := s.client.AppsV1().Deployments(namespace).Delete(t.Context(), clusterID, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the garbage collector has taken what belongs to the Deployment", func() bool {
		return s.configMap(t, namespace, ownedWitness).UID == ""
	})
}
