package cluster

import (
	"fmt"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// BenchmarkAccounts asks the caches of a manager, as a review does, in a cluster of a thousand namespaces with accounts and bindings.
func BenchmarkAccounts(b *testing.B) {
	const group = "rbac.authorization.k8s.io/v1/"
	server := startAPIServer(b)
	server.happen(b, "ADDED", group+"clusterroles", clusterAdmin())
	for _, role := range clusterRoles() {
		server.happen(b, "ADDED", group+"clusterroles", clusterRole(role))
	}
	for i := range 1000 {
		team := fmt.Sprintf("team-%03d", i)
		server.happen(b, "ADDED", "v1/namespaces", namespace(team))
		server.happen(b, "ADDED", "v1/serviceaccounts", account(team, "default", ""))
		server.happen(b, "ADDED", "v1/serviceaccounts", account(team, "own", ""))
		server.happen(b, "ADDED", group+"roles", role(team, "own"))
		server.happen(b, "ADDED", group+"rolebindings", bound(team, "own", "Role", "own", team, "own"))
	}
	o := Options{Namespace: "guard", Policy: accountsPolicy(policy.ServiceAccounts{Inject: true, Provision: true, Name: "flink"})}
	s := startManager(b, server, o)
	ask := func(account string) access.Answer {
		return s.Access(access.Account{Namespace: "team-500", Name: account}, "team-500", readsConfigMaps())
	}
	eventually(b, "what accounts may do to be known", func() bool { return s.Ready(nil) == nil && ask("default").Known })
	for _, account := range []string{"default", "own", "flink"} { // it lacks the rights, has them, and will be made
		b.Run("access/"+account, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ask(account).Covered() != (account != "default") {
					b.Fatal("the wrong answer")
				}
			}
		})
		b.Run("account/"+account, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if there, known := s.ServiceAccount("team-500", account); !known || there.Promised != (account == "flink") {
					b.Fatal("the wrong answer")
				}
			}
		})
	}
}
