package rbac

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/controlplane"
)

const (
	// patience is how long anything may take, on however busy a machine.
	patience = 3 * time.Minute
	// workers is how many requests are under way at the same time.
	workers = 16
)

// client is the administrator's.
var client kubernetes.Interface

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	plane, err := controlplane.Start(context.Background(), controlplane.Options{Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	defer func() {
		if err := plane.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
		}
	}()
	config := plane.RESTConfig()
	config.ContentType = "application/vnd.kubernetes.protobuf"
	if client, err = kubernetes.NewForConfig(config); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		return 1
	}
	return m.Run()
}

// each does something for every element, many at the same time, and reports what went wrong first.
func each[T any](t testing.TB, elements []T, do func(T) error) {
	t.Helper()
	queue, failed := make(chan T), make(chan error, workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for element := range queue {
				if err := do(element); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for _, element := range elements {
		queue <- element
	}
	close(queue)
	group.Wait()
	if len(failed) > 0 {
		t.Fatal(<-failed)
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still not so after %s: %s", patience, what)
		}
	}
}
