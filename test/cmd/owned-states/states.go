package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// states are the HA ConfigMaps as a watch shows them.
type states struct {
	mu    sync.Mutex
	owned map[string]bool
	// freed are the times at which they lost their owners, of those with an owner that is being deleted and of the others.
	going, staying []time.Time
	// lost are those that are gone.
	lost []string
	news chan struct{}
}

func newStates() *states {
	return &states{owned: map[string]bool{}, news: make(chan struct{}, 1)}
}

// watch shows all of them owned, and goes on until the context ends.
func (s *states) watch(ctx context.Context, client kubernetes.Interface, want int) error {
	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTweakListOptions(func(o *metav1.ListOptions) {
		o.LabelSelector = "type=flink-native-kubernetes"
	}))
	informer := factory.Core().V1().ConfigMaps().Informer()
	registration, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    s.saw,
		UpdateFunc: func(_, after any) { s.saw(after) },
		DeleteFunc: s.gone,
	})
	if err != nil {
		return fmt.Errorf("watching HA ConfigMaps: %w", err)
	}
	factory.Start(ctx.Done())
	cache.WaitForCacheSync(ctx.Done(), registration.HasSynced)
	if left := s.left(); left != want {
		return fmt.Errorf("%d HA ConfigMaps are owned, want %d", left, want)
	}
	return ctx.Err()
}

func (s *states) saw(object any) {
	state, ok := object.(metav1.Object)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := state.GetNamespace() + "/" + state.GetName()
	switch is := len(state.GetOwnerReferences()) > 0; {
	case is:
		s.owned[name] = true
	case s.owned[name]:
		delete(s.owned, name)
		if strings.Contains(name, goingSuffix) {
			s.going = append(s.going, time.Now())
		} else {
			s.staying = append(s.staying, time.Now())
		}
	}
	select {
	case s.news <- struct{}{}:
	default: // somebody will look anyway
	}
}

func (s *states) gone(object any) {
	if state, ok := object.(metav1.Object); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.lost = append(s.lost, state.GetNamespace()+"/"+state.GetName())
	}
}

func (s *states) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.owned)
}

// patience is how long it may take until all are free, on however busy a machine.
const patience = 10 * time.Minute

// awaitFree returns once nothing is owned.
func (s *states) awaitFree(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for s.left() > 0 {
		select {
		case <-s.news:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the %d HA ConfigMaps that are owned: %w", s.left(), ctx.Err())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lost) > 0 {
		return fmt.Errorf("%d HA ConfigMaps were lost, %s among them", len(s.lost), s.lost[0])
	}
	return nil
}
