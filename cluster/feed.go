package cluster

import (
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// feed brings what the informers see into the inventory.
type feed struct {
	inventory *inventory.Inventory
	operators *inventory.OperatorConfigMaps
	now       func() time.Time
	counts    counts
	listeners listeners[func(*inventory.Member)]
	// stateListeners hear of every HA ConfigMap that has changed, renewals included; either side is nil where there is none.
	stateListeners listeners[func(before, after *inventory.HAState)]
}

func newFeed(operatorDefaults []string) *feed {
	known := inventory.New()
	return &feed{inventory: known, operators: inventory.NewOperatorConfigMaps(known, operatorDefaults), now: time.Now, counts: counts{members: map[string]int{}}}
}

// counts are how much the inventory was given, for the metrics.
type counts struct {
	mu                   sync.Mutex
	members              map[string]int
	configMaps, haStates int
}

func (c *counts) add(counter *int, change int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*counter += change
}

func (c *counts) addMember(kind string, change int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.members[kind] += change
}

// handlerOf makes a handler for the objects of one type, and passes over those of another. Either side of a replacement is nil where there is none.
func handlerOf[T any](replace func(before, after *T)) toolscache.ResourceEventHandler {
	typed := func(object any) *T {
		if gone, ok := object.(toolscache.DeletedFinalStateUnknown); ok {
			object = gone.Obj
		}
		found, _ := object.(*T)
		return found
	}
	return toolscache.ResourceEventHandlerFuncs{
		AddFunc: func(object any) {
			if added := typed(object); added != nil {
				replace(nil, added)
			}
		},
		UpdateFunc: func(before, after any) {
			if before, after := typed(before), typed(after); before != after { // a resync has nothing new
				replace(before, after)
			}
		},
		DeleteFunc: func(object any) {
			if deleted := typed(object); deleted != nil {
				replace(deleted, nil)
			}
		},
	}
}

// replaceObject takes a workload or custom resource as it is now.
func (f *feed) replaceObject(before, after *keptObject) {
	was, is := before != nil && before.member != nil, after != nil && after.member != nil
	if was && !is {
		f.inventory.DeleteMember(before.member.Key, f.now())
		f.counts.addMember(before.member.Kind, -1)
		f.tellOf(before.member)
	}
	if !is {
		return
	}
	f.inventory.SetMember(after.member, f.now())
	if !was {
		f.counts.addMember(after.member.Kind, 1)
	}
	f.tellOf(after.member)
}

// replaceConfigMap takes a ConfigMap as it is now: a configuration, HA state or, as nearly all of them, neither.
func (f *feed) replaceConfigMap(before, after *corev1.ConfigMap) {
	f.operators.Replace(before, after, f.now())
	was, is := before != nil && before.Data != nil, after != nil && after.Data != nil
	switch {
	case is:
		f.inventory.SetConfigMap(after, f.now())
		f.tellOfMounting(after)
	case was:
		f.inventory.DeleteConfigMap(before.Namespace, before.Name, f.now())
		f.tellOfMounting(before)
	}
	if is != was {
		f.counts.add(&f.counts.configMaps, change(is))
	}
}

func change(more bool) int {
	if more {
		return 1
	}
	return -1
}

func (f *feed) tellOfMounting(configMap *corev1.ConfigMap) {
	if !f.listeners.any() {
		return
	}
	for _, member := range f.inventory.Mounting(configMap.Namespace, configMap.Name) {
		f.tellOf(member)
	}
}

func (f *feed) tellOf(member *inventory.Member) {
	f.listeners.each(func(listener func(*inventory.Member)) { listener(member) })
}

// replaceHAState takes an HA ConfigMap as it is now, which changes every few seconds.
func (f *feed) replaceHAState(before, after *keptState) {
	var was, is *inventory.HAState
	if before != nil {
		was = before.state
		if after == nil {
			f.inventory.DeleteHAState(was.Namespace, was.Name)
			f.counts.add(&f.counts.haStates, -1)
		}
	}
	if after != nil {
		is = after.state
		f.inventory.SetHAState(is)
		if before == nil {
			f.counts.add(&f.counts.haStates, 1)
		}
	}
	f.stateListeners.each(func(listener func(before, after *inventory.HAState)) { listener(was, is) })
}
