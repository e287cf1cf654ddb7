package undelete

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// checkpointsOf is the ConfigMap with the checkpoints of the job.
func checkpointsOf(name string, data map[string]string) *corev1.ConfigMap {
	labels := map[string]string{"type": "flink-native-kubernetes"}
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name, Labels: labels}, Data: data}
}

func TestJobsWithoutCheckpoints(t *testing.T) {
	const name = "demo-" + job + "-config-map"
	pointers := map[string]string{"counter": "8", "checkpointID-0000000000000000007": "pointer"}
	elsewhere, going := checkpointsOf(name, pointers), checkpointsOf(name, pointers)
	elsewhere.Namespace = "other"
	now := metav1.NewTime(time.Unix(1000, 0))
	going.DeletionTimestamp, going.Finalizers = &now, []string{"example.com/wait"}
	old, application := haState("u"), haState("u")
	old.Name, old.Data = "demo-dispatcher-leader", map[string]string{"jobGraph-" + job: "pointer"}
	application.Data = map[string]string{"application-" + job: "pointer"}
	lacks := []string{job}
	cases := map[string]struct {
		kept   *corev1.ConfigMap
		there  []client.Object
		before []*corev1.ConfigMap
		want   []string
	}{
		"nothing is there":               {want: lacks},
		"checkpoints are there":          {there: []client.Object{checkpointsOf(name, pointers)}},
		"no checkpoint was taken yet":    {there: []client.Object{checkpointsOf(name, map[string]string{"counter": "1"})}},
		"an empty one is there":          {there: []client.Object{checkpointsOf(name, nil)}, want: lacks},
		"it is being deleted":            {there: []client.Object{going}, want: lacks},
		"those of another namespace":     {there: []client.Object{elsewhere}, before: []*corev1.ConfigMap{elsewhere}, want: lacks},
		"they are restored before":       {before: []*corev1.ConfigMap{checkpointsOf(name, pointers)}},
		"an empty one is before":         {before: []*corev1.ConfigMap{checkpointsOf(name, nil)}, want: lacks},
		"up to 1.14":                     {kept: old, there: []client.Object{checkpointsOf("demo-"+job+"-jobmanager-leader", pointers)}},
		"up to 1.14, nothing is there":   {kept: old, there: []client.Object{checkpointsOf(name, pointers)}, want: lacks},
		"an application has no job's id": {kept: application},
		"the checkpoints themselves":     {kept: checkpointsOf(name, pointers)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kept := tc.kept
			if kept == nil {
				kept = haState("u")
			}
			var before []Record
			for _, configMap := range tc.before {
				before = append(before, Record{Content: configMap})
			}
			got, err := JobsWithoutCheckpoints(t.Context(), fakeClient(t, tc.there...), kept, before)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("jobs (-want,+got):\n%s", diff)
			}
		})
	}
}
