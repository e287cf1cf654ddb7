package inventory

import "time"

// PredecessorLifetime is how long what was deleted is remembered.
const PredecessorLifetime = 15 * time.Minute

// maxGraves bounds how much of what was deleted is remembered; the oldest is forgotten first.
const maxGraves = 1024

// grave is a deleted member or ConfigMap.
type grave struct {
	member    *Member
	configMap *configuration
	// entries that it is found under.
	entries []entry
	deleted time.Time
	// number counts the graves, so that their order is certain where the clock stood still.
	number int
}

// graveyard remembers what was deleted, in the order of the deletions.
type graveyard struct {
	queue []*grave
	dug   int
	under map[entry][]*grave
}

func newGraveyard() graveyard { return graveyard{under: map[entry][]*grave{}} }

func (g *graveyard) bury(dead *grave) {
	g.dug++
	dead.number = g.dug
	g.queue = append(g.queue, dead)
	for _, e := range dead.entries {
		g.under[e] = append(g.under[e], dead)
	}
}

// forget drops what was deleted long ago, and what is too much.
func (g *graveyard) forget(now time.Time) {
	for len(g.queue) > 0 && (len(g.queue) > maxGraves || g.queue[0].isOld(now)) {
		oldest := g.queue[0]
		g.queue[0] = nil
		g.queue = g.queue[1:]
		for _, e := range oldest.entries {
			if rest := g.under[e][1:]; len(rest) > 0 {
				g.under[e][0] = nil
				g.under[e] = rest
			} else {
				delete(g.under, e)
			}
		}
	}
}

func (d *grave) isOld(now time.Time) bool { return now.Sub(d.deleted) > PredecessorLifetime }
