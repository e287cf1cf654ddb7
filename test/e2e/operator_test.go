package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// flinkDeployment is a custom resource with nothing to be said about it, but for lines of flinkConfiguration that are added.
func flinkDeployment(name string, lines ...string) string {
	return fmt.Sprintf(`
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: %s}
spec:
%s`, name, clusterSpec("  ", append(haOfOperator(), lines...)...))
}

// haOfOperator is all that high availability needs under the operator.
func haOfOperator() []string {
	return []string{"high-availability.type: kubernetes", "high-availability.storageDir: s3://bucket/ha", "execution.checkpointing.dir: s3://bucket/checkpoints"}
}

func clusterSpec(indent string, lines ...string) string {
	text := `image: registry.example.com/flink:1.20
flinkVersion: v1_20
serviceAccount: flink
jobManager: {resource: {memory: 2048m, cpu: 1}}
taskManager: {resource: {memory: 2048m, cpu: 1}}
job: {jarURI: "local:///opt/flink/usrlib/orders.jar", parallelism: 2, upgradeMode: last-state}
flinkConfiguration:
`
	for _, line := range lines {
		text += "  " + line + "\n"
	}
	return indent + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n"+indent) + "\n"
}

// answer is what kubectl prints for a manifest, and whether it was refused, with the rules that it names.
type answer struct {
	output  string
	refused bool
	rules   []string
}

func (s *suite) answer(t *testing.T, namespace, manifest string, args ...string) answer {
	t.Helper()
	output, err := s.kubectl(t, manifest, append([]string{"apply", "-n", namespace, "-f", "-"}, args...)...)
	if err != nil && !contains(output, "flink-ha.dev\" denied the request") {
		t.Fatalf("got %v, %s, want an answer of the guard", err, output)
	}
	return answer{output: output, refused: err != nil, rules: rulesIn(output)}
}

// account makes the account that custom resources name, with rights, so that nothing is missing, and waits until the guard knows it.
func (s *suite) account(t *testing.T, namespace string) {
	t.Helper()
	for _, args := range [][]string{
		{"create", "serviceaccount", "flink"},
		{"create", "rolebinding", "flink", "--clusterrole=edit", "--serviceaccount=" + namespace + ":flink"},
	} {
		if output, err := s.kubectl(t, "", append(args, "-n", namespace)...); err != nil {
			t.Fatal(output)
		}
	}
	eventually(t, "the guard to know the account and its rights", func() bool {
		got := s.answer(t, namespace, flinkDeployment("probe"), "--dry-run=server")
		return !slices.Contains(got.rules, "jobmanager-rights-missing") && !slices.Contains(got.rules, "service-account-missing")
	})
}

// TestCustomResourcesAreJudged where the operator would not see the mistake, or would only say so in a log.
func TestCustomResourcesAreJudged(t *testing.T) {
	s := shared
	baseline, strict := s.namespace(t), s.namespace(t, "flink-ha.dev/enforce=strict")
	s.awaitNamespace(t, strict)
	sessionJob := `
apiVersion: flink.apache.org/v1beta1
kind: FlinkSessionJob
metadata: {name: job}
spec:
  deploymentName: session
  flinkConfiguration: {high-availability.type: kubernetes}
  job: {jarURI: "https://repo.example.com/orders.jar", parallelism: 2, upgradeMode: stateless}
`
	blueGreen := `
apiVersion: flink.apache.org/v1beta1
kind: FlinkBlueGreenDeployment
metadata: {name: both}
spec:
  template:
    spec:
` + clusterSpec("      ", append(haOfOperator(), "kubernetes.namespace: elsewhere")...)
	for _, namespace := range []string{baseline, strict} {
		s.account(t, namespace)
		for name, tc := range map[string]struct {
			manifest string
			rule     string
			refused  bool
		}{
			"right":               {flinkDeployment("right-" + namespace), "", false},
			"a cluster-id":        {flinkDeployment("id", "kubernetes.cluster-id: id"), "custom-resource-forbidden-key", true},
			"no class":            {flinkDeployment("storage", "high-availability.storageDir: file://ha"), "storage-dir-invalid", true},
			"a job's own":         {sessionJob, "session-job-configures-high-availability", namespace == strict},
			"two clusters in one": {blueGreen, "custom-resource-forbidden-key", true},
		} {
			got := s.answer(t, namespace, tc.manifest)
			if got.refused != tc.refused || tc.rule == "" && len(got.rules) > 0 || tc.rule != "" && !slices.Equal(got.rules, []string{tc.rule}) {
				t.Errorf("%s: got %+v, want the rule %q, refused: %t", name, got, tc.rule, tc.refused)
			}
		}
	}
}

// TestCustomResourcesAreNoticed although their kinds came after the guard: it knows what is there already.
func TestCustomResourcesAreNoticed(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=off")
	s.awaitNamespace(t, namespace)
	s.account(t, namespace)
	if got := s.answer(t, namespace, flinkDeployment("orders", "kubernetes.cluster-id: orders")); got.refused || !contains(got.output, "Warning: [custom-resource-forbidden-key]") {
		t.Fatalf("got %+v, want a warning", got)
	}
	want := `1 object in this namespace would be refused if applied anew: FlinkDeployment orders`
	eventually(t, "the guard to know the FlinkDeployment", func() bool {
		output, err := s.kubectl(t, "", "label", "--dry-run=server", "namespace", namespace, "--overwrite", "flink-ha.dev/enforce=baseline")
		return err == nil && contains(output, want)
	})
}

// TestWhatTheOperatorMakesIsAdmitted with warnings that nobody reads, and an Event that people see on the custom resource.
func TestWhatTheOperatorMakesIsAdmitted(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.account(t, namespace)
	if got := s.answer(t, namespace, flinkDeployment("orders")); got.refused {
		t.Fatal(got.output)
	}
	uid, err := s.kubectl(t, "", "get", "flinkdeployment", "orders", "-n", namespace, "-o", "jsonpath={.metadata.uid}")
	if err != nil {
		t.Fatal(uid)
	}
	caller := s.caller(t, "system:serviceaccount:flink-operator:flink-operator")
	made := operatorsDeployment("orders", types.UID(uid))
	if got := caller.create(t, namespace, made); len(got.denied) > 0 || !slices.Contains(got.warned, "storage-dir-invalid") {
		t.Errorf("the Deployment: got %+v, want it admitted with a warning", got)
	}
	if made, err = s.client.AppsV1().Deployments(namespace).Get(t.Context(), "orders", metav1.GetOptions{}); err != nil {
		t.Fatal(err)
	}
	conf := configMap("flink-config-orders", "flink-conf.yaml", configuration(namespace, "kubernetes.cluster-id: ORDERS"))
	conf.Labels, conf.OwnerReferences = made.Labels, ownedBy(made)
	if got := caller.create(t, namespace, conf); len(got.denied) > 0 || !slices.Contains(got.warned, "cluster-id-invalid") {
		t.Errorf("the ConfigMap: got %+v, want it admitted with a warning", got)
	}
	eventually(t, "an Event on the FlinkDeployment", func() bool {
		events, err := s.kubectl(t, "", "get", "events", "-n", namespace, "--field-selector=involvedObject.kind=FlinkDeployment,involvedObject.name=orders",
			"-o", "jsonpath={range .items[*]}{.type} {.reason}: {.message}{\"\\n\"}{end}")
		return err == nil && contains(events, "Warning StorageDirInvalid: ")
	})
	described, err := s.kubectl(t, "", "describe", "flinkdeployment", "orders", "-n", namespace)
	if err != nil || !contains(described, "StorageDirInvalid") {
		t.Errorf("got %v, %s, want kubectl describe to show it", err, described)
	}
}

// operatorsDeployment is what the operator makes of a FlinkDeployment, with a mistake.
func operatorsDeployment(name string, owner types.UID) *appsv1.Deployment {
	made := deployment(name, "flink-config-"+name, "bash", "-c",
		"kubernetes-jobmanager.sh kubernetes-application -D high-availability.type=kubernetes -D high-availability.storageDir=file://ha ")
	made.Labels = map[string]string{"app": name, "type": "flink-native-kubernetes", "component": "jobmanager"}
	made.Spec.Template.Labels = made.Labels
	made.OwnerReferences = []metav1.OwnerReference{{APIVersion: "flink.apache.org/v1beta1", Kind: "FlinkDeployment", Name: name, UID: owner}}
	container := &made.Spec.Template.Spec.Containers[0]
	container.Image, container.Command = "registry.example.com/flink:1.20", []string{"/docker-entrypoint.sh"}
	made.Spec.Template.Spec.ServiceAccountName = "flink"
	return made
}

// TestTheOperatorsDefaultsCount once they are known; before, nothing is said of what they may hold.
func TestTheOperatorsDefaultsCount(t *testing.T) {
	s := shared
	forget := func() {
		if output, err := s.kubectl(t, "", "delete", "configmaps", "--all-namespaces", "--field-selector=metadata.name=flink-operator-config"); err != nil {
			t.Error(output)
		}
	}
	forget()
	defer forget()
	namespace, operators := s.namespace(t), s.namespace(t)
	s.account(t, namespace)
	plain := strings.ReplaceAll(strings.ReplaceAll(flinkDeployment("plain"), "  high-availability.type: kubernetes\n", ""), "  high-availability.storageDir: s3://bucket/ha\n", "")
	until := func(what string, rules ...string) {
		t.Helper()
		var got answer
		eventually(t, what, func() bool {
			got = s.answer(t, namespace, plain, "--dry-run=server")
			return !got.refused && slices.Equal(got.rules, rules)
		})
	}
	until("nothing to be said while the defaults are not known")
	conf := configMap("flink-operator-config", "config.yaml", "kubernetes.operator.reconcile.interval: 60 s\nparallelism.default: 2\n")
	conf, err := s.client.CoreV1().ConfigMaps(operators).Create(t.Context(), conf, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	until("a warning where neither the resource nor the defaults have high availability", "high-availability-off", "last-state-without-high-availability")
	conf.Data["config.yaml"] += "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://bucket/ha\n"
	if _, err := s.client.CoreV1().ConfigMaps(operators).Update(t.Context(), conf, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	until("nothing to be said where the defaults have it")
}

// TestDeletingAFlinkDeploymentWarnsOfItsState where no savepoint is recorded.
func TestDeletingAFlinkDeploymentWarnsOfItsState(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.account(t, namespace)
	if got := s.answer(t, namespace, flinkDeployment("orders")); got.refused {
		t.Fatal(got.output)
	}
	const status = `{"status":{"jobStatus":{"state":"RUNNING"},"reconciliationStatus":{"state":"DEPLOYED","lastReconciledSpec":"{}"}}}`
	if output, err := s.kubectl(t, "", "patch", "flinkdeployment", "orders", "-n", namespace, "--subresource=status", "--type=merge", "-p", status); err != nil {
		t.Fatal(output)
	}
	output, err := s.kubectl(t, "", "delete", "flinkdeployment", "orders", "-n", namespace)
	if err != nil || !contains(output, "Warning: [deletion-discards-state]") {
		t.Errorf("got %v, %s, want it deleted with a warning", err, output)
	}
}
