package admission

import (
	"os"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// TestNotesNameRolesThatAreShipped: a command in a note is to be pasted.
func TestNotesNameRolesThatAreShipped(t *testing.T) {
	shipped, err := os.ReadFile("../manifests/flink-roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{policy.JobManagerRole, policy.NativeRole, policy.TaskManagerRole} {
		if !strings.Contains(string(shipped), "kind: ClusterRole\nmetadata:\n  name: "+role+"\n") {
			t.Errorf("there is no ClusterRole %s", role)
		}
	}
}
