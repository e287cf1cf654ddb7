package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/go-logr/logr"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

// grace is short, so that a test can wait for its end; it is still far more than what a write and its event take.
const grace = 3 * time.Second

// impatient runs the guard's controllers a second time, with its own rights, the default policy and a short grace period. Beside
// the guard they do no harm: what one of them binds the other would bind as well.
func (s *suite) impatient(t *testing.T) {
	t.Helper()
	log.SetLogger(logr.Discard())
	scheme, err := cluster.Scheme()
	if err != nil {
		t.Fatal(err)
	}
	preset := policy.Default()
	options := cluster.Options{
		Namespace: bench.Namespace, WebhookConfigurationName: bench.Registration,
		Policy: func() *policy.Policy { return &preset }, BindingGrace: grace,
	}
	controllers, err := manager.New(s.guardConfig(t), manager.Options{
		Scheme: scheme, Cache: cluster.CacheOptions(options), Logger: logr.Discard(),
		Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cluster.Setup(controllers, options); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- controllers.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// A holder keeps a binding: something besides the JobManager that needs it.
type holder struct {
	make, release func(t *testing.T, namespace string)
}

// TestABindingGoesWhenNothingNeedsIt for a while, and not while anything may come back to it. The account stays.
func TestABindingGoesWhenNothingNeedsIt(t *testing.T) {
	s := shared
	s.impatient(t)
	namespaces := map[string]string{}
	for name, holder := range s.holders() {
		namespace := s.namespace(t)
		namespaces[name] = namespace
		s.create(t, namespace, standalone("jm", namespace))
		s.awaitGrants(t, namespace, "flink", jobManagerRole)
		holder.make(t, namespace)
	}
	for _, namespace := range namespaces {
		if output, err := s.kubectl(t, "", "delete", "deployment", "jm", "-n", namespace, "--cascade=foreground"); err != nil {
			t.Fatal(output)
		}
	}
	unbound := func(name string) bool { return len(s.grants(t, namespaces[name], "flink")) == 0 }
	eventually(t, "the binding that nothing needs to go", func() bool { return unbound("nothing") })
	for end := time.Now().Add(3 * grace); time.Now().Before(end); time.Sleep(grace / 10) {
		for name := range namespaces {
			if name != "nothing" && unbound(name) {
				t.Fatalf("%s: the binding went too early", name)
			}
		}
	}
	for name, holder := range s.holders() {
		holder.release(t, namespaces[name])
	}
	for name, namespace := range namespaces {
		eventually(t, name+": the binding to go when it is deleted", func() bool { return unbound(name) })
		if s.serviceAccount(t, namespace, "flink") == nil {
			t.Errorf("%s: the account went as well", name)
		}
	}
}

// holders are one of each kind. "nothing" is the control.
func (s *suite) holders() map[string]holder {
	return map[string]holder{
		"nothing": {func(*testing.T, string) {}, func(*testing.T, string) {}},
		"a Pod": {func(t *testing.T, namespace string) {
			s.create(t, namespace, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "pod"}, Spec: podSpec("flink")})
		}, s.deletes("pod/pod")},
		"a CronJob": {func(t *testing.T, namespace string) {
			template := corev1.PodTemplateSpec{Spec: podSpec("flink")}
			s.create(t, namespace, &batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{Name: "nightly"}, Spec: batchv1.CronJobSpec{
				Schedule: "0 0 29 2 *", JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: template}},
			}})
		}, s.deletes("cronjob/nightly")},
		"a JobManager that is scaled to zero": {func(t *testing.T, namespace string) {
			asleep := standalone("asleep", namespace)
			asleep.Spec.Replicas = new(int32(0))
			s.create(t, namespace, asleep)
		}, s.deletes("deployment/asleep")},
		"another workload that is scaled to zero": {func(t *testing.T, namespace string) {
			other := onAccount(deployment("other", "", "serve"), "flink")
			other.Spec.Replicas = new(int32(0))
			s.create(t, namespace, other)
		}, s.deletes("deployment/other")},
		"a FlinkDeployment": {func(t *testing.T, namespace string) {
			s.apply(t, namespace, flinkDeployment("orders")+"  mode: standalone\n")
		}, s.deletes("flinkdeployment/orders")},
		"HA state": {func(t *testing.T, namespace string) {
			s.create(t, namespace, leaderState("jm", nil))
		}, s.deletes("configmap/jm-cluster-config-map")},
		"a label": {func(t *testing.T, namespace string) {
			s.label(t, namespace, "flink-ha.dev/service-account=flink")
		}, func(t *testing.T, namespace string) { s.label(t, namespace, "flink-ha.dev/service-account-") }},
	}
}

// deletes an object, named as kubectl does it.
func (s *suite) deletes(object string) func(*testing.T, string) {
	return func(t *testing.T, namespace string) {
		t.Helper()
		if output, err := s.kubectl(t, "", "delete", object, "-n", namespace); err != nil {
			t.Fatal(output)
		}
	}
}

// podSpec runs some program under an account.
func podSpec(account string) corev1.PodSpec {
	return corev1.PodSpec{
		ServiceAccountName: account, RestartPolicy: corev1.RestartPolicyNever,
		Containers: []corev1.Container{{Name: "main", Image: "registry.example.com/program:1"}},
	}
}
