package policy

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write policy/schema.json again")

func TestSchemaFileIsCurrent(t *testing.T) {
	if *update {
		if err := os.WriteFile("schema.json", Schema(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(file), string(Schema())); diff != "" {
		t.Errorf("schema.json is stale: go test ./policy -run TestSchemaFileIsCurrent -update (-file +schema):\n%s", diff)
	}
}

// Every field has a description, and every description a field.
func TestFieldsAndTypesAgree(t *testing.T) {
	paths := map[string]bool{}
	collect(shapeOfFile(nil), "", func(path string, s *shape) {
		paths[path] = true
		if s.about == "" {
			t.Errorf("%q has no description", path)
		}
		if s.pattern != nil && s.needs == "" {
			t.Errorf("%q has a pattern and does not say in words what it needs", path)
		}
		if s.kind == kindNumber && s.maximum == 0 {
			t.Errorf("%q has no bounds", path)
		}
	})
	for path := range fields(nil) {
		if !paths[path] {
			t.Errorf("%q is described, and the Go types have no such field", path)
		}
	}
}

func collect(s *shape, path string, visit func(string, *shape)) {
	visit(path, s)
	for _, member := range s.members {
		collect(member.shape, below(path, member.name), visit)
	}
	switch s.kind {
	case kindList:
		collect(s.element, path+"[]", visit)
	case kindMap:
		collect(s.element, path+".*", visit)
	default:
	}
}

// The default policy, and one with every field, stand in the schema and in a file in the same words.
func TestSchemaHasTheDefaults(t *testing.T) {
	schema := readSchema(t)
	if got := valueAt(schema, "properties", "defaults", "properties", "enforce", "default"); got != "baseline" {
		t.Errorf("the default of enforce is %v", got)
	}
	if got := valueAt(schema, "properties", "haConfigMaps", "properties", "stripOwnerReferences", "default"); got != true {
		t.Errorf("the default of stripOwnerReferences is %v", got)
	}
}

func valueAt(value any, path ...string) any {
	for _, key := range path {
		value = value.(map[string]any)[key]
	}
	return value
}

func readSchema(t *testing.T) map[string]any {
	t.Helper()
	var schema map[string]any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	return schema
}

// The decoder takes a file if and only if the schema does, as far as a schema can tell.
func TestSchemaAndDecoderAgree(t *testing.T) {
	files := map[string]bool{wholeFile: true, "": true, "{}": true, head: true, "kind: Policy\n": false, "[]": false, "x": false}
	for text, good := range map[string]bool{
		"defaults: ": true, "defaults: {}": true, "defaults: []": false, "defaults: {enforce: off}": true, "defaults: {enforce: false}": false, "defaults: {enforce: Off}": false,
		"defaults: {enforce: ~}": false, "defaults: {enforcing: off}": false, "defaults: {enforce-version: latest}": true, "defaults: {audit-version: v0.2}": true,
		"defaults: {enforce-version: v9.9}": false, "defaults: {enforce-version: 1}": false, "defaults: {Level: off}": false,
		"exemptions: {namespaces: [a, b-1]}": true, "exemptions: {namespaces: [a_b]}": false, "exemptions: {namespaces: [1]}": false, "exemptions: {namespaces: ['1']}": true,
		"exemptions: {namespaces: [{name: a}]}": true, "exemptions: {namespaces: [{reason: a}]}": false, "exemptions: {namespaces: [{name: a, since: b}]}": false,
		"exemptions: {namespaces: [{name: a, reason: b, until: 2030-01-31}]}": true, "exemptions: {namespaces: [{name: a, until: '2030-01-31'}]}": true,
		"exemptions: {namespaces: [{name: a, until: 31.1.2030}]}": false, "exemptions: {namespaces: [{name: a, until: 2030}]}": false, "exemptions: {namespaces: [{name: a, reason: ''}]}": false,
		"exemptions: {namespaces: a}": false, "exemptions: {namespaces: }": true, "exemptions: {namespaces: [" + strings.Repeat("a", 64) + "]}": false,
		"exemptions: {usernames: ['a@b.c', 'system:admin', 'Ann Lee']}": true, "exemptions: {usernames: [' a']}": false, "exemptions: {usernames: ['a*']}": false, "exemptions: {usernames: ['']}": false,
		"exemptions: {objects: {allowed: true, maxDays: 1}}": true, "exemptions: {objects: {maxDays: 0}}": false, "exemptions: {objects: {maxDays: 36501}}": false,
		"exemptions: {objects: {maxDays: 1.5}}": false, "exemptions: {objects: {maxDays: '1'}}": false, "exemptions: {objects: {allowed: yes}}": false, "exemptions: {objects: {allowed: 'true'}}": false,
		"rules: {cluster-id-missing: {level: off, reason: x}}": true, "rules: {cluster-id-missing: {level: off}}": false, "rules: {cluster-id-missing: {reason: x}}": false,
		"rules: {cluster-id-missing: off}": false, "rules: {Cluster: {level: off, reason: x}}": false, "rules: {cluster-id-missing: }": false, "rules: ": true, "rules: {}": true,
		"rules: {cluster-id-missing: {level: off, reason: ' '}}": false, "rules: {cluster-id-missing: {level: off, reason: x, until: 2030-01-01}}": false,
		"serviceAccounts: {inject: true, name: a.b, provision: false}": true, "serviceAccounts: {defaultCredentials: bind}": true, "serviceAccounts: {defaultCredentials: keep}": false, "serviceAccounts: {name: ''}": false, "serviceAccounts: {name: A}": false, "serviceAccounts: {Name: a}": false,
		"haConfigMaps: {guardDeletes: warn}": true, "haConfigMaps: {guardDeletes: deny}": true, "haConfigMaps: {guardDeletes: off}": true, "haConfigMaps: {guardDeletes: on}": false,
		"haConfigMaps: {stripOwnerReferences: False}": true,
		"storage: {allowedPrefixes: []}":              true, "storage: {allowedPrefixes: ['s3://a']}": true, "storage: {allowedPrefixes: ['s3p+x://a/{namespace}']}": true, "storage: {allowedPrefixes: ['file:///a']}": true,
		"storage: {allowedPrefixes: [/a]}": false, "storage: {allowedPrefixes: ['s3:a']}": false, "storage: {allowedPrefixes: ['s3://{x}']}": false, "storage: {allowedPrefixes: ['s3://a b']}": false,
		"storage: {allowedPrefixes: ['S3://a']}": false, "storage: {allowedPrefixes: ['s3://{namespace']}": false,
		"clusters: {defaultFlinkVersion: ''}": true, "clusters: {defaultFlinkVersion: '1.20'}": true, "clusters: {defaultFlinkVersion: 2.0.1}": true, "clusters: {defaultFlinkVersion: 1.20}": false,
		"clusters: {defaultFlinkVersion: v1.20}": false, "clusters: {operatorDefaults: [a/b.c]}": true, "clusters: {operatorDefaults: [b]}": false, "clusters: {operatorDefaults: [a/b/c]}": false,
		"optOut: {highAvailability: true, ownerReferences: false, configuration: true}": true, "optOut: true": false, "optOut: {high-availability: true}": false,
		"restoreUsers: [a]": true, "restoreUsers: [{name: a}]": false, "restoreUsers: {}": false, "restore: []": false,
		"apiVersion2: x": false,
	} {
		files[head+text+"\n"] = good
	}
	schema := readSchema(t)
	for file, good := range files {
		_, err := Load([]byte(file), catalogue())
		if (err == nil) != good {
			t.Errorf("the decoder accepts: %t, want %t (%v):\n%s", err == nil, good, err, file)
		}
		if problem := violates(schema, jsonOf(t, file)); (problem == "") != good {
			t.Errorf("the schema accepts: %t, want %t (%s):\n%s", problem == "", good, problem, file)
		}
	}
}
