package access

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestCredentials(t *testing.T) {
	annotated := func(annotations map[string]string) corev1.ServiceAccount {
		return corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Annotations: annotations}}
	}
	both := annotated(map[string]string{"eks.amazonaws.com/role-arn": "arn", "azure.workload.identity/client-id": "id"})
	both.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
	for name, tc := range map[string]struct {
		account corev1.ServiceAccount
		want    []string
	}{
		"none":                              {},
		"an annotation that is nobody's":    {account: annotated(map[string]string{"team": "red"})},
		"an identity that was taken away":   {account: annotated(map[string]string{"eks.amazonaws.com/role-arn": ""})},
		"only a secret for old tokens":      {account: corev1.ServiceAccount{Secrets: []corev1.ObjectReference{{Name: "token"}}}},
		"EKS":                               {account: annotated(map[string]string{"eks.amazonaws.com/role-arn": "arn"}), want: []string{"eks.amazonaws.com/role-arn"}},
		"GKE":                               {account: annotated(map[string]string{"iam.gke.io/gcp-service-account": "a@b"}), want: []string{"iam.gke.io/gcp-service-account"}},
		"ACK":                               {account: annotated(map[string]string{"pod-identity.alibabacloud.com/role-name": "r"}), want: []string{"pod-identity.alibabacloud.com/role-name"}},
		"pull secrets and more than one of": {account: both, want: []string{"imagePullSecrets", "eks.amazonaws.com/role-arn", "azure.workload.identity/client-id"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Credentials(&tc.account)); diff != "" {
				t.Errorf("(-want,+got):\n%s", diff)
			}
		})
	}
}
