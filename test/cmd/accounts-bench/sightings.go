package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// What is looked out for, one of each in a namespace.
const (
	anAccount = "account"
	aBinding  = "binding"
	aPod      = "pod"
)

// patience is how long anything may take, on however busy a machine.
const patience = 3 * time.Minute

// managedByUs selects what the guard made.
const managedByUs = "app.kubernetes.io/managed-by=flink-ha-webhook"

// sighting is a thing of one kind in a namespace.
type sighting struct{ kind, namespace string }

// sightings are the times at which a watch last showed something new.
type sightings struct {
	mu   sync.Mutex
	last map[sighting]time.Time
	news chan struct{}
}

func newSightings() *sightings {
	return &sightings{last: map[sighting]time.Time{}, news: make(chan struct{}, 1)}
}

// watch starts watches of accounts and bindings of the guard, and of the JobManagers' pods, until the context ends.
func (s *sightings) watch(ctx context.Context, client kubernetes.Interface) error {
	selecting := func(selector string) informers.SharedInformerFactory {
		return informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithTweakListOptions(func(o *metav1.ListOptions) { o.LabelSelector = selector }))
	}
	ours, pods := selecting(managedByUs), selecting("app=jm")
	for kind, informer := range map[string]cache.SharedIndexInformer{
		anAccount: ours.Core().V1().ServiceAccounts().Informer(),
		aBinding:  ours.Rbac().V1().RoleBindings().Informer(),
		aPod:      pods.Core().V1().Pods().Informer(),
	} {
		if _, err := informer.AddEventHandler(s.handler(kind)); err != nil {
			return fmt.Errorf("watching for each %s: %w", kind, err)
		}
	}
	ours.Start(ctx.Done())
	pods.Start(ctx.Done())
	ours.WaitForCacheSync(ctx.Done())
	pods.WaitForCacheSync(ctx.Done())
	return ctx.Err()
}

func (s *sightings) handler(kind string) cache.ResourceEventHandler {
	saw := func(object any) {
		if made, ok := object.(metav1.Object); ok {
			s.mu.Lock()
			s.last[sighting{kind, made.GetNamespace()}] = time.Now()
			s.mu.Unlock()
			select {
			case s.news <- struct{}{}:
			default: // somebody will look anyway
			}
		}
	}
	return cache.ResourceEventHandlerFuncs{AddFunc: saw, UpdateFunc: func(before, after any) {
		// Deleted and made again between two looks.
		old, isOld := before.(metav1.Object)
		made, isMade := after.(metav1.Object)
		if isOld && isMade && old.GetUID() != made.GetUID() {
			saw(after)
		}
	}}
}

// await waits until each kind was seen new in each namespace since a moment, and returns when.
func (s *sightings) await(ctx context.Context, since time.Time, namespaces []string, kinds ...string) (map[sighting]time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		seen, missing := s.since(since, namespaces, kinds)
		if missing == (sighting{}) {
			return seen, nil
		}
		select {
		case <-s.news:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the %s of namespace %s, one of those that are missing: %w", missing.kind, missing.namespace, ctx.Err())
		}
	}
}

func (s *sightings) since(since time.Time, namespaces, kinds []string) (seen map[sighting]time.Time, missing sighting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen = map[sighting]time.Time{}
	for _, namespace := range namespaces {
		for _, kind := range kinds {
			key := sighting{kind, namespace}
			at, ok := s.last[key]
			if !ok || at.Before(since) {
				return nil, key
			}
			seen[key] = at
		}
	}
	return seen, sighting{}
}
