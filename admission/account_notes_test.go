package admission

import (
	"os"
	"strings"
	"testing"
)

// TestNotesNameRolesThatAreShipped: a command in a note is to be pasted.
func TestNotesNameRolesThatAreShipped(t *testing.T) {
	shipped, err := os.ReadFile("../manifests/flink-roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{roleJobManager, roleNative, roleTaskManager} {
		if !strings.Contains(string(shipped), "kind: ClusterRole\nmetadata:\n  name: "+role+"\n") {
			t.Errorf("there is no ClusterRole %s", role)
		}
	}
}
