package access

import "time"

// changes are when objects of RBAC last changed, by where they count. A time is kept after the last object has gone, since rights
// that are missing may have been there a moment ago.
type changes struct {
	latest  map[scope]time.Time
	objects map[scope]int
}

// spareTimes is how many namespaces without an object may have a time.
const spareTimes = 1024

func newChanges() changes {
	return changes{latest: map[scope]time.Time{}, objects: map[scope]int{}}
}

// note takes note of a change: of an object that was there before, or is there now, or both.
func (c *changes) note(where scope, before, now bool, at time.Time) {
	switch {
	case now && !before:
		c.objects[where]++
	case before && !now:
		if c.objects[where]--; c.objects[where] == 0 {
			delete(c.objects, where)
		}
	}
	if at.After(c.latest[where]) {
		c.latest[where] = at
	}
	if len(c.latest) > 2*len(c.objects)+spareTimes {
		for where := range c.latest {
			if c.objects[where] == 0 {
				delete(c.latest, where)
			}
		}
	}
}

// bearingOn is the latest change that may bear on rights in a namespace.
func (c *changes) bearingOn(namespace string) time.Time {
	latest := c.latest[everywhere()]
	if there := c.latest[in(namespace)]; there.After(latest) {
		return there
	}
	return latest
}
