package controlplane

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/test/process"
)

func TestSecondControlPlane(t *testing.T) {
	first := client(t)
	second, err := Start(t.Context(), Options{APIServerFlags: []string{"--anonymous-auth=false"}})
	if err != nil {
		t.Fatal(err)
	}
	other, err := kubernetes.NewForConfig(second.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	if systemUID(t, first) == systemUID(t, other) {
		t.Error("both are the same cluster")
	}
	anonymous, err := kubernetes.NewForConfig(rest.AnonymousClientConfig(second.RESTConfig()))
	if err != nil {
		t.Fatal(err)
	}
	if err := ready(t.Context(), anonymous); !apierrors.IsUnauthorized(err) {
		t.Errorf("the API server got no flag of ours: %v", err)
	}
	if err := second.Stop(); err != nil {
		t.Error(err)
	}
	if err := second.Stop(); err != nil {
		t.Errorf("stopping again: %v", err)
	}
	assertNothingLeft(t, second.folder.path)
	systemUID(t, first) // still answers
}

func TestStartReportsComponentThatFails(t *testing.T) {
	isolateTemporaryFolders(t)
	_, err := Start(t.Context(), Options{APIServerFlags: []string{"--no-such-flag"}})
	if err == nil || !strings.Contains(err.Error(), "running kube-apiserver: exit status 1") || !strings.Contains(err.Error(), "unknown flag: --no-such-flag") {
		t.Errorf("got %v", err)
	}
	assertNothingLeft(t, os.TempDir())
}

func TestStartCancelled(t *testing.T) {
	isolateTemporaryFolders(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	assertNothingLeft(t, os.TempDir())
}

func TestStartTriesAnotherPort(t *testing.T) {
	taken, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := &ControlPlane{assets: controlPlane(t).assets, folder: &folder{path: t.TempDir()}}
	err = c.startAt(t.Context(), taken.Addr().(*net.TCPAddr).Port, nil)
	if !errors.Is(err, process.ErrPortTaken) {
		t.Fatalf("got %v", err)
	}
	if err := c.startSomewhere(t.Context(), os.Stderr, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.stopProcesses(); err != nil {
		t.Error(err)
	}
}

func TestStopReportsComponentThatDied(t *testing.T) {
	c := &ControlPlane{assets: controlPlane(t).assets, folder: &folder{path: t.TempDir()}}
	if err := c.start(etcd, etcdFlags()); err != nil {
		t.Fatal(err)
	}
	if err := c.processes[0].Kill(); err != nil {
		t.Fatal(err)
	}
	if err := c.stop(); err == nil || !strings.Contains(err.Error(), "running etcd: signal: killed") {
		t.Errorf("got %v", err)
	}
}

func TestGivenDirectoryStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	_, err := Start(t.Context(), Options{Dir: dir, APIServerFlags: []string{"--no-such-flag"}})
	if err == nil {
		t.Fatal("no error")
	}
	log, err := os.ReadFile(filepath.Join(dir, apiServer+".log"))
	if err != nil || !bytes.Contains(log, []byte("unknown flag")) {
		t.Errorf("got %q, %v", log, err)
	}
	if _, err := Start(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("got %v", err)
	}
}

// isolateTemporaryFolders gives the test a place for temporary folders of its
// own, so that it sees what is left there.
func isolateTemporaryFolders(t *testing.T) {
	t.Helper()
	controlPlane(t) // the binaries are built elsewhere
	t.Setenv("TMPDIR", t.TempDir())
}

// systemUID tells clusters apart.
func systemUID(t *testing.T, client kubernetes.Interface) string {
	t.Helper()
	namespace, err := client.CoreV1().Namespaces().Get(t.Context(), metav1.NamespaceSystem, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return string(namespace.UID)
}

// assertNothingLeft fails the test when a control plane's folder is there, at
// the path or in it, or a process works there.
func assertNothingLeft(t *testing.T, path string) {
	t.Helper()
	if left, _ := filepath.Glob(filepath.Join(path, folderPrefix+"*")); len(left) > 0 {
		t.Errorf("left over: %q", left)
	}
	if _, err := os.Stat(path); err == nil && strings.HasPrefix(filepath.Base(path), folderPrefix) {
		t.Errorf("left over: %s", path)
	}
	if left := processesIn(t, path); len(left) > 0 {
		t.Errorf("still running in %s: %q", path, left)
	}
}
