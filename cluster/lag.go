package cluster

import (
	"sync"
	"time"
)

// informerLag is how long an answer waits for an object that the caches have not seen. People apply a ConfigMap and the
// workload that mounts it within milliseconds, and the watch event may come after the review: one in thirty did when a program
// created them back to back. It is a small part of the two seconds that a review may take, and is only spent on workloads
// that name what is not there.
const (
	informerLag = 100 * time.Millisecond
	lagPoll     = 5 * time.Millisecond
)

// lagBudget is how long answers about one namespace may wait in lagWindow. A workload that mounts twenty ConfigMaps that are not
// there would otherwise be waited for until the API server gives up on the review, and refuses the workload for that.
const (
	lagBudget = 5 * informerLag
	lagWindow = time.Second
)

// lag waits for watch events that are under way. The zero value is ready for use.
type lag struct {
	mu sync.Mutex
	// spent is the time waited for each namespace since the window began.
	spent map[string]time.Duration
	began time.Time
}

// await asks again and again until there is an answer. It tells whether there was one and, if not, whether the wait was as long
// as a watch event may take.
func (l *lag) await(namespace string, answers func() bool) (answered, waited bool) {
	if answers() {
		return true, false
	}
	patience := l.take(namespace)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		time.Sleep(lagPoll)
		if answers() {
			return true, true
		}
	}
	return false, patience > 0
}

// take returns how long may be waited now: nothing once the namespace's budget is spent.
func (l *lag) take(namespace string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.Sub(l.began) > lagWindow {
		l.spent, l.began = map[string]time.Duration{}, now
	}
	if l.spent[namespace] >= lagBudget {
		return 0
	}
	l.spent[namespace] += informerLag
	return informerLag
}
