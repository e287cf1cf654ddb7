package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// patience is how long a test waits for controllers, on however busy a machine.
const patience = 2 * time.Minute

// suite is the bench that all tests share. The tests run one after another, since some of them take the guard away.
type suite struct {
	*bench.Bench
	client kubernetes.Interface
	audit  *auditLog
}

var shared *suite

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	audit, err := newAuditLog()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	defer audit.remove()
	// A test process that is interrupted needs no care: what it started dies with it, and the next start sweeps up.
	b, err := bench.Start(context.Background(), bench.Options{Log: os.Stderr, APIServerFlags: audit.flags()})
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
	shared = &suite{Bench: b, client: client, audit: audit}
	// The guard looks for custom resources twice a minute, and finds them while other tests run.
	if err := shared.installCustomResources(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	return m.Run()
}

// namespace makes a namespace for one test, with labels given as key=value.
func (s *suite) namespace(t *testing.T, labels ...string) string {
	t.Helper()
	object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "test-", Labels: map[string]string{}}}
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

// kubectl runs kubectl with a manifest on standard input and returns what it printed.
func (s *suite) kubectl(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	cmd := s.Kubectl(t.Context(), args...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Dir = bench.Root()
	output, err := cmd.CombinedOutput()
	return string(output), err
}

// apply applies a manifest and fails the test if that fails.
func (s *suite) apply(t *testing.T, namespace, manifest string) {
	t.Helper()
	if output, err := s.kubectl(t, manifest, "apply", "-n", namespace, "-f", "-"); err != nil {
		t.Fatalf("kubectl apply: %v\n%s", err, output)
	}
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("waited %s for: %s", patience, what)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// isGone tells whether a ConfigMap is not there.
func (s *suite) isGone(t *testing.T, namespace, name string) bool {
	t.Helper()
	_, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), name, metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
	return err != nil
}

// killGuard takes the guard away until the test ends.
func (s *suite) killGuard(t *testing.T) {
	t.Helper()
	if err := s.Guard.Kill(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Guard.Start(ctx); err != nil {
			t.Fatal(err)
		}
	})
}
