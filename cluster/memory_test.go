package cluster

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// keptPerRound fills the stores of informers, and through them the inventory, with the objects of each round, and returns the
// bytes of heap that a round costs.
func keptPerRound(t *testing.T, rounds int, transform toolscache.TransformFunc, round func(i int) []client.Object) int {
	t.Helper()
	f, r := newFeed(nil), rbacWith(t, Options{})
	handlers := []toolscache.ResourceEventHandler{
		handlerOf(f.replaceConfigMap), handlerOf(f.replaceObject),
		handlerOf(r.replaceRole), handlerOf(r.replaceRoleBinding), handlerOf(r.replaceClusterRoleBinding),
	}
	stores := map[string]toolscache.Indexer{}
	before := heapInUse()
	for i := range rounds {
		for _, object := range round(i) {
			slim, err := transform(object)
			if err != nil {
				t.Fatal(err)
			}
			kind := fmt.Sprintf("%T", object)
			if stores[kind] == nil {
				stores[kind] = newStore()
			}
			if err := stores[kind].Add(slim); err != nil {
				t.Fatal(err)
			}
			for _, handler := range handlers {
				handler.OnAdd(slim, true)
			}
		}
	}
	kept := heapInUse() - before
	runtime.KeepAlive(stores)
	runtime.KeepAlive(f)
	runtime.KeepAlive(r)
	return int(kept) / rounds
}

// slim is the transform that the cache has for an object.
func slim(object any) (any, error) {
	switch object.(type) {
	case *corev1.ConfigMap:
		return slimConfigMap(object)
	case *corev1.ServiceAccount:
		return slimAccount(object)
	case *rbacv1.Role:
		return slimRole(object)
	case *rbacv1.RoleBinding:
		return slimRoleBinding(object)
	case *rbacv1.ClusterRoleBinding:
		return slimClusterRoleBinding(object)
	case *unstructured.Unstructured:
		return slimResource(object)
	}
	return slimWorkload(object)
}

func asTheyAre(object any) (any, error) { return object, nil }

func heapInUse() int64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

func bigMeta(i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{
		Namespace: fmt.Sprintf("team-%03d", i%200), Name: fmt.Sprintf("some-configuration-%06d", i),
		UID: "0d4c1ff5-7c1e-4d3c-a1c8-3b0f0e3ad1a7", ResourceVersion: fmt.Sprint(100000 + i),
		Labels:        map[string]string{"app.kubernetes.io/name": "some", "app.kubernetes.io/instance": strings.Clone("instance")},
		Annotations:   map[string]string{"kubectl.kubernetes.io/last-applied-configuration": strings.Repeat("x", 1000)},
		ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kubectl", FieldsV1: metav1.NewFieldsV1(strings.Repeat("f", 500))}},
	}
}

// foreign objects and HA state, of which little is kept.
func foreignConfigMap(i int) []client.Object {
	return []client.Object{&corev1.ConfigMap{ObjectMeta: bigMeta(i), Data: map[string]string{"application.properties": strings.Repeat("y", 10_000)}}}
}

func haConfigMap(i int) []client.Object {
	object := &corev1.ConfigMap{ObjectMeta: bigMeta(i), Data: map[string]string{"checkpointID-0000000000000000001": strings.Repeat("y", 10_000)}}
	object.Name = fmt.Sprintf("demo-%032x-config-map", i)
	return []client.Object{object}
}

func foreignDeployment(i int) []client.Object {
	object := deployment("", "", "web", "serve", strings.Repeat("z", 3000))
	object.Spec.Template.Spec.Containers[0].Image = "web:1"
	object.ObjectMeta = bigMeta(i)
	return []client.Object{object}
}

// ownMeta is the metadata of an object that shares no text with others.
func ownMeta(i int, name string) metav1.ObjectMeta {
	meta := bigMeta(i)
	meta.Name, meta.Namespace, meta.UID = strings.Clone(name), fmt.Sprintf("team-%06d", i), types.UID(fmt.Sprintf("0d4c1ff5-7c1e-4d3c-a1c8-%012d", i))
	return meta
}

func defaultServiceAccount(i int) []client.Object {
	return []client.Object{&corev1.ServiceAccount{ObjectMeta: ownMeta(i, "default"), Secrets: []corev1.ObjectReference{{Name: fmt.Sprint("token-", i)}}}}
}

// roleOfSomebody gives two rights, one of them on a kind that Flink uses if flinks is true.
func roleOfSomebody(flinks bool) func(int) []client.Object {
	return func(i int) []client.Object {
		rules := []rbacv1.PolicyRule{{APIGroups: []string{strings.Clone("batch")}, Resources: []string{fmt.Sprint("cronjobs", i)}, Verbs: []string{fmt.Sprint("get", i)}}}
		if flinks {
			rules = append(rules, rbacv1.PolicyRule{
				APIGroups: []string{""}, Resources: []string{strings.Clone("configmaps"), strings.Clone("secrets")}, Verbs: []string{strings.Clone("get"), strings.Clone("list")},
			})
		}
		return []client.Object{&rbacv1.Role{ObjectMeta: ownMeta(i, fmt.Sprint("some-role-", i)), Rules: rules}}
	}
}

// bindingOf binds a role to a subject of a kind.
func bindingOf(kind string) func(int) []client.Object {
	return func(i int) []client.Object {
		subject := rbacv1.Subject{Kind: strings.Clone(kind), Name: fmt.Sprint("somebody-", i)}
		if kind == rbacv1.ServiceAccountKind {
			subject.Namespace = fmt.Sprintf("team-%06d", i)
		}
		return []client.Object{&rbacv1.RoleBinding{
			ObjectMeta: ownMeta(i, fmt.Sprint("some-binding-", i)), Subjects: []rbacv1.Subject{subject},
			RoleRef: rbacv1.RoleRef{APIGroup: strings.Clone(rbacv1.GroupName), Kind: strings.Clone("ClusterRole"), Name: fmt.Sprint("some-role-", i)},
		}}
	}
}

// configurationText has the 40 lines of a usual flink-conf.yaml, 1.7 KB.
func configurationText(i int) string {
	var text strings.Builder
	fmt.Fprintf(&text, "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://flink/ha/%06d\nkubernetes.cluster-id: demo-%06d\n", i, i)
	for line := range 37 {
		fmt.Fprintf(&text, "taskmanager.some.option.number-%02d: value %d\n", line, i)
	}
	return text.String()
}

// standaloneCluster is a configuration with the JobManager and the TaskManagers that mount it.
func standaloneCluster(i int) []client.Object {
	config := &corev1.ConfigMap{ObjectMeta: bigMeta(i), Data: map[string]string{
		"flink-conf.yaml": configurationText(i), "log4j-console.properties": strings.Repeat("rootLogger.level = INFO\n", 50),
	}}
	objects := []client.Object{config}
	for _, role := range []string{"jobmanager", "taskmanager"} {
		object := deployment("", "", "flink", role)
		object.ObjectMeta = bigMeta(i)
		object.Name += "-" + role
		spec := &object.Spec.Template.Spec
		spec.Containers[0].VolumeMounts = []corev1.VolumeMount{{Name: "config", MountPath: "/opt/flink/conf"}}
		spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", Value: fmt.Sprint("a", i)}, {Name: "B", Value: fmt.Sprint("b", i)}}
		spec.Containers[0].LivenessProbe = &corev1.Probe{InitialDelaySeconds: 30}
		spec.Volumes = []corev1.Volume{{Name: "config", VolumeSource: corev1.VolumeSource{
			ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: config.Name}},
		}}}
		objects = append(objects, object)
	}
	return objects
}

// operatorCluster is a custom resource with as many options.
func operatorCluster(i int) []client.Object {
	object := flinkDeployment(fmt.Sprintf("team-%03d", i%200), fmt.Sprintf("some-cluster-%06d", i))
	options := map[string]any{"high-availability.storageDir": fmt.Sprintf("s3://flink/ha/%06d", i)}
	for line := range 37 {
		options[fmt.Sprintf("taskmanager.some.option.number-%02d", line)] = fmt.Sprint("value ", i)
	}
	object.Object["spec"].(map[string]any)["flinkConfiguration"] = options
	object.Object["status"] = map[string]any{"error": strings.Repeat("e", 2000)}
	object.SetAnnotations(map[string]string{"kubectl.kubernetes.io/last-applied-configuration": strings.Repeat("x", 3000)})
	return []client.Object{object}
}

// The guard watches every ConfigMap and every workload of a cluster; what it holds of those that are none of its business, and
// of each Flink cluster, decides how much memory it takes. A bound is some way above what was measured: it is there to fail when
// somebody keeps everything.
func TestMemoryGrowsWithFlinkClusters(t *testing.T) {
	cases := map[string]struct {
		make func(int) []client.Object
		most int
	}{
		"foreign ConfigMap of 10 KB":                 {foreignConfigMap, 700},
		"HA ConfigMap":                               {haConfigMap, 900},
		"foreign Deployment":                         {foreignDeployment, 700},
		"service account default":                    {defaultServiceAccount, 900},
		"Role that gives nothing of Flink's":         {roleOfSomebody(false), 900},
		"Role that gives something of Flink's":       {roleOfSomebody(true), 1500},
		"RoleBinding of a person":                    {bindingOf(rbacv1.UserKind), 900},
		"RoleBinding of an account":                  {bindingOf(rbacv1.ServiceAccountKind), 1800},
		"cluster: ConfigMap and two Deployments":     {standaloneCluster, 15_000},
		"cluster: FlinkDeployment, without the rest": {operatorCluster, 23_000},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			const rounds = 10_000
			kept := keptPerRound(t, rounds, slim, tc.make)
			t.Logf("%d bytes for each of %d, %d as the API server sends them", kept, rounds, keptPerRound(t, rounds/10, asTheyAre, tc.make))
			if kept > tc.most {
				t.Errorf("%d bytes are kept of each, want at most %d", kept, tc.most)
			}
		})
	}
}

func BenchmarkSlimConfigMap(b *testing.B) {
	cases := map[string]*corev1.ConfigMap{
		"foreign10KB": {ObjectMeta: bigMeta(1), Data: map[string]string{"application.properties": strings.Repeat("y", 10_000)}},
		"foreign1MiB": {ObjectMeta: bigMeta(1), Data: map[string]string{"dump": strings.Repeat("jobmanage", 1<<20/9)}},
		"flink":       {ObjectMeta: bigMeta(1), Data: map[string]string{"config.yaml": "high-availability.type: kubernetes"}},
		"renewal": {
			ObjectMeta: metav1.ObjectMeta{Name: "demo-cluster-config-map", Annotations: map[string]string{"control-plane.alpha.kubernetes.io/leader": "{}"}},
		},
	}
	for name, object := range cases {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := slimConfigMap(object); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
