package hastate

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// patience is how long anything may take, on however busy a machine.
const patience = 4 * time.Minute

// clusterID is that of every cluster, each of which has a namespace of its own.
const clusterID = "demo"

// suite is the bench that all tests share. They run one after another, since some of them take the guard away.
type suite struct {
	*bench.Bench
	client kubernetes.Interface
	long   bool
}

var shared *suite

func TestMain(m *testing.M) {
	long := flag.Bool("long", false, "take the time that the figures in the documentation are of")
	flag.Parse()
	os.Exit(runTests(m, *long))
}

func runTests(m *testing.M, long bool) int {
	if err := flink.NeedJava(); err != nil {
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
	shared = &suite{Bench: b, client: client, long: long}
	return m.Run()
}

// lasts is for how long something is watched.
func (s *suite) lasts(short, long time.Duration) time.Duration {
	if s.long {
		return long
	}
	return short
}

// namespace makes a namespace for one test, with labels given as key=value.
func (s *suite) namespace(t *testing.T, labels ...string) string {
	t.Helper()
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "state-", Labels: map[string]string{}}}
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

// flinkAccount is the account of both processes, with the rights that the guard's own manifests ship for a JobManager.
const flinkAccount = "flink-cluster"

// account makes the account of a cluster and returns a way to the API server with its token.
func (s *suite) account(t *testing.T, namespace string) string {
	t.Helper()
	meta := metav1.ObjectMeta{Name: flinkAccount}
	account := &corev1.ServiceAccount{ObjectMeta: meta}
	if _, err := s.client.CoreV1().ServiceAccounts(namespace).Create(t.Context(), account, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: meta,
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: flinkAccount}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "flink-ha-webhook-jobmanager"},
	}
	if _, err := s.client.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	kubeconfig, err := s.ServiceAccountKubeconfig(t.Context(), namespace, flinkAccount)
	if err != nil {
		t.Fatal(err)
	}
	return kubeconfig
}

// cluster runs a cluster in a namespace until the test ends.
func (s *suite) cluster(t *testing.T, of flink.Release, namespace string) *flink.Cluster {
	t.Helper()
	return start(t, flink.Options{
		Release: of, ID: clusterID, Namespace: namespace, Kubeconfig: s.account(t, namespace), Folder: t.TempDir(),
	})
}

// start runs a cluster until the test ends.
func start(t *testing.T, options flink.Options) *flink.Cluster {
	t.Helper()
	cluster, err := flink.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	return cluster
}

// patiently is a context for what takes its time.
func patiently(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// submit submits a job that never ends, and waits for its third checkpoint.
func submit(t *testing.T, cluster *flink.Cluster) string {
	t.Helper()
	job, err := cluster.Submit(patiently(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cluster.AwaitCheckpoint(patiently(t), job, 2); err != nil {
		t.Fatal(err)
	}
	return job
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s until %s", patience, what)
		}
	}
}
