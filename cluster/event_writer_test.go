package cluster

import (
	"context"
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

func TestEventsAreWrittenInTheBackground(t *testing.T) {
	written := make(chan string, 10)
	c := interceptor.NewClient(fakeClient(t), interceptor.Funcs{
		Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
			written <- object.(*eventsv1.Event).Note
			return nil
		},
	})
	w := &eventWriter{client: c, now: time.Now, waiting: make(chan *eventsv1.Event, 1)}
	regarding := regardingAccount(account("team", "flink", us))
	send := func(n int) {
		t.Helper()
		if err := w.send(t.Context(), planAccountEvent(actionBound, regarding, corev1.EventTypeNormal, fmt.Sprint(n))); err != nil {
			t.Fatal(err)
		}
	}
	send(1)
	send(2) // there is no room for it, and nobody writes yet
	if first := <-written; first != "2" {
		t.Errorf("%s was written first", first)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Start(ctx) }()
	if second := <-written; second != "1" {
		t.Errorf("%s was written then", second)
	}
	send(2)
	stop()
	if err := <-ended; err != nil || len(written) > 0 || len(w.waiting) > 0 {
		t.Errorf("ended with %v; %d were written again, %d wait", err, len(written), len(w.waiting))
	}
}
