package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// policyInterval is how often a policy file is looked at. A kubelet takes up to a minute to bring a changed ConfigMap into a pod;
// watching the file instead would be no faster for anybody, and misses the symbolic links by which a kubelet swaps files.
const policyInterval = 2 * time.Second

// policySource holds the policy of a file, and goes on with the last good one when the file changes for the worse. It is safe
// for concurrent use.
type policySource struct {
	file    string
	log     *slog.Logger
	current atomic.Pointer[policy.Policy]
	// text is what was read last, good or bad, so that every change is reported once.
	text []byte
	// broken is told of a change that is not taken up, with the reason. It may be nil.
	broken func(reason string)

	good  prometheus.Gauge
	loads *prometheus.CounterVec
}

// newPolicySource reads the file, or takes the default policy where none is named. A server does not start with a policy that is
// not right: nobody has seen it work.
func newPolicySource(file string, log *slog.Logger, registerer prometheus.Registerer) (*policySource, error) {
	s := &policySource{
		file: file, log: log,
		good: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "flink_ha_webhook", Name: "policy_current", Help: "1 if the policy in force is that of the file, 0 if the file is not right and an earlier one holds.",
		}),
		loads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "flink_ha_webhook", Name: "policy_loads_total", Help: "Changes of the policy file by whether they were taken up.",
		}, []string{"result"}),
	}
	for _, collector := range []prometheus.Collector{s.good, s.loads} {
		if err := registerer.Register(collector); err != nil {
			return nil, fmt.Errorf("registering metrics: %w", err)
		}
	}
	s.loads.WithLabelValues("refused")
	if file == "" {
		preset := policy.Default()
		s.current.Store(&preset)
		s.good.Set(1)
		return s, nil
	}
	text, err := offline.ReadPolicyFile(file)
	if err != nil {
		return nil, err
	}
	if err := s.take(text); err != nil {
		return nil, fmt.Errorf("reading --policy %s: %w", file, err)
	}
	return s, nil
}

// Current is the policy in force, which nobody may change.
func (s *policySource) Current() *policy.Policy { return s.current.Load() }

// keep looks at the file until the context ends.
func (s *policySource) keep(ctx context.Context) {
	if s.file == "" {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(policyInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.look()
		}
	}
}

// look takes up a change of the file, or says why it does not.
func (s *policySource) look() {
	text, err := offline.ReadPolicyFile(s.file)
	if err == nil && bytes.Equal(text, s.text) {
		return
	}
	if err != nil && s.text == nil {
		return // it was said that the file cannot be read
	}
	if err == nil {
		err = s.take(text)
	} else {
		s.text = nil
	}
	if err == nil {
		s.log.Info("took up a changed policy", "file", s.file)
		return
	}
	s.good.Set(0)
	s.loads.WithLabelValues("refused").Inc()
	s.log.Error("kept the last good policy, since the file is not right", "file", s.file, "error", err)
	if s.broken != nil {
		s.broken(err.Error())
	}
}

// take puts a policy in force.
func (s *policySource) take(text []byte) error {
	s.text = text
	loaded, err := policy.Load(text, offline.PolicyRules())
	if err != nil {
		return err
	}
	for _, problem := range loaded.Problems(time.Now()) {
		s.log.Warn("found something in the policy that needs a look", "file", s.file, "problem", problem)
	}
	s.current.Store(&loaded)
	s.good.Set(1)
	s.loads.WithLabelValues("taken").Inc()
	return nil
}
