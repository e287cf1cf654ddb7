package controlplane

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// RESTConfig returns the administrator's configuration for Go clients, a copy
// with every call. Clients made from it do not throttle themselves.
func (c *ControlPlane) RESTConfig() *rest.Config {
	return rest.CopyConfig(c.config)
}

// Kubectl returns a command that runs kubectl as the administrator of this
// control plane. It reads and writes nothing below the user's own ~/.kube.
func (c *ControlPlane) Kubectl(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.assets.Path(kubectl), args...)
	cmd.Env = append(os.Environ(),
		"KUBECONFIG="+c.Kubeconfig,
		"KUBECACHEDIR="+filepath.Join(c.folder.path, "kubectl-cache"),
		"KUBERC=off",
	)
	return cmd
}

// BinDir is the directory that holds kubectl and the components.
func (c *ControlPlane) BinDir() string { return c.assets.Dir }

// Dir is the folder that goes with the control plane. What its users put there
// goes too, also when they die before they can call Stop.
func (c *ControlPlane) Dir() string { return c.folder.path }

// Metrics returns what the API server says at /metrics, in Prometheus' text
// format.
func (c *ControlPlane) Metrics(ctx context.Context) (string, error) {
	client, err := kubernetes.NewForConfig(c.RESTConfig())
	if err != nil {
		return "", fmt.Errorf("connecting to the API server: %w", err)
	}
	text, err := client.RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
	if err != nil {
		return "", fmt.Errorf("reading the API server's metrics: %w", err)
	}
	return string(text), nil
}
