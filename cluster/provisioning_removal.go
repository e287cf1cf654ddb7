package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// withLeftovers are the accounts that a binding is to have: those that are wanted, and those that it gave its role to and that still
// use it, or did until a moment ago. A role that a JobManager's rights cover is taken away with those. An account of which it cannot
// be told whether it is used stays as well; the error says so, and is no reason to keep its role from another one.
func (p *provisioner) withLeftovers(ctx context.Context, s *scene, role string, wanted []string) ([]string, error) {
	accounts := slices.Clone(wanted)
	if s.bindings[role] == nil {
		return accounts, nil
	}
	var failures []error
	leading := s.wanted(policy.JobManagerRole)
	for _, name := range accountsOf(s.bindings[role]) {
		if slices.Contains(wanted, name) {
			p.memory.needed(s.namespace, role, name)
			continue
		}
		stranger := p.memory.isStranger(s.namespace, role, name)
		gone := false
		if stranger || role != policy.TaskManagerRole || !slices.Contains(leading, name) {
			var err error
			gone, err = p.outlived(ctx, s, role, name, stranger)
			failures = append(failures, err)
		}
		if !gone {
			accounts = append(accounts, name)
		}
	}
	slices.Sort(accounts)
	return accounts, errors.Join(failures...)
}

// outlived tells whether an account has not needed a role for the time of grace, and nothing in its namespace is there, or may come
// back, that would need it. What is found starts the time anew. A stranger, who got into the binding while the provisioner looked, has
// no time of grace, and HA state is not kept for it. But it may be one whose account the cache has yet to see, or that people put
// back: what runs under it keeps it there as well.
func (p *provisioner) outlived(ctx context.Context, s *scene, role, account string, stranger bool) (bool, error) {
	now := p.now()
	if left := p.grace - now.Sub(p.memory.idleSince(s.namespace, role, account, now)); left > 0 && !stranger {
		s.lookAgain(left)
		return false, nil
	}
	if s.labelled && account == s.plan.Name {
		p.memory.idleFrom(s.namespace, role, account, now)
		s.lookAgain(p.grace)
		return false, nil
	}
	used, err := p.isUsed(ctx, s.namespace, account, !stranger)
	if err != nil {
		return false, fmt.Errorf("looking whether anything in namespace %q uses ServiceAccount %q: %w", s.namespace, account, err)
	}
	if used {
		p.memory.idleFrom(s.namespace, role, account, now)
		s.lookAgain(p.grace)
		return false, nil
	}
	return true, nil
}

// isUsed tells whether there is HA state in a namespace, if that counts, and asks the API server for a pod that runs under an account,
// and for anything that makes such pods. HA state counts for every account that needed a role: whoever starts the cluster again needs its rights.
func (p *provisioner) isUsed(ctx context.Context, namespace, account string, stateCounts bool) (bool, error) {
	if stateCounts && len(p.surroundings.feed.inventory.HAStatesIn(namespace)) > 0 {
		return true, nil
	}
	pods := &corev1.PodList{}
	ofAccount := client.MatchingFieldsSelector{Selector: fields.OneTermEqualSelector(podAccountField, account)}
	if err := p.live.List(ctx, pods, client.InNamespace(namespace), ofAccount, client.Limit(1)); err != nil || len(pods.Items) > 0 {
		return err == nil, err
	}
	for _, kind := range podMakers() {
		used, err := p.anyListed(ctx, kind, namespace, func(object runtime.Object) bool {
			template := templateOf(object)
			return template != nil && podAccount(&template.Spec) == account
		})
		if used || err != nil {
			return used, err
		}
	}
	for _, kind := range resourceKinds() {
		if !p.surroundings.stores.watches(kind.name) {
			continue // the cluster does not have the kind
		}
		list := &unstructured.UnstructuredList{}
		list.SetGroupVersionKind(kind.object().GroupVersionKind())
		used, err := p.anyListed(ctx, list, namespace, func(object runtime.Object) bool { return resourceMayUse(object, account) })
		if used || err != nil {
			return used, err
		}
	}
	return false, nil
}

// podAccountField is the field of pods by which the API server can select them.
const podAccountField = "spec.serviceAccountName"

// podMakers are lists of the kinds that make pods from a template.
func podMakers() []client.ObjectList {
	return []client.ObjectList{
		&appsv1.DeploymentList{}, &appsv1.StatefulSetList{}, &appsv1.DaemonSetList{}, &appsv1.ReplicaSetList{}, &batchv1.JobList{}, &batchv1.CronJobList{},
	}
}

func templateOf(object runtime.Object) *corev1.PodTemplateSpec {
	switch object := object.(type) {
	case *appsv1.Deployment:
		return &object.Spec.Template
	case *appsv1.StatefulSet:
		return &object.Spec.Template
	case *appsv1.DaemonSet:
		return &object.Spec.Template
	case *appsv1.ReplicaSet:
		return &object.Spec.Template
	case *batchv1.Job:
		return &object.Spec.Template
	case *batchv1.CronJob:
		return &object.Spec.JobTemplate.Spec.Template
	}
	return nil
}

// listPage is how many objects one answer of the API server holds.
const listPage = 200

// anyListed asks the API server for the objects of a kind in a namespace until one is what is looked for.
func (p *provisioner) anyListed(ctx context.Context, list client.ObjectList, namespace string, is func(runtime.Object) bool) (bool, error) {
	for next := ""; ; {
		if err := p.live.List(ctx, list, client.InNamespace(namespace), client.Limit(listPage), client.Continue(next)); err != nil {
			return false, err
		}
		found := false
		err := meta.EachListItem(list, func(object runtime.Object) error {
			found = found || is(object)
			return nil
		})
		if next = list.GetContinue(); found || err != nil || next == "" {
			return found, err
		}
	}
}

// resourceMayUse tells whether a custom resource has the name of an account anywhere in its specification, or leaves its account to
// the operator.
func resourceMayUse(object runtime.Object, account string) bool {
	resource, ok := object.(*unstructured.Unstructured)
	if !ok {
		return false
	}
	if resource.GetKind() != string(workload.KindSessionJob) && !mentionsKey(resource.Object["spec"], "serviceAccount") {
		return true
	}
	return mentions(resource.Object["spec"], account)
}

// mentions tells whether a text is among the values of an object.
func mentions(node any, text string) bool {
	switch node := node.(type) {
	case string:
		return node == text
	case []any:
		return slices.ContainsFunc(node, func(part any) bool { return mentions(part, text) })
	case map[string]any:
		for _, part := range node {
			if mentions(part, text) {
				return true
			}
		}
	}
	return false
}

// mentionsKey tells whether a key is among those of an object.
func mentionsKey(node any, key string) bool {
	fields, ok := node.(map[string]any)
	if !ok {
		return false
	}
	if _, there := fields[key]; there {
		return true
	}
	for _, part := range fields {
		if mentionsKey(part, key) {
			return true
		}
	}
	return false
}
