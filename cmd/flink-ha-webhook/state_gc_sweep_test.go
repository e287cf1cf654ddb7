package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
)

// changing is a cluster whose clusters orphan and bare are orphaned until somebody starts a JobManager of one of them.
type changing struct {
	clusters []survey.Cluster
	// started is the cluster of which a JobManager comes when the first ConfigMap of another one is deleted.
	started string
	deleted []string
	asked   []survey.Options
}

func (c *changing) Survey(_ context.Context, asked survey.Options) (*survey.Survey, error) {
	c.asked = append(c.asked, asked)
	return &survey.Survey{Taken: surveyed, Clusters: slices.Clone(c.clusters)}, nil
}

func (c *changing) Delete(_ context.Context, _ string, read survey.ConfigMap) error {
	c.deleted = append(c.deleted, read.Name)
	for i := range c.clusters {
		if c.clusters[i].ID == c.started {
			c.clusters[i].Use, c.clusters[i].Reason = survey.Live, "Deployment jm is there"
		}
	}
	return nil
}

// TestTheSweepLooksRightBeforeItDeletes: what is started while the state of another cluster is deleted has not written anything yet.
func TestTheSweepLooksRightBeforeItDeletes(t *testing.T) {
	world := &changing{clusters: someClusters(), started: "bare"}
	plan, err := planGC(&survey.Survey{Taken: surveyed, Clusters: someClusters()}, nil, defaultAge)
	if err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	s := &sweep{surveyor: world, olderThan: defaultAge, streams: streams{out: &out, err: &problems}}
	if err := s.run(t.Context(), plan); err == nil || !strings.Contains(problems.String(), "b/bare is kept: it is live: Deployment jm is there by now") {
		t.Errorf("got %v, %s", err, &problems)
	}
	if want := []string{"orphan-cluster-config-map", "orphan-1-config-map"}; !slices.Equal(world.deleted, want) {
		t.Errorf("%q are deleted, want %q", world.deleted, want)
	}
	near := func(asked survey.Options) bool { return asked.Alone && asked.Namespace == "b" }
	if whole := slices.DeleteFunc(world.asked, near); len(whole) != 1 {
		t.Errorf("all namespaces were read %d times, want once in %s", len(whole), freshness)
	}
}
