package e2e

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAConfigurationWithoutHighAvailabilityIsRefused(t *testing.T) {
	s := shared
	configMaps := s.client.CoreV1().ConfigMaps(s.namespace(t))
	_, err := configMaps.Create(t.Context(), configMap("flink-config", "flink-conf.yaml", noHA), metav1.CreateOptions{})
	status, ok := err.(apierrors.APIStatus)
	if !ok || status.Status().Code != 403 || status.Status().Reason != metav1.StatusReasonForbidden {
		t.Fatalf("got %v, want 403 Forbidden", err)
	}
	for _, want := range []string{
		`admission webhook "validate.flink-ha.dev" denied the request`, "high-availability.type is not set", "high-availability.storageDir is not set",
		"kubernetes.cluster-id is not set", "fix: high-availability.type: kubernetes",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got the message %q, want it to say %q", err, want)
		}
	}
	causes := status.Status().Details.Causes
	if len(causes) != 3 {
		t.Fatalf("got the causes %+v, want three", causes)
	}
	for _, cause := range causes {
		if cause.Type != "high-availability-off" || cause.Field != `data["flink-conf.yaml"]` {
			t.Errorf("got the cause %+v, want rule and field", cause)
		}
	}
}

func TestWhatIsAdmittedAndWhatIsRefused(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	annotated := configMap("opted-out", "flink-conf.yaml", noHA)
	annotated.Annotations = map[string]string{"flink-ha.dev/high-availability": "not-required nightly batch"}
	cases := map[string]struct {
		object *corev1.ConfigMap
		rule   string // "" for admitted
	}{
		"done right":                    {configMap("right", "config.yaml", goodConfiguration), ""},
		"no storage directory":          {configMap("no-storage", "config.yaml", noStorage), "storage-dir-missing"},
		"a file that Flink cannot read": {configMap("twice", "config.yaml", goodConfiguration+"kubernetes.cluster-id: again\n"), "configuration-unreadable"},
		"ZooKeeper":                     {configMap("zk", "flink-conf.yaml", "high-availability: zookeeper\nhigh-availability.storageDir: s3://b/ha\nhigh-availability.zookeeper.quorum: zk\n"), ""},
		"a batch job that opted out":    {annotated, ""},
		"a client's":                    {configMap("client", "flink-conf.yaml", "execution.target: remote\nrest.address: jm\n"), ""},
		"the operator's":                {configMap("flink-operator-config", "flink-conf.yaml", noHA), ""},
		"another program's":             {configMap("other", "config.yaml", "listen: :8080\n"), ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), tc.object, metav1.CreateOptions{})
			switch {
			case tc.rule == "" && err != nil:
				t.Errorf("got %v, want it admitted", err)
			case tc.rule != "" && (!apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "["+tc.rule+"]")):
				t.Errorf("got %v, want it refused by %s", err, tc.rule)
			}
		})
	}
}

func TestADeploymentWhoseArgumentsSettleItWronglyIsRefused(t *testing.T) {
	s := shared
	deployments := s.client.AppsV1().Deployments(s.namespace(t))
	_, err := deployments.Create(t.Context(), deployment("jm", "", "standalone-job", "-Dhigh-availability.type=kubernetes"), metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "storage-dir-missing") || !strings.Contains(err.Error(), "cluster-id-missing") {
		t.Errorf("got %v, want it refused for both", err)
	}
}

func TestAnUpdateIsRefusedOnlyForWhatIsNew(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/guard=disabled")
	configMaps := s.client.CoreV1().ConfigMaps(namespace)
	was, err := configMaps.Create(t.Context(), configMap("old", "flink-conf.yaml", noHA), metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("in a namespace without the guard: %v", err)
	}
	if output, err := s.kubectl(t, "", "label", "namespace", namespace, "flink-ha.dev/guard-"); err != nil {
		t.Fatal(output)
	}
	was.Data["flink-conf.yaml"] += "parallelism.default: 4\n"
	eventually(t, "the update of what was wrong before to be admitted", func() bool {
		was, err = configMaps.Update(t.Context(), was, metav1.UpdateOptions{})
		return err == nil
	})
	was.Data["flink-conf.yaml"] = noStorage
	if _, err := configMaps.Update(t.Context(), was, metav1.UpdateOptions{}); !apierrors.IsForbidden(err) {
		t.Errorf("got %v, want a new mistake refused", err)
	}
	if err := configMaps.Delete(t.Context(), "old", metav1.DeleteOptions{}); err != nil {
		t.Errorf("deleting: %v", err)
	}
}

// TestForceLeavesTheLiveObjectAlone is about kubectl apply --force, which deletes and recreates an object when the API server
// calls a change invalid (422), and must not do so when the guard refuses it (403).
func TestForceLeavesTheLiveObjectAlone(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	manifest := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: live}\ndata:\n  flink-conf.yaml: |\n"
	good := manifest + "    " + strings.ReplaceAll(strings.TrimSpace(goodConfiguration), "\n", "\n    ") + "\n"
	s.apply(t, namespace, good)
	before, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), "live", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.Replace(good, "s3://bucket/ha", "file://bucket/ha", 1)
	output, err := s.kubectl(t, bad, "apply", "--force", "-n", namespace, "-f", "-")
	if err == nil || !strings.Contains(output, "storage-dir-invalid") {
		t.Fatalf("got %v, %s, want it refused", err, output)
	}
	after, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), "live", metav1.GetOptions{})
	if err != nil || after.UID != before.UID || after.ResourceVersion != before.ResourceVersion {
		t.Errorf("got %v, uid %s and resourceVersion %s, want the very object of before (%s, %s)", err, after.UID, after.ResourceVersion, before.UID, before.ResourceVersion)
	}
}

// TestDryRunsLeaveNoTrace is about server-side dry runs and kubectl diff.
func TestDryRunsLeaveNoTrace(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	s.awaitNamespace(t, namespace)
	manifest := `
apiVersion: apps/v1
kind: Deployment
metadata: {name: tm}
spec:
  selector: {matchLabels: {app: tm}}
  template:
    metadata: {labels: {app: tm}}
    spec: {containers: [{name: tm, image: "flink:2.0", args: [taskmanager, -Dhigh-availability.type=kubernetes, -Dhigh-availability.storageDir=s3://b/ha, -Dkubernetes.cluster-id=x, -Dkubernetes.namespace=` + namespace + `]}]}
`
	output, err := s.kubectl(t, manifest, "apply", "--dry-run=server", "-o", "jsonpath={.spec.template.spec.serviceAccountName}", "-n", namespace, "-f", "-")
	if err != nil || !strings.HasSuffix(output, "\nflink") { // below the warnings
		t.Errorf("dry run: got %v, %q, want the account that it would get", err, output)
	}
	output, err = s.kubectl(t, manifest, "diff", "-n", namespace, "-f", "-")
	if err == nil || !strings.Contains(output, "serviceAccountName: flink") { // kubectl diff ends with 1 where there is a difference
		t.Errorf("diff: got %v, %s, want the account in the difference", err, output)
	}
	deployments, err := s.client.AppsV1().Deployments(namespace).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(deployments.Items) > 0 {
		t.Errorf("got %v, %d Deployments, want none", err, len(deployments.Items))
	}
	_, err = s.client.CoreV1().ServiceAccounts(namespace).Get(t.Context(), "flink", metav1.GetOptions{})
	if !apierrors.IsNotFound(err) {
		t.Errorf("got %v, want no account made", err)
	}
}
