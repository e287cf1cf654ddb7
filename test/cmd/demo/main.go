// Command demo shows the three things that the guard does, on a real API server, in the words that a user would see.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	b, err := bench.Start(ctx, bench.Options{Log: os.Stderr})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Stop()) }()
	s := &stage{
		out:         os.Stdout,
		kubectl:     func(args ...string) *exec.Cmd { return b.Kubectl(ctx, args...) },
		interrupted: ctx.Err,
	}
	for _, scene := range []func(*stage){doneRight, mistakes, lookalikes, survival} {
		scene(s)
		if s.err != nil {
			return s.err
		}
	}
	s.say("Done. The control plane and the guard are stopped, and nothing is left behind.")
	return nil
}

// doneRight applies a cluster with high availability and shows the account that it got.
func doneRight(s *stage) {
	s.title("A standalone Flink 2 cluster with high availability, done right")
	s.admitted("create", "namespace", "streaming")
	s.admitted("apply", "-n", "streaming", "-f", "docs/examples/standalone-ha/configuration.yaml")
	s.admitted("apply", "-n", "streaming", "-f", "docs/examples/standalone-ha/jobmanager.yaml", "-f", "docs/examples/standalone-ha/taskmanager.yaml")
	s.say("The manifests name no service account. The guard gave the pods one, and made it:")
	s.shows("flink", "get", "deployments", "-n", "streaming", "-o", "custom-columns=DEPLOYMENT:.metadata.name,ACCOUNT:.spec.template.spec.serviceAccountName")
	s.eventually("flink-ha-webhook-jobmanager", "get", "serviceaccount/flink", "rolebinding/flink-ha-webhook-jobmanager", "-n", "streaming", "-o", "name")
}

// mistakes applies what people write; each is refused.
func mistakes(s *stage) {
	s.title("The mistakes that people make")
	for _, mistake := range []string{"no-high-availability", "ignored-lines", "quotes", "null-value", "arguments"} {
		s.refused("apply", "-n", "streaming", "-f", "docs/examples/mistakes/"+mistake+".yaml")
	}
}

// lookalikes applies what looks like a mistake and is none.
func lookalikes(s *stage) {
	s.title("What looks like a mistake and is none")
	for _, good := range []string{"zookeeper", "batch", "operator", "another-program"} {
		s.admitted("apply", "-n", "streaming", "-f", "docs/examples/admitted/"+good+".yaml")
	}
}

// survival deletes the owner of HA state, in a namespace with the guard and in one without.
func survival(s *stage) {
	s.title("HA state survives the deletion of what owned it")
	s.say("The same, for comparison, in a namespace that the guard does not watch:")
	s.admitted("create", "namespace", "unguarded")
	s.admitted("label", "namespace", "unguarded", "flink-ha.dev/guard=disabled")
	s.admitted("apply", "-n", "unguarded", "-f", "docs/examples/standalone-ha/jobmanager.yaml")
	for _, namespace := range []string{"streaming", "unguarded"} {
		s.applyState(namespace)
	}
	const owners = "custom-columns=NAMESPACE:.metadata.namespace,HA STATE:.metadata.name,OWNED BY:.metadata.ownerReferences[*].name"
	s.shows("", "get", "configmap", "-A", "--field-selector", "metadata.name=orders-cluster-config-map", "-o", owners)
	s.say("Somebody deletes the Deployment in both:")
	for _, namespace := range []string{"streaming", "unguarded"} {
		s.admitted("delete", "deployment", "orders-jobmanager", "-n", namespace)
	}
	s.untilGone("unguarded", "orders-cluster-config-map")
	s.say("The garbage collector has done its work. With the guard the state is there, and the next JobManager recovers its jobs;\nwithout it, they are gone:")
	s.shows("orders-cluster-config-map", "get", "configmap", "orders-cluster-config-map", "-n", "streaming")
	s.fails("get", "configmap", "orders-cluster-config-map", "-n", "unguarded")
}
