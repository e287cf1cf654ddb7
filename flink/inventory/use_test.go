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

func TestInUseByWhateverDescribesIt(t *testing.T) {
	now := time.Unix(1000, 0)
	deployment := map[string]any{
		"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment",
		"metadata": map[string]any{"namespace": "team", "name": "demo"},
		"spec":     map[string]any{"image": "flink:1.20", "job": map[string]any{"state": "suspended", "upgradeMode": "last-state"}},
	}
	member, ok := ResourceMember(deployment)
	if !ok {
		t.Fatal("the custom resource is not recognized")
	}
	known := New()
	known.SetMember(member, now)
	// Its high availability may come from the operator's defaults, which nobody knows here.
	if use, ok := known.InUse("team", "demo", now); !ok || use.Member == nil {
		t.Errorf("got %+v, %t", use, ok)
	}
	if _, ok := known.InUse("elsewhere", "demo", now); ok {
		t.Error("a cluster of another namespace is in use")
	}
	gone := *member
	gone.Deleting = true
	known.SetMember(&gone, now)
	if _, ok := known.InUse("team", "demo", now); ok {
		t.Error("in use by what is being deleted")
	}
}
