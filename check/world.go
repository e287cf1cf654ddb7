package check

import (
	"time"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// world is all objects that are there together.
type world struct {
	given *admission.Given
	// configMaps are those that others may read, for the places of what stands in them.
	configMaps map[[2]string]*candidate
	since      time.Time
}

// age is how long all objects have been there: long enough for none to be on its way any more.
const age = 24 * time.Hour

func newWorld(options Options) *world {
	return &world{given: admission.NewGiven(options.NamespaceLabels), configMaps: map[[2]string]*candidate{}, since: options.Now.Add(-age)}
}

func (w *world) put(c *candidate) {
	w.given.Put(c.piece, w.since)
	if c.Group == "" && c.Kind == "ConfigMap" {
		w.configMaps[[2]string{c.Namespace, c.Name}] = c
	}
}
