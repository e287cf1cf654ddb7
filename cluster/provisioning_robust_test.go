package cluster

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// unreadable answers every list with 403.
type unreadable struct{ client.Reader }

func (unreadable) List(context.Context, client.ObjectList, ...client.ListOption) error {
	return apierrors.NewForbidden(schema.GroupResource{Resource: "pods"}, "", errors.New("not allowed"))
}

func TestABindingIsGivenAlsoWhereItCannotBeToldWhatElseUsesIt(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), account("team", "flink", us), account("team", "gone", us), binding(policy.JobManagerRole, "gone"))
	p.lookLater(t, 0)
	p.live = unreadable{p.live}
	p.surroundings.feed.replaceObject(nil, keptOf(t, jobManager("flink")))
	p.clock = p.clock.Add(p.grace)
	if writes, err := p.look(t, "team"); err == nil || !slices.Equal(writes, []string{"apply " + policy.JobManagerRole}) {
		t.Errorf("written %v, %v", writes, err)
	}
	if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink", "gone"}}, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
}

func TestABindingIsHealedAlsoWhereAnotherAccountCannotBeMade(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team", "flink-ha.dev/service-account", "new"), jobManager("flink"), account("team", "flink", us), binding(policy.JobManagerRole))
	p.provisioner.client = interceptor.NewClient(p.provisioner.client.(client.WithWatch), interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, opts ...client.CreateOption) error {
			if _, ok := object.(*corev1.ServiceAccount); ok {
				return apierrors.NewForbidden(schema.GroupResource{Resource: "serviceaccounts"}, object.GetName(), errors.New("exceeded quota"))
			}
			return c.Create(ctx, object, opts...)
		},
	})
	if _, err := p.look(t, "team"); err == nil {
		t.Error("no error tells of the account")
	}
	if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink"}}, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
}

func TestABindingOfPeopleThatNobodyNeedsIsNoFailure(t *testing.T) {
	theirs := binding(policy.JobManagerRole, "own")
	theirs.Labels, theirs.RoleRef.Name = nil, "own"
	p := provisioningOf(t, makesAccounts(), namespace("team"), theirs)
	if writes, err := p.look(t, "team"); err != nil || writes != nil {
		t.Errorf("written %v, %v", writes, err)
	}
}

// Caches may see a binding before the account that it is for, when their watches begin anew one after the other.
func TestABindingStaysWhereTheCacheHasYetToSeeItsAccount(t *testing.T) {
	p := provisioningOf(t, makesAccounts(), namespace("team"), jobManager("flink"))
	late := provisioningOf(t, makesAccounts(), namespace("team"))
	p.bindings, p.surroundings.reader = late.client, late.client
	stored := jobManager("flink")
	stored.ResourceVersion = ""
	if err := p.client.Create(t.Context(), stored); err != nil {
		t.Fatal(err)
	}
	p.lookLater(t, 0)
	p.lookLater(t, ownWriteLag)
	p.bindings = p.client
	if writes := p.lookLater(t, ownWriteLag); writes != nil && !slices.Equal(writes, []string{"create flink"}) {
		t.Errorf("written %v", writes)
	}
	if diff := cmp.Diff(map[string][]string{policy.JobManagerRole: {"flink"}}, p.subjects(t)); diff != "" {
		t.Errorf("bound (-want,+got):\n%s", diff)
	}
}

func TestABindingThatPeoplePutBackStaysWhileItIsUsed(t *testing.T) {
	for name, used := range map[string]bool{"a pod runs under the account": true, "nothing does": false} {
		t.Run(name, func(t *testing.T) {
			p := provisioningOf(t, makesAccounts(), namespace("team"), account("team", "own", ""), binding(policy.JobManagerRole, "own"))
			p.lookLater(t, 0)
			if used {
				if err := p.client.Create(t.Context(), podMakersOf("own")["a pod"]); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.client.Delete(t.Context(), binding(policy.JobManagerRole)); err != nil {
				t.Fatal(err)
			}
			p.lookLater(t, time.Minute)
			if err := p.client.Create(t.Context(), binding(policy.JobManagerRole, "own")); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				p.lookLater(t, time.Minute)
			}
			if there := len(p.subjects(t)) > 0; there != used {
				t.Errorf("bound: %v", p.subjects(t))
			}
		})
	}
}
