package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/rand"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/dynamic"

	"github.com/flink-ha/flink-ha-webhook/test/bench"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// scene is an object that is judged, and those that are there before it, in a namespace of their own.
type scene struct {
	name, namespace string
	// manifest is the judged object as people write it.
	manifest string
	judged   *unstructured.Unstructured
	others   []*unstructured.Unstructured
}

// scenes are the examples of all rules, the wrong and the right ones, as far as they are about objects that are created by the policy
// of a new installation, and the manifests in the documentation.
func scenes(t *testing.T) []scene {
	t.Helper()
	run, all := "check-"+rand.String(5), []scene{}
	add := func(name, text string, judged int) {
		all = append(all, newScene(t, name, fmt.Sprintf("%s-%d", run, len(all)), text, judged))
	}
	for _, rule := range validation.Rules() {
		if rule.Example.Before != "" || rule.Example.Deletion || len(rule.Example.Prefixes) > 0 {
			continue
		}
		add(rule.ID+"/wrong", rule.Example.Wrong, 0)
		add(rule.ID+"/right", rule.Example.Right, 0)
	}
	for _, name := range examples(t, "mistakes/*", "admitted/*", "ha-state/*") {
		add(filepath.Base(name), readText(t, name), 0)
	}
	var cluster []string
	for _, name := range examples(t, "standalone-ha/*") {
		cluster = append(cluster, strings.TrimSpace(readText(t, name)))
	}
	for i := range cluster {
		add(fmt.Sprintf("standalone-ha/%d", i), strings.Join(cluster, "\n---\n"), i)
	}
	return all
}

func examples(t *testing.T, patterns ...string) []string {
	t.Helper()
	var found []string
	for _, pattern := range patterns {
		names, err := filepath.Glob(filepath.Join(bench.Root(), "docs", "examples", pattern+".yaml"))
		if err != nil || len(names) == 0 {
			t.Fatalf("got %v, no examples %s", err, pattern)
		}
		found = append(found, names...)
	}
	return found
}

func readText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What manifests name of their surroundings: the namespace, which the scene has one of its own in place of, and buckets, since two
// scenes that keep their data in one place are a mistake of their own.
var (
	theirNamespace = regexp.MustCompile(`\b(namespace(?:: |=))(team|shop|orders|streaming)\b`)
	theirBucket    = regexp.MustCompile(`\bs3://([a-z])`)
)

// newScene reads documents of which one is judged.
func newScene(t *testing.T, name, namespace, text string, judged int) scene {
	t.Helper()
	text = theirNamespace.ReplaceAllString(text, "${1}"+namespace)
	text = theirBucket.ReplaceAllString(text, "s3://"+namespace+"-$1")
	made := scene{name: name, namespace: namespace}
	for i, document := range strings.Split(text, "\n---\n") {
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(document), &object.Object); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if object.GetKind() == "Namespace" {
			document = strings.Replace(document, "name: "+object.GetName(), "name: "+namespace+"-new", 1)
			object.SetName(namespace + "-new")
		} else {
			object.SetNamespace(namespace)
		}
		if i == judged {
			made.manifest, made.judged = document, object
			continue
		}
		if subjects, ok, _ := unstructured.NestedSlice(object.Object, "subjects"); ok {
			for _, subject := range subjects {
				subject.(map[string]any)["namespace"] = namespace // the API server wants it, kubectl does not add it
			}
			object.Object["subjects"] = subjects
		}
		made.others = append(made.others, object)
	}
	return made
}

// resourceOf is where objects of a kind are.
func resourceOf(object *unstructured.Unstructured) schema.GroupVersionResource {
	kind := object.GroupVersionKind()
	return kind.GroupVersion().WithResource(strings.ToLower(kind.Kind) + "s")
}

// objects are those of a resource, in their namespace if they have one.
func objects(client dynamic.Interface, object *unstructured.Unstructured) dynamic.ResourceInterface {
	if object.GetNamespace() == "" {
		return client.Resource(resourceOf(object))
	}
	return client.Resource(resourceOf(object)).Namespace(object.GetNamespace())
}

// set makes the namespaces of some scenes, and in them what is there before the judged objects, without asking the guard. It returns
// when that has been there for so long that joint findings count.
func (s *suite) set(t *testing.T, all []scene) {
	t.Helper()
	client, err := dynamic.NewForConfig(s.QuietConfig())
	if err != nil {
		t.Fatal(err)
	}
	namespaces := client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "namespaces"})
	for _, scene := range all {
		namespace := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "v1", "kind": "Namespace"}}
		namespace.SetName(scene.namespace)
		namespace.SetLabels(map[string]string{"flink-ha.dev/guard": "disabled"})
		for _, object := range append([]*unstructured.Unstructured{namespace}, scene.others...) {
			if _, err := objects(client, object).Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
				t.Fatalf("%s: %v", scene.name, err)
			}
		}
	}
	guarded := []byte(`{"metadata":{"labels":{"flink-ha.dev/guard":null}}}`)
	for _, scene := range all {
		if _, err := namespaces.Patch(t.Context(), scene.namespace, types.MergePatchType, guarded, metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = namespaces.Delete(context.Background(), scene.namespace, metav1.DeleteOptions{}) })
	}
	time.Sleep(settling)
}

// settling is a little longer than what the guard takes objects for new that others rest on.
const settling = 12 * time.Second

// write puts objects into a file as a stream of JSON, and returns its name.
func write(t *testing.T, objects []*unstructured.Unstructured) string {
	t.Helper()
	var stream strings.Builder
	for _, object := range objects {
		text, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&stream, "%s\n", text)
	}
	return writeText(t, "others.json", stream.String())
}

func writeText(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
