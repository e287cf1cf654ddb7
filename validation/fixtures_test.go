package validation

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// customResource is the subject of a custom resource by itself.
func customResource(t *testing.T, manifest string) Subject {
	t.Helper()
	var content map[string]any
	if err := yaml.Unmarshal([]byte(manifest), &content); err != nil {
		t.Fatal(err)
	}
	member, ok := inventory.ResourceMember(content)
	if !ok {
		t.Fatal("this is no custom resource of the operator")
	}
	member.Content = content
	subject := Subject{
		Kind: OfResource, Namespace: member.Namespace, Name: member.Name, Managed: true, Member: member,
		Version: member.Resource.Version, Configuration: member.Resource.Configuration,
	}
	if member.Resource.Kind != workload.KindSessionJob {
		subject.Role = workload.RoleJobManager
	}
	return subject
}

// deleted makes a custom resource one that is about to be deleted.
func deleted(s *Subject) { s.Kind = OfDeletion }

// around is what a rule is told of the objects around its subject.
type around struct {
	Alone
	known *inventory.Inventory
}

func (a around) Inventory() (*inventory.Inventory, bool) { return a.known, true }

// operatorDefaults reads a custom resource over the operator's configuration, a line each.
func operatorDefaults(lines string) func(*Subject) {
	defaults, _ := workload.LoadOperatorDefaults(&corev1.ConfigMap{Data: map[string]string{flink.LegacyFile: lines}})
	return func(s *Subject) {
		known := inventory.New()
		known.SetOperatorDefaults(&defaults, time.Time{})
		s.Around = around{known: known}
		if resource, ok := workload.RecognizeResource(s.Member.Content, &defaults); ok {
			s.Configuration = resource.Configuration
		}
	}
}
