package parity

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/manifests"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// TestGuardRolesAreThoseOfTheManifests holds what check takes for bound against what is bound.
func TestGuardRolesAreThoseOfTheManifests(t *testing.T) {
	content, err := manifests.Files.ReadFile("flink-roles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	shipped := map[string][]rbacv1.PolicyRule{}
	documents := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(content), 4096)
	for {
		var role rbacv1.ClusterRole
		err := documents.Decode(&role)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		shipped[role.Name] = role.Rules
	}
	known := map[string][]rbacv1.PolicyRule{}
	for _, role := range validation.GuardRoles() {
		known[role.Name] = role.Rules
	}
	if diff := cmp.Diff(shipped, known); diff != "" {
		t.Errorf("roles (-manifests,+known):\n%s", diff)
	}
}
