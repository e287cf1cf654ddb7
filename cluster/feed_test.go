package cluster

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// configMap has one data key, or none.
func configMap(t *testing.T, namespace, name string, data ...string) *corev1.ConfigMap {
	t.Helper()
	full := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: "u", ResourceVersion: "7"}}
	if len(data) == 2 {
		full.Data = map[string]string{data[0]: data[1]}
	}
	return transformTwice(t, slimConfigMap, full)
}

func haState(t *testing.T, namespace, cluster, leader string) *keptState {
	t.Helper()
	full := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Namespace: namespace, Name: cluster + "-cluster-config-map", UID: "u", Annotations: map[string]string{hastate.LeaderAnnotation: leader},
	}}
	return keptStateOf(t, full)
}

func TestFeedFollowsConfigMaps(t *testing.T) {
	f := newFeed(nil)
	handler := handlerOf(f.replaceConfigMap)
	config := configMap(t, "team", "demo", "config.yaml", "a: b")
	foreign := configMap(t, "team", "demo", "nginx.conf", "server {}")
	known := func() bool {
		_, _, ok := f.inventory.ConfigMap("team", "demo")
		return ok
	}
	for _, step := range []struct {
		what string
		do   func()
		want bool
	}{
		{"a foreign ConfigMap", func() { handler.OnAdd(foreign, true) }, false},
		{"it becomes configuration", func() { handler.OnUpdate(foreign, config) }, true},
		{"a resync", func() { handler.OnUpdate(config, config) }, true},
		{"it is one no more", func() { handler.OnUpdate(config, foreign) }, false},
		{"it is again", func() { handler.OnUpdate(foreign, config) }, true},
		{"it is deleted", func() { handler.OnDelete(config) }, false},
		{"it comes back", func() { handler.OnAdd(config, false) }, true},
		{"its deletion was missed", func() { handler.OnDelete(toolscache.DeletedFinalStateUnknown{Key: "team/demo", Obj: config}) }, false},
	} {
		if step.do(); known() != step.want {
			t.Errorf("%s: known %t, want %t", step.what, known(), step.want)
		}
	}
	if f.counts.configMaps != 0 {
		t.Errorf("%d ConfigMaps are counted in the end", f.counts.configMaps)
	}
}

func TestFeedFollowsHAState(t *testing.T) {
	f := newFeed(nil)
	handler := handlerOf(f.replaceHAState)
	first, renewed := haState(t, "team", "demo", "1"), haState(t, "team", "demo", "2")
	handler.OnAdd(first, true)
	handler.OnUpdate(first, renewed)
	if got := f.inventory.HAState("team", "demo"); got != 1 || f.counts.haStates != 1 {
		t.Errorf("after a renewal: %d HA ConfigMaps of the cluster, %d counted; want one", got, f.counts.haStates)
	}
	handler.OnDelete(renewed)
	if got := f.inventory.HAState("team", "demo"); got != 0 || f.counts.haStates != 0 {
		t.Errorf("after the deletion: %d HA ConfigMaps of the cluster, %d counted; want none", got, f.counts.haStates)
	}
}

func TestFeedFollowsWorkloads(t *testing.T) {
	clock := time.Unix(1000, 0)
	f := newFeed(nil)
	f.now = func() time.Time { return clock }
	handler := handlerOf(f.replaceObject)
	key := inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"}
	jobManager := keptOf(t, deployment("team", "jm", "", "jobmanager"))
	foreign := deployment("team", "jm", "", "serve")
	foreign.Spec.Template.Spec.Containers[0].Image = "web:1"
	web := keptOf(t, foreign)

	handler.OnAdd(jobManager, true)
	if member, ok := f.inventory.Member(key); !ok || !member.Changed.Equal(clock) {
		t.Fatalf("got %v, %t; want the JobManager, unchanged since now", member, ok)
	}
	handler.OnUpdate(jobManager, web)
	if _, ok := f.inventory.Member(key); ok {
		t.Error("what runs Flink no more is still known")
	}
	handler.OnUpdate(web, jobManager)
	handler.OnDelete(jobManager)
	if _, ok := f.inventory.Member(key); ok {
		t.Error("what was deleted is still known")
	}
	if diff := cmp.Diff(map[string]int{"Deployment": 0}, f.counts.members); diff != "" {
		t.Errorf("counted (-want,+got):\n%s", diff)
	}
	again := *jobManager.member
	again.UID = "another"
	if got := f.inventory.PreviousMembers(&again, clock.Add(time.Minute)); len(got) == 0 {
		t.Error("a Deployment that is made again has no predecessor")
	}
}

func TestOperatorDefaultsAreThoseOfTheOneOperator(t *testing.T) {
	first := configMap(t, "flink", "flink-operator-config", "flink-conf.yaml", "a: b")
	second := configMap(t, "other", "flink-operator-config", "flink-conf.yaml", "a: c")
	renamed := configMap(t, "ops", "my-operator", "config.yaml", "a: d")
	cases := map[string]struct {
		named []string
		do    func(f *feed)
		want  bool
	}{
		"there is none": {nil, func(*feed) {}, false},
		"it is found":   {nil, func(f *feed) { f.replaceConfigMap(nil, first) }, true},
		"another name":  {nil, func(f *feed) { f.replaceConfigMap(nil, renamed) }, false},
		"there are two": {nil, func(f *feed) { f.replaceConfigMap(nil, first); f.replaceConfigMap(nil, second) }, false},
		"one is gone": {nil, func(f *feed) {
			f.replaceConfigMap(nil, first)
			f.replaceConfigMap(nil, second)
			f.replaceConfigMap(first, nil)
		}, true},
		"it is gone":      {nil, func(f *feed) { f.replaceConfigMap(nil, first); f.replaceConfigMap(first, nil) }, false},
		"one is named":    {[]string{"flink/flink-operator-config"}, func(f *feed) { f.replaceConfigMap(nil, first); f.replaceConfigMap(nil, second) }, true},
		"it is renamed":   {[]string{"ops/my-operator"}, func(f *feed) { f.replaceConfigMap(nil, first); f.replaceConfigMap(nil, renamed) }, true},
		"it is elsewhere": {[]string{"ops/my-operator"}, func(f *feed) { f.replaceConfigMap(nil, first) }, false},
		"it lost its files": {
			nil, func(f *feed) {
				f.replaceConfigMap(nil, first)
				f.replaceConfigMap(first, configMap(t, "flink", "flink-operator-config", "log4j.properties", "x"))
			}, false,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFeed(tc.named)
			tc.do(f)
			if got := f.inventory.OperatorDefaults() != nil; got != tc.want {
				t.Errorf("known: %t, want %t", got, tc.want)
			}
		})
	}
}

func TestFeedTellsOfWhatHasChanged(t *testing.T) {
	f := newFeed(nil)
	owned := deployment("team", "owned", "", "jobmanager")
	owned.OwnerReferences = []metav1.OwnerReference{{APIVersion: "flink.apache.org/v1beta1", Kind: "FlinkDeployment", Name: "demo", UID: "o"}}
	owned.Spec.Template.Spec.Volumes = []corev1.Volume{{Name: "c", VolumeSource: corev1.VolumeSource{
		ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "flink-config-demo"}},
	}}}
	config := configMap(t, "team", "flink-config-demo", "config.yaml", "a: b")
	f.replaceObject(nil, keptOf(t, owned)) // nobody listens yet
	var told []string
	hear := func(member *inventory.Member) { told = append(told, member.Name) }
	f.listeners.add(hear)
	free := keptOf(t, deployment("team", "free", "", "jobmanager"))
	f.replaceObject(nil, free)
	f.replaceConfigMap(nil, config)
	f.replaceObject(nil, keptOf(t, owned))
	f.replaceConfigMap(config, nil)
	f.listeners.add(hear)
	f.replaceObject(free, nil)
	if diff := cmp.Diff([]string{"free", "owned", "owned", "owned", "free", "free"}, told); diff != "" {
		t.Errorf("told of (-want,+got):\n%s", diff)
	}
}
