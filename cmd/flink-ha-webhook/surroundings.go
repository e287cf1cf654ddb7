package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// watch is one manager with what its caches answer. It ends when its replica loses the lead, which happens whenever the API
// server cannot be reached for some seconds, and cannot be started again.
type watch struct {
	manager      interface{ Start(context.Context) error }
	surroundings interface {
		validation.Surroundings
		Ready(*http.Request) error
	}
}

// lastingSurroundings answers from the latest watch. Between two watches the caches of the former one still answer with what
// they had: the usual way, to end the process, would take the admission server away from the very API server that comes back.
type lastingSurroundings struct {
	latest atomic.Pointer[watch]
}

var _ validation.Surroundings = (*lastingSurroundings)(nil)

// Inventory asks the latest watch.
func (s *lastingSurroundings) Inventory() (*inventory.Inventory, bool) {
	return s.latest.Load().surroundings.Inventory()
}

// ConfigMap asks the latest watch.
func (s *lastingSurroundings) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	return s.latest.Load().surroundings.ConfigMap(namespace, name)
}

// Namespace asks the latest watch.
func (s *lastingSurroundings) Namespace(name string) (validation.Namespace, bool) {
	return s.latest.Load().surroundings.Namespace(name)
}

// ServiceAccount asks the latest watch.
func (s *lastingSurroundings) ServiceAccount(namespace, name string) (validation.Account, bool) {
	return s.latest.Load().surroundings.ServiceAccount(namespace, name)
}

// Access asks the latest watch.
func (s *lastingSurroundings) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	return s.latest.Load().surroundings.Access(account, namespace, needed)
}

// Member asks the latest watch.
func (s *lastingSurroundings) Member(key inventory.Key) (*inventory.Member, bool) {
	return s.latest.Load().surroundings.Member(key)
}

// keep runs the latest watch, and another one whenever it ends, until the context ends. pause is the time before a watch
// that could not be made is tried again.
func (s *lastingSurroundings) keep(ctx context.Context, log *slog.Logger, pause time.Duration, another func(context.Context) (*watch, error)) {
	for {
		err := s.latest.Load().manager.Start(ctx)
		for replaced := false; !replaced; {
			if ctx.Err() != nil {
				return
			}
			log.Error("lost caches and controllers, going on with what they knew until there are others", "error", err)
			var next *watch
			if next, err = another(ctx); err == nil {
				s.latest.Store(next)
				replaced = true
				continue
			}
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	}
}
