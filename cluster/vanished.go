package cluster

import (
	"errors"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// ignoreVanished drops the error of a write into a namespace that is going or gone, which is nobody's trouble. What else may
// not be found, the ClusterRole for one, is.
func ignoreVanished(err error) error {
	if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
		return nil
	}
	var status apierrors.APIStatus
	if apierrors.IsNotFound(err) && errors.As(err, &status) {
		if details := status.Status().Details; details != nil && details.Kind == "namespaces" {
			return nil
		}
	}
	return err
}
