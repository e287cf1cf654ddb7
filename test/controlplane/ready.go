package controlplane

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/client-go/kubernetes"
)

const (
	// readyPoll is the pause between two looks at something that is starting.
	readyPoll = 50 * time.Millisecond
	// lookTimeout is how long one look may take before what runs is looked at too.
	lookTimeout = 3 * time.Second
)

// condition returns nil as soon as something is ready, and until then why not.
type condition func(ctx context.Context, client kubernetes.Interface) error

// ready asks the API server itself, which says so when etcd answers and the
// default roles exist.
func ready(ctx context.Context, client kubernetes.Interface) error {
	return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

// hasDefaultAccount shows that the service account controller works, and so the
// controller manager has its own rights.
func hasDefaultAccount(ctx context.Context, client kubernetes.Interface) error {
	_, err := client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
	return err
}

// awaitGarbageCollector returns when the garbage collector, which works through
// nothing before it has seen everything, has removed the orphan of an owner that
// never was.
func (c *ControlPlane) awaitGarbageCollector(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(c.RESTConfig())
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	orphan := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		GenerateName:    "orphan-",
		OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "nobody", UID: uuid.NewUUID()}},
	}}
	orphan, err = client.CoreV1().ConfigMaps(metav1.NamespaceDefault).Create(ctx, orphan, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("giving the garbage collector something to do: %w", err)
	}
	return c.await(ctx, "the garbage collector", func(ctx context.Context, client kubernetes.Interface) error {
		_, err := client.CoreV1().ConfigMaps(orphan.Namespace).Get(ctx, orphan.Name, metav1.GetOptions{})
		if err == nil {
			return errors.New("an orphaned ConfigMap is still there")
		}
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	})
}

// await looks again and again until the condition holds, a component ends or
// the context does.
func (c *ControlPlane) await(ctx context.Context, what string, holds condition) error {
	client, err := kubernetes.NewForConfig(c.RESTConfig())
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	for {
		last := look(ctx, client, holds)
		if err := c.failure(); err != nil {
			return err
		}
		if last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			newest := c.processes[len(c.processes)-1]
			return fmt.Errorf("waiting for %s: %w (%w); the log of %s ends:\n%s", what, ctx.Err(), last, newest.Name(), newest.Tail())
		case <-time.After(readyPoll):
		}
	}
}

// look tries the condition once.
func look(ctx context.Context, client kubernetes.Interface, holds condition) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return holds(ctx, client)
}
