package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func pullSecrets(names ...string) []corev1.LocalObjectReference {
	var secrets []corev1.LocalObjectReference
	for _, name := range names {
		secrets = append(secrets, corev1.LocalObjectReference{Name: name})
	}
	return secrets
}

func TestSlimAccountKeepsWhatPodsGetWithIt(t *testing.T) {
	no := false
	made := metav1.NewTime(time.Unix(1000, 0))
	full := func() *corev1.ServiceAccount {
		return &corev1.ServiceAccount{
			ObjectMeta: metav1.ObjectMeta{
				Name: "default", Namespace: "team", UID: "u", ResourceVersion: "7", CreationTimestamp: made,
				Labels:      map[string]string{"app.kubernetes.io/managed-by": "Helm", "a": "b"},
				Annotations: map[string]string{"eks.amazonaws.com/role-arn": "arn", "iam.gke.io/gcp-service-account": "", "a": "b"},
			},
			Secrets:          []corev1.ObjectReference{{Name: "token"}},
			ImagePullSecrets: pullSecrets("registry"), AutomountServiceAccountToken: &no,
		}
	}
	want := full()
	want.Labels, want.Annotations, want.Secrets = nil, map[string]string{"eks.amazonaws.com/role-arn": "arn"}, nil
	if diff := cmp.Diff(want, transformTwice(t, slimAccount, full())); diff != "" {
		t.Errorf("kept (-want,+got):\n%s", diff)
	}
	ours := account("team", "flink", "flink-ha-webhook")
	if diff := cmp.Diff(ours, transformTwice(t, slimAccount, ours.DeepCopy())); diff != "" {
		t.Errorf("kept of ours (-want,+got):\n%s", diff)
	}
	deleted := account("team", "flink", "")
	deleted.DeletionTimestamp = &made
	if transformTwice(t, slimAccount, deleted).DeletionTimestamp == nil {
		t.Error("that an account is about to go is not kept")
	}
}
