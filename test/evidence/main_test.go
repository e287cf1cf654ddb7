package evidence

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

const (
	// patience is how long anything may take, on however busy a machine.
	patience = 3 * time.Minute
	// processes is how many of Flink's run at the same time; each keeps a core busy for two seconds.
	processes = 2
)

// suite is the bench that all tests share.
type suite struct {
	*bench.Bench
	client kubernetes.Interface
	// free has an element for each process of Flink that may be started.
	free chan struct{}
}

var shared *suite

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	if err := flink.NeedJava(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	// Before any test has begun to wait for it, and with one error instead of one in each test.
	if _, err := flink.ClassPath(context.Background(), os.Stderr, flink.Release120); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	b, err := bench.Start(context.Background(), bench.Options{Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	defer func() {
		if err := b.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
		}
	}()
	client, err := kubernetes.NewForConfig(b.QuietConfig())
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	shared = &suite{Bench: b, client: client, free: make(chan struct{}, processes)}
	for range processes {
		shared.free <- struct{}{}
	}
	return m.Run()
}

// unguarded is a namespace that the guard leaves alone, so that what happens in it is Flink's doing.
func (s *suite) unguarded(t *testing.T) string {
	t.Helper()
	return s.namespace(t, "flink-ha.dev/guard=disabled")
}

// namespace makes a namespace for one test, with labels given as key=value.
func (s *suite) namespace(t *testing.T, labels ...string) string {
	t.Helper()
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "evidence-", Labels: map[string]string{}}}
	for _, label := range labels {
		key, value, _ := strings.Cut(label, "=")
		object.Labels[key] = value
	}
	created, err := s.client.CoreV1().Namespaces().Create(t.Context(), object, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return created.Name
}

// leaves waits until a namespace holds these objects and no others of their kinds, as a garbage collector takes its time.
func (s *suite) leaves(t *testing.T, namespace string, want []string) {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	deadline := time.Now().Add(patience)
	for {
		got := s.objects(t, namespace)
		difference := cmp.Diff(want, got, cmp.Transformer("none", func(in []string) []string { return append([]string{}, in...) }))
		if difference == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("what is left behind (-want +got):\n%s", difference)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// objects are the Deployments, Services and ConfigMaps of a namespace, but for the one that Kubernetes puts into each.
func (s *suite) objects(t *testing.T, namespace string) []string {
	t.Helper()
	all := metav1.ListOptions{}
	deployments, err := s.client.AppsV1().Deployments(namespace).List(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	services, err := s.client.CoreV1().Services(namespace).List(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	configMaps, err := s.client.CoreV1().ConfigMaps(namespace).List(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range deployments.Items {
		names = append(names, "Deployment "+deployments.Items[i].Name)
	}
	for i := range services.Items {
		names = append(names, "Service "+services.Items[i].Name)
	}
	for i := range configMaps.Items {
		if name := configMaps.Items[i].Name; name != "kube-root-ca.crt" {
			names = append(names, "ConfigMap "+name)
		}
	}
	slices.Sort(names)
	return names
}
