package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// Root is the directory of the repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Manifests renders what is installed, as kubectl apply -k does.
func Manifests(kubectl *exec.Cmd) ([]unstructured.Unstructured, error) {
	var stderr bytes.Buffer
	kubectl.Stderr = &stderr
	rendered, err := kubectl.Output()
	if err != nil {
		return nil, fmt.Errorf("rendering the manifests: %w: %s", err, bytes.TrimSpace(stderr.Bytes()))
	}
	return decode(rendered)
}

// decode reads a stream of YAML documents.
func decode(stream []byte) ([]unstructured.Unstructured, error) {
	var objects []unstructured.Unstructured
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(stream), 4096)
	for {
		var object unstructured.Unstructured
		switch err := decoder.Decode(&object.Object); {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil:
			return nil, fmt.Errorf("reading a manifest: %w", err)
		case len(object.Object) > 0:
			objects = append(objects, object)
		}
	}
}

// encode writes objects as a stream of JSON documents, which kubectl takes as well.
func encode(objects []unstructured.Unstructured) ([]byte, error) {
	var stream bytes.Buffer
	for i := range objects {
		document, err := objects[i].MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("writing a manifest: %w", err)
		}
		stream.WriteString("---\n")
		stream.Write(document)
	}
	return stream.Bytes(), nil
}

// isRegistration tells whether an object is a webhook configuration. An admission policy calls nobody.
func isRegistration(object *unstructured.Unstructured) bool {
	return strings.HasSuffix(object.GetKind(), "WebhookConfiguration")
}

// RewriteClientConfigs returns a copy of a webhook configuration in which each clientConfig names the URL of a server outside
// of the cluster instead of a Service. Nothing else changes.
func RewriteClientConfigs(object *unstructured.Unstructured, server string) (*unstructured.Unstructured, error) {
	rewritten := object.DeepCopy()
	webhooks, found, err := unstructured.NestedSlice(rewritten.Object, "webhooks")
	if err != nil || !found {
		return nil, fmt.Errorf("%s has no webhooks: %w", object.GetName(), err)
	}
	for i, webhook := range webhooks {
		fields, ok := webhook.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("webhook %d of %s is not an object", i, object.GetName())
		}
		path, found, err := unstructured.NestedString(fields, "clientConfig", "service", "path")
		if err != nil || !found {
			return nil, fmt.Errorf("webhook %v of %s has no service with a path", fields["name"], object.GetName())
		}
		clientConfig := fields["clientConfig"].(map[string]any)
		delete(clientConfig, "service")
		clientConfig["url"] = server + path
	}
	return rewritten, unstructured.SetNestedSlice(rewritten.Object, webhooks, "webhooks")
}

// shippedArguments are the arguments that the guard's Deployment gives its container.
func shippedArguments(objects []unstructured.Unstructured) ([]string, error) {
	for i := range objects {
		if objects[i].GetKind() != "Deployment" {
			continue
		}
		containers, _, err := unstructured.NestedSlice(objects[i].Object, "spec", "template", "spec", "containers")
		if err != nil || len(containers) != 1 {
			return nil, fmt.Errorf("the guard's Deployment has %d containers, needs 1: %w", len(containers), err)
		}
		arguments, _, err := unstructured.NestedStringSlice(containers[0].(map[string]any), "args")
		return arguments, err
	}
	return nil, errors.New("the manifests have no Deployment")
}

// policyKey is the data key of the ConfigMap with the policy, and the name of the file that it is mounted as.
const policyKey = "policy.yaml"

// shippedPolicy is the policy that the manifests install.
func shippedPolicy(objects []unstructured.Unstructured) (string, error) {
	for i := range objects {
		if objects[i].GetKind() == "ConfigMap" {
			text, found, err := unstructured.NestedString(objects[i].Object, "data", policyKey)
			if err != nil || found {
				return text, err
			}
		}
	}
	return "", errors.New("the manifests have no policy")
}

// run runs a command with standard input and adds what it said to its error.
func run(cmd *exec.Cmd, stdin []byte) error {
	cmd.Stdin = bytes.NewReader(stdin)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s: %w: %s", filepath.Base(cmd.Path), err, bytes.TrimSpace(output))
	}
	return nil
}
