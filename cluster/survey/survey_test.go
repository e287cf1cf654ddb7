package survey

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

const (
	firstJob  = "000000006e6b13320000000000000000"
	secondJob = "11111111111111111111111111111111"
)

// jobState is the ConfigMap of a job of the cluster "demo".
func jobState(job string, data map[string]string) *corev1.ConfigMap {
	written := metav1.ManagedFieldsEntry{
		Manager: "okhttp", Operation: metav1.ManagedFieldsOperationUpdate, Time: &metav1.Time{Time: now.Add(-time.Minute)},
		APIVersion: "v1", FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1("{}"),
	}
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "streaming", Name: "demo-" + job + "-config-map", UID: "4",
			Labels:        map[string]string{"app": "demo", "type": "flink-native-kubernetes"},
			ManagedFields: []metav1.ManagedFieldsEntry{written},
		},
		Data: data,
	}
}

func TestACluster(t *testing.T) {
	leader := state(3 * time.Second)
	leader.Data = map[string]string{
		"org.apache.flink.k8s.leader.dispatcher": "s,pekko.tcp://flink@10.0.0.1:6123/user/rpc/dispatcher_1",
		"org.apache.flink.k8s.leader.restserver": "s,http://10.0.0.1:8081",
		"executionPlan-" + firstJob:              "x",
		"application-" + secondJob:               "x",
	}
	leader.Labels = map[string]string{"app.kubernetes.io/instance": "prod", "app.kubernetes.io/managed-by": "flink"}
	leader.OwnerReferences = []metav1.OwnerReference{
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "jm", UID: "2"},
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "jm", UID: "of one before"},
		{APIVersion: "apps/v1", Kind: "Deployment", Name: "gone", UID: "5"},
	}
	w := world{objects: []client.Object{
		leader,
		jobState(firstJob, map[string]string{"checkpointID-0000000000000000041": "x", "checkpointID-0000000000000000042": "x", "counter": "43"}),
		jobState(secondJob, map[string]string{"counter": "1"}),
		conf("streaming", "kubernetes.cluster-id: demo", "kubernetes.namespace: streaming", "high-availability.cluster-id: demo"),
		process("streaming", "jm", true, "jobmanager"),
	}}
	found := w.survey(t, Options{Namespace: "streaming"})
	if len(found.Clusters) != 1 {
		t.Fatalf("got %+v, want one cluster", found.Clusters)
	}
	got := found.Clusters[0]
	owners := got.ConfigMaps[slices.IndexFunc(got.ConfigMaps, func(c ConfigMap) bool { return c.Kind == hastate.KindCluster })]
	got.ConfigMaps = nil
	want := Cluster{
		Namespace: "streaming", ID: "demo", Use: Live, Reason: "Deployment jm is there", User: &Object{"Deployment", "streaming", "jm"},
		LastUsed: now.Add(-3 * time.Second), Leader: &Leader{"jm-1", "http://10.0.0.1:8081", now.Add(-3 * time.Second), true},
		Jobs: []Job{{ID: firstJob, Graph: true, Checkpoint: &Checkpoint{ID: 42}}, {ID: secondJob}}, Applications: []string{secondJob},
		StoragePaths: []string{"s3://bucket/ha/demo"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var presences []Presence
	for _, owner := range owners.Owners {
		presences = append(presences, owner.Presence)
	}
	if !slices.Equal(presences, []Presence{Present, Absent, Absent}) {
		t.Errorf("got the owners %+v", owners.Owners)
	}
	if !slices.Equal(owners.Tracking, []string{"app.kubernetes.io/instance=prod"}) {
		t.Errorf("got the tracking %q", owners.Tracking)
	}
}

// TestWhatFlinkWrites reads ConfigMaps that Flink 2.3.0 wrote.
func TestWhatFlinkWrites(t *testing.T) {
	text, err := os.ReadFile("../../flink/hastate/testdata/2.3.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var written []*corev1.ConfigMap
	if err := json.Unmarshal(text, &written); err != nil {
		t.Fatal(err)
	}
	latest := map[string]client.Object{}
	for _, configMap := range written {
		if len(configMap.Data) > 0 {
			latest[configMap.Name] = configMap
		}
	}
	got := world{objects: slices.Collect(maps.Values(latest))}.survey(t, Options{}).Clusters[0]
	if len(got.StoragePaths) != 1 || !strings.HasPrefix(got.StoragePaths[0], "file:/") || len(got.Jobs) != 1 || got.Jobs[0].Checkpoint == nil {
		t.Fatalf("got %+v, want a job with a checkpoint, and one path", got)
	}
	if checkpoint := got.Jobs[0].Checkpoint; checkpoint.ID < 1 || path.Dir(checkpoint.File) != got.StoragePaths[0] {
		t.Errorf("got %+v, want the file of the checkpoint below %s", checkpoint, got.StoragePaths[0])
	}
}

// TestLastUsed: a lock that a backup brought back is old, and its ConfigMap is new.
func TestLastUsed(t *testing.T) {
	restored := state(lapsed)
	restored.CreationTimestamp = metav1.NewTime(now.Add(-time.Hour))
	w := world{objects: []client.Object{restored}}
	if got := w.survey(t, Options{}).Clusters[0].LastUsed; !got.Equal(now.Add(-time.Hour)) {
		t.Errorf("got %s, want an hour ago", got)
	}
	w = world{objects: []client.Object{state(lapsed), jobState(firstJob, nil)}}
	if got := w.survey(t, Options{}).Clusters[0].LastUsed; !got.Equal(now.Add(-time.Minute)) {
		t.Errorf("got %s, want a minute ago, when the job's ConfigMap was written", got)
	}
}

func TestNamespaces(t *testing.T) {
	other := state(lapsed)
	other.Namespace = "elsewhere"
	w := world{objects: []client.Object{state(lapsed), other}}
	if got := len(w.survey(t, Options{}).Clusters); got != 2 {
		t.Errorf("got %d clusters of all namespaces, want 2", got)
	}
	if got := w.survey(t, Options{Namespace: "elsewhere"}).Clusters; len(got) != 1 || got[0].Namespace != "elsewhere" {
		t.Errorf("got %+v, want that of the namespace", got)
	}
}

func TestRights(t *testing.T) {
	w := world{objects: []client.Object{state(lapsed)}, hidden: []string{"ConfigMapList"}}
	found := w.survey(t, Options{Namespace: "streaming"})
	if len(found.Unread) != 1 || found.Unread[0].Resource != "configmaps" || found.Unread[0].Namespace != "" || found.Clusters[0].Use != Unknown {
		t.Errorf("got %+v, want that the ConfigMaps of other namespaces are unread", found)
	}
	if _, err := w.surveyor(t).Survey(t.Context(), Options{}); !apierrors.IsForbidden(err) {
		t.Errorf("got %v, want no answer about all namespaces", err)
	}
	w.hidden = append(w.hidden, "ConfigMapList/streaming")
	if _, err := w.surveyor(t).Survey(t.Context(), Options{Namespace: "streaming"}); !apierrors.IsForbidden(err) {
		t.Errorf("got %v, want no answer about the namespace", err)
	}
}

func TestProgress(t *testing.T) {
	read := map[string]int{}
	w := world{objects: []client.Object{state(lapsed), process("streaming", "jm", false)}}
	w.survey(t, Options{Progress: func(resource string, count int) { read[resource] = count }})
	if read["configmaps"] != 1 || read["deployments"] != 1 {
		t.Errorf("got %v", read)
	}
}

func TestStorageThatOthersKeepDataIn(t *testing.T) {
	mine := Cluster{Namespace: "a", ID: "mine", StoragePaths: []string{"s3://bucket/ha/mine"}}
	other := Cluster{Namespace: "b", ID: "other", StoragePaths: []string{"s3a://bucket/ha/mine/below"}}
	found := &Survey{keepers: []keeper{
		keeperOfCluster(mine), keeperOfCluster(other),
		{name: "Deployment c/jm", paths: []string{"s3://bucket/ha/"}},
		{name: "Deployment c/far", paths: []string{"s3://bucket/ha/mine-too"}},
	}}
	want := []string{"cluster b/other", "Deployment c/jm"}
	if got := found.KeptBy("s3://bucket/ha/mine", []Cluster{mine}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := found.KeptBy("s3://bucket/ha/mine-too/x", []Cluster{mine, other}); !slices.Equal(got, []string{"Deployment c/jm", "Deployment c/far"}) {
		t.Errorf("got %q", got)
	}
}

func TestDirectories(t *testing.T) {
	for file, want := range map[string]string{
		"":                               "",
		"s3://bucket/ha/demo/completed1": "s3://bucket/ha/demo",
		"file:/flink/ha/demo/completed1": "file:/flink/ha/demo",
		"hdfs://host:9000/x":             "hdfs://host:9000/",
		"no uri":                         "",
	} {
		if got := directoryOf(file); got != want {
			t.Errorf("%q: got %q, want %q", file, got, want)
		}
	}
}

// TestTheClockIsTheServers: by a clock that is an hour slow a lock that has lapsed would seem to be held.
func TestTheClockIsTheServers(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
	}))
	defer server.Close()
	clock := &serverClock{}
	response, err := (&http.Client{Transport: clock.listen(http.DefaultTransport)}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if ahead := time.Until(clock.now()); ahead < 50*time.Minute || ahead > 70*time.Minute {
		t.Errorf("the clock is %s ahead, want an hour", ahead)
	}
}

func TestDeletionsHavePreconditions(t *testing.T) {
	w := world{objects: []client.Object{state(lapsed)}}
	surveyor := w.surveyor(t)
	found, err := surveyor.Survey(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	read := found.Clusters[0].ConfigMaps[0]
	written := &corev1.ConfigMap{}
	if err := surveyor.client.Get(t.Context(), client.ObjectKey{Namespace: "streaming", Name: read.Name}, written); err != nil {
		t.Fatal(err)
	}
	written.Annotations[hastate.LeaderAnnotation] = lockRenewed(0)
	if err := surveyor.client.Update(t.Context(), written); err != nil {
		t.Fatal(err)
	}
	if err := surveyor.Delete(t.Context(), "streaming", read); !apierrors.IsConflict(err) {
		t.Errorf("got %v, want a conflict", err)
	}
}

// TestPages has an API server that returns one ConfigMap at a time.
func TestPages(t *testing.T) {
	pages := []corev1.ConfigMap{*state(lapsed), *jobState(firstJob, nil), *jobState(secondJob, nil)}
	paged := interceptor.NewClient(fake.NewClientBuilder().Build(), interceptor.Funcs{
		List: func(_ context.Context, _ client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
			configMaps, ok := list.(*corev1.ConfigMapList)
			if !ok {
				return nil
			}
			asked := (&client.ListOptions{}).ApplyOptions(options)
			at, _ := strconv.Atoi(asked.Continue)
			configMaps.Items, configMaps.Continue = pages[at:at+1], ""
			if at+1 < len(pages) {
				configMaps.Continue = strconv.Itoa(at + 1)
			}
			if asked.Limit != pageSize {
				t.Errorf("got a limit of %d, want %d", asked.Limit, pageSize)
			}
			return nil
		},
	})
	found, err := (&Surveyor{client: paged, now: func() time.Time { return now }}).Survey(t.Context(), Options{})
	if err != nil || len(found.Clusters) != 1 || len(found.Clusters[0].ConfigMaps) != len(pages) {
		t.Errorf("got %+v, %v, want a cluster of %d ConfigMaps", found, err, len(pages))
	}
}
