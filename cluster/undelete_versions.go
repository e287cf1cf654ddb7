package cluster

import (
	"sync"
	"time"
)

const (
	// versionInterval is how often it is noted how far the changes of ConfigMaps were seen.
	versionInterval = 10 * time.Second
	// overlap is how far back a new leader begins, so that nothing is missed that the former one did not finish. An API server can
	// tell of the last minute, and more, without asking etcd.
	overlap = time.Minute
)

// versions remember resource versions up to which ConfigMaps were seen: those of the overlap, and the last one before it, so that who
// could not watch for a while goes on where it was.
type versions struct {
	mu   sync.Mutex
	seen []seenVersion
}

type seenVersion struct {
	version string
	at      time.Time
}

// note remembers a version.
func (v *versions) note(version string, at time.Time) {
	if version == "" {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for len(v.seen) > 1 && at.Sub(v.seen[1].at) >= overlap {
		v.seen = v.seen[1:]
	}
	v.seen = append(v.seen, seenVersion{version, at})
}

// oldest is the version of the longest time ago, "" if none was noted.
func (v *versions) oldest() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) == 0 {
		return ""
	}
	return v.seen[0].version
}
