package parity

import (
	"flag"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/manifests"
	"github.com/flink-ha/flink-ha-webhook/test/matchconditions"
)

func TestMain(m *testing.M) {
	log.SetLogger(logr.Discard()) // controller-runtime's own lines
	os.Exit(m.Run())
}

// workers compare at once, each with a server of its own.
const workers = 2

// compareAll has workers compare scenes, and returns what was compared. next hands a worker its next scene, and nil after the last.
func compareAll(t *testing.T, next func(worker int, sofar *tally) *scene) *tally {
	t.Helper()
	tallies := make([]*tally, workers)
	var running sync.WaitGroup
	for worker := range workers {
		api, counted := newAPIServer(t), newTally()
		tallies[worker], api.asked = counted, counted.asked
		running.Go(func() {
			for s := next(worker, counted); s != nil && !t.Failed(); s = next(worker, counted) {
				report(t, api, s, counted)
			}
		})
	}
	running.Wait()
	sum := newTally()
	for _, counted := range tallies {
		sum.add(counted)
	}
	return sum
}

// newAPIServer starts a server, and compiles what the API server is told about it.
func newAPIServer(t *testing.T) *apiServer {
	t.Helper()
	configuration, err := matchconditions.Load(manifests.Files)
	if err != nil {
		t.Fatal(err)
	}
	selector, err := matchconditions.NewSelector(configuration)
	if err != nil {
		t.Fatal(err)
	}
	return &apiServer{selector: selector, guard: startServer(t)}
}

// report compares a scene, and shows as little of it as is needed to see a difference.
func report(t *testing.T, api *apiServer, s *scene, counted *tally) {
	t.Helper()
	differences, err := api.compare(s, counted)
	if err == nil && len(differences) == 0 {
		return
	}
	s, differences, err = minimised(api, s, differences, err)
	if err != nil {
		t.Errorf("%v\n%s", err, s)
		return
	}
	t.Errorf("%s\n%s", strings.Join(differences, "\n"), s)
}

// minimised leaves out objects as long as there is a difference.
func minimised(api *apiServer, s *scene, differences []string, err error) (*scene, []string, error) {
	for i := 0; i < len(s.objects); {
		smaller := s.without(i)
		found, failure := api.compare(smaller, newTally())
		if (failure != nil) != (err != nil) || failure == nil && len(found) == 0 {
			i++
			continue
		}
		s, differences, err = smaller, found, failure
	}
	return s, differences, err
}

// TestFixturesGetTheSameVerdict tries the examples of all rules, of the documentation and of other tests, under all policies.
func TestFixturesGetTheSameVerdict(t *testing.T) {
	var scenes []*scene
	for i, fixture := range fixtures(t) {
		for j, under := range policies() {
			again := *fixture
			again.policy, again.policyName, again.now, again.style = under.policy(), under.name, anHourFromNow(), uint64(i+j)
			scenes = append(scenes, &again)
		}
	}
	var mu sync.Mutex
	counted := compareAll(t, func(int, *tally) (next *scene) {
		mu.Lock()
		defer mu.Unlock()
		if len(scenes) > 0 {
			next, scenes = scenes[0], scenes[1:]
		}
		return next
	})
	t.Log(counted)
	counted.expect(t, 1, 50)
}

// How many objects are generated, and the seed that they are made of: go test ./parity -run Generated -objects 100000 -seed 7.
var (
	wantedObjects = flag.Int("objects", 10_000, "how many objects are generated")
	seed          = flag.Uint64("seed", 1, "what they are made of")
)

// TestGeneratedObjectsGetTheSameVerdict makes up scenes of a few objects that have to do with each other.
func TestGeneratedObjectsGetTheSameVerdict(t *testing.T) {
	t.Logf("seed %d", *seed)
	pool, numbers := fixtures(t), make([]int, workers)
	var generators []*generator
	for worker := range workers {
		generators = append(generators, newGenerator(*seed*workers+uint64(worker), anHourFromNow(), pool))
	}
	counted := compareAll(t, func(worker int, sofar *tally) *scene {
		if sofar.objects >= *wantedObjects/workers {
			return nil
		}
		numbers[worker]++
		return generators[worker].scene(numbers[worker])
	})
	t.Log(counted)
	counted.expect(t, *wantedObjects/100, 45)
	for _, kind := range []string{"account that is there", "account that will be there", "owner references", "configuration", "token"} {
		if counted.patches[kind] < *wantedObjects/1000 && !t.Failed() {
			t.Errorf("%d patches are about the %s, want some: the test shows nothing about it", counted.patches[kind], kind)
		}
	}
}

// expect fails a test that shows nothing about what it is for.
func (t *tally) expect(test *testing.T, times, rules int) {
	test.Helper()
	if test.Failed() {
		return
	}
	for _, verdict := range []admission.Verdict{admission.VerdictSkip, admission.VerdictAllow, admission.VerdictWarn, admission.VerdictDeny} {
		if t.verdicts[verdict] < times {
			test.Errorf("%d objects get the verdict %q, want %d", t.verdicts[verdict], verdict, times)
		}
	}
	for _, hook := range []string{"mutate", "strip", "validate", "validate-owned"} {
		if asked := t.asked[hook+".flink-ha.dev"]; asked < times/4 {
			test.Errorf("%s was asked %d times, want %d", hook, asked, times/4)
		}
	}
	if len(t.rules) < rules {
		test.Errorf("%d rules found something, want %d", len(t.rules), rules)
	}
}
