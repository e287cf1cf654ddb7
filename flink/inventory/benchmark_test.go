package inventory

import (
	"fmt"
	"runtime"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// session is a standalone cluster of its own: a ConfigMap, a JobManager and a TaskManager.
type session struct {
	configMap               *corev1.ConfigMap
	jobManager, taskManager *Member
}

// sessionManifests makes sessions, each parsed anew, so that they share no memory.
type sessionManifests struct{ jobManager, taskManager string }

func newSessionManifests(t testing.TB) sessionManifests {
	return sessionManifests{inJSON(t, sessionJobManager), inJSON(t, sessionTaskManager)}
}

func (m sessionManifests) number(t testing.TB, n int) session {
	t.Helper()
	namespace := fmt.Sprintf("team-%d", n/10)
	unique := []string{`"namespace":"team"`, fmt.Sprintf(`"namespace":"%s"`, namespace), "flink-", fmt.Sprintf("flink-%d-", n), `"app":"flink"`, fmt.Sprintf(`"app":"flink-%d"`, n)}
	return session{
		configMap(namespace, fmt.Sprintf("flink-%d-config", n), "config.yaml", replaceIn(sessionConfiguration, "demo", fmt.Sprint("demo-", n))),
		memberOf(t, replaceIn(m.jobManager, unique...)), memberOf(t, replaceIn(m.taskManager, unique...)),
	}
}

func (s session) set(known *Inventory) {
	known.SetConfigMap(s.configMap, at(0))
	known.SetMember(s.jobManager, at(0))
	known.SetMember(s.taskManager, at(0))
}

func inventoryOf(t testing.TB, clusters int) *Inventory {
	known, manifests := New(), newSessionManifests(t)
	for n := range clusters {
		manifests.number(t, n).set(known)
	}
	return known
}

func BenchmarkSet(b *testing.B) {
	known := inventoryOf(b, 1000)
	one := newSessionManifests(b).number(b, 5)
	other := one
	other.configMap = configMap(one.configMap.Namespace, one.configMap.Name, "config.yaml", one.configMap.Data["config.yaml"]+"a: b\n")
	b.Run("cluster", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			one.set(known)
			known.SetConfigMap(other.configMap, at(0))
		}
	})
	b.Run("configMapUnchanged", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			known.SetConfigMap(one.configMap, at(0))
		}
	})
}

func BenchmarkWorkloadMember(b *testing.B) {
	flink := parse[manifest](b, sessionJobManager)
	foreign := parse[manifest](b, replaceIn(sessionJobManager, "apache/flink:1.20.1", "nginx", "jobmanager, $(POD_IP)", "serve", "/opt/flink/conf", "/etc/nginx"))
	for name, object := range map[string]*manifest{"flink": &flink, "foreign": &foreign} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				WorkloadMember("Deployment", &object.ObjectMeta, &object.Spec.Template, 1, nil)
			}
		})
	}
}

func BenchmarkQuestions(b *testing.B) {
	known := inventoryOf(b, 1000)
	for n := range 500 {
		known.DeleteMember(Key{"Deployment", fmt.Sprintf("team-%d", n/10), fmt.Sprintf("flink-%d-taskmanager", n)}, at(1))
	}
	asked := newSessionManifests(b).number(b, 777)
	known.SetHAState(state("team-77", "demo-777-cluster-config-map", "demo-777"))
	kept, _ := known.Member(asked.jobManager.Key)
	questions := map[string]func() bool{
		"Member":             func() bool { _, ok := known.Member(kept.Key); return ok },
		"ConfigMap":          func() bool { _, _, ok := known.ConfigMap("team-77", "flink-777-config"); return ok },
		"Mounting":           func() bool { return len(known.Mounting("team-77", "flink-777-config")) == 2 },
		"WithStoragePath":    func() bool { return len(known.WithStoragePath("s3://state/ha/demo-777")) == 1 },
		"WithClusterID":      func() bool { return len(known.WithClusterID("team-7", "demo-777")) == 0 },
		"Siblings":           func() bool { return len(known.Siblings(kept)) == 1 },
		"HAState":            func() bool { return known.HAState("team-77", "demo-777") == 1 },
		"InNamespace":        func() bool { _, all := known.InNamespace("team-77", 5); return all == 20 },
		"PreviousMembers":    func() bool { return len(known.PreviousMembers(kept, at(2))) == 0 },
		"PreviousConfigMaps": func() bool { return len(known.PreviousConfigMaps(asked.configMap, at(2))) == 0 },
	}
	for name, question := range questions {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !question() {
					b.Fatal("another answer")
				}
			}
		})
	}
}

func heapInUse() int {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// TestAClusterCostsLittleMemory measures what is held of 10,000 clusters of three objects, of which everything else was let go.
func TestAClusterCostsLittleMemory(t *testing.T) {
	const clusters, most = 10_000, 12 << 10
	before := heapInUse()
	known := inventoryOf(t, clusters)
	perCluster := (heapInUse() - before) / clusters
	runtime.KeepAlive(known)
	t.Logf("%d bytes a cluster", perCluster)
	if perCluster > most {
		t.Errorf("a cluster takes %d bytes, want at most %d", perCluster, most)
	}
}

// TestAResourceCostsLittleMemory measures what is held of 10,000 custom resources, with what the operator adds to each.
func TestAResourceCostsLittleMemory(t *testing.T) {
	const resources, most = 10_000, 12 << 10
	known := New()
	known.SetOperatorDefaults(operatorDefaults(t, "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://state/ha\ntaskmanager.numberOfTaskSlots: 2"), at(0))
	manifest := inJSON(t, flinkDeployment)
	before := heapInUse()
	for n := range resources {
		known.SetMember(resourceOf(t, replaceIn(manifest, `"orders"`, fmt.Sprintf(`"orders-%d"`, n))), at(0))
	}
	perResource := (heapInUse() - before) / resources
	runtime.KeepAlive(known)
	t.Logf("%d bytes a resource", perResource)
	if perResource > most {
		t.Errorf("a resource takes %d bytes, want at most %d", perResource, most)
	}
}

// TestWhatIsNotFlinksCostsNothing feeds what is none of the guard's business.
func TestWhatIsNotFlinksCostsNothing(t *testing.T) {
	foreign := parse[manifest](t, template("{}", "{containers: [{image: nginx}]}"))
	for n := range 10_000 {
		meta := metav1.ObjectMeta{Namespace: "team", Name: fmt.Sprint("web-", n)}
		if _, ok := WorkloadMember("Deployment", &meta, &foreign.Spec.Template, 1, nil); ok {
			t.Fatal("it is a member")
		}
	}
}
