package cluster

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestAccountThatWasMadeAgainIsToldOf(t *testing.T) {
	at := time.Unix(1_000_000, 0)
	made := account("team", "flink", us)
	made.UID, made.CreationTimestamp = "second", metav1.NewTime(at.Add(-time.Minute))
	pod := func(name string, age time.Duration, phase corev1.PodPhase) *corev1.Pod {
		return &corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name, CreationTimestamp: metav1.NewTime(at.Add(-age))},
			Spec:       corev1.PodSpec{ServiceAccountName: "flink"}, Status: corev1.PodStatus{Phase: phase},
		}
	}
	jm := jobManager("flink")
	jm.CreationTimestamp = metav1.NewTime(at.Add(-time.Hour))
	objects := []client.Object{
		namespace("team"), jm, made, binding(policy.JobManagerRole, "flink"),
		pod("old-b", time.Hour, corev1.PodRunning), pod("old-a", time.Hour, corev1.PodPending), pod("ended", time.Hour, corev1.PodFailed), pod("new", time.Second, corev1.PodRunning),
	}
	p := provisioningOf(t, makesAccounts(), objects...)
	for range 2 {
		p.lookLater(t, 0)
	}
	var told []string
	for _, event := range p.events {
		told = append(told, event.Type+" "+event.Reason+" on "+event.Regarding.Kind+" "+event.Regarding.Name)
		if !strings.Contains(event.Note, "the pods old-a, old-b.") {
			t.Errorf("note: %s", event.Note)
		}
	}
	if diff := cmp.Diff([]string{"Warning ServiceAccountTokensDied on ServiceAccount flink", "Warning ServiceAccountTokensDied on Deployment jm"}, told); diff != "" {
		t.Errorf("events (-want,+got):\n%s", diff)
	}

	made.CreationTimestamp = metav1.NewTime(at.Add(-2 * time.Hour))
	if p = provisioningOf(t, makesAccounts(), objects...); p.lookLater(t, 0) != nil || len(p.events) > 0 {
		t.Errorf("an old account: %v", p.events)
	}
	if names := enumerateNames(strings.Fields("a b c d e f g h i j k l")); names != "a, b, c, d, e, f, g, h, i, j and 2 more" {
		t.Errorf("got %s", names)
	}
}
