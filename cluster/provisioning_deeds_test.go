package cluster

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestProvisionerReportsOnlyTrouble(t *testing.T) {
	resource := schema.GroupResource{Resource: "serviceaccounts"}
	terminating := apierrors.NewForbidden(resource, "flink", errors.New("because it is being terminated"))
	terminating.ErrStatus.Details.Causes = append(terminating.ErrStatus.Details.Causes, metav1.StatusCause{Type: corev1.NamespaceTerminatingCause})
	cases := map[string]struct {
		answer error
		note   string
	}{
		"the namespace is being terminated": {terminating, ""},
		"the namespace is gone":             {apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "team"), ""},
		"somebody was faster":               {apierrors.NewAlreadyExists(resource, "flink"), ""},
		"the guard lacks the right":         {apierrors.NewForbidden(resource, "flink", errors.New("no")), "the ClusterRole flink-ha-webhook needs create on serviceaccounts"},
		"the API server cannot be reached":  {errors.New("connection refused"), "connection refused"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"))
			p.answer = tc.answer
			writes, err := p.look(t, "team")
			if trouble := tc.note != ""; trouble != (err != nil) || trouble && !errors.Is(err, tc.answer) {
				t.Errorf("error: %v", err)
			}
			if !slices.Equal(writes, []string{"create flink"}) {
				t.Errorf("tried %v; an account that is not ours must not be bound", writes)
			}
			var notes []string
			for _, event := range p.events {
				notes = append(notes, event.Type+" "+event.Note)
			}
			if all := strings.Join(notes, "\n"); tc.note == "" && all != "" || !strings.Contains(all, tc.note) || tc.note != "" && !strings.HasPrefix(all, "Warning") {
				t.Errorf("events: %s", all)
			}
		})
	}
}

func TestProvisionerTellsWhatItDid(t *testing.T) {
	metrics, registry := newMetrics(t)
	owned := jobManager("flink")
	owned.OwnerReferences = ownedBy("FlinkDeployment", "demo")
	p := provisioningOf(t, makesAccounts(), namespace("team"), owned, taskManager("flink"))
	p.surroundings.options.Metrics = metrics
	for range 2 {
		p.lookLater(t, ownWriteLag)
	}
	var told []string
	for _, event := range p.events {
		told = append(told, event.Regarding.Kind+" "+event.Regarding.Name+": "+event.Reason+": "+event.Note)
	}
	const note = `: ServiceAccountProvisioned: service account "flink": made it; bound it to the ClusterRole flink-ha-webhook-jobmanager`
	if diff := cmp.Diff([]string{"FlinkDeployment demo" + note, "Deployment tm" + note}, told); diff != "" {
		t.Errorf("events (-want,+got):\n%s", diff)
	}
	want := map[string]string{`account_actions_total{action="provisioned"}`: "1", `account_actions_total{action="bound"}`: "1"}
	if diff := cmp.Diff(want, scraped(t, registry)); diff != "" {
		t.Errorf("metrics (-want,+got):\n%s", diff)
	}
}
