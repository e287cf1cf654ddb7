package e2e

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// installCustomResources makes the kinds of the Flink Kubernetes Operator known, with schemas that take anything.
func (s *suite) installCustomResources() error {
	var manifests strings.Builder
	for _, kind := range []string{"FlinkDeployment", "FlinkSessionJob", "FlinkBlueGreenDeployment"} {
		singular := strings.ToLower(kind)
		fmt.Fprintf(&manifests, `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: %[1]ss.flink.apache.org}
spec:
  group: flink.apache.org
  scope: Namespaced
  names: {kind: %[2]s, plural: %[1]ss, singular: %[1]s}
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    subresources: {status: {}}
`, singular, kind)
	}
	for _, args := range [][]string{{"apply", "-f", "-"}, {"wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"}} {
		cmd := s.Kubectl(context.Background(), args...)
		cmd.Stdin = strings.NewReader(manifests.String())
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("installing the custom resources: %w: %s", err, bytes.TrimSpace(output))
		}
	}
	return nil
}
