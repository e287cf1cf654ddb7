package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

const team = "team"

// identityOf is the identity of a member as the inventory has it.
func identityOf(t *testing.T, known *Inventory, key Key) Identity {
	t.Helper()
	member, ok := known.Member(key)
	if !ok {
		t.Fatalf("%v is not there", key)
	}
	return member.Identity
}

func TestAnIdentityFollowsTheConfigMap(t *testing.T) {
	unknown := Identity{Mode: flink.ModeUnknown}
	demo := Identity{flink.ModeKubernetes, team, "demo", "s3://state/ha/demo"}
	known, jobManager := New(), memberOf(t, sessionJobManager)
	want := func(when string, want Identity, atPath ...string) {
		t.Helper()
		if got := identityOf(t, known, jobManager.Key); got != want {
			t.Errorf("%s: got %+v, want %+v", when, got, want)
		}
		if diff := cmp.Diff(atPath, names(known.WithStoragePath(demo.StoragePath))); diff != "" && len(atPath) > 0 {
			t.Errorf("%s (-want,+got):\n%s", when, diff)
		}
	}
	known.SetMember(jobManager, at(0))
	want("before the ConfigMap was seen", unknown)
	known.SetConfigMap(configMap(team, "other", "config.yaml", sessionConfiguration), at(1))
	known.SetConfigMap(configMap("elsewhere", "flink-config", "config.yaml", sessionConfiguration), at(1))
	want("other ConfigMaps", unknown)
	known.SetConfigMap(configMap(team, "flink-config", "config.yaml", sessionConfiguration), at(2))
	want("with the ConfigMap", demo, "team/Deployment/flink-jobmanager")
	known.SetConfigMap(configMap(team, "flink-config", "config.yaml", "kubernetes.cluster-id: changed\njobmanager.rpc.port: 1\n"), at(3))
	want("without high availability", Identity{Mode: flink.ModeNone, Namespace: "default", ClusterID: "changed"})
	if got := known.WithStoragePath(demo.StoragePath); len(got) > 0 {
		t.Errorf("still at the path: %v", names(got))
	}
	known.SetConfigMap(configMap(team, "flink-config", "config.yaml", sessionConfiguration), at(4))
	known.DeleteConfigMap(team, "flink-config", at(5))
	want("after the ConfigMap was deleted", unknown)
	if jobManager.Identity != (Identity{}) || !jobManager.Changed.IsZero() {
		t.Error("the member that was handed in changed")
	}
}

func TestOnlyJobManagersAndResourcesHaveHAData(t *testing.T) {
	known := New()
	known.SetConfigMap(configMap(team, "flink-config", "config.yaml", sessionConfiguration), at(0))
	known.SetMember(memberOf(t, sessionTaskManager), at(0))
	known.SetMember(memberOf(t, sessionJobManager), at(0))
	for what, got := range map[string][]*Member{
		"storage path": known.WithStoragePath("s3://state/ha/demo"), "cluster-id": known.WithClusterID(team, "demo"),
	} {
		if diff := cmp.Diff([]string{"team/Deployment/flink-jobmanager"}, names(got)); diff != "" {
			t.Errorf("%s (-want,+got):\n%s", what, diff)
		}
	}
	if diff := cmp.Diff([]string{"team/Deployment/flink-jobmanager", "team/Deployment/flink-taskmanager"}, names(known.Mounting(team, "flink-config"))); diff != "" {
		t.Errorf("mounting (-want,+got):\n%s", diff)
	}
	if got := known.Mounting("elsewhere", "flink-config"); len(got) > 0 {
		t.Errorf("got %v", names(got))
	}
}

func TestAResourceSpeaksForItsWorkload(t *testing.T) {
	known, path := New(), "s3://state/ha/orders"
	known.SetConfigMap(configMap(team, "flink-config-orders", "config.yaml", ownedConfiguration), at(0))
	known.SetMember(memberOf(t, ownedDeployment), at(0))
	want := func(when string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, names(known.WithStoragePath(path))); diff != "" {
			t.Errorf("%s, by path (-want,+got):\n%s", when, diff)
		}
		if diff := cmp.Diff(want, names(known.WithClusterID(team, "orders"))); diff != "" {
			t.Errorf("%s, by id (-want,+got):\n%s", when, diff)
		}
	}
	want("without the resource", "team/Deployment/orders")
	known.SetOperatorDefaults(operatorDefaults(t, "taskmanager.numberOfTaskSlots: 1"), at(1))
	known.SetMember(resourceOf(t, flinkDeployment), at(1))
	want("with the resource", "team/FlinkDeployment/orders")
	known.SetMember(changed(resourceOf(t, flinkDeployment), func(m *Member) { m.UID = "another" }), at(2))
	want("with a resource that does not own it", "team/Deployment/orders", "team/FlinkDeployment/orders")
	unsure := parse[map[string]any](t, flinkDeployment)
	unsure["spec"] = map[string]any{"flinkVersion": "v1_20"}
	resource, _ := ResourceMember(unsure)
	known.SetOperatorDefaults(nil, at(3))
	known.SetMember(resource, at(3))
	want("with a resource of which too little is known", "team/Deployment/orders")
}

func TestOperatorDefaultsReachTheResources(t *testing.T) {
	known, key := New(), Key{"FlinkDeployment", team, "plain"}
	known.SetMember(resourceOf(t, "{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {namespace: team, name: plain}, spec: {flinkVersion: v1_20}}"), at(0))
	if got := identityOf(t, known, key); got.Mode != flink.ModeUnknown {
		t.Errorf("without defaults: got %+v", got)
	}
	defaults := operatorDefaults(t, "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://shared")
	known.SetOperatorDefaults(defaults, at(1))
	want := Identity{flink.ModeKubernetes, team, "plain", "s3://shared/plain"}
	if got := identityOf(t, known, key); got != want || known.OperatorDefaults() != defaults {
		t.Errorf("with defaults: got %+v, want %+v", got, want)
	}
	member, _ := known.Member(key)
	if setting, ok := member.Resource.Configuration.Lookup(flink.KeyStorageDir); !ok || setting.Origin != flink.OriginOperatorDefault || !member.Changed.Equal(at(0)) {
		t.Errorf("got %+v, changed at %v", setting, member.Changed)
	}
	known.SetOperatorDefaults(nil, at(2))
	if got := identityOf(t, known, key); got.Mode != flink.ModeUnknown || len(known.WithStoragePath(want.StoragePath)) > 0 {
		t.Errorf("without defaults again: got %+v", got)
	}
}

func TestASessionJobHasNoIdentity(t *testing.T) {
	known := New()
	known.SetMember(resourceOf(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {namespace: team, name: job},
		spec: {deploymentName: orders, flinkConfiguration: {high-availability.type: kubernetes, kubernetes.cluster-id: orders}}}`), at(0))
	if got := identityOf(t, known, Key{"FlinkSessionJob", team, "job"}); got != (Identity{}) {
		t.Errorf("got %+v", got)
	}
}

func TestChangedIsWhenWhatMattersChanged(t *testing.T) {
	jobManager, resource := memberOf(t, sessionJobManager), resourceOf(t, flinkDeployment)
	scaled := changed(memberOf(t, sessionJobManager), func(m *Member) {
		m.Replicas, m.Labels = 5, map[string]string{"note": "x"}
	})
	status := parse[map[string]any](t, flinkDeployment)
	status["status"] = map[string]any{"lifecycleState": "FAILED"}
	other, _ := ResourceMember(status)
	spec := parse[map[string]any](t, flinkDeployment)
	spec["spec"] = map[string]any{}
	otherSpec, _ := ResourceMember(spec)
	cases := map[string]struct {
		first, second *Member
		want          int
	}{
		"the same again":     {jobManager, memberOf(t, sessionJobManager), 0},
		"scaled":             {jobManager, scaled, 0},
		"another status":     {resource, other, 0},
		"another spec":       {resource, otherSpec, 9},
		"another image":      {jobManager, memberOf(t, replaceIn(sessionJobManager, "1.20.1", "1.20.2")), 9},
		"another object":     {jobManager, changed(jobManager, func(m *Member) { m.UID = "u2" }), 9},
		"another owner":      {jobManager, changed(jobManager, func(m *Member) { m.Owner.Name = "x" }), 9},
		"an exemption":       {jobManager, changed(jobManager, func(m *Member) { m.Annotations = map[string]string{"exempt.flink-ha.dev/a": "x"} }), 9},
		"another job":        {jobManager, changed(jobManager, func(m *Member) { m.Job = &Job{BackoffLimit: new(int32)} }), 9},
		"made by the client": {jobManager, changed(jobManager, func(m *Member) { m.Labels = map[string]string{"type": "flink-native-kubernetes"} }), 9},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			known := New()
			known.SetMember(tc.first, at(0))
			known.SetMember(tc.second, at(9))
			if got, _ := known.Member(tc.first.Key); !got.Changed.Equal(at(tc.want)) || got.Replicas != tc.second.Replicas {
				t.Errorf("got %v with %d replicas", got.Changed, got.Replicas)
			}
		})
	}
}

func TestAConfigMapKnowsSinceWhenItIsUnchanged(t *testing.T) {
	first := configMap(team, "c", "config.yaml", "a: b")
	annotated := first.DeepCopy()
	annotated.Annotations = map[string]string{"kubectl.kubernetes.io/x": "y"}
	exempt := first.DeepCopy()
	exempt.Annotations = map[string]string{"flink-ha.dev/configuration": "true"}
	again := first.DeepCopy()
	again.UID = "other"
	for name, tc := range map[string]struct {
		second *corev1.ConfigMap
		want   int
	}{
		"the same": {first.DeepCopy(), 0}, "another annotation": {annotated, 0}, "an annotation of ours": {exempt, 9},
		"another object": {again, 9}, "other data": {configMap(team, "c", "config.yaml", "a: c"), 9},
	} {
		known := New()
		known.SetConfigMap(first, at(0))
		known.SetConfigMap(tc.second, at(9))
		if got, changed, ok := known.ConfigMap(team, "c"); !ok || got != tc.second || !changed.Equal(at(tc.want)) {
			t.Errorf("%s: got %v", name, changed)
		}
	}
	if _, _, ok := New().ConfigMap(team, "c"); ok {
		t.Error("an empty inventory has a ConfigMap")
	}
}

func TestInNamespaceIsBounded(t *testing.T) {
	known := New()
	for _, name := range []string{"c", "a", "b"} {
		known.SetMember(changed(memberOf(t, sessionJobManager), func(m *Member) { m.Name = name }), at(0))
		known.SetConfigMap(configMap(team, name, "config.yaml", "a: b"), at(0))
		known.SetConfigMap(configMap("elsewhere", name, "config.yaml", "a: b"), at(0))
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 2: 2, 9: 3} {
		members, all := known.InNamespace(team, limit)
		configMaps, allConfigMaps := known.ConfigMapsIn(team, limit)
		if len(members) != want || all != 3 || len(configMaps) != want || allConfigMaps != 3 {
			t.Errorf("%d: got %d of %d and %d of %d", limit, len(members), all, len(configMaps), allConfigMaps)
		}
	}
	members, _ := known.InNamespace(team, 3)
	if diff := cmp.Diff([]string{"team/Deployment/a", "team/Deployment/b", "team/Deployment/c"}, names(members)); diff != "" {
		t.Errorf("(-want,+got):\n%s", diff)
	}
}

func TestHAStateIsCounted(t *testing.T) {
	known := New()
	known.DeleteHAState(team, "never-there")
	known.SetHAState(state(team, "demo-cluster-config-map", "demo"))
	known.SetHAState(state(team, "demo-cluster-config-map", "demo"))
	known.SetHAState(state(team, "demo-1-config-map", "demo"))
	known.SetHAState(state("elsewhere", "demo-cluster-config-map", "demo"))
	if got := known.HAState(team, "demo"); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
	known.SetHAState(state(team, "demo-1-config-map", "other"))
	known.DeleteHAState(team, "demo-cluster-config-map")
	if demo, other := known.HAState(team, "demo"), known.HAState(team, "other"); demo != 0 || other != 1 {
		t.Errorf("got %d and %d, want 0 and 1", demo, other)
	}
}

func state(namespace, name, cluster string) *HAState {
	return &HAState{Namespace: namespace, Name: name, State: hastate.Name{Cluster: cluster}}
}
