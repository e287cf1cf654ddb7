package cluster

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

// deletionWatch watches the ConfigMaps with Flink's label in full, keeps none of them, and hands over those that are deleted, as they
// were last. The informer of ConfigMaps does not know that any more: it keeps of HA state what the inventory needs.
type deletionWatch struct {
	client client.WithWatch
	// from is the resource version to begin with, and current is one of now.
	from, current func() string
	// deleted takes a ConfigMap that the watch says is gone. It must not wait for anything.
	deleted func(*corev1.ConfigMap)
	// expired is true after the API server said that it does not remember a version.
	expired atomic.Bool
}

// run watches from a version on until the context ends.
func (w *deletionWatch) run(ctx context.Context, from func() string) {
	begin := func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		return w.begin(ctx, options.ResourceVersion, from)
	}
	source := withoutWatchList{&toolscache.ListWatch{ListWithContextFunc: begin, WatchFuncWithContext: w.watch}}
	options := toolscache.ReflectorOptions{Name: "deleted HA ConfigMaps"}
	toolscache.NewReflectorWithOptions(source, &corev1.ConfigMap{}, &deletionStore{w.deleted}, options).RunWithContext(ctx)
}

// begin stands in for a list: what is there is of no interest, and a watch can begin at any version that the API server remembers.
// version is up to where the watch came before it broke.
func (w *deletionWatch) begin(ctx context.Context, version string, from func() string) (runtime.Object, error) {
	switch {
	case w.expired.Swap(false):
		version = w.current()
		log.FromContext(ctx).Error(nil, "HA ConfigMaps that were deleted in the last minutes, while the API server could not be watched, are not kept")
	case version == "" || version == "0":
		version = from()
	}
	if version == "" {
		return nil, errNotSynced
	}
	return &corev1.ConfigMapList{ListMeta: metav1.ListMeta{ResourceVersion: version}}, nil
}

func (w *deletionWatch) watch(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	selector := labels.SelectorFromSet(hastate.WatchLabels())
	changes, err := w.client.Watch(ctx, &corev1.ConfigMapList{}, &client.ListOptions{LabelSelector: selector, Raw: &options})
	if err != nil {
		w.noteExpired(err)
		return nil, fmt.Errorf("watching HA ConfigMaps: %w", err)
	}
	return watch.Filter(changes, func(event watch.Event) (watch.Event, bool) {
		if event.Type == watch.Error {
			w.noteExpired(apierrors.FromObject(event.Object))
		}
		return event, true
	}), nil
}

func (w *deletionWatch) noteExpired(err error) {
	if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		w.expired.Store(true)
	}
}

// withoutWatchList tells the Reflector not to ask for what is there.
type withoutWatchList struct{ *toolscache.ListWatch }

func (withoutWatchList) IsWatchListSemanticsUnSupported() bool { return true }

// deletionStore is what the Reflector writes to.
type deletionStore struct{ deleted func(*corev1.ConfigMap) }

var _ toolscache.ReflectorStore = (*deletionStore)(nil)

func (*deletionStore) Add(any) error               { return nil }
func (*deletionStore) Update(any) error            { return nil }
func (*deletionStore) Replace([]any, string) error { return nil }
func (*deletionStore) Resync() error               { return nil }

func (s *deletionStore) Delete(object any) error {
	if configMap, ok := object.(*corev1.ConfigMap); ok {
		s.deleted(configMap)
	}
	return nil
}

// watchWhile watches for as long as something holds, and again when it does again, until the context ends.
func (w *deletionWatch) watchWhile(ctx context.Context, holds func() bool) {
	ticker := time.NewTicker(policyInterval)
	defer ticker.Stop()
	from := w.from
	var stop context.CancelFunc
	for {
		switch held := holds(); {
		case held && stop == nil:
			var watching context.Context
			watching, stop = context.WithCancel(ctx)
			go w.run(watching, from)
		case !held:
			from = w.current // what is deleted meanwhile is not to be kept
			if stop != nil {
				stop()
				stop = nil
			}
		}
		select {
		case <-ctx.Done():
			if stop != nil {
				stop()
			}
			return
		case <-ticker.C:
		}
	}
}
