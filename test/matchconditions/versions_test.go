package matchconditions

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/mod/modfile"
)

const celModule = "github.com/google/cel-go"

// TestConditionsRunOnTheCELOfTheAPIServer notices a dependency that raises the version of CEL beyond the one that the API
// server is built with: conditions would then be tried on something else.
func TestConditionsRunOnTheCELOfTheAPIServer(t *testing.T) {
	apiServer, cel := module(t, "k8s.io/apiserver"), module(t, celModule)
	text, err := os.ReadFile(apiServer.GoMod)
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := modfile.ParseLax(apiServer.GoMod, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, requirement := range requirements.Require {
		if requirement.Mod.Path != celModule {
			continue
		}
		if requirement.Mod.Version != cel.Version {
			t.Errorf("the API server %s is built with CEL %s, and these tests with %s", apiServer.Version, requirement.Mod.Version, cel.Version)
		}
		return
	}
	t.Errorf("the API server %s does not require %s", apiServer.Version, celModule)
}

// selectedModule is what the go command chose.
type selectedModule struct{ Version, GoMod string }

func module(t testing.TB, path string) selectedModule {
	t.Helper()
	output, err := exec.Command("go", "list", "-m", "-json", path).Output()
	if err != nil {
		t.Fatalf("go list -m %s: %v", path, err)
	}
	var selected selectedModule
	if err := json.Unmarshal(output, &selected); err != nil {
		t.Fatal(err)
	}
	return selected
}
