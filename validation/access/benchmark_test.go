package access

import (
	"fmt"
	"sync"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// crowd is a cluster with many bindings in other namespaces.
func crowd(t testing.TB, bindings int) *Index {
	x := fill(t, New(), together(theRole, theBinding), noon())
	for i := range bindings {
		namespace := fmt.Sprint("team-", i/5)
		x.SetRoleBinding(&rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprint("binding-", i)},
			RoleRef:    rbacv1.RoleRef{Kind: "ClusterRole", Name: "edit"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: "flink"}},
		}, noon())
	}
	return x
}

func BenchmarkLacks(b *testing.B) {
	jobManager := rights.Needed(rights.Process{Role: workload.RoleJobManager, Native: true, Mode: flink.ModeKubernetes, Version: flink.Version{Major: 1, Minor: 20}})
	const most = `{apiGroups: [""], resources: [pods], verbs: ['*']}, {apiGroups: [apps], resources: [deployments], verbs: [get, delete]}, ` +
		`{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch, create, update, patch, delete]}`
	for name, role := range map[string]string{"covered": roleOf(most), "lacking": theRole} {
		b.Run(name, func(b *testing.B) {
			x := fill(b, crowd(b, 5000), role, noon())
			b.ReportAllocs()
			for b.Loop() {
				if x.Lacks(flinkAccount(), "team", jobManager).Covered() != (name == "covered") {
					b.Fatal("wrong")
				}
			}
		})
	}
}

// Objects come while questions are asked.
func TestConcurrentUse(t *testing.T) {
	for name, x := range map[string]*Index{"of an API server": New(), "of files": NewRendered()} {
		t.Run(name, func(t *testing.T) {
			var group sync.WaitGroup
			for worker := range 4 {
				group.Go(func() {
					for i := range 200 {
						at := noon().Add(time.Duration(i) * time.Second)
						fill(t, x, together(theRole, theBinding), at)
						x.SetClusterRole(&rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "c", Labels: map[string]string{aggregateToEdit: "true"}}, Rules: []rbacv1.PolicyRule{{Verbs: []string{fmt.Sprint(i)}}}}, at)
						if i%2 == worker%2 {
							x.DeleteRoleBinding("team", "flink", at)
							x.DeleteRole("team", "flink", at)
						}
						x.Lacks(flinkAccount(), "team", named("list configmaps", "get pods"), "edit")
					}
				})
			}
			group.Wait()
		})
	}
}
