package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	v1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

const (
	namespace = "clusters"
	jobID     = "5d2f6b2c1f0e4a3b9c8d7e6f5a4b3c2d"
	lockKey   = "control-plane.alpha.kubernetes.io/leader"
	renewal   = 5 * time.Second
)

// tally counts what was written, and what failed.
type tally struct{ done, failed atomic.Int64 }

func (t *tally) count(err error) {
	if err != nil {
		t.failed.Add(1)
		return
	}
	t.done.Add(1)
}

// cluster writes what the leading JobManager of one cluster does.
type cluster struct {
	configMaps  v1.ConfigMapInterface
	leader, job *corev1.ConfigMap
	checkpoint  int
}

func (p *place) createClusters(ctx context.Context, count int) ([]*cluster, error) {
	if _, err := p.client.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, metav1.CreateOptions{}); err != nil {
		return nil, err
	}
	configMaps := p.client.CoreV1().ConfigMaps(namespace)
	clusters := make([]*cluster, count)
	for i := range clusters {
		id := fmt.Sprintf("cluster-%d", i)
		labels := map[string]string{"app": id, "type": "flink-native-kubernetes"}
		leader := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: id + "-cluster-config-map", Labels: labels, Annotations: map[string]string{lockKey: lock()}},
			Data:       map[string]string{"executionPlan-" + jobID: pointer()},
		}
		for _, component := range []string{"dispatcher", "resourcemanager", "restserver", "job-" + jobID} {
			leader.Data["org.apache.flink.k8s.leader."+component] = "0c7e4f7c-6d3a-4c12-9a3e-8f5b1d2c3e4f,pekko.tcp://flink@10.0.0.1:6123/user/rpc/" + component
		}
		job := &corev1.ConfigMap{
			ObjectMeta: metav1.ObjectMeta{Name: id + "-" + jobID + "-config-map", Labels: labels},
			Data:       map[string]string{"counter": "1"},
		}
		made := &cluster{configMaps: configMaps}
		var err error
		if made.leader, err = configMaps.Create(ctx, leader, metav1.CreateOptions{}); err != nil {
			return nil, err
		}
		if made.job, err = configMaps.Create(ctx, job, metav1.CreateOptions{}); err != nil {
			return nil, err
		}
		clusters[i] = made
	}
	return clusters, nil
}

// pointer is as long as one of Flink's, and as hard to compress.
func pointer() string {
	handle := make([]byte, 750)
	for i := range handle {
		handle[i] = byte(rand.Uint32()) //nolint:gosec // no secret
	}
	return base64.StdEncoding.EncodeToString(handle)
}

func lock() string {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")
	return fmt.Sprintf(`{"holderIdentity":"a2f5","leaseDuration":15.0,"acquireTime":%q,"renewTime":%q,"leaderTransitions":0}`, now, now)
}

// live renews and checkpoints until the context ends, from its own moment on.
func (c *cluster) live(ctx context.Context, phase, interval time.Duration, written *tally) {
	time.Sleep(phase)
	renewals, checkpoints := time.NewTicker(renewal), time.NewTicker(interval)
	defer renewals.Stop()
	defer checkpoints.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-renewals.C:
			patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, lockKey, lock())
			_, err := c.configMaps.Patch(ctx, c.leader.Name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
			written.count(err)
		case <-checkpoints.C:
			c.complete(ctx, written)
		}
	}
}

// complete writes a completed checkpoint: the counter, the pointer, and two writes that remove the one before.
func (c *cluster) complete(ctx context.Context, written *tally) {
	before := fmt.Sprintf("checkpointID-%019d", c.checkpoint)
	c.checkpoint++
	now := fmt.Sprintf("checkpointID-%019d", c.checkpoint)
	for _, change := range []func(map[string]string){
		func(data map[string]string) { data["counter"] = strconv.Itoa(c.checkpoint + 1) },
		func(data map[string]string) { data[now] = pointer() },
		func(data map[string]string) { data[before] = pointer() },
		func(data map[string]string) { delete(data, before) },
	} {
		change(c.job.Data)
		updated, err := c.configMaps.Update(ctx, c.job, metav1.UpdateOptions{})
		if written.count(err); err == nil {
			c.job = updated
		}
	}
}
