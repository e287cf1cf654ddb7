package cluster

import (
	"context"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// startManager runs a manager with all informers, and the controllers for accounts and events, against an API server.
func startManager(t testing.TB, server *fakeAPIServer, o Options) *Surroundings {
	t.Helper()
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	mgr, err := manager.New(&rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}}, manager.Options{
		Scheme: scheme, Cache: CacheOptions(o), Logger: logr.Discard(), Metrics: metricsserver.Options{BindAddress: "0"}, HealthProbeBindAddress: "0",
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Setup(mgr, o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- mgr.Start(ctx) }()
	t.Cleanup(func() {
		server.CloseClientConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the manager ended with: %v", err)
		}
	})
	return s
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestInformersFillTheInventory has client-go and controller-runtime keep objects of our own in their stores, which no test of
// a single function proves to work.
func TestInformersFillTheInventory(t *testing.T) {
	server := startAPIServer(t)
	jobManager := deployment("team", "jm", "flink", "jobmanager")
	jobManager.OwnerReferences = ownedBy("FlinkDeployment", "demo")
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink-config", UID: "c"}, Data: map[string]string{"config.yaml": "a: b"}}
	operator := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "flink", Name: "flink-operator-config", UID: "d"}, Data: map[string]string{"flink-conf.yaml": "a: b"}}
	server.happen(t, "ADDED", "v1/namespaces", namespace("team", "flink-ha.dev/warn", "off", "other", "x"))
	server.happen(t, "ADDED", "v1/serviceaccounts", account("team", "own", ""))
	server.happen(t, "ADDED", "v1/configmaps", config)
	server.happen(t, "ADDED", "v1/configmaps", operator)
	server.happen(t, "ADDED", "apps/v1/deployments", jobManager)

	o := Options{
		Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{Inject: true, Provision: true, Name: "flink"}), WatchFailures: NewWatchFailures(),
		Judge: func(member *inventory.Member) []validation.Finding {
			return []validation.Finding{{Rule: "storage-dir-missing", Violation: validation.Violation{Setting: member.Name}}}
		},
	}
	s := startManager(t, server, o)
	eventually(t, "the caches to sync", func() bool { return s.Ready(nil) == nil })
	known, ok := s.Inventory()
	if !ok || known.OperatorDefaults() == nil {
		t.Errorf("inventory trusted: %t, with the operator's defaults: %t", ok, known.OperatorDefaults() != nil)
	}
	if got, changed, ok := s.ConfigMap("team", "flink-config"); !ok || got.Data["config.yaml"] != "a: b" || changed.IsZero() {
		t.Errorf("ConfigMap: got %v since %v, %t", got, changed, ok)
	}
	if namespace, ok := s.Namespace("team"); !ok || len(namespace.Labels) != 1 || namespace.Labels["flink-ha.dev/warn"] != "off" {
		t.Errorf("namespace: got %v, %t", namespace, ok)
	}
	if own, ok := s.ServiceAccount("team", "own"); !ok || !own.Exists {
		t.Errorf("account: got %+v, %t", own, ok)
	}
	if member, ok := s.Member(inventory.Key{Kind: "Deployment", Namespace: "team", Name: "jm"}); !ok || member.Role == "" {
		t.Errorf("Deployment: got %v, %t", member, ok)
	}

	eventually(t, "the policy's account to be made where the Deployment names it", func() bool {
		made := server.postedTo("v1/namespaces/team/serviceaccounts")
		return len(made) > 0 && made[0].GetName() == "flink"
	})
	eventually(t, "an event on the custom resource", func() bool { return len(server.postedTo("events.k8s.io/v1/namespaces/team/events")) > 0 })

	server.happen(t, "DELETED", "v1/configmaps", config)
	eventually(t, "the ConfigMap to be forgotten", func() bool {
		_, _, there := known.ConfigMap("team", "flink-config")
		return !there
	})
	if o.WatchFailures.stale(watchesInventory) {
		t.Error("stale in a moment")
	}
}

func TestInformersFollowTheKindsOfCustomResources(t *testing.T) {
	const groupVersion = "flink.apache.org/v1beta1"
	server := startAPIServer(t)
	s := startManager(t, server, Options{Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{})})
	eventually(t, "the caches to sync without an operator", func() bool { return s.Ready(nil) == nil })

	server.serve(groupVersion, map[string]string{"flinkdeployments": "FlinkDeployment"})
	server.happen(t, "ADDED", groupVersion+"/flinkdeployments", flinkDeployment("team", "demo"))
	look := func() {
		t.Helper()
		if err := s.resources.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	key := inventory.Key{Kind: "FlinkDeployment", Namespace: "team", Name: "demo"}
	for _, time := range []string{"first", "second"} {
		look()
		eventually(t, "the FlinkDeployment to be known for the "+time+" time", func() bool {
			known, trusted := s.Inventory()
			member, there := known.Member(key)
			return trusted && there && member.Content["status"] == nil
		})
		kinds := server.resources[groupVersion]
		server.serve(groupVersion, nil)
		look()
		if _, there := s.feed.inventory.Member(key); there {
			t.Error("the FlinkDeployment is known although its kind is gone")
		}
		server.serve(groupVersion, kinds)
	}
}
