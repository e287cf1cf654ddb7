package validation

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// TestManifestsHaveNamesThatCanBe: the names of account and namespace come from a configuration, or a custom resource, and may be
// anything. What the API server would not take is not offered.
func TestManifestsHaveNamesThatCanBe(t *testing.T) {
	for name, tc := range map[string]struct {
		account, target string
		none            bool
	}{
		"an account":               {account: "flink", target: "team"},
		"another namespace":        {account: "flink", target: "other"},
		"like a number":            {account: "1e5", target: "7"},
		"like nothing":             {account: "null", target: "team"},
		"long":                     {account: strings.Repeat("a", 200), target: "team"},
		"long, another namespace":  {account: strings.Repeat("a.", 100) + "a", target: "other"},
		"too long for a binding":   {account: strings.Repeat("a", 250), target: "team", none: true},
		"too long":                 {account: strings.Repeat("a", 254), target: "team", none: true},
		"more YAML":                {account: "a\"}\n---\nkind: ClusterRoleBinding #", target: "team", none: true},
		"blanks":                   {account: "My Jobs", target: "team", none: true},
		"bytes that are no text":   {account: "\xff", target: "team", none: true},
		"a path":                   {account: "../x", target: "team", none: true},
		"a namespace with a blank": {account: "flink", target: "team; true", none: true},
		"a namespace with a dot":   {account: "flink", target: "team.x", none: true},
		"a namespace too long":     {account: "flink", target: strings.Repeat("a", 64), none: true},
	} {
		t.Run(name, func(t *testing.T) {
			text := tenant{
				process: rights.Process{Role: workload.RoleJobManager, Native: true, HostNetwork: true, Mode: flink.ModeKubernetes},
				account: workload.Account{Name: tc.account, Named: true}, namespace: "team", target: tc.target,
			}.manifest()
			if (text == "") != tc.none {
				t.Fatalf("got %q, want none: %t", text, tc.none)
			}
			if tc.none {
				return
			}
			documents := strings.Split(text, "---\n")
			var binding manifestObject
			if err := yaml.Unmarshal([]byte(documents[len(documents)-1]), &binding); err != nil || len(documents) != 2 {
				t.Fatalf("%v in %q", err, text)
			}
			if s := binding.Subjects; len(s) != 1 || s[0].Name != tc.account || s[0].Namespace != "team" || binding.Namespace != tc.target {
				t.Errorf("got %+v in %q", s, binding.Namespace)
			}
			if len(binding.Name) > maxBindingName {
				t.Errorf("the binding has a name of %d characters", len(binding.Name))
			}
		})
	}
}
