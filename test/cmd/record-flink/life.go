package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/test/controlplane"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

const (
	// namespace, account and clusterID are what the cluster is called in the recordings.
	namespace = "flink"
	account   = "flink"
	clusterID = "demo"
	// folder is the cluster's.
	folder = "/tmp/flink"
	// patience is for a whole life, on however busy a machine.
	patience = 10 * time.Minute
)

// live leads a cluster through its life, on a control plane of its own.
func live(ctx context.Context, release flink.Release, flags []string) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := os.Mkdir(folder, 0o750); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	plane, err := controlplane.Start(ctx, controlplane.Options{Log: os.Stderr, APIServerFlags: flags})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, plane.Stop()) }()
	client, err := kubernetes.NewForConfig(plane.RESTConfig())
	if err != nil {
		return err
	}
	if err := prepare(ctx, plane, client); err != nil {
		return err
	}
	kubeconfig, err := plane.ServiceAccountKubeconfig(ctx, namespace, account)
	if err != nil {
		return err
	}
	cluster, err := flink.Start(ctx, flink.Options{Release: release, ID: clusterID, Namespace: namespace, Kubeconfig: kubeconfig, Folder: folder})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	return lead(ctx, cluster, client)
}

// prepare makes the namespace, and the account with the rights that the guard's own manifests ship for it.
func prepare(ctx context.Context, plane *controlplane.ControlPlane, client kubernetes.Interface) error {
	roles := filepath.Join(bench.Root(), "manifests", "flink-roles.yaml")
	if output, err := plane.Kubectl(ctx, "apply", "-f", roles).CombinedOutput(); err != nil {
		return fmt.Errorf("applying %s: %w\n%s", roles, err, output)
	}
	_, err := client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	meta := metav1.ObjectMeta{Name: account}
	if _, err := client.CoreV1().ServiceAccounts(namespace).Create(ctx, &corev1.ServiceAccount{ObjectMeta: meta}, metav1.CreateOptions{}); err != nil {
		return err
	}
	_, err = client.RbacV1().RoleBindings(namespace).Create(ctx, &rbacv1.RoleBinding{
		ObjectMeta: meta,
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: account}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "flink-ha-webhook-jobmanager"},
	}, metav1.CreateOptions{})
	return err
}

// lead is the life itself.
func lead(ctx context.Context, cluster *flink.Cluster, client kubernetes.Interface) error {
	job, err := cluster.Submit(ctx)
	if err != nil {
		return err
	}
	before, err := cluster.AwaitCheckpoint(ctx, job, 3)
	if err != nil {
		return err
	}
	if err := cluster.JobManager.Process().Stop(); err != nil {
		return err
	}
	if _, err := cluster.AwaitCheckpoint(ctx, job, before.Latest.Completed.ID+2); err != nil {
		return err
	}
	if err := tell(ctx, cluster, http.MethodPatch, "/jobs/"+job+"?mode=cancel"); err != nil {
		return err
	}
	if err := awaitGone(ctx, client, clusterID+"-"+job+"-config-map"); err != nil {
		return err
	}
	process := cluster.JobManager.Process()
	if err := tell(ctx, cluster, http.MethodDelete, "/cluster"); err != nil {
		return err
	}
	select {
	case <-process.Ended():
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for the cluster to shut down: %w", ctx.Err())
	}
}

// tell asks the JobManager for something that it does.
func tell(ctx context.Context, cluster *flink.Cluster, method, path string) error {
	port, err := cluster.RESTPort(ctx)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://127.0.0.1:"+port+path, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	return nil
}

// awaitGone waits until a ConfigMap is not there.
func awaitGone(ctx context.Context, client kubernetes.Interface, name string) error {
	for {
		left, err := client.CoreV1().ConfigMaps(namespace).List(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
		if err != nil || len(left.Items) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting until ConfigMap %s is gone: %w", name, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
