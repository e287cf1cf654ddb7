package survey

import (
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const lapsed = 200 * time.Hour

// TestUse asks whether anybody uses the state of the cluster "demo" in the namespace "streaming", whose leader is long gone unless
// a case says otherwise.
func TestUse(t *testing.T) {
	identity := []string{"kubernetes.cluster-id: demo", "kubernetes.namespace: streaming", "high-availability.cluster-id: demo"}
	withoutHA := conf("streaming", identity...)
	withoutHA.Data["config.yaml"] = strings.ReplaceAll(withoutHA.Data["config.yaml"], "type: kubernetes", "type: none")
	deleting := process("streaming", "jm", true, "jobmanager")
	deleting.DeletionTimestamp, deleting.Finalizers = &metav1.Time{Time: now}, []string{"example.com/wait"}
	operator := process("streaming", "operator", false, "operator")
	operator.Spec.Template.Spec.Containers[0].Image = "apache/flink-kubernetes-operator:1.15"
	operator.Spec.Template.Spec.Volumes = []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "flink-operator-config"}},
	}}}
	highlyAvailable := map[string]any{"flinkConfiguration": map[string]any{"high-availability.type": "kubernetes"}}
	suspended := map[string]any{"job": map[string]any{"state": "suspended"}}

	configured := func(namespace string, lines []string, process client.Object) []client.Object {
		return []client.Object{conf(namespace, lines...), process}
	}
	for sentence, tc := range map[string]struct {
		renewed time.Duration
		objects []client.Object
		hidden  []string
		alone   bool
		want    Use
		reason  string
	}{
		"nothing is there": {want: Orphaned, reason: "nobody leads"},
		"a leader whose workload is nowhere": {
			renewed: 3 * time.Second, want: Led,
		},
		"a Deployment without pods": {
			objects: configured("streaming", identity, process("streaming", "jm", true, "jobmanager")),
			want:    Live, reason: "Deployment jm is there",
		},
		"a Deployment of another cluster": {
			objects: configured("streaming", []string{"kubernetes.cluster-id: other", "kubernetes.namespace: streaming"}, process("streaming", "jm", true, "jobmanager")),
			want:    Orphaned,
		},
		"a Deployment of another namespace": {
			objects: configured("elsewhere", identity, process("elsewhere", "jm", true, "jobmanager")),
			want:    Live, reason: "of namespace elsewhere",
		},
		"one of another namespace, which is not asked for": {
			objects: configured("elsewhere", identity, process("elsewhere", "jm", true, "jobmanager")),
			alone:   true, want: Orphaned,
		},
		"a cluster of this id with the state in its own namespace": {
			objects: configured("elsewhere", []string{"kubernetes.cluster-id: demo", "kubernetes.namespace: elsewhere"}, process("elsewhere", "jm", true, "jobmanager")),
			want:    Orphaned,
		},
		"a cluster whose high availability is off for now": {
			objects: []client.Object{withoutHA, process("streaming", "jm", true, "jobmanager")}, want: Live,
		},
		"a suspended custom resource": {
			objects: []client.Object{custom("FlinkDeployment", "streaming", "demo", highlyAvailable)}, want: Live, reason: "FlinkDeployment demo",
		},
		"one whose high availability the operator may add": {
			objects: []client.Object{custom("FlinkDeployment", "streaming", "demo", suspended)}, want: Live,
		},
		"a custom resource of another name": {
			objects: []client.Object{custom("FlinkDeployment", "streaming", "other", highlyAvailable)}, want: Orphaned,
		},
		"two clusters in turn, of other names": {
			objects: []client.Object{custom("FlinkBlueGreenDeployment", "streaming", "dem", nil), custom("FlinkBlueGreenDeployment", "streaming", "d", nil)}, want: Orphaned,
		},
		"a JobManager whose configuration was not seen": {
			objects: []client.Object{process("streaming", "jm", true, "jobmanager")}, want: Unknown, reason: "the cluster-id of Deployment jm is not known",
		},
		"one in another namespace": {
			objects: []client.Object{process("elsewhere", "jm", true, "jobmanager")}, want: Orphaned,
		},
		"an id from the environment": {
			objects: configured("streaming", []string{"kubernetes.cluster-id: $(ID)", "kubernetes.namespace: streaming"}, process("streaming", "jm", true, "jobmanager")),
			want:    Unknown,
		},
		"a namespace from the environment": {
			objects: configured("elsewhere", []string{"kubernetes.cluster-id: demo", "kubernetes.namespace: $(NS)"}, process("elsewhere", "jm", true, "jobmanager")),
			want:    Unknown, reason: "kubernetes.namespace",
		},
		"TaskManagers alone": {
			objects: configured("streaming", identity, process("streaming", "tm", true, "taskmanager")),
			want:    Unknown, reason: "TaskManagers",
		},
		"a workload that is being deleted": {
			objects: configured("streaming", identity, deleting),
			want:    Unknown, reason: "being deleted",
		},
		"an image that starts by itself": {
			objects: []client.Object{process("streaming", "x", false)}, want: Unknown, reason: "it is not known what",
		},
		"the operator itself": {objects: []client.Object{operator}, want: Orphaned},
		"a client": {
			objects: []client.Object{process("streaming", "gateway", false, "sql-gateway.sh", "start-foreground")}, want: Orphaned,
		},
		"Deployments that may not be read": {hidden: []string{"DeploymentList", "DeploymentList/streaming"}, want: Unknown, reason: "deployments"},
		"those of other namespaces":        {hidden: []string{"DeploymentList"}, want: Unknown, reason: "deployments"},
		"what is not asked for":            {hidden: []string{"DeploymentList", "ConfigMapList"}, alone: true, want: Orphaned},
		"a leader is seen all the same":    {renewed: time.Second, hidden: []string{"DeploymentList"}, want: Led},
		"a workload is seen all the same": {
			objects: configured("streaming", identity, process("streaming", "jm", true, "jobmanager")),
			hidden:  []string{"StatefulSetList"}, want: Live,
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			if tc.renewed == 0 {
				tc.renewed = lapsed
			}
			w := world{append(tc.objects, state(tc.renewed)), tc.hidden}
			found := w.survey(t, Options{Namespace: "streaming", Alone: tc.alone})
			if len(found.Clusters) != 1 {
				t.Fatalf("got %+v, want one cluster", found.Clusters)
			}
			got := found.Clusters[0]
			if got.Use != tc.want || !strings.Contains(got.Reason, tc.reason) || (got.User != nil) != (tc.want == Live) {
				t.Errorf("got %s (%s), user %v, want %s (%s)", got.Use, got.Reason, got.User, tc.want, tc.reason)
			}
		})
	}
}

// TestKindsThatAreNotWatched has what may bring a JobManager back although no Deployment, StatefulSet or Job is there.
func TestKindsThatAreNotWatched(t *testing.T) {
	deployed := process("streaming", "jm", true, "jobmanager")
	template := deployed.Spec.Template
	meta := func(controller string) metav1.ObjectMeta {
		made := metav1.ObjectMeta{Namespace: "streaming", Name: "jm"}
		if controller != "" {
			version, kind, _ := strings.Cut(controller, " ")
			made.OwnerReferences = []metav1.OwnerReference{{APIVersion: version, Kind: kind, Name: "jm", UID: "2", Controller: new(bool)}}
			*made.OwnerReferences[0].Controller = true
		}
		return made
	}
	cronJob := &batchv1.CronJob{ObjectMeta: meta("")}
	cronJob.Spec.JobTemplate.Spec.Template = template
	ended := corev1.PodStatus{Phase: corev1.PodFailed}
	someone := custom("FlinkCluster", "streaming", "x", nil)
	someone.SetGroupVersionKind(flinkCluster())
	elsewhere := someone.DeepCopy()
	elsewhere.SetNamespace("elsewhere")
	for sentence, tc := range map[string]struct {
		object client.Object
		hidden []string
		want   Use
		reason string
	}{
		"a DaemonSet":                     {object: &appsv1.DaemonSet{ObjectMeta: meta(""), Spec: appsv1.DaemonSetSpec{Template: template}}, want: Live, reason: "DaemonSet jm"},
		"a CronJob":                       {object: cronJob, want: Live, reason: "CronJob jm"},
		"a bare ReplicaSet":               {object: &appsv1.ReplicaSet{ObjectMeta: meta(""), Spec: appsv1.ReplicaSetSpec{Template: template}}, want: Live, reason: "ReplicaSet jm"},
		"that of a Rollout":               {object: &appsv1.ReplicaSet{ObjectMeta: meta("argoproj.io/v1alpha1 Rollout"), Spec: appsv1.ReplicaSetSpec{Template: template}}, want: Live},
		"that of a Deployment":            {object: &appsv1.ReplicaSet{ObjectMeta: meta("apps/v1 Deployment"), Spec: appsv1.ReplicaSetSpec{Template: template}}, want: Orphaned},
		"a bare Pod":                      {object: &corev1.Pod{ObjectMeta: meta(""), Spec: template.Spec}, want: Live, reason: "Pod jm"},
		"that of a Job":                   {object: &corev1.Pod{ObjectMeta: meta("batch/v1 Job"), Spec: template.Spec}, want: Orphaned},
		"one that has ended":              {object: &corev1.Pod{ObjectMeta: meta(""), Spec: template.Spec, Status: ended}, want: Orphaned},
		"a FlinkCluster":                  {object: someone, want: Unknown, reason: "FlinkCluster x"},
		"a FlinkCluster of another place": {object: elsewhere, want: Orphaned},
		"Pods that may not be read":       {object: deployed.DeepCopy(), hidden: []string{"PodList"}, want: Live},
		"Pods that may not be read, and nothing else": {object: elsewhere, hidden: []string{"PodList"}, want: Unknown, reason: "pods"},
	} {
		t.Run(sentence, func(t *testing.T) {
			configuration := conf("streaming", "kubernetes.cluster-id: demo", "kubernetes.namespace: streaming")
			w := world{objects: []client.Object{configuration, state(lapsed), tc.object}, hidden: tc.hidden}
			if got := w.survey(t, Options{}).Clusters[0]; got.Use != tc.want || !strings.Contains(got.Reason, tc.reason) {
				t.Errorf("got %s (%s), want %s (%s)", got.Use, got.Reason, tc.want, tc.reason)
			}
		})
	}
}

func TestTheTwoClustersOfABlueGreenDeploymentAreUnknown(t *testing.T) {
	blue := state(lapsed)
	blue.Name = "demo-blue-cluster-config-map"
	w := world{objects: []client.Object{blue, custom("FlinkBlueGreenDeployment", "streaming", "demo", nil)}}
	if got := w.survey(t, Options{}).Clusters[0]; got.ID != "demo-blue" || got.Use != Unknown {
		t.Errorf("got %+v, want it unknown", got)
	}
}

// TestTheCustomResourceGoesBeforeItsDeployment: the operator makes the Deployment of it.
func TestTheCustomResourceGoesBeforeItsDeployment(t *testing.T) {
	resource := custom("FlinkDeployment", "streaming", "demo", nil)
	resource.SetUID("3")
	deployment := process("streaming", "demo", true, "jobmanager")
	w := world{objects: []client.Object{state(lapsed), conf("streaming", "kubernetes.cluster-id: demo", "kubernetes.namespace: streaming"), deployment, resource}}
	want := Object{"FlinkDeployment", "streaming", "demo"}
	if got := w.survey(t, Options{}).Clusters[0].User; got == nil || *got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
