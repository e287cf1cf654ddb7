package survey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/cluster"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// pageSize is how many objects are asked for at once.
const pageSize = 500

// Unread is a resource that may not be read.
type Unread struct {
	Resource string `json:"resource"`
	// Namespace is "" for all of them.
	Namespace string `json:"namespace,omitempty"`
	// Message is the API server's.
	Message string `json:"message"`
}

// reading is a survey that is under way.
type reading struct {
	client  client.Reader
	options Options
	loader  *cluster.Loader
	members []inventory.Key
	states  []heldState
	unread  []Unread
}

// heldState is an HA ConfigMap as it was read.
type heldState struct {
	state     hastate.State
	configMap ConfigMap
}

// resource is what is listed.
type resource struct {
	name string
	list client.ObjectList
	// watched is true for a kind that the guard watches as well.
	watched bool
}

const resourceConfigMaps = "configmaps"

// resources are listed in this order: configurations come first, so that each workload is read once, with its own.
func resources() []resource {
	return []resource{
		{resourceConfigMaps, &corev1.ConfigMapList{}, true},
		{"deployments", &appsv1.DeploymentList{}, true},
		{"statefulsets", &appsv1.StatefulSetList{}, true},
		{"jobs", &batchv1.JobList{}, true},
		{"flinkdeployments", customResources(operatorsKind(workload.KindDeployment)), true},
		{"flinkbluegreendeployments", customResources(operatorsKind(workload.KindBlueGreenDeployment)), true},
		{"daemonsets", &appsv1.DaemonSetList{}, false},
		{"replicasets", &appsv1.ReplicaSetList{}, false},
		{"cronjobs", &batchv1.CronJobList{}, false},
		{"pods", &corev1.PodList{}, false},
		{"flinkclusters", customResources(flinkCluster()), false},
	}
}

func operatorsKind(kind workload.ResourceKind) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: workload.ResourceGroup, Version: workload.ResourceVersion, Kind: string(kind)}
}

func customResources(kind schema.GroupVersionKind) *unstructured.UnstructuredList {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
	return list
}

// all reads every resource, in all namespaces: a JobManager keeps its HA state in the namespace that its configuration names, which
// by default is the one called "default", wherever it runs itself. Who may not read all namespaces gets the one asked for.
func (r *reading) all(ctx context.Context) error {
	for _, resource := range resources() {
		scopes := []string{"", r.options.Namespace}
		if r.options.Alone {
			scopes = scopes[1:]
		}
		for _, namespace := range slices.Compact(scopes) {
			err := r.list(ctx, resource, namespace)
			if err == nil || meta.IsNoMatchError(err) { // there are no such custom resources
				break
			}
			last := namespace == r.options.Namespace
			if !apierrors.IsForbidden(err) || last && resource.name == resourceConfigMaps {
				return fmt.Errorf("listing %s: %w", resource.name, err)
			}
			r.unread = append(r.unread, Unread{resource.name, namespace, err.Error()})
		}
	}
	return nil
}

func (r *reading) list(ctx context.Context, what resource, namespace string) error {
	options := &client.ListOptions{Namespace: namespace, Limit: pageSize}
	for read := 0; ; {
		if err := r.client.List(ctx, what.list, options); err != nil {
			return err
		}
		take := r.take
		if !what.watched {
			take = r.takeUnwatched
		}
		if err := meta.EachListItem(what.list, take); err != nil {
			return err
		}
		read += meta.LenList(what.list)
		if r.options.Progress != nil {
			r.options.Progress(what.name, read)
		}
		if options.Continue = what.list.GetContinue(); options.Continue == "" {
			return nil
		}
	}
}

func (r *reading) take(listed runtime.Object) error {
	object, ok := listed.(client.Object)
	if !ok {
		return fmt.Errorf("listing objects: %T is none", listed)
	}
	if configMap, ok := listed.(*corev1.ConfigMap); ok {
		if state, ok := hastate.Read(configMap); ok {
			r.states = append(r.states, heldState{state, configMapOf(configMap, state.Name)})
			return nil
		}
	}
	key, ok, err := r.loader.Load(object)
	if ok {
		r.members = append(r.members, key)
	}
	return err
}

// takeUnwatched takes an object of a kind that informers, and the loader with them, know nothing of.
func (r *reading) takeUnwatched(listed runtime.Object) error {
	object, ok := listed.(client.Object)
	if !ok {
		return fmt.Errorf("listing objects: %T is none", listed)
	}
	if member, ok := unwatched(object); ok {
		r.loader.Inventory().SetMember(member, time.Time{})
		r.members = append(r.members, member.Key)
	}
	return nil
}

// settledMembers are the members as they are once all is read.
func (r *reading) settledMembers() []*inventory.Member {
	settled := make([]*inventory.Member, 0, len(r.members))
	for _, key := range r.members {
		if member, ok := r.loader.Inventory().Member(key); ok {
			settled = append(settled, member)
		}
	}
	return settled
}

// clusters are the HA ConfigMaps by their clusters, in order.
func (r *reading) clusters() []heldCluster {
	slices.SortFunc(r.states, func(a, b heldState) int {
		return cmp.Or(
			cmp.Compare(a.state.Namespace, b.state.Namespace), cmp.Compare(a.state.Cluster, b.state.Cluster), cmp.Compare(a.configMap.Name, b.configMap.Name),
		)
	})
	var clusters []heldCluster
	for _, held := range r.states {
		namespace, id := held.state.Namespace, held.state.Cluster
		if last := len(clusters) - 1; last >= 0 && clusters[last].namespace == namespace && clusters[last].id == id {
			clusters[last].states = append(clusters[last].states, held)
			continue
		}
		clusters = append(clusters, heldCluster{namespace, id, []heldState{held}})
	}
	return clusters
}
