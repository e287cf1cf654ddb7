package hastate

import (
	"testing"
	"time"
)

func TestLockOf(t *testing.T) {
	record := func(lease, acquired, renewed string) string {
		return `{"holderIdentity":"h","leaseDuration":` + lease + `,"acquireTime":"` + acquired + `","renewTime":"` + renewed + `","leaderTransitions":3}`
	}
	const micros, nanos, seconds = "2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.678901234Z", "2026-01-02T03:04:05Z"
	tests := map[string]struct {
		annotation string
		lease      time.Duration // 0 for a lock that cannot be read
	}{
		"seconds with a fraction, as Flink up to 1.20": {record("15.000000000", micros, micros), 15 * time.Second},
		"an ISO duration, as Flink 2.3":                {record(`"PT15S"`, micros, micros), 15 * time.Second},
		"whole seconds, as client-go":                  {record("15", seconds, seconds), 15 * time.Second},
		"a long lease":                                 {record(`"PT1H1M1.5S"`, micros, micros), time.Hour + time.Minute + 1500*time.Millisecond},
		"nanoseconds":                                  {record("0.5", nanos, nanos), 500 * time.Millisecond},
		"without the time of the election":             {record("15", "", micros), 15 * time.Second},
		"without the time of a renewal":                {record("15", micros, ""), 0},
		"without a lease":                              {`{"holderIdentity":"h","renewTime":"` + micros + `"}`, 0},
		"a lease that never ends":                      {record("1e300", micros, micros), 0},
		"a negative lease":                             {record("-15", micros, micros), 0},
		"a negative ISO duration":                      {record(`"PT-15S"`, micros, micros), 0},
		"days":                                         {record(`"P1D"`, micros, micros), 0},
		"no JSON":                                      {"leader", 0},
		"empty":                                        {"", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lock, ok := LockOf(map[string]string{LeaderAnnotation: test.annotation})
			if ok != (test.lease != 0) || lock.Lease != test.lease {
				t.Fatalf("got %+v, %t, want a lease of %s", lock, ok, test.lease)
			}
			if ok && (lock.Holder != "h" || lock.Transitions != 3 || lock.Renewed.Unix() != 1767323045) {
				t.Errorf("got %+v", lock)
			}
		})
	}
}

func TestLockThatNobodyHolds(t *testing.T) {
	for name, holder := range map[string]string{"released": `""`, "released, as fabric8 from 6 on": "null"} {
		t.Run(name, func(t *testing.T) {
			lock, ok := LockOf(map[string]string{LeaderAnnotation: `{"holderIdentity":` + holder + `,"leaseDuration":15,"renewTime":"2026-01-02T03:04:05Z"}`})
			if !ok || !lock.Until().IsZero() || lock.HeldAt(lock.Renewed) {
				t.Errorf("got %+v, %t, want a lock that is not held", lock, ok)
			}
		})
	}
	if _, ok := LockOf(nil); ok {
		t.Error("a lock without the annotation")
	}
}
