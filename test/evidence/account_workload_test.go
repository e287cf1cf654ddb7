package evidence

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/retry"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// configured is the manifest of the configuration that the Deployments of a cluster mount.
func configured(of flink.Release, namespace string) string {
	text := strings.ReplaceAll(clustered, "{storage}", "s3://ha/flink") + "kubernetes.namespace: " + namespace
	return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config}\ndata:\n  %s: |\n    %s\n",
		of.File(), strings.ReplaceAll(text, "\n", "\n    "))
}

// deployed is the manifest of a Deployment as Flink's documentation has it, with an account if one is given. The mark makes one
// Deployment differ from the last.
func deployed(of flink.Release, role workload.Role, account, mark string) string {
	return fmt.Sprintf(`---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s}
spec:
  selector: {matchLabels: {app: flink, component: %[1]s}}
  template:
    metadata: {labels: {app: flink, component: %[1]s}, annotations: {mark: %[4]q}}
    spec:
      serviceAccountName: %[3]q
      containers:
        - name: %[1]s
          image: flink:%[2]s
          args: [%[1]s]
          env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
          volumeMounts: [{name: flink-config-volume, mountPath: /opt/flink/conf}]
      volumes: [{name: flink-config-volume, configMap: {name: flink-config}}]
`, nameOf(role), of, account, mark)
}

// apply applies a manifest as people do and returns what kubectl printed, warnings included.
func (s *suite) apply(t *testing.T, namespace, manifest string, words ...string) string {
	t.Helper()
	command := s.Kubectl(t.Context(), append([]string{"apply", "-n", namespace, "-f", "-"}, words...)...)
	command.Stdin = strings.NewReader(manifest)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("kubectl apply: %v\n%s", err, output)
	}
	return string(output)
}

// warns waits until a dry run of a manifest warns by a rule, and returns that warning.
func (s *suite) warns(t *testing.T, namespace, manifest, rule string) string {
	t.Helper()
	var warning string
	eventually(t, "a dry run warns with "+rule, func() bool {
		warning = warningOf(s.apply(t, namespace, manifest, "--dry-run=server"), rule)
		return warning != ""
	})
	return warning
}

func warningOf(output, rule string) string {
	for line := range strings.Lines(output) {
		if strings.HasPrefix(line, "Warning:") && strings.Contains(line, rule) {
			return line
		}
	}
	return ""
}

// accountOf is the account in the pod template of a Deployment, by both of its names.
func (s *suite) accountOf(t *testing.T, namespace, deployment string) [2]string {
	t.Helper()
	got, err := s.client.AppsV1().Deployments(namespace).Get(t.Context(), deployment, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pod := got.Spec.Template.Spec
	return [2]string{pod.ServiceAccountName, pod.DeprecatedServiceAccount}
}

// turnOff has the guard neither inject nor make anything in a namespace any more: it only warns.
func (s *suite) turnOff(t *testing.T, namespace string) {
	t.Helper()
	namespaces := s.client.CoreV1().Namespaces()
	err := retry.RetryOnConflict(retry.DefaultRetry, func() error {
		object, err := namespaces.Get(t.Context(), namespace, metav1.GetOptions{})
		if err != nil {
			return err
		}
		object.Labels["flink-ha.dev/enforce"] = "off"
		_, err = namespaces.Update(t.Context(), object, metav1.UpdateOptions{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
