package cluster

import (
	"context"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// watchedBy runs a watch, and hands over the requests that it makes and what it says is deleted.
func watchedBy(t *testing.T, w *deletionWatch, holds func() bool) (requests chan *metav1.ListOptions, changes chan *watch.FakeWatcher, deleted chan *corev1.ConfigMap) {
	t.Helper()
	requests, changes, deleted = make(chan *metav1.ListOptions, 10), make(chan *watch.FakeWatcher, 10), make(chan *corev1.ConfigMap, 10)
	w.client = interceptor.NewClient(fakeClient(t), interceptor.Funcs{
		List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error {
			t.Error("the watch lists")
			return nil
		},
		Watch: func(_ context.Context, _ client.WithWatch, _ client.ObjectList, options ...client.ListOption) (watch.Interface, error) {
			all := (&client.ListOptions{}).ApplyOptions(options)
			requests <- all.AsListOptions()
			fake := watch.NewFake()
			changes <- fake
			return fake, nil
		},
	})
	w.deleted = func(configMap *corev1.ConfigMap) { deleted <- configMap }
	go w.watchWhile(t.Context(), holds)
	return requests, changes, deleted
}

func version(of string) func() string { return func() string { return of } }

func changed(name, version string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: version}, Data: map[string]string{"version": version}}
}

func TestTheWatchGoesOnWhereSomebodyHasStopped(t *testing.T) {
	always := func() bool { return true }
	requests, changes, deleted := watchedBy(t, &deletionWatch{from: version("100"), current: version("900")}, always)
	first := <-requests
	if first.ResourceVersion != "100" || first.LabelSelector != "type=flink-native-kubernetes" || first.SendInitialEvents != nil || !first.AllowWatchBookmarks {
		t.Errorf("began with %+v", first)
	}
	stream := <-changes
	stream.Add(changed("a", "101"))
	stream.Modify(changed("a", "102"))
	stream.Delete(changed("a", "103"))
	if got := <-deleted; got.Name != "a" || got.Data["version"] != "103" {
		t.Errorf("got %+v, want the last state", got)
	}
	stream.Stop()
	if again := <-requests; again.ResourceVersion != "103" {
		t.Errorf("went on at %q, want where it was", again.ResourceVersion)
	}
	stream = <-changes
	stream.Error(&metav1.Status{Status: metav1.StatusFailure, Code: 410, Reason: metav1.StatusReasonExpired})
	if afresh := <-requests; afresh.ResourceVersion != "900" {
		t.Errorf("went on at %q, which the API server does not remember", afresh.ResourceVersion)
	}
	stream = <-changes
	stream.Delete(changed("b", "901"))
	if got := <-deleted; got.Name != "b" {
		t.Errorf("got %+v", got)
	}
}

func TestNothingIsWatchedThatIsNotToBeKept(t *testing.T) {
	keeps := make(chan bool)
	requests, changes, _ := watchedBy(t, &deletionWatch{from: version("100"), current: version("900")}, func() bool { return <-keeps })
	keeps <- false
	keeps <- false
	if len(requests) > 0 {
		t.Error("it watches although nothing is to be kept")
	}
	keeps <- true
	if first := <-requests; first.ResourceVersion != "900" {
		t.Errorf("began at %q, when nothing was to be kept", first.ResourceVersion)
	}
	stream := <-changes
	keeps <- false
	eventually(t, "the watch to end", stream.IsStopped)
}

func TestVersions(t *testing.T) {
	var v versions
	start := time.Unix(1000, 0)
	if v.oldest() != "" {
		t.Error("knows a version from nowhere")
	}
	v.note("", start) // the informer has not synced
	for i, noted := range []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"} {
		v.note(noted, start.Add(time.Duration(i)*versionInterval))
	}
	if got := v.oldest(); got != "3" {
		t.Errorf("begins at %s, want what was seen a minute ago", got)
	}
	v.note("10", start.Add(time.Hour))
	if got := v.oldest(); got != "9" || len(v.seen) != 2 {
		t.Errorf("begins at %s of %v, want where it was before it could not watch for a while", got, v.seen)
	}
}
