package access

import (
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink/rights"
)

// Account is a service account.
type Account struct{ Namespace, Name string }

// Answer is what an account lacks of the rights that were asked about.
type Answer struct {
	// Known is false where nothing can be said; Unknown then says why, if it is worth saying.
	Known   bool
	Unknown string
	// Missing are the rights that it does not have, in the order in which they were asked about.
	Missing []rights.Right
	// Changed is when an object of RBAC last changed that may bear on it.
	Changed time.Time
	// Settled is true where the objects were given along with the one under review: nothing is missing only because it comes later.
	Settled bool
}

// Covered tells whether the account certainly has all of them.
func (a Answer) Covered() bool { return a.Known && len(a.Missing) == 0 }

// Lacking tells whether the account certainly lacks some of them.
func (a Answer) Lacking() bool { return a.Known && len(a.Missing) > 0 }
