package cluster

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func fakeClient(t *testing.T, objects ...client.Object) client.WithWatch {
	t.Helper()
	scheme, err := Scheme()
	if err != nil {
		t.Fatal(err)
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...).Build()
}

func surroundings(t *testing.T, o Options, synced *bool, objects ...client.Object) *Surroundings {
	t.Helper()
	return &Surroundings{reader: fakeClient(t, objects...), options: o, hasSynced: []func() bool{func() bool { return *synced }}}
}

func TestReadyOnceTheCachesHaveSynced(t *testing.T) {
	first, second := false, false
	s := &Surroundings{hasSynced: []func() bool{func() bool { return first }, func() bool { return second }}}
	if s.Ready(nil) == nil {
		t.Error("ready before any cache has synced")
	}
	if first = true; s.Ready(nil) == nil {
		t.Error("ready before all caches have synced")
	}
	if second = true; s.Ready(nil) != nil {
		t.Error("not ready although all caches have synced")
	}
	if first = false; s.Ready(nil) != nil {
		t.Error("readiness was taken back")
	}
}

func TestConfigMapIsKnownIfItMayBeFlinkConfiguration(t *testing.T) {
	flinkConfig := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "flink-config"}, Data: map[string]string{"config.yaml": "a: b"},
	}
	foreign := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "foreign"}}
	synced := false
	s := surroundings(t, everything(), &synced, flinkConfig, foreign)
	if _, known := s.ConfigMap("team", "flink-config"); known {
		t.Error("known before the cache has synced")
	}
	synced = true
	if got, known := s.ConfigMap("team", "flink-config"); !known || got.Data["config.yaml"] != "a: b" {
		t.Errorf("got %v, %t; want the ConfigMap", got, known)
	}
	for _, name := range []string{"foreign", "missing"} {
		if _, known := s.ConfigMap("team", name); known {
			t.Errorf("%q is known", name)
		}
	}
	if _, known := s.ConfigMap("other", "flink-config"); known {
		t.Error("known in another namespace")
	}
}

func TestConfigMapIsAwaitedForAsLongAsAWatchEventMayTake(t *testing.T) {
	synced := true
	s := surroundings(t, everything(), &synced)
	late := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "late"}, Data: map[string]string{"config.yaml": "a: b"},
	}
	reader := s.reader.(client.Client)
	arrived := make(chan error, 1)
	go func() {
		time.Sleep(2 * lagPoll)
		arrived <- reader.Create(t.Context(), late)
	}()
	_, known := s.ConfigMap("team", "late")
	if err := <-arrived; err != nil || !known {
		t.Errorf("got known %t, %v; want the ConfigMap that came a moment later", known, err)
	}
}

func TestServiceAccountWillExist(t *testing.T) {
	type answer struct{ exists, known bool }
	injectOnly := policy.ServiceAccounts{Inject: true, Name: "flink"}
	going := account("going", "flink", "")
	going.DeletionTimestamp, going.Finalizers = &metav1.Time{Time: time.Unix(1000, 0)}, []string{"x/y"}
	cases := map[string]struct {
		accounts        policy.ServiceAccounts
		unsynced        bool
		namespace, name string
		want            answer
	}{
		"it is made where it is missing":           {everything().ServiceAccounts, false, "without", "flink", answer{true, true}},
		"it is made, whatever the cache knows":     {everything().ServiceAccounts, true, "without", "flink", answer{true, true}},
		"none is made in the guard's namespace":    {everything().ServiceAccounts, false, "guard", "flink", answer{}},
		"none is made for the control plane":       {everything().ServiceAccounts, false, "kube-system", "flink", answer{}},
		"another name is unknown":                  {everything().ServiceAccounts, false, "team", "other", answer{}},
		"it is there":                              {injectOnly, false, "team", "flink", answer{true, true}},
		"it is not there and nobody makes it":      {injectOnly, false, "without", "flink", answer{false, true}},
		"it is about to go":                        {injectOnly, false, "going", "flink", answer{false, true}},
		"unknown as long as the cache is not full": {injectOnly, true, "without", "flink", answer{}},
		"nothing is injected":                      {policy.ServiceAccounts{Provision: true, Name: "flink"}, false, "team", "flink", answer{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synced := !tc.unsynced
			o := everything()
			o.ServiceAccounts = tc.accounts
			s := surroundings(t, o, &synced, account("team", "flink", ""), going)
			var got answer
			if got.exists, got.known = s.ServiceAccountWillExist(tc.namespace, tc.name); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
