package validation

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// stateDeletion is the deletion of an HA ConfigMap by somebody who has no part in the cluster.
func stateDeletion(t *testing.T, text string, change ...func(*Subject)) Subject {
	t.Helper()
	var configMap corev1.ConfigMap
	if err := yaml.Unmarshal([]byte(text), &configMap); err != nil {
		t.Fatal(err)
	}
	return with(Subject{Kind: OfStateDeletion, Namespace: configMap.Namespace, Name: configMap.Name, ConfigMap: &configMap, Deleter: DeleterOther}, change...)
}

func TestLiveHAStateDeleted(t *testing.T) {
	const (
		job        = "5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d"
		jobState   = "metadata: {name: orders-" + job + "-config-map, labels: {type: flink-native-kubernetes}}\n"
		empty      = "metadata: {name: orders-cluster-config-map, labels: {type: flink-native-kubernetes}}\n"
		pointers   = `data: {counter: "13", checkpointID-0000000000000000011: x, checkpointID-0000000000000000012: x}`
		remedy     = `; needs the annotation exempt.flink-ha.dev/live-ha-state-deleted: "YYYY-MM-DD reason" if it is meant; fix: stop the cluster first`
		ends       = "; whoever leads by it ends at once, and the next leader knows none of this"
		deployment = `data: the Deployment "jobmanager" `
	)
	by := func(kind, storage string) func(*Subject) {
		return func(s *Subject) {
			s.Use.Member = &inventory.Member{Key: inventory.Key{Kind: kind, Namespace: s.Namespace, Name: "jobmanager"}, Identity: inventory.Identity{StoragePath: storage}}
		}
	}
	led := func(s *Subject) { s.Use.LedUntil = longAgo().Add(15 * time.Second) }
	collection := func(s *Subject) { s.InCollection = true }
	as := func(deleter Deleter) func(*Subject) { return func(s *Subject) { s.Deleter = deleter } }
	four := strings.Replace(stateOfExample, "  jobGraph-", "  executionPlan-a: x\n  executionPlan-b: x\n  application-c: x\n  jobGraph-", 1)
	testRule(t, "live-ha-state-deleted", map[string]ruleCase{
		"of a session with a job": {
			stateDeletion(t, stateOfExample, by("Deployment", "s3://me:secret@b/ha/orders")),
			[]string{deployment + "recovers job " + job + " from it (orphans the jobs' data in s3://***@b/ha/orders)" + ends + remedy},
		},
		"used from another namespace": {
			stateDeletion(t, stateOfExample, func(s *Subject) {
				s.Use.Member = &inventory.Member{Key: inventory.Key{Kind: "Deployment", Namespace: "secret", Name: "jm"}, Identity: inventory.Identity{StoragePath: "s3://secret/ha"}}
			}),
			[]string{"data: a workload of another namespace recovers job " + job + " from it" + ends + remedy},
		},
		"where nobody knows the storage directory": {
			stateDeletion(t, stateOfExample, led), []string{"data: a JobManager that leads recovers job " + job + " from it" + ends + remedy},
		},
		"of many jobs": {
			stateDeletion(t, four, led), []string{"data: a JobManager that leads recovers 4 jobs (c, a, b and 1 more) from it" + ends + remedy},
		},
		"of a job": {
			stateDeletion(t, jobState+pointers, by("FlinkDeployment", "s3://b/ha/orders")),
			[]string{`data: the FlinkDeployment "jobmanager" recovers job ` + job + " from it (orphans 2 checkpoints in s3://b/ha/orders, the last is 12); " +
				"checkpoints fail from now on, and the next restart begins with empty state" + remedy},
		},
		"of a job without checkpoints": {
			stateDeletion(t, jobState, led),
			[]string{"data: a JobManager that leads keeps the checkpoints of job " + job + " in it; " +
				"checkpoints fail from now on, and the next restart begins with empty state" + remedy},
		},
		"that is empty":      {stateDeletion(t, empty, by("Deployment", "s3://b/ha")), []string{deployment + "leads by it; whoever leads by it ends at once" + remedy}},
		"along with others":  {stateDeletion(t, empty, by("Deployment", ""), collection), []string{deployment + "leads by it (the rest of the collection may be deleted already); whoever leads by it ends at once" + remedy}},
		"not in use":         {subject: stateDeletion(t, stateOfExample)},
		"by Flink":           {subject: stateDeletion(t, stateOfExample, led, as(DeleterFlink))},
		"by the operator":    {subject: stateDeletion(t, stateOfExample, led, as(DeleterOperator))},
		"with the namespace": {subject: stateDeletion(t, stateOfExample, led, as(DeleterNamespaceController))},
	})
}

func TestADeletionOfLiveStateFitsAWarning(t *testing.T) {
	subject := stateDeletion(t, stateOfExample, func(s *Subject) {
		s.InCollection = true
		s.Use.Member = &inventory.Member{Key: inventory.Key{Kind: "FlinkDeployment", Namespace: s.Namespace, Name: "orders"}, Identity: inventory.Identity{StoragePath: "s3://my-bucket/flink/ha/orders"}}
	})
	findings := mustEvaluator(t).Evaluate(subject)
	if len(findings) != 1 {
		t.Fatalf("got %v", findings)
	}
	const limit = 256 - len("[live-ha-state-deleted] ")
	brief := findings[0].Brief(limit)
	for _, part := range []string{"5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d", "s3://my-bucket/flink/ha/orders", "the rest of the collection"} {
		if len(brief) > limit || !strings.Contains(brief, part) {
			t.Errorf("got %d bytes: %s, want it to say %s", len(brief), brief, part)
		}
	}
}
