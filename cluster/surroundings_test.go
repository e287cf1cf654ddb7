package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

func fakeClient(t *testing.T, objects ...client.Object) client.WithWatch {
	t.Helper()
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
}

// surroundings are as the informers leave them: ConfigMaps and workloads are in the inventory, and what else there is in the cache.
func surroundings(t *testing.T, o Options, synced *bool, objects ...client.Object) *Surroundings {
	t.Helper()
	stores, others := storesWith(t, objects...)
	s := &Surroundings{
		reader: fakeClient(t, others...), options: o, feed: newFeed(o.OperatorDefaults), stores: stores,
		resources: &customResources{looked: true, watched: map[string]*watchedKind{}},
		rbac:      rbacWith(t, o, objects...),
		owned:     newOwnedStates(),
		hasSynced: []func() bool{func() bool { return *synced }},
	}
	s.feed.stateListeners.add(s.owned.replace)
	for _, object := range others {
		if configMap, ok := object.(*corev1.ConfigMap); ok {
			if _, state := hastate.Recognize(configMap); state {
				s.feed.replaceHAState(nil, keptStateOf(t, configMap))
				continue
			}
			s.feed.replaceConfigMap(nil, transformTwice(t, slimConfigMap, configMap))
		}
	}
	for _, kind := range workloadKinds() {
		store, _ := stores.of(kind.name)
		for _, object := range store.List() {
			s.feed.replaceObject(nil, object.(*keptObject))
		}
	}
	return s
}

func TestReadyOnceTheCachesHaveSynced(t *testing.T) {
	first, second := false, false
	s := &Surroundings{hasSynced: []func() bool{func() bool { return first }, func() bool { return second }}}
	if s.Ready(nil) == nil {
		t.Error("ready before any cache has synced")
	}
	if first = true; s.Ready(nil) == nil {
		t.Error("ready before all caches have synced")
	}
	if second = true; s.Ready(nil) != nil {
		t.Error("not ready although all caches have synced")
	}
	if first = false; s.Ready(nil) != nil {
		t.Error("readiness was taken back")
	}
}

func TestConfigMapIsKnownIfItMayBeFlinkConfiguration(t *testing.T) {
	flinkConfig := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink-config"}, Data: map[string]string{"config.yaml": "a: b"},
	}
	foreign := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "foreign"}}
	synced, o := false, everything()
	metrics, registry := newMetrics(t)
	o.Metrics = metrics
	s := surroundings(t, o, &synced, flinkConfig, foreign)
	if _, _, known := s.ConfigMap("team", "flink-config"); known {
		t.Error("known before the cache has synced")
	}
	synced = true
	before := time.Now().Add(-time.Minute)
	if got, changed, known := s.ConfigMap("team", "flink-config"); !known || got.Data["config.yaml"] != "a: b" || changed.Before(before) {
		t.Errorf("got %v since %v, %t; want the ConfigMap", got, changed, known)
	}
	if _, _, known := s.ConfigMap("team", "foreign"); known || waitedFor(s) {
		t.Error("a ConfigMap without configuration is known, or was waited for")
	}
	if _, _, known := s.ConfigMap("team", "missing"); known {
		t.Error("known although it is missing")
	}
	if _, _, known := s.ConfigMap("other", "flink-config"); known {
		t.Error("known in another namespace")
	}
	if diff := cmp.Diff(map[string]string{`unknown_answers_total{question="configmap"}`: "3"}, scraped(t, registry)); diff != "" {
		t.Errorf("unknown answers (-want,+got):\n%s", diff)
	}
}

func TestAnswersAreAwaitedForAsLongAsAWatchEventMayTake(t *testing.T) {
	synced := true
	s := surroundings(t, everything(), &synced)
	later := func(arrive func()) {
		go func() {
			time.Sleep(2 * lagPoll)
			arrive()
		}()
	}
	reader := s.reader.(client.Client)

	late := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "late"}, Data: map[string]string{"config.yaml": "a: b"}}
	later(func() { s.feed.replaceConfigMap(nil, late) })
	if _, _, known := s.ConfigMap("team", "late"); !known {
		t.Error("a ConfigMap that came a moment later is not known")
	}
	kept := keptOf(t, deployment("team", "late", "", "jobmanager"))
	later(func() { s.feed.replaceObject(nil, kept) })
	if _, known := s.Member(kept.member.Key); !known {
		t.Error("a Deployment that came a moment later is not known")
	}
	later(func() { _ = reader.Create(t.Context(), namespace("late", "flink-ha.dev/enforce", "off")) })
	if late, known := s.Namespace("late"); !known || late.Labels["flink-ha.dev/enforce"] != "off" {
		t.Errorf("a namespace that came a moment later: got %v, %t", late, known)
	}
	later(func() { _ = reader.Create(t.Context(), account("team", "late", "")) })
	if late, known := s.ServiceAccount("team", "late"); !late.Exists || !known {
		t.Error("an account that came a moment later is not known")
	}
}

func TestMemberIsKnownIfItIsFlinks(t *testing.T) {
	foreign := deployment("team", "web", "", "serve")
	foreign.Spec.Template.Spec.Containers[0].Image = "web:1"
	synced, o := true, everything()
	metrics, registry := newMetrics(t)
	o.Metrics = metrics
	s := surroundings(t, o, &synced, deployment("team", "jm", "", "jobmanager"), foreign)
	if member, known := s.Member(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"}); !known || member.UID != "u" {
		t.Errorf("got %v, %t; want the Deployment", member, known)
	}
	if _, known := s.Member(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "web"}); known {
		t.Error("a foreign Deployment is known")
	}
	if _, known := s.Member(inventory.Key{Kind: "FlinkDeployment", Namespace: "team", Name: "jm"}); known {
		t.Error("a custom resource is known in a cluster that has none")
	}
	if waitedFor(s) {
		t.Error("waited for what will never come")
	}
	if _, known := s.Member(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "none"}); known {
		t.Error("known although it is missing")
	}
	if diff := cmp.Diff(map[string]string{`unknown_answers_total{question="member"}`: "1"}, scraped(t, registry)); diff != "" {
		t.Errorf("unknown answers (-want,+got):\n%s", diff)
	}
}

func TestNothingIsKnownOnceTheWatchesHaveFailedForAWhile(t *testing.T) {
	synced, o := true, everything()
	clock := time.Unix(1000, 0)
	metrics, registry := newMetrics(t)
	o.Metrics, o.WatchFailures = metrics, NewWatchFailures()
	o.WatchFailures.now = func() time.Time { return clock }
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink-config"}, Data: map[string]string{"config.yaml": "a: b"}}
	s := surroundings(t, o, &synced, config, deployment("team", "jm", "", "jobmanager"), namespace("team", "flink-ha.dev/enforce", "off"), account("team", "other", ""))
	ask := func() (known [5]bool) {
		_, known[0] = s.Inventory()
		_, _, known[1] = s.ConfigMap("team", "flink-config")
		_, known[2] = s.Namespace("team")
		_, known[3] = s.ServiceAccount("team", "other")
		_, known[4] = s.Member(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"})
		return known
	}
	watch := &fakeWatch{kind: "*v1.Deployment", version: "7"}
	o.WatchFailures.note(watch)
	if got := ask(); got != [5]bool{true, true, true, true, true} {
		t.Errorf("right after a failure: known %v, want all", got)
	}
	clock = clock.Add(staleAfter + time.Second)
	if got := ask(); got != [5]bool{} {
		t.Errorf("after a while: known %v, want nothing", got)
	}
	if team, _ := s.Namespace("team"); team.Labels["flink-ha.dev/enforce"] != "off" {
		t.Errorf("after a while: the labels are %v, want those that were seen last", team.Labels)
	}
	if s.Ready(nil) != nil {
		t.Error("readiness was taken back: another replica would know no more")
	}
	if got := scraped(t, registry); len(got) != 5 {
		t.Errorf("unknown answers: got %v, want each question once", got)
	}
	watch.version = "8"
	if got := ask(); got != [5]bool{true, true, true, true, true} {
		t.Errorf("once the watch goes on: known %v, want all", got)
	}
}

func TestInventoryCannotBeTrustedWhileCustomResourcesAreRead(t *testing.T) {
	synced, read := true, false
	s := surroundings(t, everything(), &synced)
	s.resources.watched["FlinkDeployment"] = &watchedKind{hasSynced: func() bool { return read }}
	if _, known := s.Inventory(); known {
		t.Error("trusted before the custom resources were read")
	}
	read = true
	if _, known := s.Inventory(); !known {
		t.Error("not trusted although all is read")
	}
}
