package hastate

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestJobsSurviveTheLossOfTheirControlPlane backs HA state up, with the owner that it had, and restores it by CREATE into another
// control plane, where nobody has that uid.
func TestJobsSurviveTheLossOfTheirControlPlane(t *testing.T) {
	namespace := shared.namespace(t, unguarded) // where no guard kept the owner away
	lost := flink.Options{
		Release: flink.Release23, ID: clusterID, Namespace: namespace, Kubeconfig: shared.account(t, namespace), Folder: t.TempDir(),
	}
	cluster := start(t, lost)
	job := submit(t, cluster)
	owner := shared.owner(t, namespace)
	shared.putOwner(t, namespace, job, owner)
	shared.putConfiguration(t, namespace, owner)
	if err := cluster.Stop(); err != nil {
		t.Fatal(err)
	}
	backup := shared.backup(t, namespace, leaderMap, jobMap(job), configurationMap)
	last := lastCheckpoint(t, backup)

	other := another(t, namespace)
	control := other.namespace(t, unguarded)
	restored := time.Now()
	other.restore(t, control, backup)
	other.restore(t, namespace, backup)
	for i := range backup {
		other.isCollected(t, control, backup[i].Name)
	}
	t.Logf("without the guard, what was restored was gone after %s", time.Since(restored).Round(10*time.Millisecond))
	other.keepsItsOwner(t, namespace)
	other.survives(t, namespace, job, restored)

	found := lost
	found.Kubeconfig = other.account(t, namespace)
	got, err := start(t, found).AwaitCheckpoint(patiently(t), job, last)
	if err != nil {
		t.Fatal(err)
	}
	if got.Latest.Restored == nil || got.Latest.Restored.ID != last {
		t.Fatalf("the job was restored from %+v, want checkpoint %d", got.Latest.Restored, last)
	}
	t.Logf("restored from checkpoint %d, and checkpoint %d completed", last, got.Latest.Completed.ID)
}

// configurationMap is the ConfigMap that Flink's native client makes for its Deployment to own, with the labels of HA state.
const configurationMap = "flink-config-" + clusterID

func (s *suite) putConfiguration(t *testing.T, namespace string, owner metav1.OwnerReference) *corev1.ConfigMap {
	t.Helper()
	created, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: configurationMap, Labels: map[string]string{"app": clusterID, "type": "flink-native-kubernetes"},
			OwnerReferences: []metav1.OwnerReference{owner},
		},
		Data: map[string]string{flink.StandardFile: "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://flink/ha\n" +
			"kubernetes.cluster-id: " + clusterID + "\n"},
	}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return created
}

// backup is what a backup tool keeps of ConfigMaps: all that can be created again, owners included.
func (s *suite) backup(t *testing.T, namespace string, names ...string) []corev1.ConfigMap {
	t.Helper()
	text, err := s.Kubectl(t.Context(), append([]string{"get", "configmaps", "-n", namespace, "-o", "json"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var saved corev1.ConfigMapList
	if err := json.Unmarshal(text, &saved); err != nil {
		t.Fatal(err)
	}
	for i := range saved.Items {
		full := saved.Items[i].ObjectMeta
		if len(full.OwnerReferences) != 1 {
			t.Errorf("%s was backed up with the owners %+v, want one", full.Name, full.OwnerReferences)
		}
		saved.Items[i].ObjectMeta = metav1.ObjectMeta{
			Name: full.Name, Labels: full.Labels, Annotations: full.Annotations, OwnerReferences: full.OwnerReferences,
		}
	}
	return saved.Items
}

// lastCheckpoint is the newest one that HA state points to.
func lastCheckpoint(t *testing.T, state []corev1.ConfigMap) int64 {
	t.Helper()
	for i := range state {
		if read, _ := hastate.Read(&state[i]); len(read.Checkpoints) > 0 {
			return read.Checkpoints[len(read.Checkpoints)-1].ID
		}
	}
	t.Fatal("the HA state points to no checkpoint")
	return 0
}

// another is a second control plane, with a guard of its own and a namespace of the same name.
func another(t *testing.T, namespace string) *suite {
	t.Helper()
	b, err := bench.Start(patiently(t), bench.Options{Log: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Stop(); err != nil {
			t.Error(err)
		}
	})
	client, err := kubernetes.NewForConfig(b.QuietConfig())
	if err != nil {
		t.Fatal(err)
	}
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	if _, err := client.CoreV1().Namespaces().Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	return &suite{Bench: b, client: client, long: shared.long}
}

// restore creates what is in a backup. Where there is no guard, or what is owned is not HA state, it is stored as it was.
func (s *suite) restore(t *testing.T, namespace string, backup []corev1.ConfigMap) {
	t.Helper()
	for i := range backup {
		stored, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), &backup[i], metav1.CreateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(backup[i].OwnerReferences, stored.OwnerReferences); stored.Name == configurationMap && diff != "" {
			t.Errorf("%s was stored with other owners than those of the backup (-backup +stored):\n%s", stored.Name, diff)
		}
	}
}

// isCollected waits until the garbage collector has deleted a ConfigMap.
func (s *suite) isCollected(t *testing.T, namespace, name string) {
	t.Helper()
	eventually(t, "the garbage collector has deleted "+name, func() bool { return s.configMap(t, namespace, name).UID == "" })
}

// keepsItsOwner shows that what is not HA state lives and dies with its owner: with an owner that is not here it goes, and with the
// uid that its owner has here it is stored.
func (s *suite) keepsItsOwner(t *testing.T, namespace string) {
	t.Helper()
	s.isCollected(t, namespace, configurationMap)
	if stored := s.putConfiguration(t, namespace, s.owner(t, namespace)); len(stored.OwnerReferences) != 1 {
		t.Errorf("%s was stored with the owners %+v, want the Deployment", stored.Name, stored.OwnerReferences)
	}
}

// survives shows that HA state stays for as long as the garbage collector is seen at work beside it, after it was restored.
func (s *suite) survives(t *testing.T, namespace, job string, since time.Time) {
	t.Helper()
	before, rounds := s.uids(t, namespace, job), 0
	for until := since.Add(s.lasts(5*time.Second, 30*time.Second)); rounds == 0 || time.Now().Before(until); rounds++ {
		s.collects(t, namespace)
	}
	if after := s.uids(t, namespace, job); after != before || before[0] == "" || before[1] == "" {
		t.Fatalf("got HA ConfigMaps with the uids %q, want them as they were restored: %q", after, before)
	}
	if s.isOwned(t, namespace, job) {
		t.Error("the HA ConfigMaps have an owner, want none")
	}
	if s.configMap(t, namespace, configurationMap).UID == "" {
		t.Errorf("%s is gone, want it to stay with its owner", configurationMap)
	}
	t.Logf("the HA state was there after %s, in which the garbage collector deleted %d others", time.Since(since).Round(time.Second), rounds)
}

// collects waits until the garbage collector has deleted something whose owner is not there.
func (s *suite) collects(t *testing.T, namespace string) {
	t.Helper()
	orphan := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name:            "orphan",
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "Deployment", Name: clusterID, UID: "not-there"}},
	}}
	if _, err := s.client.CoreV1().ConfigMaps(namespace).Create(t.Context(), orphan, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	s.isCollected(t, namespace, orphan.Name)
}
