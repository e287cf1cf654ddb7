package e2e

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/kubernetes"
)

// TestThePolicyIsExchangedUnderLoad changes the policy, for better and for worse, while requests go on. Each is answered by one
// policy or the other, and none by an error.
func TestThePolicyIsExchangedUnderLoad(t *testing.T) {
	s := shared
	namespace := s.namespace(t)
	stop := s.load(t, namespace, "high-availability.storageDir: /flink/ha")
	caller := s.caller(t, "")
	attempt := func(line string) verdict {
		return caller.verdict(t, func() error {
			_, err := caller.CoreV1().ConfigMaps(namespace).Create(t.Context(), configMap("attempt", "flink-conf.yaml", configuration(namespace, line)), dryRun())
			return err
		})
	}
	if got := attempt("high-availability.storageDir: /flink/ha"); !got.is(nil, []string{"storage-dir-local"}) {
		t.Errorf("under the shipped policy: got %+v, want a warning", got)
	}
	s.setPolicy(t, "rules:\n  storage-dir-local: {level: baseline, reason: pods have no shared disks here}\n")
	if got := attempt("high-availability.storageDir: /flink/ha"); !got.is([]string{"storage-dir-local"}, nil) {
		t.Errorf("with the rule moved: got %+v, want it refused", got)
	}
	s.writePolicy(t, policyHead+"storage: {allowedPrefixes: ['s3://flink-ha/{namespace}/']}\n", "taken")
	if got := attempt("high-availability.storageDir: s3://elsewhere/ha"); !got.is([]string{"storage-dir-outside-prefix"}, nil) {
		t.Errorf("with prefixes: got %+v, want it refused", got)
	}
	if got := attempt("high-availability.storageDir: s3://flink-ha/" + namespace + "/ha"); !got.is(nil, nil) {
		t.Errorf("within the prefixes: got %+v, want it admitted", got)
	}
	s.writePolicy(t, policyHead+"storage: {allowedPrefix: ['s3://other/']}\n", "refused")
	if got := s.guardMetric(t, "flink_ha_webhook_policy_current", ""); got != 0 {
		t.Errorf("policy_current is %v after a broken file, want 0", got)
	}
	if got := attempt("high-availability.storageDir: s3://elsewhere/ha"); !got.is([]string{"storage-dir-outside-prefix"}, nil) {
		t.Errorf("after a broken file: got %+v, want the last good policy", got)
	}
	if status := s.readiness(t); status != http.StatusOK {
		t.Errorf("after a broken file: /readyz is %d, want 200", status)
	}
	if log, err := s.Guard.Log(); err != nil || !strings.Contains(log, "line 3: storage.allowedPrefix: unknown field") {
		t.Errorf("got %v, want the log to name the line", err)
	}
	eventually(t, "an Event of the broken policy", func() bool {
		events, err := s.kubectl(t, "", "get", "events", "--all-namespaces", "-o", "jsonpath={.items[*].message}{.items[*].note}")
		return err == nil && strings.Contains(events, "storage.allowedPrefix: unknown field")
	})
	s.writePolicy(t, policyHead, "taken")
	if got := s.guardMetric(t, "flink_ha_webhook_policy_current", ""); got != 1 {
		t.Errorf("policy_current is %v after the repair, want 1", got)
	}
	if got := attempt("high-availability.storageDir: s3://elsewhere/ha"); !got.is(nil, nil) {
		t.Errorf("after the repair: got %+v, want it admitted", got)
	}
	if requests := stop(); requests < 20 {
		t.Errorf("there were %d requests meanwhile, want a load", requests)
	}
}

// load creates a ConfigMap in dry runs, four times at once, until it is told to stop, and returns how often it did. What is
// neither admitted nor refused for a rule is an error.
func (s *suite) load(t *testing.T, namespace, line string) (stop func() int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	client, err := kubernetes.NewForConfig(s.QuietConfig())
	if err != nil {
		t.Fatal(err)
	}
	var crew sync.WaitGroup
	counts, failures := make([]int, 4), make([]error, 4)
	for worker := range counts {
		crew.Go(func() {
			for ctx.Err() == nil && failures[worker] == nil {
				_, err := client.CoreV1().ConfigMaps(namespace).Create(ctx, configMap("load", "flink-conf.yaml", configuration(namespace, line)), dryRun())
				if err != nil && ctx.Err() == nil && (!apierrors.IsForbidden(err) || len(rulesIn(err.Error())) == 0) {
					failures[worker] = err
				}
				counts[worker]++
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	ended := sync.OnceFunc(func() {
		cancel()
		crew.Wait()
		if err := errors.Join(failures...); err != nil {
			t.Errorf("under load: %v", err)
		}
	})
	t.Cleanup(ended)
	return func() int {
		ended()
		return slices.Max(counts)
	}
}

// readiness is what the guard says at /readyz.
func (s *suite) readiness(t *testing.T) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Guard.HealthURL+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}
