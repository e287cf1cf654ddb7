package inventory

import (
	"testing"
	"time"
)

func TestInUseByALeader(t *testing.T) {
	now := time.Unix(1000, 0)
	known := New()
	led := state("team", "demo-cluster-config-map", "demo")
	led.LedUntil = now.Add(time.Second)
	known.SetHAState(led)
	if use, ok := known.InUse("team", "demo", now); !ok || !use.LedUntil.Equal(led.LedUntil) || use.Member != nil {
		t.Errorf("got %+v, %t", use, ok)
	}
	if _, ok := known.InUse("team", "demo", now.Add(time.Second)); ok {
		t.Error("in use after the lock has lapsed")
	}
	if _, ok := known.InUse("team", "other", now); ok {
		t.Error("another cluster is in use")
	}
}
