package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/flink-ha/flink-ha-webhook/test/controlplane"
)

// Names in the manifests that the bench has to know.
const (
	// Namespace is the guard's own.
	Namespace = "flink-ha-system"
	// ServiceAccount is the guard's own.
	ServiceAccount = "flink-ha-webhook"
	// Registration is the name of both webhook configurations.
	Registration = "flink-ha-webhook"
)

// Options say how a bench differs from the usual one.
type Options struct {
	// Log receives progress; nil means nowhere.
	Log io.Writer
	// APIServerFlags follow the API server's other flags and win over them.
	APIServerFlags []string
}

// Bench is a control plane with the guard in front of it.
type Bench struct {
	*controlplane.ControlPlane
	Guard *Guard
}

// Start starts a control plane, installs the guard from its manifests and returns when the API server asks it. Stop must be
// called in the end. The context is for the start alone.
func Start(ctx context.Context, options Options) (*Bench, error) {
	if options.Log == nil {
		options.Log = io.Discard
	}
	plane, err := controlplane.Start(ctx, controlplane.Options{Log: options.Log, APIServerFlags: options.APIServerFlags})
	if err != nil {
		return nil, err
	}
	b := &Bench{ControlPlane: plane}
	if err := b.install(ctx, options.Log); err != nil {
		return nil, errors.Join(err, b.Stop())
	}
	return b, nil
}

// Stop ends the guard and the control plane and leaves nothing behind.
func (b *Bench) Stop() error {
	var err error
	if b.Guard != nil && b.Guard.process != nil {
		err = b.Guard.Kill()
	}
	return errors.Join(err, b.ControlPlane.Stop())
}

// install does what an installation does, with a process in place of the pods that nothing here would run.
func (b *Bench) install(ctx context.Context, log io.Writer) error {
	fmt.Fprintln(log, "bench: building the guard")
	binary, err := BuildGuard(ctx, b.Dir())
	if err != nil {
		return err
	}
	objects, err := Manifests(b.Kubectl(ctx, "kustomize", filepath.Join(Root(), "manifests")))
	if err != nil {
		return err
	}
	fmt.Fprintln(log, "bench: installing the guard")
	if err := b.apply(ctx, withoutRegistrations(objects)); err != nil {
		return err
	}
	if err := b.startGuard(ctx, binary, objects); err != nil {
		return err
	}
	if err := b.register(ctx, objects); err != nil {
		return err
	}
	return b.waitUntilAsked(ctx)
}

func withoutRegistrations(objects []unstructured.Unstructured) []unstructured.Unstructured {
	var others []unstructured.Unstructured
	for i := range objects {
		if !isRegistration(&objects[i]) {
			others = append(others, objects[i])
		}
	}
	return others
}

func (b *Bench) apply(ctx context.Context, objects []unstructured.Unstructured) error {
	stream, err := encode(objects)
	if err != nil {
		return err
	}
	return run(b.Kubectl(ctx, "apply", "-f", "-"), stream)
}

// startGuard runs the guard with the rights of its own account and the arguments of its own Deployment.
func (b *Bench) startGuard(ctx context.Context, binary string, objects []unstructured.Unstructured) error {
	arguments, err := shippedArguments(objects)
	if err != nil {
		return err
	}
	kubeconfig, err := b.ServiceAccountKubeconfig(ctx, Namespace, ServiceAccount)
	if err != nil {
		return err
	}
	policy, err := shippedPolicy(objects)
	if err != nil {
		return err
	}
	b.Guard = &Guard{
		binary: binary, folder: b.Dir(), PolicyFile: filepath.Join(b.Dir(), policyKey),
		arguments: append(arguments, "--kubeconfig="+kubeconfig, "--namespace="+Namespace, "--policy="+filepath.Join(b.Dir(), policyKey)),
	}
	if err := os.WriteFile(b.Guard.PolicyFile, []byte(policy), 0o600); err != nil {
		return fmt.Errorf("writing the policy: %w", err)
	}
	return b.Guard.Start(ctx)
}

// register applies the webhook configurations, with the guard's URL in place of its Service.
func (b *Bench) register(ctx context.Context, objects []unstructured.Unstructured) error {
	var rewritten []unstructured.Unstructured
	for i := range objects {
		if !isRegistration(&objects[i]) {
			continue
		}
		object, err := RewriteClientConfigs(&objects[i], b.Guard.URL)
		if err != nil {
			return err
		}
		rewritten = append(rewritten, *object)
	}
	return b.apply(ctx, rewritten)
}

// QuietConfig is the administrator's configuration for Go clients that do not print the API server's warnings.
func (b *Bench) QuietConfig() *rest.Config {
	config := b.RESTConfig()
	config.WarningHandler = rest.NoWarnings{}
	return config
}

// waitUntilAsked waits until the guard has put its CA into both webhook configurations and the API server refuses, in a dry
// run, what the guard refuses.
func (b *Bench) waitUntilAsked(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(b.QuietConfig())
	if err != nil {
		return fmt.Errorf("connecting to the API server: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		err := b.isAsked(ctx, client)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the API server to ask the guard: %w; the guard's log ends:\n%s", err, b.Guard.process.Tail())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (b *Bench) isAsked(ctx context.Context, client kubernetes.Interface) error {
	registrations := client.AdmissionregistrationV1()
	validating, err := registrations.ValidatingWebhookConfigurations().Get(ctx, Registration, metav1.GetOptions{})
	if err != nil {
		return err
	}
	mutating, err := registrations.MutatingWebhookConfigurations().Get(ctx, Registration, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, webhook := range validating.Webhooks {
		if len(webhook.ClientConfig.CABundle) == 0 {
			return fmt.Errorf("webhook %s has no CA bundle", webhook.Name)
		}
	}
	for _, webhook := range mutating.Webhooks {
		if len(webhook.ClientConfig.CABundle) == 0 {
			return fmt.Errorf("webhook %s has no CA bundle", webhook.Name)
		}
	}
	return probe(ctx, client)
}

func port(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return ""
	}
	return port
}
