package controlplane

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"
)

const (
	// patience is for waiting on what is certain to come on a machine of any speed.
	patience = 2 * time.Minute
	// ownerVariable makes the test binary a process that owns a control plane.
	ownerVariable = "CONTROLPLANE_TEST_OWNER"
)

// shared is started by the first test that needs it and stopped after the last.
type shared struct {
	start        func() (*ControlPlane, error)
	controlPlane *ControlPlane
}

var bench = newShared()

func newShared() *shared {
	s := &shared{}
	s.start = sync.OnceValues(func() (*ControlPlane, error) {
		started, err := Start(context.Background(), Options{Log: os.Stderr})
		s.controlPlane = started
		return started, err
	})
	return s
}

func TestMain(m *testing.M) {
	// These tests judge the binaries that the nested module builds.
	if err := os.Unsetenv(assetsVariable); err != nil {
		panic(err)
	}
	if os.Getenv(ownerVariable) != "" {
		os.Exit(own())
	}
	code := m.Run()
	if bench.controlPlane != nil {
		if err := bench.controlPlane.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// own is a program as the package's users write it: it starts a control plane,
// tells its folder, waits for a signal and stops.
func own() int {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	c, err := Start(ctx, Options{Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(c.folder.path)
	<-ctx.Done()
	if err := c.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// controlPlane returns the shared one.
func controlPlane(t *testing.T) *ControlPlane {
	t.Helper()
	c, err := bench.start()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// client returns the administrator's client for the shared control plane.
func client(t *testing.T) kubernetes.Interface {
	t.Helper()
	c, err := kubernetes.NewForConfig(controlPlane(t).RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// eventually fails the test unless the condition comes to hold.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(readyPoll) {
		if time.Now().After(deadline) {
			t.Fatalf("still not so after %s: %s", patience, what)
		}
	}
}
