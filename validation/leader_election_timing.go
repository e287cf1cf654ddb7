package validation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func leaderElectionTiming() Rule {
	return Rule{
		ID:         "leader-election-timing",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "leadership is lost or taken twice",
		Summary:    "The times of the leader election do not fit each other, or are too short.",
		Why: "Neither Flink nor its Kubernetes client compares them. A leader that renews its lock less often than the renew deadline " +
			"loses leadership without any fault; one that may go on for longer than the lease leads beside its successor; and a lease of " +
			"a few seconds is lost with every pause of the API server. Each loss restarts all jobs. A duration that Flink cannot read keeps " +
			"the JobManager from starting.",
		Remedy: "Leave the defaults (lease 15 s, renew deadline 15 s, retry period 5 s), or keep retry-period < renew-deadline ≤ lease-duration, " +
			"with room for two or three retries in the renew deadline.",
		Source: "org.apache.flink.kubernetes.configuration.KubernetesHighAvailabilityOptions, KubernetesLeaderElectionConfiguration (read when the " +
			"HA services are made, from 1.18 on in TaskManagers too), io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector",
		Example: Example{
			Wrong: timingExample("30 s"),
			Right: timingExample("5 s"),
		},
		Check: checkLeaderElectionTiming,
	}
}

func timingExample(retry string) string {
	return `apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: team}
data:
  config.yaml: |
    high-availability:
      type: kubernetes
      storageDir: s3://my-bucket/ha
      cluster-id: my-cluster
      kubernetes.leader-election:
        lease-duration: 60 s
        renew-deadline: 30 s
        retry-period: ` + retry + `
    kubernetes.cluster-id: my-cluster
    kubernetes.namespace: team
    execution.checkpointing.dir: s3://my-bucket/checkpoints
`
}

// Bounds below which the times are too short: a slow answer of the API server takes seconds, and each retry is a request.
const (
	shortestLease = 5 * time.Second
	shortestRetry = time.Second
)

// electionTime is one of the three options.
type electionTime struct {
	key     string
	setting flink.Setting
	set     bool
	// text is what counts, duration what Flink makes of it if known.
	text     string
	duration time.Duration
	known    bool
	// problem says why Flink refuses it.
	problem error
}

func (s *Subject) electionTime(key string) electionTime {
	reading := s.Configuration.Get(key, s.Version)
	read := electionTime{key: key, setting: reading.Setting, set: reading.Set, text: reading.Value()}
	if reading.Unknown != "" || flink.IsExpanded(read.text) {
		return read
	}
	duration, err := flink.ParseDuration(read.text, s.Version)
	switch {
	case errors.Is(err, flink.ErrVersionOfUnit):
	case err != nil:
		read.problem = err
	default:
		read.duration, read.known = duration, true
	}
	return read
}

func checkLeaderElectionTiming(subject *Subject) []Violation {
	if !subject.mentions("high-availability.kubernetes.leader-election.") {
		return nil
	}
	lease, renew := subject.electionTime(flink.KeyLeaseDuration), subject.electionTime(flink.KeyRenewDeadline)
	retry := subject.electionTime(flink.KeyRetryPeriod)
	if !subject.readable() {
		return nil
	}
	var violations []Violation
	for _, read := range []electionTime{lease, renew, retry} {
		if read.problem != nil {
			violations = append(violations, subject.unreadTime(read)...)
		}
	}
	if subject.Role == workload.RoleTaskManager {
		return violations // it takes no part in the election
	}
	add := func(at electionTime, violation Violation) {
		violation.Option, violation.Setting, violation.Position, violation.Found = at.key, at.key, at.setting.Position, &at.setting.Value
		violation.Remedy = line(at.setting.Position, at.key, violation.Remedy)
		if !slices.ContainsFunc(violations, func(v Violation) bool { return v.Option == at.key }) {
			violations = append(violations, violation)
		}
	}
	if lease.set && lease.known && lease.duration < shortestLease {
		add(lease, Violation{Detail: "less than 5 s", Effect: "a short pause of the API server restarts all jobs", Remedy: "15 s"})
	}
	if lease.known && renew.known && renew.duration > lease.duration {
		compareRenewal(lease, renew, add)
	}
	if retry.known && renew.known && retry.duration >= renew.duration {
		compareRetry(renew, retry, add)
	}
	if retry.set && retry.known && retry.duration < shortestRetry {
		add(retry, Violation{Detail: "less than 1 s", Effect: "each JobManager asks the API server all the time", Remedy: "5 s"})
	}
	return violations
}

// mentions tells whether any option is set whose key begins like that, without what it costs to read one.
func (s *Subject) mentions(prefix string) bool {
	for i := range s.Configuration.Settings {
		if strings.HasPrefix(s.Configuration.Settings[i].Key, prefix) {
			return true
		}
	}
	return false
}

// unreadTime is a duration that Flink refuses. Up to 1.17 only JobManagers read it.
func (s *Subject) unreadTime(read electionTime) []Violation {
	violation := Violation{
		Option: read.key, Setting: read.key, Position: read.setting.Position, Found: &read.setting.Value, Detail: read.problem.Error(),
		Effect: "Flink does not start", Remedy: line(read.setting.Position, read.key, read.preset()), Fix: s.unquote(read.setting, read.key),
	}
	switch {
	case s.Role == workload.RoleJobManager, s.Version.AtLeast(1, 18):
		violation.Level = policy.LevelBaseline
	case s.Role == workload.RoleTaskManager:
		return nil
	}
	return []Violation{violation}
}

// preset is the default.
func (e electionTime) preset() string {
	if e.key == flink.KeyRetryPeriod {
		return "5 s"
	}
	return "15 s"
}

// described is the time for a message about another one.
func (e electionTime) described() string {
	if !e.set {
		return e.text + " by default"
	}
	return e.text
}

// compareRenewal blames the renew deadline for being longer than the lease, or the lease if only that is set.
func compareRenewal(lease, renew electionTime, add func(electionTime, Violation)) {
	const effect = "two may lead at once"
	if !renew.set {
		add(lease, Violation{Effect: effect, Detail: "less than the renew-deadline, " + renew.described(), Remedy: renew.text})
		return
	}
	add(renew, Violation{Effect: effect, Detail: "more than the lease-duration, " + lease.described(), Remedy: lease.text})
}

// compareRetry blames the retry period for not being shorter than the renew deadline, or the deadline if only that is set.
func compareRetry(renew, retry electionTime, add func(electionTime, Violation)) {
	const effect = "leadership lapses, and all jobs restart"
	if !retry.set {
		add(renew, Violation{Effect: effect, Detail: "not more than the retry-period, " + retry.described(), Remedy: duration(3 * retry.duration)})
		return
	}
	add(retry, Violation{Effect: effect, Detail: "not less than the renew-deadline, " + renew.described(), Remedy: duration(renew.duration / 3)})
}

// duration writes a duration as Flink reads it in all versions.
func duration(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return fmt.Sprintf("%d ms", d/time.Millisecond)
}
