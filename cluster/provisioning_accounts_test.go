package cluster

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestProvisionerCopiesCredentialsWhereThePolicySaysSo(t *testing.T) {
	copies := makesAccounts()
	copies.DefaultCredentials = policy.DefaultCredentialsCopy
	preset := account("team", "default", "")
	preset.ImagePullSecrets = []corev1.LocalObjectReference{{Name: "registry"}}
	preset.Annotations = map[string]string{"eks.amazonaws.com/role-arn": "arn", "other": "x"}
	read := func(p *provisioning) *corev1.ServiceAccount {
		t.Helper()
		var made corev1.ServiceAccount
		if err := p.client.Get(t.Context(), client.ObjectKey{Namespace: "team", Name: "flink"}, &made); err != nil {
			t.Fatal(err)
		}
		return &made
	}
	p := provisioningOf(t, copies, namespace("team"), jobManager("flink"), preset)
	p.lookLater(t, 0)
	made := read(p)
	if diff := cmp.Diff(preset.ImagePullSecrets, made.ImagePullSecrets); diff != "" || !cmp.Equal(made.Annotations, map[string]string{"eks.amazonaws.com/role-arn": "arn"}) {
		t.Errorf("annotations %v, secrets (-want,+got):\n%s", made.Annotations, diff)
	}
	if again := p.lookLater(t, ownWriteLag); again != nil {
		t.Errorf("written again: %v", again)
	}
	// The cluster adds one of its own, and "default" gets another.
	made.ImagePullSecrets = append(made.ImagePullSecrets, corev1.LocalObjectReference{Name: "own"})
	preset.ImagePullSecrets = append(preset.ImagePullSecrets, corev1.LocalObjectReference{Name: "mirror"})
	preset.ResourceVersion = ""
	for _, object := range []client.Object{made, preset} {
		if err := p.client.Update(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	if writes := p.lookLater(t, ownWriteLag); !slices.Equal(writes, []string{"apply flink"}) {
		t.Errorf("written %v", writes)
	}
	want := []corev1.LocalObjectReference{{Name: "registry"}, {Name: "own"}, {Name: "mirror"}}
	if diff := cmp.Diff(want, read(p).ImagePullSecrets); diff != "" {
		t.Errorf("secrets (-want,+got):\n%s", diff)
	}
	if again := p.lookLater(t, ownWriteLag); again != nil {
		t.Errorf("written again: %v", again)
	}
	without := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"), preset)
	without.lookLater(t, 0)
	if secrets := read(without).ImagePullSecrets; secrets != nil {
		t.Errorf("copied although the policy does not say so: %v", secrets)
	}
}
