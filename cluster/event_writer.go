package cluster

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// maxToldOf bounds how many Events are remembered as written. Writing one again does no harm: it has the same name.
const maxToldOf = 4096

// toldFor is for how long: the API server keeps an Event for an hour, and what is still so is told again.
const toldFor = time.Hour

// maxEventsWaiting bounds how many Events wait to be written. Whoever has more to tell waits for each.
const maxEventsWaiting = 4096

// eventWriter writes Events whose names follow from what they say, each once.
type eventWriter struct {
	// waiting are Events that are written in the background; nil for a writer without one.
	waiting chan *eventsv1.Event
	client  client.Client
	metrics *Metrics
	// instance names this replica.
	instance string
	now      func() time.Time
	told     toldOf
}

func newEventWriter(c client.Client, metrics *Metrics) *eventWriter {
	instance, err := os.Hostname()
	if err != nil {
		instance = managedByUs
	}
	return &eventWriter{client: c, metrics: metrics, instance: instance, now: time.Now}
}

// NeedLeaderElection is false: nothing waits on a replica whose controllers have nothing to tell.
func (w *eventWriter) NeedLeaderElection() bool { return false }

// Start writes in the background until the context ends, so that nobody's account waits for what is told of another one.
func (w *eventWriter) Start(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case event := <-w.waiting:
			if err := w.write(ctx, event); err != nil && ctx.Err() == nil {
				log.FromContext(ctx).Error(err, "An event is lost")
			}
		}
	}
}

// send has an Event written soon. One that cannot be written then is lost; it is in the log.
func (w *eventWriter) send(ctx context.Context, event *eventsv1.Event) error {
	if w.wrote(event) {
		return nil
	}
	select {
	case w.waiting <- event:
		return nil
	default:
		return w.write(ctx, event)
	}
}

// wrote tells whether this replica has written an Event, or found it written.
func (w *eventWriter) wrote(event *eventsv1.Event) bool {
	return w.told.has(client.ObjectKeyFromObject(event), w.now())
}

// write makes an Event unless it was made before, by this replica or by another.
func (w *eventWriter) write(ctx context.Context, event *eventsv1.Event) error {
	if w.wrote(event) {
		return nil
	}
	event.ReportingInstance, event.EventTime.Time = w.instance, w.now()
	err := w.client.Create(ctx, event, client.FieldOwner(fieldOwner))
	switch {
	case apierrors.IsAlreadyExists(err):
	case ignoreVanished(err) != nil:
		return fmt.Errorf("writing an event about the %s: %w", event.Regarding.Kind, err)
	case err == nil:
		w.metrics.countEvent(event.Reason)
	}
	w.told.add(client.ObjectKeyFromObject(event), w.now())
	return nil
}

// toldOf remembers the Events that were written, and when.
type toldOf struct {
	mu    sync.Mutex
	names map[client.ObjectKey]time.Time
}

func (t *toldOf) has(name client.ObjectKey, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	at, ok := t.names[name]
	return ok && now.Sub(at) < toldFor
}

// add forgets all others once they are too many.
func (t *toldOf) add(name client.ObjectKey, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.names == nil || len(t.names) >= maxToldOf {
		t.names = map[client.ObjectKey]time.Time{}
	}
	t.names[name] = now
}
