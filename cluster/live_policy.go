package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Where the manifests keep the policy of the guard.
const (
	policyNamespace = "flink-ha-system"
	policyConfigMap = "flink-ha-webhook-policy"
	policyKey       = "policy.yaml"
)

// Policy returns the text of the policy that the guard in the cluster has, and what to call the place where it stands. The text is
// nil where there is none: the guard is not installed, or not by its manifests. unread is the API server's reason if it may not be read.
func (l *Live) Policy(ctx context.Context) (text []byte, place string, unread, err error) {
	place = fmt.Sprintf("%s of the ConfigMap %s/%s", policyKey, policyNamespace, policyConfigMap)
	raw, err := l.client.Get().AbsPath("/api/v1/namespaces", policyNamespace, "configmaps", policyConfigMap).Do(ctx).Raw()
	switch {
	case apierrors.IsNotFound(err):
		return nil, place, nil, nil
	case apierrors.IsForbidden(err):
		return nil, place, err, nil
	case err != nil:
		return nil, place, nil, fmt.Errorf("reading %s: %w", place, err)
	}
	var configMap corev1.ConfigMap
	if err := json.Unmarshal(raw, &configMap); err != nil {
		return nil, place, nil, fmt.Errorf("reading %s: %w", place, err)
	}
	if found, ok := configMap.Data[policyKey]; ok {
		text = []byte(found)
	}
	return text, place, nil, nil
}
