package e2e

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/rand"
)

// bare is a configuration that is right for a client and wrong for a JobManager: which of them reads it only a workload tells.
const bare = "parallelism.default: 2\n"

// TestWhatTwoObjectsShowTogether goes through the orders in which a ConfigMap and the JobManager that mounts it come: at once
// nothing is refused, since an upgrade takes several requests; what comes later is, where the namespace is strict.
func TestWhatTwoObjectsShowTogether(t *testing.T) {
	s := shared
	strict, baseline := s.namespace(t, "flink-ha.dev/enforce=strict"), s.namespace(t)
	s.awaitNamespace(t, strict)
	caller := s.caller(t, "")
	off := []string{"high-availability-off"}
	want := func(what string, got verdict, denied, warned []string) {
		t.Helper()
		if !got.is(denied, warned) {
			t.Errorf("%s: got %+v, want %v refused and %v warned about", what, got, denied, warned)
		}
	}
	for _, namespace := range []string{baseline, strict} { // the strict one last: once it is settled, both are
		want("the ConfigMap first", caller.create(t, namespace, configMap("first", "flink-conf.yaml", bare)), nil, nil)
		want("then the Deployment", caller.create(t, namespace, jobManager("second", "first")), nil, off)
		want("the Deployment first", caller.create(t, namespace, jobManager("early", "late")), nil, nil)
		want("then the ConfigMap", caller.create(t, namespace, configMap("late", "flink-conf.yaml", bare), dryRun()), nil, off)
	}
	settled := time.Now().Add(10 * time.Second)
	for time.Now().Before(settled.Add(-time.Second)) {
		if got := caller.create(t, strict, jobManager("third", "first"), dryRun()); len(got.denied) > 0 {
			t.Errorf("refused too early: %+v", got)
		}
		time.Sleep(time.Second)
	}
	eventually(t, "a Deployment to be refused for a ConfigMap that has been there", func() bool {
		return caller.create(t, strict, jobManager("third", "first"), dryRun()).is(off, nil)
	})
	eventually(t, "a ConfigMap to be refused for a Deployment that has been there", func() bool {
		return caller.create(t, strict, configMap("late", "flink-conf.yaml", bare), dryRun()).is(off, nil)
	})
	want("the same where the baseline is enforced", caller.create(t, baseline, jobManager("third", "first"), dryRun()), nil, off)
	updated := caller.verdict(t, func() error {
		object := configMap("first", "flink-conf.yaml", bare+"taskmanager.numberOfTaskSlots: 2\n")
		_, err := caller.CoreV1().ConfigMaps(strict).Update(t.Context(), object, metav1.UpdateOptions{})
		return err
	})
	want("an update of the ConfigMap", updated, nil, off)
}

// TestAFolderWithAWrongConfigurationIsAdmittedAtOnce in a strict namespace too, with what is wrong as a warning.
func TestAFolderWithAWrongConfigurationIsAdmittedAtOnce(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=strict")
	s.awaitNamespace(t, namespace)
	const folder = `
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {flink-conf.yaml: "parallelism.default: 2"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: demo-jobmanager}
spec:
  selector: {matchLabels: {app: demo}}
  template:
    metadata: {labels: {app: demo}}
    spec:
      containers:
      - {name: jobmanager, image: "registry.example.com/flink:1.19", args: [jobmanager], volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]}
      volumes: [{name: conf, configMap: {name: conf}}]
`
	output, err := s.kubectl(t, folder, "apply", "-n", namespace, "-f", "-")
	if err != nil || !contains(output, "Warning: [high-availability-off]") {
		t.Errorf("got %v, %s, want it admitted with a warning", err, output)
	}
}

// TestAnotherClusterIsNotNamed to somebody who may not see its namespace, but to the auditor.
func TestAnotherClusterIsNotNamed(t *testing.T) {
	s := shared
	mine, theirs := s.namespace(t), s.namespace(t)
	shared := "shared-" + rand.String(5)
	caller := s.caller(t, "")
	lines := func(namespace string) string {
		return configuration(namespace, "high-availability.storageDir: s3://shared/ha", "high-availability.cluster-id: "+shared)
	}
	if got := caller.create(t, theirs, jobManager("jm", "", properties(lines(theirs))...)); !got.is(nil, nil) {
		t.Fatalf("the first of two: got %+v, want nothing said", got)
	}
	if got := caller.create(t, mine, jobManager("jm", "conf")); !got.is(nil, nil) {
		t.Fatalf("the second without its configuration: got %+v, want nothing said", got)
	}
	var got verdict
	eventually(t, "the guard to know the other cluster", func() bool {
		got = caller.create(t, mine, configMap("conf", "flink-conf.yaml", lines(mine)), dryRun())
		return got.is(nil, []string{"storage-path-shared"})
	})
	if !got.says("another cluster") || got.says(theirs) {
		t.Errorf("got %q, want another cluster, and no name", got.warnings)
	}
	if diff := cmp.Diff(theirs+"/Deployment/jm", s.audited(t, mine, "conf")["validate.flink-ha.dev/other-clusters"]); diff != "" {
		t.Errorf("in the audit log (-want +got):\n%s", diff)
	}
}
