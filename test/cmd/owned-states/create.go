package main

import (
	"context"
	"errors"
	"fmt"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// goingSuffix ends the cluster-ids of those whose owner is being deleted.
const goingSuffix = "-going"

// owners are in each namespace one that stays and one that is being deleted.
type owners struct{ staying, going []metav1.OwnerReference }

// createOwners makes the namespaces with the owners, about which the guard is asked.
func (p *place) createOwners(ctx context.Context, namespaces int) (owners, error) {
	made := owners{make([]metav1.OwnerReference, namespaces), make([]metav1.OwnerReference, namespaces)}
	for n := range namespaces {
		namespace := namespaceName(n)
		if _, err := p.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{}); err != nil {
			return owners{}, fmt.Errorf("creating namespace %s: %w", namespace, err)
		}
		for name, reference := range map[string]*metav1.OwnerReference{"staying": &made.staying[n], "going": &made.going[n]} {
			owner, err := p.createOwner(ctx, namespace, name)
			if err != nil {
				return owners{}, err
			}
			*reference = metav1.OwnerReference{APIVersion: "apps/v1", Kind: "Deployment", Name: owner.Name, UID: owner.UID}
		}
		// It waits for its finalizer.
		if err := p.client.AppsV1().Deployments(namespace).Delete(ctx, "going", metav1.DeleteOptions{}); err != nil {
			return owners{}, fmt.Errorf("deleting a Deployment in namespace %s: %w", namespace, err)
		}
	}
	return made, nil
}

// createStates makes the HA ConfigMaps.
func (p *place) createStates(ctx context.Context, o options, by owners) error {
	return inParallel(o.states, o.workers, func(i int) error {
		n, cluster, owner := i%o.namespaces, fmt.Sprintf("cluster-%d", i), by.staying[i%o.namespaces]
		if i < o.urgent {
			cluster, owner = cluster+goingSuffix, by.going[n]
		}
		_, err := p.client.CoreV1().ConfigMaps(namespaceName(n)).Create(ctx, jobState(cluster, owner), metav1.CreateOptions{})
		return err
	})
}

func namespaceName(n int) string { return fmt.Sprintf("team-%d", n) }

func (p *place) createOwner(ctx context.Context, namespace, name string) (*appsv1.Deployment, error) {
	labels := map[string]string{"app": name}
	none := int32(0)
	made, err := p.client.AppsV1().Deployments(namespace).Create(ctx, &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: name, Finalizers: []string{"example.com/waits"}},
		Spec: appsv1.DeploymentSpec{
			Replicas: &none,
			Selector: &metav1.LabelSelector{MatchLabels: labels},
			Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: labels},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flink:2.1", Args: []string{"taskmanager"}}}},
			},
		},
	}, metav1.CreateOptions{})
	if err != nil {
		return nil, fmt.Errorf("creating Deployment %s in namespace %s: %w", name, namespace, err)
	}
	return made, nil
}

// jobState is the HA ConfigMap of a job with one checkpoint.
func jobState(cluster string, owner metav1.OwnerReference) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name:            cluster + "-00000000000000000000000000000000-config-map",
			Labels:          map[string]string{"app": cluster, "type": "flink-native-kubernetes", "configmap-type": "high-availability"},
			OwnerReferences: []metav1.OwnerReference{owner},
		},
		Data: map[string]string{"counter": "8", "checkpointID-0000000000000000007": "x"},
	}
}

// inParallel does something so many times, several at once.
func inParallel(times, workers int, do func(i int) error) error {
	work := make(chan int)
	var crew sync.WaitGroup
	var mu sync.Mutex
	var failures []error
	for range workers {
		crew.Go(func() {
			for i := range work {
				if err := do(i); err != nil {
					mu.Lock()
					failures = append(failures, err)
					mu.Unlock()
				}
			}
		})
	}
	for i := range times {
		work <- i
	}
	close(work)
	crew.Wait()
	return errors.Join(failures...)
}
