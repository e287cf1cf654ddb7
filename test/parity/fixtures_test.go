package parity

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// anHourFromNow is when reviews happen: what the caches of the server were filled with has settled by then.
func anHourFromNow() time.Time { return time.Now().Add(time.Hour).Truncate(time.Second) }

// fixtures are scenes of objects that were written for something else.
func fixtures(t testing.TB) []*scene {
	t.Helper()
	var scenes []*scene
	add := func(name, text string) {
		objects, err := objectsIn(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(objects) > 0 {
			scenes = append(scenes, &scene{name: name, objects: objects, namespace: "team"})
		}
	}
	for _, rule := range validation.Rules() {
		add("wrong example of "+rule.ID, rule.Example.Wrong)
		add("right example of "+rule.ID, rule.Example.Right)
		if rule.Example.Before != "" {
			add("example of "+rule.ID+" before", rule.Example.Before)
		}
	}
	for _, folder := range []string{"../../docs/examples", "../../manifests", "../e2e/testdata", "../matchconditions/testdata"} {
		err := filepath.WalkDir(folder, func(path string, item fs.DirEntry, err error) error {
			if err != nil || item.IsDir() || filepath.Ext(path) != ".yaml" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			add(filepath.ToSlash(path), string(text))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return scenes
}

// objectsIn reads the objects of a stream of YAML, as kubectl sends them.
func objectsIn(text string) ([]map[string]any, error) {
	var objects []map[string]any
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var node yaml.Node
		err := decoder.Decode(&node)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := yaml.NewEncoder(&b).Encode(&node); err != nil {
			return nil, err
		}
		raw, err := sigsyaml.YAMLToJSON(b.Bytes())
		if err != nil {
			return nil, err
		}
		var content map[string]any
		if err := utiljson.Unmarshal(raw, &content); err != nil {
			return nil, err
		}
		if content["kind"] != nil && content["metadata"] != nil {
			objects = append(objects, content)
		}
	}
}
