package undelete

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

const leaderKey = "org.apache.flink.k8s.leader.dispatcher"

// madeByJobManager is what a JobManager writes as soon as its leader ConfigMap is gone.
func madeByJobManager() *corev1.ConfigMap {
	made := haState("")
	made.ResourceVersion, made.ManagedFields = "", nil
	made.Data = map[string]string{leaderKey: "new,leader"}
	return made
}

func TestRestore(t *testing.T) {
	configMaps := schema.GroupResource{Resource: "configmaps"}
	pointers := map[string]string{"executionPlan-" + job: haState("u").Data["executionPlan-"+job]}
	merged := map[string]string{"executionPlan-" + job: pointers["executionPlan-"+job], leaderKey: "new,leader"}
	cases := map[string]struct {
		there []client.Object
		// meanwhile happens before the first write.
		meanwhile func(t *testing.T, c client.Client)
		// answer to each write; nil carries it out.
		answer  error
		want    map[string]string
		failure bool
	}{
		"it is gone":                    {want: pointers},
		"there is an empty one":         {there: []client.Object{madeByJobManager()}, want: merged},
		"an empty one comes in between": {meanwhile: func(t *testing.T, c client.Client) { create(t, c, madeByJobManager()) }, want: merged},
		"the leader writes in between": {
			there: []client.Object{madeByJobManager()},
			meanwhile: func(t *testing.T, c client.Client) {
				live, err := Live(t.Context(), c, "team", haState("").Name)
				if err != nil {
					t.Fatal(err)
				}
				live.Annotations["renewed"] = "yes"
				if err := c.Update(t.Context(), live); err != nil {
					t.Fatal(err)
				}
			},
			want: merged,
		},
		"an empty one goes in between": {
			there: []client.Object{madeByJobManager()},
			meanwhile: func(t *testing.T, c client.Client) {
				if err := c.Delete(t.Context(), madeByJobManager()); err != nil {
					t.Fatal(err)
				}
			},
			want: pointers,
		},
		"the right is missing":  {answer: apierrors.NewForbidden(configMaps, "", errors.New("no")), failure: true},
		"the namespace is gone": {answer: apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "team"), failure: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			plain := fakeClient(t, tc.there...)
			write := func() error {
				if meanwhile := tc.meanwhile; meanwhile != nil {
					tc.meanwhile = nil
					meanwhile(t, plain)
				}
				return tc.answer
			}
			c := interceptor.NewClient(plain, interceptor.Funcs{
				Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
					if err := write(); err != nil {
						return err
					}
					return c.Create(ctx, object, options...)
				},
				Patch: func(ctx context.Context, c client.WithWatch, object client.Object, patch client.Patch, options ...client.PatchOption) error {
					if err := write(); err != nil {
						return err
					}
					return c.Patch(ctx, object, patch, options...)
				},
			})
			_, err := Restore(t.Context(), c, haState("u"))
			if (err != nil) != tc.failure || tc.failure && !errors.Is(err, tc.answer) {
				t.Fatalf("got %v", err)
			}
			live, err := Live(t.Context(), plain, "team", haState("").Name)
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]string
			if live != nil {
				got = live.Data
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("data (-want,+got):\n%s", diff)
			}
		})
	}
}

func create(t *testing.T, c client.Client, object client.Object) {
	t.Helper()
	if err := c.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
}

func TestRestoreEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	always := interceptor.NewClient(fakeClient(t), interceptor.Funcs{
		Create: func(context.Context, client.WithWatch, client.Object, ...client.CreateOption) error {
			cancel()
			return apierrors.NewAlreadyExists(schema.GroupResource{Resource: "configmaps"}, "")
		},
	})
	if _, err := Restore(ctx, always, haState("u")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestNeedsRestart(t *testing.T) {
	leads := func(acquired time.Time) *corev1.ConfigMap {
		leader := madeByJobManager()
		leader.Annotations["control-plane.alpha.kubernetes.io/leader"] = `{"holderIdentity":"a","leaseDuration":15.0,"acquireTime":"` +
			acquired.Format(time.RFC3339Nano) + `","renewTime":"` + time.Now().Format(time.RFC3339Nano) + `"}`
		return leader
	}
	for name, tc := range map[string]struct {
		there []client.Object
		want  hastate.Restart
	}{
		"somebody leads without the job": {[]client.Object{leads(time.Now().Add(-time.Minute))}, hastate.RestartNeeded},
		"the lock has lapsed":            {[]client.Object{madeByJobManager()}, hastate.RestartNone},
		"it was gone":                    {nil, hastate.RestartNone},
	} {
		t.Run(name, func(t *testing.T) {
			c := fakeClient(t, tc.there...)
			done, err := Restore(t.Context(), c, haState("u"))
			if err != nil {
				t.Fatal(err)
			}
			record := &Record{Entry: Entry{Namespace: "team"}, Content: haState("u")}
			if got, err := NeedsRestart(t.Context(), c, done, record, time.Now(), time.Now()); err != nil || got != tc.want {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}
