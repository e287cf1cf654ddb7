package cluster

import (
	"testing"
	"testing/synctest"
)

func TestLagWaitsNoLongerThanAReviewCanTake(t *testing.T) {
	synctest.Test(t, spendTheBudget) // however busy the machine is, a second has passed only when it has been waited for
}

func spendTheBudget(t *testing.T) {
	var waiting lag
	waits := 0
	for i := range 20 {
		answered, waited := waiting.await("team", func() bool { return false })
		if answered {
			t.Fatal("answered")
		}
		if waited {
			waits++
		} else if i == 0 {
			t.Error("not waited at all")
		}
	}
	if waits != int(lagBudget/informerLag) {
		t.Errorf("waited %d times for twenty objects that are not there", waits)
	}
	if _, waited := waiting.await("other", func() bool { return false }); !waited {
		t.Error("one namespace spends what another has")
	}
	waiting.began = waiting.began.Add(-2 * lagWindow)
	if _, waited := waiting.await("team", func() bool { return false }); !waited {
		t.Error("the budget does not come back")
	}
	if len(waiting.spent) != 1 {
		t.Errorf("%d namespaces are remembered, want those of this window", len(waiting.spent))
	}
}

func TestLagReturnsWithTheAnswer(t *testing.T) {
	var waiting lag
	asked := 0
	answered, waited := waiting.await("team", func() bool { asked++; return asked == 3 })
	if !answered || !waited || asked != 3 {
		t.Errorf("got answered %t and waited %t after %d questions, want both after 3", answered, waited, asked)
	}
	if answered, waited = waiting.await("team", func() bool { return true }); !answered || waited {
		t.Error("waited for what is there")
	}
}

// waitedFor tells whether any answer has waited.
func waitedFor(s *Surroundings) bool {
	s.lag.mu.Lock()
	defer s.lag.mu.Unlock()
	return len(s.lag.spent) > 0
}
