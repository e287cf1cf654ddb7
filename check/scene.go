package check

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/flink-ha/flink-ha-webhook/admission"
)

// scene is the world that is judged now: worlds are put into it and taken out again, so that what they share is not put together for
// each of them.
type scene struct {
	given *admission.Given
	// there are the candidates of each name: of several the last is what is there, and covers the others.
	there map[admission.Identified][]*candidate
	since time.Time
	// changing is held by who takes an object out for a moment, and, for reading, by everybody who asks.
	changing sync.RWMutex
}

// age is how long all objects have been there: long enough for none to be on its way any more.
const age = 24 * time.Hour

// newScene returns an empty one.
func newScene(options *Options) *scene {
	given := admission.NewGiven(options.NamespaceLabels.Everywhere)
	if options.Live != nil {
		given = admission.NewLive(options.NamespaceLabels.Everywhere)
	}
	for namespace := range options.NamespaceLabels.In {
		given.Label(namespace, options.NamespaceLabels.of(namespace))
	}
	given.Assume(options.Version)
	if options.Policy != nil {
		given.Provision(options.Policy, options.Now)
		given.NameOperators(options.Policy.Clusters.OperatorDefaults)
	}
	s := &scene{given: given, there: map[admission.Identified][]*candidate{}, since: options.Now.Add(-age)}
	if options.OperatorConfig != nil {
		given.SetOperator(options.OperatorConfig, s.since)
	}
	return s
}

// of are all labels of a namespace.
func (l *NamespaceLabels) of(namespace string) map[string]string {
	labels := map[string]string{}
	for _, some := range []map[string]string{l.Everywhere, l.In[namespace]} {
		maps.Copy(labels, some)
	}
	return labels
}

// enter puts what a world has itself into the scene.
func (s *scene) enter(w *world) {
	for _, file := range w.own {
		for _, c := range file.candidates {
			s.put(c)
		}
	}
}

// leave takes it out again.
func (s *scene) leave(w *world) {
	for _, file := range slices.Backward(w.own) {
		for _, c := range slices.Backward(file.candidates) {
			s.drop(c)
		}
	}
}

func (s *scene) put(c *candidate) {
	if c.in.bare != nil {
		return // it is in no cluster
	}
	s.there[c.Identified] = append(s.there[c.Identified], c)
	s.given.Put(c.piece, s.since)
}

// drop takes out what was put last under its name, and brings back what that covered.
func (s *scene) drop(c *candidate) {
	if c.in.bare != nil {
		return
	}
	covered := s.there[c.Identified]
	covered = covered[:len(covered)-1]
	s.given.Drop(c.piece, s.since)
	if len(covered) == 0 {
		delete(s.there, c.Identified)
		return
	}
	s.there[c.Identified] = covered
	s.given.Put(covered[len(covered)-1].piece, s.since)
}

// at is what is there under a name, nil for nothing.
func (s *scene) at(name admission.Identified) *candidate {
	if all := s.there[name]; len(all) > 0 {
		return all[len(all)-1]
	}
	return nil
}

// configMap is the ConfigMap that something in a namespace refers to by its name: one beside it, or the one with the operator's default
// configuration, wherever that is. It is nil if that is not among the objects.
func (s *scene) configMap(namespace, name string) *candidate {
	if c := s.at(admission.Identified{Kind: "ConfigMap", Namespace: namespace, Name: name}); c != nil {
		return c
	}
	if operators, itsName, ok := s.given.Operator(); ok && itsName == name {
		return s.at(admission.Identified{Kind: "ConfigMap", Namespace: operators, Name: name})
	}
	return nil
}
