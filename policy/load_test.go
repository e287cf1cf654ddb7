package policy

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// wholeFile has every field that there is, none of them with its default.
const wholeFile = `# The policy of the platform.
apiVersion: flink-ha.dev/v1alpha1
kind: Policy
defaults: {enforce: strict, enforce-version: v0.1, warn: baseline, warn-version: v0.2, audit: off, audit-version: v0.1}
exemptions:
  namespaces:
    - sandbox
    - name: migration
      reason: moves to the new bucket
      until: 2030-01-31
  usernames:
    - {name: "system:serviceaccount:backup:restorer", reason: restores}
  objects: {allowed: false, maxDays: 30}
rules:
  storage-dir-local: {level: baseline, reason: we lost jobs to it}
  cluster-id-missing:
    level: off
    reason: "the operator does that"
serviceAccounts: {inject: false, name: flink-jobs, provision: false, bindExisting: true, defaultCredentials: copy, mountToken: true, labelledNamespacesOnly: true}
haConfigMaps: {stripOwnerReferences: false, guardDeletes: deny, operators: ["system:serviceaccount:ops:flink"], undelete: auto, keepDeletedDays: 0}
storage:
  allowedPrefixes: ["s3://flink-ha/{namespace}/", 'abfss://ha@account.dfs.core.windows.net/']
clusters: {defaultFlinkVersion: "1.20", operatorDefaults: [flink/flink-operator-config]}
optOut: {highAvailability: false, ownerReferences: false, configuration: false}
restoreUsers: ["velero"]
`

func wholePolicy() Policy {
	return Policy{
		Defaults: Modes{Enforce: Mode{LevelStrict, "v0.1"}, Warn: Mode{LevelBaseline, "v0.2"}, Audit: Mode{LevelOff, "v0.1"}},
		Exemptions: Exemptions{
			Namespaces: []ExemptionEntry{{Name: "sandbox"}, {Name: "migration", Reason: "moves to the new bucket", Until: on("2030-01-31")}},
			Usernames:  []ExemptionEntry{{Name: "system:serviceaccount:backup:restorer", Reason: "restores"}},
			Objects:    ObjectExemptionRules{Allowed: false, MaxDays: 30},
		},
		Rules: map[string]RuleOverride{
			"storage-dir-local":  {Level: LevelBaseline, Reason: "we lost jobs to it"},
			"cluster-id-missing": {Level: LevelOff, Reason: "the operator does that"},
		},
		ServiceAccounts: ServiceAccounts{
			Name: "flink-jobs", BindExisting: true, DefaultCredentials: DefaultCredentialsCopy, MountToken: true, LabelledNamespacesOnly: true,
		},
		HAConfigMaps: HAConfigMaps{GuardDeletes: GuardDeletesDeny, Operators: []string{"system:serviceaccount:ops:flink"}, Undelete: UndeleteAuto},
		Storage:      Storage{AllowedPrefixes: []string{"s3://flink-ha/{namespace}/", "abfss://ha@account.dfs.core.windows.net/"}},
		Clusters:     Clusters{DefaultFlinkVersion: "1.20", OperatorDefaults: []string{"flink/flink-operator-config"}},
		RestoreUsers: []string{"velero"},
	}
}

func catalogue() []Rule {
	return []Rule{{ID: "storage-dir-missing", Level: LevelBaseline}, {ID: "storage-dir-local", Level: LevelStrict}, {ID: "cluster-id-missing", Level: LevelBaseline}}
}

const head = "apiVersion: flink-ha.dev/v1alpha1\nkind: Policy\n"

func TestLoad(t *testing.T) {
	partly := Default()
	partly.Defaults.Enforce.Level = LevelOff
	partly.Exemptions.Objects.MaxDays = 7
	cases := map[string]struct {
		file string
		want Policy
	}{
		"every field":                  {wholeFile, wholePolicy()},
		"an empty file":                {"", Default()},
		"comments":                     {"# later\n", Default()},
		"a document with nothing":      {"---\n", Default()},
		"what a template makes of {}":  {"{}\n", Default()},
		"nothing but the head":         {head, Default()},
		"a byte order mark":            {"\ufeff" + head, Default()},
		"lines of Windows":             {strings.ReplaceAll(head, "\n", "\r\n"), Default()},
		"sections with nothing in it":  {head + "defaults:\nexemptions:\n  # namespaces: [a]\nrules:\nstorage: ~\nrestoreUsers:\n", Default()},
		"some fields, others default":  {head + "defaults: {enforce: off}\nexemptions: {objects: {maxDays: 7}}\n", partly},
		"JSON, which is YAML":          {`{"apiVersion": "flink-ha.dev/v1alpha1", "kind": "Policy", "defaults": {"enforce": "off"}, "exemptions": {"objects": {"maxDays": 7}}}`, partly},
		"an anchor that nobody uses":   {head + "exemptions: &e {objects: {maxDays: 7}}\ndefaults: {enforce: off}\n", partly},
		"a document that ends in dots": {head + "...\n", Default()},
	}
	for name, tc := range cases {
		got, err := Load([]byte(tc.file), catalogue())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	cases := map[string]struct{ file, want string }{
		"no head": {"defaults: {enforce: off}\n", "line 1: apiVersion: missing, needs flink-ha.dev/v1alpha1\nline 1: kind: missing, needs Policy"},
		"another kind": {
			"apiVersion: v1\nkind: ConfigMap\n",
			"line 1: apiVersion: found \"v1\", needs flink-ha.dev/v1alpha1\nline 2: kind: found \"ConfigMap\", needs Policy",
		},
		"everything at once, in order": {
			head + "optOut: {configuration: maybe}\nrestoreUsers: velero\ndefaults: {enforce: of}\nstorge: {}\n",
			"line 3: optOut.configuration: found \"maybe\", needs true or false\n" +
				"line 4: restoreUsers: found \"velero\", needs a list\n" +
				"line 5: defaults.enforce: found \"of\", needs off, baseline or strict, did you mean off?\n" +
				"line 6: storge: unknown field, needs apiVersion, kind, defaults, exemptions, rules, serviceAccounts, haConfigMaps, storage, clusters, optOut or restoreUsers, did you mean storage?",
		},
		"a field in the wrong place": {
			head + "haConfigMaps:\n  inject: true\n",
			"line 4: haConfigMaps.inject: unknown field, needs stripOwnerReferences, guardDeletes, operators, undelete or keepDeletedDays",
		},
		"a later rule set": {head + "defaults:\n  warn-version: v0.9\n", `line 4: defaults.warn-version: found "v0.9", needs latest, v0.1 or v0.2, did you mean v0.1?`},
		"a rule that does not exist": {
			head + "rules:\n  storage-dir-mising: {level: off, reason: x}\n",
			"line 4: rules.storage-dir-mising: unknown, needs the id of a rule; the nearest is storage-dir-missing",
		},
		"a rule moved without a reason": {head + "rules: {storage-dir-local: {level: off}}\n", "line 3: rules.storage-dir-local.reason: missing, needs a reason"},
		"a reason of spaces":            {head + "rules: {storage-dir-local: {level: off, reason: ' '}}\n", `line 3: rules.storage-dir-local.reason: found " ", needs a reason`},
		"a rule with nothing": {
			head + "rules:\n  storage-dir-local:\n",
			"line 4: rules.storage-dir-local: found nothing, needs a map with level or reason",
		},
		"a key written twice": {head + "defaults: {warn: off}\ndefaults: {warn: strict}\n", "line 4: defaults: written twice, first in line 3; needs to be written once"},
		"an alias":            {head + "defaults: {warn: &l off, audit: *l}\n", "line 3: defaults.audit: found an alias, needs the value itself"},
		"a merge key":         {head + "defaults: {<<: {warn: off}}\n", "line 3: defaults: found a merge key, needs the fields themselves"},
		"a list as a key":     {head + "? [a]\n: b\n", "line 3: found a list as a key, needs the name of a field"},
		"no map":              {"- a\n", "line 1: found a list, needs a map with apiVersion, kind, defaults, exemptions, rules, serviceAccounts, haConfigMaps, storage, clusters, optOut or restoreUsers"},
		"a mode with nothing": {head + "defaults: {warn: }\n", "line 3: defaults.warn: found nothing, needs off, baseline or strict"},
		"a list of nothing":   {head + "exemptions: {namespaces: [~]}\n", "line 3: exemptions.namespaces[0]: found nothing, needs a name, or a map with name, reason or until"},
		"numbers that are meant as text": {
			head + "clusters: {defaultFlinkVersion: 1.20}\nexemptions: {namespaces: [12]}\n",
			"line 3: clusters.defaultFlinkVersion: found 1.20, needs a version of Flink, such as \"1.20\" or \"2.0.1\", in quotes since YAML takes it for something else\n" +
				"line 4: exemptions.namespaces[0]: found 12, needs the exact name of a namespace, in quotes since YAML takes it for something else",
		},
		"days": {
			head + "exemptions:\n  namespaces:\n  - {name: a, until: 2030-02-30}\n  - {name: b, until: soon}\n  - {until: 2030-01-01}\n",
			"line 5: exemptions.namespaces[0].until: found \"2030-02-30\", needs a day, as YYYY-MM-DD\n" +
				"line 6: exemptions.namespaces[1].until: found \"soon\", needs a day, as YYYY-MM-DD\n" +
				"line 7: exemptions.namespaces[2].name: missing, needs the exact name of a namespace",
		},
		"wildcards": {
			head + "exemptions: {namespaces: ['team-*'], usernames: ['system:*']}\n",
			"line 3: exemptions.namespaces[0]: found \"team-*\", needs the exact name of a namespace\n" +
				"line 3: exemptions.usernames[0]: found \"system:*\", needs the exact name of a user, without wildcards",
		},
		"numbers": {
			head + "exemptions:\n  objects: {maxDays: 0, allowed: 1}\n",
			"line 4: exemptions.objects.maxDays: found 0, needs a whole number from 1 to 36500\nline 4: exemptions.objects.allowed: found 1, needs true or false",
		},
		"an octal number, or not": {
			head + "exemptions:\n  objects: {maxDays: 010}\n",
			"line 4: exemptions.objects.maxDays: found 010, needs a whole number from 1 to 36500",
		},
		"prefixes": {
			head + "storage:\n  allowedPrefixes:\n  - flink-ha/\n  - s3://a/{team}/\n",
			"line 5: storage.allowedPrefixes[0]: found \"flink-ha/\", needs a path with its scheme, such as s3://bucket/{namespace}/, and nothing in braces but {namespace}\n" +
				"line 6: storage.allowedPrefixes[1]: found \"s3://a/{team}/\", needs a path with its scheme, such as s3://bucket/{namespace}/, and nothing in braces but {namespace}",
		},
		"a second document":  {head + "---\n" + head, "line 4: found a second document, needs one"},
		"no YAML":            {head + "defaults: {\n", "line 3: the file is not YAML: did not find expected node content"},
		"a tag of one's own": {head + "kind: Policy\ndefaults: {warn: !x off}\n", "line 3: kind: written twice, first in line 2; needs to be written once\nline 4: defaults.warn: found a value with a tag of its own, needs off, baseline or strict"},
		"a truth that is none": {
			head + "optOut: {configuration: !!bool perhaps}\n",
			"line 3: optOut.configuration: found perhaps, needs true or false",
		},
		"not UTF-8": {"a: \xff\n", "found bytes that are not UTF-8, needs text in UTF-8"},
		"too large": {strings.Repeat("#", maxFile+1), "found 1048577 bytes, needs at most 1048576"},
	}
	for name, tc := range cases {
		got, err := Load([]byte(tc.file), catalogue())
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(Policy{}, got); diff != "" {
			t.Errorf("%s: half a policy (-want +got):\n%s", name, diff)
		}
	}
}

func TestLoadErrorHasPlaces(t *testing.T) {
	_, err := Load([]byte(head+"storage:\n  allowedPrefixes: [a]\n"), nil)
	var problems *LoadError
	if !errors.As(err, &problems) {
		t.Fatalf("got %T", err)
	}
	want := []Problem{{Line: 4, Column: 21, Field: "storage.allowedPrefixes[0]", Reason: problems.Problems[0].Reason}}
	if diff := cmp.Diff(want, problems.Problems); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLoadCountsWhatItDoesNotList(t *testing.T) {
	for name, file := range map[string]string{
		"rules":  head + "rules:\n" + lines("  a%d: {}\n", maxProblems+7),
		"fields": head + lines("a%d: 1\n", maxProblems+7),
		"values": head + "restoreUsers:\n" + lines("- '*%d'\n", maxProblems+7),
	} {
		_, err := Load([]byte(file), catalogue())
		var problems *LoadError
		if !errors.As(err, &problems) || len(problems.Problems) != maxProblems || problems.More != 7 || !strings.HasSuffix(err.Error(), "\nand 7 more") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func lines(format string, count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// Files of the largest size that are wrong everywhere, or deep, or full of aliases, cost seconds at most and are answered with a
// page of problems.
func TestLoadIsBounded(t *testing.T) {
	many := strings.Builder{}
	many.WriteString(head + "rules:\n")
	for i := 0; many.Len() < maxFile-100; i++ {
		fmt.Fprintf(&many, "  storage-dir-missin%d: {}\n", i)
	}
	bomb := strings.Builder{}
	bomb.WriteString(head + "a: &a0 [x, x]\n")
	for i := range 1000 {
		fmt.Fprintf(&bomb, "b%d: &a%d [*a%d, *a%d]\n", i, i+1, i, i)
	}
	for name, file := range map[string]string{
		"unknown rules":         many.String(),
		"aliases of aliases":    bomb.String(),
		"lists in lists":        strings.Repeat("[", maxFile),
		"maps in maps":          strings.Repeat("{a: ", maxFile/4),
		"lists on one line":     strings.Repeat("- ", maxFile/2),
		"unknown fields":        strings.Repeat("x: 1\n", maxFile/5),
		"one long field":        head + strings.Repeat("x", maxFile-100) + ": 1\n",
		"one long value":        head + "kind: " + strings.Repeat("x", maxFile-100) + "\n",
		"comments":              strings.Repeat("#\n", maxFile/2),
		"comments between keys": strings.Repeat("#\na:\n", maxFile/5),
		"a list of users":       head + "restoreUsers: [" + strings.Repeat("'*',", maxFile/4-100) + "]\n",
	} {
		started := time.Now()
		_, err := Load([]byte(file), catalogue())
		took := time.Since(started)
		if took > 10*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		t.Logf("%s: %s", name, took.Round(time.Millisecond))
		if err != nil && len(err.Error()) > 20_000 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		wholeFile, head, "", "{}", head + "rules: {a: {level: off}}\n", head + "exemptions: {namespaces: [a, {name: b, until: 2030-01-01}]}\n",
		"a: &a {<<: *a}\n", "? a\n: b\n", "--- !x\n- !!int y\n", "%YAML 1.1\n---\nkind: !!binary aaa\n", "[[[", "a: |\n  b\n...\n---\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := Load(text, catalogue())
		if err != nil {
			var problems *LoadError
			if !errors.As(err, &problems) || len(problems.Problems) == 0 || len(problems.Problems) > maxProblems {
				t.Fatalf("got %#v", err)
			}
			return
		}
		if !got.Defaults.Enforce.Level.exists() || got.ServiceAccounts.Name == "" || got.Exemptions.Objects.MaxDays < 1 {
			t.Fatalf("a policy that Load may not make: %+v", got)
		}
		for id, rule := range got.Rules {
			if !rule.Level.exists() || rule.Reason == "" {
				t.Fatalf("the rule %s is moved to %+v", id, rule)
			}
		}
	})
}
