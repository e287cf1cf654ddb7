package parity

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
)

// generator makes scenes. The same seed makes the same scenes, but for the days that they name.
type generator struct {
	*rand.Rand
	// pool are objects that were written for something else, to be taken as they are, and to be changed.
	pool []map[string]any
	now  time.Time
}

func newGenerator(seed uint64, now time.Time, pool []*scene) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 7)), now: now}
	for _, s := range pool {
		for _, object := range s.objects {
			if kind := object["kind"]; kind != "MutatingWebhookConfiguration" && kind != "ValidatingWebhookConfiguration" {
				g.pool = append(g.pool, object)
			}
		}
	}
	return g
}

// one picks a piece.
func one[T any](g *generator, pieces ...T) T { return pieces[g.IntN(len(pieces))] }

// sometimes is true one time in n.
func (g *generator) sometimes(n int) bool { return g.IntN(n) == 0 }

// scene makes objects that have to do with each other: they share few names and namespaces.
func (g *generator) scene(number int) *scene {
	under := one(g, policies()...)
	if g.sometimes(3) {
		under = policies()[0]
	}
	s := &scene{
		name: fmt.Sprintf("number %d", number), policy: under.policy(), policyName: under.name, now: g.now, style: g.Uint64(), namespace: one(g, "team", "team", "other"),
	}
	s.user.Username = one(g, "jane", "jane", "jane", "exempt", "restore", "system:serviceaccount:kube-system:generic-garbage-collector")
	if g.sometimes(4) {
		s.labels = g.namespaceLabels()
	}
	seen := map[string]bool{}
	add := func(objects []map[string]any) {
		for _, object := range objects {
			if id := identity(s, object); !seen[id] && len(s.objects) < maxObjects {
				seen[id] = true
				s.objects = append(s.objects, object)
			}
		}
	}
	switch g.IntN(4) {
	case 0:
		add(g.cluster())
	case 1:
		s.namespace = "team"
		add(g.prepared())
	}
	for range g.IntN(maxObjects + 1 - len(s.objects)) {
		add(g.object())
	}
	if len(s.objects) == 0 {
		add(g.object())
	}
	g.Shuffle(len(s.objects), func(i, j int) { s.objects[i], s.objects[j] = s.objects[j], s.objects[i] })
	return s
}

// maxObjects is how many objects a scene has.
const maxObjects = 8

// identity is what two objects of an API server cannot share.
func identity(s *scene, object map[string]any) string {
	alone := &scene{objects: []map[string]any{object}, namespace: s.namespace}
	where := alone.at(0)
	group, _, _ := strings.Cut(where.GetAPIVersion(), "/")
	return fmt.Sprint(group, where.GetKind(), where.namespace, where.GetName())
}

// object makes an object, or a few that belong together.
func (g *generator) object() []map[string]any {
	switch g.IntN(21) {
	case 20:
		return g.native()
	case 0, 1, 2, 3:
		return []map[string]any{g.fromPool()}
	case 4, 5, 6, 7:
		return []map[string]any{g.configMap()}
	case 8, 9, 10, 11:
		return []map[string]any{g.workload()}
	case 12, 13, 14:
		return []map[string]any{g.resource()}
	case 15:
		return []map[string]any{g.haState()}
	case 16:
		return []map[string]any{g.namespaceObject()}
	case 17:
		return []map[string]any{g.account()}
	case 18:
		return g.rights()
	}
	return []map[string]any{g.foreign()}
}

// fromPool takes an object and changes some of it: its names, its marks, or values in it.
func (g *generator) fromPool() map[string]any {
	object := runtime.DeepCopyJSON(one(g, g.pool...))
	metadata, _ := object["metadata"].(map[string]any)
	if metadata == nil {
		return object
	}
	if g.sometimes(3) {
		maps.Copy(metadata, g.metadata(fmt.Sprint(metadata["name"])))
	}
	if g.sometimes(3) {
		raw, err := json.Marshal(object)
		if err != nil {
			panic(err) // it came from JSON
		}
		text := strings.NewReplacer(
			one(g, "kubernetes", "s3://", "high-availability.type"), one(g, "zookeeper", "file:///", "high-availability", "KUBERNETES", "none"),
			one(g, "orders", "flink", "payments"), one(g, "billing", "orders"),
		).Replace(string(raw))
		var changed map[string]any
		if decodeAsAPIServer([]byte(text), &changed) == nil && changed["apiVersion"] == object["apiVersion"] {
			object = changed
		}
	}
	return object
}

// metadata of an object, with all that may decide who looks at it.
func (g *generator) metadata(names ...string) map[string]any {
	made := map[string]any{"name": one(g, names...)}
	if g.sometimes(8) {
		made["namespace"] = one(g, "team", "other", "other", "unguarded", "kube-system", "flink-ha-system")
	}
	if g.sometimes(2) {
		made["labels"] = g.some(4, map[string][]string{
			"app": {"orders", "billing"}, "component": {"jobmanager", "taskmanager", "autoscaler"}, "configmap-type": {"high-availability"},
			"type": {"flink-native-kubernetes", "flink-standalone-kubernetes", "native"}, "app.kubernetes.io/managed-by": {"Helm", "flink-ha-webhook"},
			"app.kubernetes.io/instance": {"orders"}, "objectset.rio.cattle.io/other": {"a"},
		})
	}
	if g.sometimes(3) {
		made["annotations"] = g.annotations()
	}
	if g.sometimes(6) {
		made["ownerReferences"] = []any{map[string]any{
			"apiVersion": one(g, "apps/v1", "flink.apache.org/v1beta1", "batch/v1"), "kind": one(g, "Deployment", "Deployment", "FlinkDeployment", "CronJob"),
			"name": one(g, "orders", "billing"), "uid": one(g, "u-orders", "u-other"), "controller": true,
		}}
	}
	if g.sometimes(5) {
		made["uid"] = one(g, "u-orders", "u-billing")
	}
	if g.sometimes(25) {
		made["deletionTimestamp"] = "2026-01-01T00:00:00Z"
	}
	return made
}

func (g *generator) annotations() map[string]any {
	day := func(days int) string { return g.now.UTC().AddDate(0, 0, days).Format(time.DateOnly) }
	made := g.some(5, map[string][]string{
		"flink-ha.dev/configuration": {"true", "false", "yes"}, "flink-ha.dev/high-availability": {"not-required a batch job", "not-required", "no"},
		"control-plane.alpha.kubernetes.io/leader": {`{"holderIdentity":"a","leaseDuration":15.0,"renewTime":"` + g.now.UTC().Format(time.RFC3339) + `"}`, "{}"},
		"flink-ha.dev/keep-owner-references":       {day(3) + " a test", day(-3) + " a test", "soon"}, "argocd.argoproj.io/tracking-id": {"a"},
	})
	for range g.IntN(3) {
		rule := one(g, "storage-dir-missing", "high-availability-off", "checkpoint-dir-missing", "service-account-default", "cluster-id-missing",
			"replicas-without-high-availability", "storage-dir-local", "no-such-rule", "cluster-id-shared", "ha-state-tracked")
		made["exempt.flink-ha.dev/"+rule] = one(g, day(30)+" for a while", day(5)+" for a while", day(-5)+" for a while", day(400)+" for ever", "for ever")
	}
	return made
}

// some picks each entry one time in n.
func (g *generator) some(n int, entries map[string][]string) map[string]any {
	picked := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if g.sometimes(n) {
			picked[key] = one(g, entries[key]...)
		}
	}
	return picked
}

func (g *generator) namespaceLabels() map[string]string {
	labels := map[string]string{}
	for key, value := range g.some(3, map[string][]string{
		"flink-ha.dev/enforce": {"off", "baseline", "strict", "all"}, "flink-ha.dev/warn": {"off", "strict"}, "flink-ha.dev/enforce-version": {"v0.1", "latest", "v9.9"},
		"flink-ha.dev/service-account": {"flink", "runner", "default", "No_Name"}, "flink-ha.dev/guard": {"disabled", "enabled"}, "team": {"a"}, "flink-ha.dev/enforced": {"strict"},
	}) {
		labels[key], _ = value.(string)
	}
	return labels
}

func (g *generator) namespaceObject() map[string]any {
	labels := map[string]any{}
	for key, value := range g.namespaceLabels() {
		labels[key] = value
	}
	metadata := map[string]any{"name": one(g, "team", "other", "unguarded", "kube-system"), "labels": labels}
	if metadata["name"] == "unguarded" {
		labels["flink-ha.dev/guard"] = "disabled"
	}
	if g.sometimes(4) {
		metadata["annotations"] = map[string]any{one(g, "flink-ha.dev/service-account", "owner"): one(g, "flink", "runner", "Not A Name")}
	}
	return map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}
}

// foreign is an object that is none of the guard's, or of a version that no rule has.
func (g *generator) foreign() map[string]any {
	made := map[string]any{"metadata": g.metadata("orders", "billing")}
	switch g.IntN(6) {
	case 0:
		made["apiVersion"], made["kind"], made["spec"] = "v1", "Service", map[string]any{"selector": map[string]any{"app": "orders", "component": "jobmanager"}}
	case 1:
		made["apiVersion"], made["kind"], made["stringData"] = "v1", "Secret", map[string]any{"flink-conf.yaml": g.legacyText()}
	case 2:
		made["apiVersion"], made["kind"], made["data"] = "v1", "ConfigMap", map[string]any{"application.yaml": "a: b", "config.yaml": one(g, "jobmanagers: 3", "flink_jobmanager_x: 1\n", "server: {port: 1}")}
	case 3:
		made = g.resource()
		made["apiVersion"] = "flink.apache.org/v1alpha1"
		made["kind"], made["metadata"] = "FlinkDeployment", map[string]any{"name": one(g, "orders", "billing")}
		made["spec"] = map[string]any{"flinkVersion": "v1_20", "flinkConfiguration": map[string]any{"high-availability.type": "kubernetes", "high-availability.storageDir": "s3://flink/ha"}}
	case 4:
		made = g.workload()
		made["apiVersion"] = one(g, "extensions/v1beta1", "apps/v1beta2", "example.com/v1")
	default:
		made["apiVersion"], made["kind"], made["spec"] = "argoproj.io/v1alpha1", "Application", map[string]any{"project": "flink"}
	}
	return made
}
