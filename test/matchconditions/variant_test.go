package matchconditions

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// variants makes up objects out of the pieces that Flink's own are made of. The same seed makes the same objects.
type variants struct{ random *rand.Rand }

func newVariants(seed uint64) variants { return variants{rand.New(rand.NewPCG(seed, seed))} }

// one picks a piece.
func one[T any](v variants, pieces ...T) T { return pieces[v.random.IntN(len(pieces))] }

// sometimes is true one time in n.
func (v variants) sometimes(n int) bool { return v.random.IntN(n) == 0 }

// some picks each entry one time in n.
func (v variants) some(n int, entries map[string][]string) map[string]string {
	var picked map[string]string
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		if !v.sometimes(n) {
			continue
		}
		if picked == nil {
			picked = map[string]string{}
		}
		picked[key] = one(v, entries[key]...)
	}
	return picked
}

// text strings pieces together.
func (v variants) text(length int, pieces ...string) string {
	var b strings.Builder
	for range v.random.IntN(length + 1) {
		b.WriteString(one(v, pieces...))
	}
	return b.String()
}

func (v variants) metadata(names ...string) metav1.ObjectMeta {
	meta := metav1.ObjectMeta{
		Name: one(v, names...),
		Labels: v.some(4, map[string][]string{
			"app": {"demo"}, "type": {"flink-native-kubernetes", "flink-standalone-kubernetes", "Flink", ""},
			"configmap-type": {"high-availability", "other"}, "component": {"autoscaler", "jobmanager"},
			"app.kubernetes.io/instance": {"a", "b"}, "app.kubernetes.io/managed-by": {"Helm"},
		}),
		Annotations: v.some(5, map[string][]string{
			"control-plane.alpha.kubernetes.io/leader": {"{}", ""},
			"flink-ha.dev/configuration":               {"true", "false", "True", ""},
			"flink-ha.dev/high-availability":           {"not-required a batch job"},
			"argocd.argoproj.io/tracking-id":           {"a", "b"},
		}),
	}
	if v.sometimes(3) {
		meta.OwnerReferences = v.owners()
	}
	if v.sometimes(12) {
		meta.DeletionTimestamp = &metav1.Time{}
	}
	return meta
}

func (v variants) owners() []metav1.OwnerReference {
	owners := make([]metav1.OwnerReference, v.random.IntN(3))
	for i := range owners {
		owners[i] = metav1.OwnerReference{
			APIVersion: "apps/v1", Kind: "Deployment", Name: "demo", Controller: one(v, nil, new(true)), UID: one[types.UID](v, "u", "v"),
		}
	}
	return owners
}

// configMap may be configuration, HA state, both or neither.
func (v variants) configMap() *corev1.ConfigMap {
	configMap := &corev1.ConfigMap{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: v.metadata("flink-config", "flink-config-demo", "pod-template-demo", "kerberos-krb5conf-demo", "flink-operator-config", "", "demo-config-map",
			"demo-cluster-config-map", "demo-"+job+"-config-map", "demo-"+job+"-jobmanager-leader", "demo-dispatcher-leader",
			"demo-restserver-leader", "demo-resourcemanager-leader", "demo-jobmanager-leader", "-cluster-config-map", "controller-leader",
			"demo-"+job[1:]+"-config-map", "demo-a"+job+"-config-map"),
		Data: v.some(5, map[string][]string{
			"flink-conf.yaml": {"", "a: b", "jobmanager.rpc.address: demo", "kubernetes.operator.a: b", v.options()},
			"config.yaml":     {"", "a: b", v.options(), v.options(), v.options()},
			"counter":         {"3"}, "address": {"a"}, "sessionId": {"b"}, "jobGraph-" + job: {"x"}, "executionPlan-" + job: {"x"},
			"application-" + job: {"x"}, "runningJobsRegistry-" + job: {"x"}, "checkpointID-0000000000000000001": {"x"},
			"org.apache.flink.k8s.leader.dispatcher": {"x"}, "log4j-console.properties": {"jobmanager"},
		}),
	}
	if v.sometimes(4) {
		configMap.BinaryData = map[string][]byte{one(v, "flink-conf.yaml", "config.yaml", "counter"): []byte("a: b")}
	}
	return configMap
}

// options are lines that may be options of Flink, or YAML, or neither. Spellings that nobody uses and that the conditions
// leave out do not occur: keys with escapes ("job\u006danager"), keys behind a question mark on a line of their own, and
// longer words that begin with high-availability.
func (v variants) options() string {
	return v.text(12, "jobmanager", "high-availability.", "high-availability:", "high-availability\":", "high-availability' :",
		"high-availability \t:", "high-availability\t:", "jobmanager.rpc.address: demo", "high-availability.type: kubernetes",
		"taskmanager.host: a", "jobmanager:\n  rpc.port: 1", ".", ":", ": ", " ", "  ", "\n", "\n", "\r\n", "\r", "\t", "\"", "'", "{", "}", ", ",
		",", "[", "]", "- ", "# ", "---\n", "type", "a: b\n", "&x ", "!!str ", "\ufeff", "flink-", "_", "\u00fc")
}

// workload may start a Flink process, or something else.
func (v variants) workload() runtime.Object {
	meta := v.metadata("flink-jobmanager", "demo", "")
	template := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: make([]corev1.Container, v.random.IntN(4))}}
	if v.sometimes(20) {
		template.Spec.Containers = make([]corev1.Container, 62+v.random.IntN(5))
	}
	for i := range template.Spec.Containers {
		container := &template.Spec.Containers[i]
		container.Name = one(v, "jobmanager", "flink-main-container", "sidecar")
		if i < 60 { // the others are there to be too many
			container.Command, container.Args = v.words(), v.words()
		}
	}
	switch v.random.IntN(3) {
	case 0:
		return &appsv1.Deployment{
			TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: meta, Spec: appsv1.DeploymentSpec{Template: template},
		}
	case 1:
		return &appsv1.StatefulSet{
			TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "StatefulSet"}, ObjectMeta: meta, Spec: appsv1.StatefulSetSpec{Template: template},
		}
	}
	return &batchv1.Job{
		TypeMeta: metav1.TypeMeta{APIVersion: "batch/v1", Kind: "Job"}, ObjectMeta: meta, Spec: batchv1.JobSpec{Template: template},
	}
}

// words are a command or the arguments of a container.
func (v variants) words() []string {
	words := make([]string, v.random.IntN(4))
	for i := range words {
		words[i] = one(v, "jobmanager", "taskmanager", "standalone-job", "/docker-entrypoint.sh", "docker-entrypoint.sh", "history-server", "bash",
			"-c", "-ec", "start", "/usr/bin/tini", "--", "java", "bin/jobmanager.sh",
			"org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint", "flink", "run", "-m", "jobmanager:8081", "", v.line(), v.line(), v.line())
		words[i] = strings.TrimRight(words[i], "/") // no file is called with a slash behind it
		if v.sometimes(30) {
			words[i] = strings.Repeat("echo; ", v.random.IntN(400)) + words[i]
		}
	}
	return words
}

// line is a line of a shell, as far as it may start a process.
func (v variants) line() string {
	return v.text(8, "jobmanager", "taskmanager", "standalone-job", ".sh", "/docker-entrypoint.sh", "entrypoint.sh", "kubernetes-", "/", " ", " ", "\t",
		"\n", "\"", "'", ";", "&", "|", "exec", "flink-", ":8081", "-", "bin/", "$@", "\u00fc", " start",
		"java org.apache.flink.kubernetes.taskmanager.KubernetesTaskExecutorRunner ", "/docker-entrypoint.sh jobmanager")
}
