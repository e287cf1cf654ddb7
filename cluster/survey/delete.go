package survey

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Delete deletes an HA ConfigMap if nobody has written to it since it was read, which a leader does every few seconds. A conflict is
// the error otherwise.
func (s *Surveyor) Delete(ctx context.Context, namespace string, read ConfigMap) error {
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: read.Name}}
	return s.client.Delete(ctx, object, client.Preconditions{UID: &read.UID, ResourceVersion: &read.ResourceVersion})
}
