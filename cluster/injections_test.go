package cluster

import (
	"context"
	"strconv"
	"testing"
	"time"

	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

func TestInjectionIsToldOfOnceItIsSeen(t *testing.T) {
	key := inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"}
	cases := map[string]struct {
		seen []client.Object
		want int
	}{
		"with the account":        {[]client.Object{jobManager("flink")}, 1},
		"with another account":    {[]client.Object{jobManager("other")}, 0},
		"never, it was refused":   {nil, 0},
		"another object is there": {[]client.Object{taskManager("flink")}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synced, o := true, everything()
			o.Injections = NewInjections()
			var written []*eventsv1.Event
			recording := interceptor.NewClient(fakeClient(t), interceptor.Funcs{
				Create: func(_ context.Context, _ client.WithWatch, object client.Object, _ ...client.CreateOption) error {
					written = append(written, object.(*eventsv1.Event))
					return nil
				},
			})
			s := surroundings(t, o, &synced, tc.seen...)
			r := &injectionReporter{injections: o.Injections, surroundings: s, events: &eventWriter{client: recording, now: time.Now}}
			look := func() {
				t.Helper()
				if _, err := r.Reconcile(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			}
			look() // nothing is noted
			o.Injections.Note("Deployment", "team", "jm", "flink")
			for range 2 {
				look()
			}
			if len(written) != tc.want {
				t.Fatalf("written: %v", written)
			}
			if tc.want > 0 && (written[0].Reason != "ServiceAccountInjected" || written[0].Regarding.Name != "jm" || written[0].Regarding.APIVersion != "apps/v1") {
				t.Errorf("got %+v", written[0])
			}
		})
	}
}

func TestInjectionsAreForgottenInTheEnd(t *testing.T) {
	now := time.Unix(1000, 0)
	i := NewInjections()
	i.now = func() time.Time { return now }
	var heard int
	hear := func(inventory.Key) { heard++ }
	i.listener.Store(&hear)
	for n := range 2 * maxInjections {
		i.Note("Deployment", "team", strconv.Itoa(n), "flink")
	}
	if len(i.notes) != maxInjections || heard != 2*maxInjections {
		t.Errorf("%d are remembered, %d heard of", len(i.notes), heard)
	}
	now = now.Add(2 * injectionLasts)
	i.Note("Deployment", "team", "late", "flink")
	if _, ok := i.of(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "late"}); !ok || len(i.notes) != 1 {
		t.Errorf("%d are remembered", len(i.notes))
	}
	now = now.Add(2 * injectionLasts)
	if _, ok := i.of(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "late"}); ok {
		t.Error("it is remembered for ever")
	}
	i.Note("Deployment", "team", "", "flink") // it has no name yet
	if len(i.notes) != 0 {
		t.Errorf("noted without a name: %v", i.notes)
	}
	(*Injections)(nil).Note("Deployment", "team", "x", "flink")
}
