package e2e

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	ruleLiveDeleted = "live-ha-state-deleted"
	flinkJob        = "5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d"
)

// allOfFlink selects the HA state of a cluster, as people do who clean up.
const allOfFlink = "app=demo,type=flink-native-kubernetes"

// stateOfJob is the HA ConfigMap of a job with a checkpoint.
func stateOfJob(cluster string) *corev1.ConfigMap {
	state := leaderState(cluster, nil)
	state.Name, state.Annotations = cluster+"-"+flinkJob+"-config-map", nil
	state.Data = map[string]string{"counter": "8", "checkpointID-0000000000000000007": "pointer"}
	return state
}

// liveCluster is a namespace with a JobManager and its HA state, which the guard knows.
func (s *suite) liveCluster(t *testing.T, caller *caller) string {
	t.Helper()
	namespace := s.namespace(t)
	made := jobManager("demo", "", properties(configuration(namespace))...)
	made.Spec.Template.Spec.ServiceAccountName = "jobs"
	if got := caller.create(t, namespace, made); len(got.denied) > 0 {
		t.Fatalf("got %+v", got)
	}
	for _, state := range []*corev1.ConfigMap{leaderState("demo", nil), stateOfJob("demo")} {
		if got := caller.create(t, namespace, state); len(got.denied)+len(got.warnings) > 0 {
			t.Fatalf("got %+v, want nothing said of Flink's own ConfigMaps", got)
		}
	}
	try := metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}
	eventually(t, "the guard to know the cluster", func() bool {
		got := caller.verdict(t, func() error {
			return caller.CoreV1().ConfigMaps(namespace).Delete(t.Context(), "demo-cluster-config-map", try)
		})
		return got.says(ruleLiveDeleted)
	})
	return namespace
}

func TestDeletionsOfLiveHAStateAreRefusedByPolicy(t *testing.T) {
	s := shared
	caller := s.caller(t, "")
	s.setPolicy(t, "haConfigMaps: {guardDeletes: deny, operators: [our-operator]}\n")
	namespace := s.liveCluster(t, caller)

	output, err := s.kubectl(t, "", "delete", "configmaps", "-n", namespace, "-l", allOfFlink)
	for _, want := range []string{"the Deployment \"demo\" leads by it", "recovers job " + flinkJob + " from it (orphans 1 checkpoint in s3://bucket/" + namespace + "/demo, the last is 7"} {
		if err == nil || !strings.Contains(output, want) {
			t.Errorf("got %v, %s, want it to say %s", err, output, want)
		}
	}
	// kubectl asks for one after the other; whoever deletes a collection names none of them.
	got := caller.verdict(t, func() error {
		return caller.CoreV1().ConfigMaps(namespace).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: allOfFlink})
	})
	if !got.is([]string{ruleLiveDeleted}, nil) || !got.says("the rest of the collection may be deleted already") {
		t.Errorf("got %+v, want the collection refused", got)
	}
	for _, name := range []string{"demo-cluster-config-map", stateOfJob("demo").Name} {
		if s.isGone(t, namespace, name) {
			t.Errorf("%s is gone", name)
		}
	}

	another := s.liveCluster(t, caller)
	for user, of := range map[string]string{"system:serviceaccount:" + namespace + ":jobs": namespace, "our-operator": another} {
		theirs := s.caller(t, user)
		got := theirs.verdict(t, func() error {
			return theirs.CoreV1().ConfigMaps(of).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: allOfFlink})
		})
		if len(got.warnings) > 0 || got.message != "" || !s.isGone(t, of, "demo-cluster-config-map") {
			t.Errorf("%s: got %+v, want it to delete without a word", user, got)
		}
	}
}

func TestAnExemptionLetsLiveHAStateGo(t *testing.T) {
	s := shared
	caller := s.caller(t, "")
	s.setPolicy(t, "haConfigMaps: {guardDeletes: deny}\n")
	namespace := s.liveCluster(t, caller)
	for _, day := range []int{-1, 3} { // the second one lets it go
		refused := day < 0
		text := "exempt.flink-ha.dev/" + ruleLiveDeleted + "=" + time.Now().UTC().AddDate(0, 0, day).Format(time.DateOnly) + " it starts anew"
		if output, err := s.kubectl(t, "", "annotate", "--overwrite", "configmap", "demo-cluster-config-map", "-n", namespace, text); err != nil {
			t.Fatal(output)
		}
		try := metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}
		if !refused {
			try = metav1.DeleteOptions{}
		}
		got := caller.verdict(t, func() error {
			return caller.CoreV1().ConfigMaps(namespace).Delete(t.Context(), "demo-cluster-config-map", try)
		})
		if (got.message != "") != refused || refused && !got.says("it ended on") {
			t.Errorf("%d days from now: got %+v", day, got)
		}
	}
	if noted := s.audited(t, namespace, "demo-cluster-config-map"); noted["deletes.flink-ha.dev/exempt"] != ruleLiveDeleted || noted["deletes.flink-ha.dev/deleter"] != "other" {
		t.Errorf("the audit log has %v", noted)
	}
}

func TestTheDeletionOfANamespaceTellsOfItsClustersAndGoesOn(t *testing.T) {
	s := shared
	caller := s.caller(t, "")
	s.setPolicy(t, "haConfigMaps: {guardDeletes: deny}\n")
	namespace := s.liveCluster(t, caller)
	before := s.guardMetric(t, "flink_ha_webhook_ha_deletions_total", "namespace-controller")
	output, err := s.kubectl(t, "", "delete", "namespace", namespace, "--wait=false")
	const want = `the HA state of 1 Flink cluster in use, and what it points to in storage is orphaned: "demo" (2 HA ConfigMaps, 1 job)`
	if err != nil || !strings.Contains(output, want) {
		t.Errorf("got %v, %s, want it to say %s", err, output, want)
	}
	eventually(t, "the namespace to be gone", func() bool {
		_, err := s.client.CoreV1().Namespaces().Get(t.Context(), namespace, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	})
	if after := s.guardMetric(t, "flink_ha_webhook_ha_deletions_total", "namespace-controller"); after != before+2 {
		t.Errorf("the namespace controller deleted %v HA ConfigMaps, want 2", after-before)
	}
}
