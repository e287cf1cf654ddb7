package cluster

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// slimAccount keeps of a service account who it is and since when, whether pods get its token, what else they get with it, and
// whether the guard made it. Every namespace has an account "default", of which that is little.
func slimAccount(object any) (any, error) {
	full, ok := object.(*corev1.ServiceAccount)
	if !ok {
		return object, nil
	}
	slim := &corev1.ServiceAccount{
		ObjectMeta: identity(&full.ObjectMeta), ImagePullSecrets: full.ImagePullSecrets, AutomountServiceAccountToken: full.AutomountServiceAccountToken,
	}
	slim.CreationTimestamp = full.CreationTimestamp
	if full.Name == defaultAccount {
		slim.Name = defaultAccount // one text for all
	}
	if isOurs(full) {
		metav1.SetMetaDataLabel(&slim.ObjectMeta, labelManagedBy, managedByUs)
	}
	for _, annotation := range access.CloudIdentities() {
		if value := full.Annotations[annotation]; value != "" {
			metav1.SetMetaDataAnnotation(&slim.ObjectMeta, annotation, value)
		}
	}
	return slim, nil
}
