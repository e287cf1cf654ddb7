package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// fakeWatch knows every account in the way that its number says, and ends when it is told to.
type fakeWatch struct {
	number int
	end    chan error
}

func (f *fakeWatch) Start(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-f.end:
		return err
	}
}

func (f *fakeWatch) Ready(*http.Request) error { return nil }

func (f *fakeWatch) Inventory() (*inventory.Inventory, bool) { return nil, f.number > 1 }

func (f *fakeWatch) ConfigMap(string, string) (*corev1.ConfigMap, time.Time, bool) {
	configMap := &corev1.ConfigMap{}
	configMap.Generation = int64(f.number)
	return configMap, time.Unix(int64(f.number), 0), true
}

func (f *fakeWatch) Namespace(string) (validation.Namespace, bool) {
	return validation.Namespace{}, f.number > 1
}

func (f *fakeWatch) ServiceAccount(string, string) (validation.Account, bool) {
	return validation.Account{Exists: f.number > 1}, true
}

func (f *fakeWatch) Access(access.Account, string, []rights.Right) access.Answer {
	return access.Answer{Known: f.number > 1}
}

func (f *fakeWatch) Member(inventory.Key) (*inventory.Member, bool) { return nil, f.number > 1 }

func newFakeWatch(number int) (*fakeWatch, *watch) {
	fake := &fakeWatch{number: number, end: make(chan error)}
	return fake, &watch{manager: fake, surroundings: fake}
}

func TestSurroundingsOutliveTheWatchThatTheyComeFrom(t *testing.T) {
	first, firstWatch := newFakeWatch(1)
	_, secondWatch := newFakeWatch(2)
	surroundings := &lastingSurroundings{}
	surroundings.latest.Store(firstWatch)
	answers := func() int64 {
		configMap, _, _ := surroundings.ConfigMap("n", "c")
		return configMap.Generation
	}
	asked, attempts := make(chan struct{}), make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		surroundings.keep(ctx, slog.New(slog.DiscardHandler), 0, func(context.Context) (*watch, error) {
			asked <- struct{}{}
			if err := <-attempts; err != nil {
				return nil, err
			}
			return secondWatch, nil
		})
	}()
	first.end <- errors.New("leader election lost")
	<-asked
	if got := answers(); got != 1 {
		t.Errorf("while there is no other watch: got %d, want what the first one knew", got)
	}
	attempts <- errors.New("the API server is away")
	<-asked // another attempt
	attempts <- nil
	eventually(t, "the second watch answers", func() bool { return answers() == 2 })
	asksTheSecond := map[string]func() bool{
		"the inventory": func() bool { _, known := surroundings.Inventory(); return known },
		"namespaces":    func() bool { _, known := surroundings.Namespace("n"); return known },
		"accounts":      func() bool { account, known := surroundings.ServiceAccount("n", "a"); return account.Exists && known },
		"access":        func() bool { return surroundings.Access(access.Account{}, "n", nil).Known },
		"members":       func() bool { _, known := surroundings.Member(inventory.Key{Name: "m"}); return known },
		"times":         func() bool { _, changed, _ := surroundings.ConfigMap("n", "c"); return changed.Unix() == 2 },
	}
	for what, second := range asksTheSecond {
		if !second() {
			t.Errorf("%s are asked of the first watch", what)
		}
	}
	cancel()
	<-ended
}
