package hastate

import (
	"encoding/json"
	"strings"
	"time"
)

// Lock is the record of a leader election, as the annotation LeaderAnnotation has it
// (io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord).
type Lock struct {
	// Holder is "" where nobody leads.
	Holder string
	// Lease is how long a leader leads without renewing it.
	Lease             time.Duration
	Acquired, Renewed time.Time
	// Transitions counts the leaders before this one.
	Transitions int
}

// lockRecord is the JSON of the annotation. The lease is a number of seconds, or a duration such as PT15S in Flink 2.3.
type lockRecord struct {
	HolderIdentity    string          `json:"holderIdentity"`
	LeaseDuration     json.RawMessage `json:"leaseDuration"`
	AcquireTime       string          `json:"acquireTime"`
	RenewTime         string          `json:"renewTime"`
	LeaderTransitions int             `json:"leaderTransitions"`
}

// LockOf reads the lock of an HA ConfigMap from its annotations: false if there is none, or none that can be read.
func LockOf(annotations map[string]string) (Lock, bool) {
	text, ok := annotations[LeaderAnnotation]
	if !ok {
		return Lock{}, false
	}
	var record lockRecord
	if json.Unmarshal([]byte(text), &record) != nil {
		return Lock{}, false
	}
	lock := Lock{Holder: record.HolderIdentity, Transitions: record.LeaderTransitions}
	var known bool
	if lock.Lease, known = leaseOf(record.LeaseDuration); !known {
		return Lock{}, false
	}
	var err error
	if lock.Renewed, err = time.Parse(time.RFC3339Nano, record.RenewTime); err != nil {
		return Lock{}, false
	}
	lock.Acquired, _ = time.Parse(time.RFC3339Nano, record.AcquireTime) // only shown
	return lock, true
}

// Until is when the lock lapses, unless it is renewed; the zero time if nobody holds it.
func (l Lock) Until() time.Time {
	if l.Holder == "" {
		return time.Time{}
	}
	return l.Renewed.Add(l.Lease)
}

// HeldAt tells whether somebody holds the lock at some time.
func (l Lock) HeldAt(now time.Time) bool { return now.Before(l.Until()) }

// maxLease is the longest that is believed: a lock that says more would be held for ever, whoever leads.
const maxLease = 24 * time.Hour

// leaseOf reads the length of a lease: a number of seconds, also with a fraction, or an ISO 8601 duration of hours, minutes and
// seconds, as java.time.Duration writes it.
func leaseOf(raw json.RawMessage) (lease time.Duration, known bool) {
	var seconds float64
	var text string
	switch {
	case json.Unmarshal(raw, &seconds) == nil:
		lease = time.Duration(min(max(seconds, 0), maxLease.Seconds()+1) * float64(time.Second))
	case json.Unmarshal(raw, &text) == nil && strings.HasPrefix(text, "PT"):
		lease, _ = time.ParseDuration(strings.ToLower(strings.TrimPrefix(text, "PT")))
	}
	return lease, lease > 0 && lease <= maxLease
}
