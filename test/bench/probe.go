package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// probe creates, in a dry run, what each of the two webhook configurations must react to: a configuration that the guard
// refuses, and owned HA state that it strips.
func probe(ctx context.Context, client kubernetes.Interface) error {
	configMaps := client.CoreV1().ConfigMaps("default")
	dryRun := metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	_, err := configMaps.Create(ctx, &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "bench-probe"},
		Data:       map[string]string{"flink-conf.yaml": "jobmanager.rpc.port: 6123\n"},
	}, dryRun)
	switch {
	case err == nil:
		return errors.New("the API server took the probe, which the guard refuses")
	case !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "high-availability-off"):
		return fmt.Errorf("the API server did not refuse the probe as the guard does: %w", err)
	}
	stripped, err := configMaps.Create(ctx, &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name:            "bench-cluster-config-map",
			Labels:          map[string]string{"app": "bench", "type": "flink-native-kubernetes"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "x", UID: "x"}},
		},
	}, dryRun)
	if err != nil {
		return fmt.Errorf("creating the probe of HA state: %w", err)
	}
	if len(stripped.OwnerReferences) > 0 {
		return errors.New("the probe of HA state kept its owner reference")
	}
	return nil
}
