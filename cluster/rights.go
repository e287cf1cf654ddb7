package cluster

import (
	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Rights are what the server may do in the cluster, for its own account.
type Rights struct {
	// Cluster is what it may do everywhere.
	Cluster []rbacv1.PolicyRule
	// Namespace is what it may do in its own namespace.
	Namespace []rbacv1.PolicyRule
}

// RightsNeeded lists the rights without which the informers and controllers for these options do not work, and no others.
// Leader election is the manager's, and part of it, since the controllers run under it.
func RightsNeeded(o Options) Rights {
	rights := Rights{
		Cluster: []rbacv1.PolicyRule{
			rule(corev1.GroupName, "configmaps", "list", "watch"),
			rule(corev1.GroupName, "namespaces", "list", "watch"),
			rule(corev1.GroupName, "serviceaccounts", "list", "watch"),
		},
		Namespace: []rbacv1.PolicyRule{
			rule(coordinationv1.GroupName, "leases", "create", "get", "update"),
			// The manager notes in events who became the leader.
			rule(corev1.GroupName, "events", "create", "patch"),
		},
	}
	for _, kind := range workloadKinds() {
		rights.Cluster = append(rights.Cluster, rule(kind.group.Group, kind.resource, "list", "watch"))
	}
	for _, kind := range resourceKinds() {
		rights.Cluster = append(rights.Cluster, rule(workload.ResourceGroup, kind.resource, "list", "watch"))
	}
	for _, resource := range []string{"roles", "clusterroles", "rolebindings", "clusterrolebindings"} {
		rights.Cluster = append(rights.Cluster, rule(rbacv1.GroupName, resource, "list", "watch"))
	}
	if o.strips() {
		// RBAC cannot hold a right to the names of HA ConfigMaps, which are those of clusters.
		rights.Cluster = append(rights.Cluster, rule(corev1.GroupName, "configmaps", "patch"))
	}
	if o.keepFor() > 0 {
		// The Secrets that keep deleted HA state are named by the uids of ConfigMaps.
		rights.Namespace = append(rights.Namespace, rule(corev1.GroupName, "secrets", "create", "delete", "list", "patch"))
	}
	if o.restores() {
		rights.Cluster = append(rights.Cluster, rule(corev1.GroupName, "configmaps", "create", "patch"))
	}
	if o.Judge != nil || o.Injections != nil || o.provisions() || o.strips() || o.keepFor() > 0 {
		rights.Cluster = append(rights.Cluster, rule(eventsv1.GroupName, "events", "create"))
	}
	if o.keepsCABundle() {
		rights.Cluster = append(rights.Cluster,
			only(rule(admissionregistrationv1.GroupName, "validatingwebhookconfigurations", "list", "patch", "watch"), o.WebhookConfigurationName),
			only(rule(admissionregistrationv1.GroupName, "mutatingwebhookconfigurations", "list", "patch", "watch"), o.WebhookConfigurationName),
		)
		rights.Namespace = append(rights.Namespace, only(rule(corev1.GroupName, "secrets", "list", "watch"), o.CASecretName))
	}
	if o.provisions() {
		rights.Cluster = append(rights.Cluster, provisioningRights(o.Policy().ServiceAccounts.Name)...)
	}
	return rights
}

// provisioningRights are those of the provisioner. It writes RoleBindings with PATCH alone, for which the API server knows the name
// also where it makes one: so all of it is held to three names, and to the three ClusterRoles that they bind.
func provisioningRights(account string) []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		// RBAC cannot hold a creation with POST to a name: the name is not part of the request's path.
		rule(corev1.GroupName, "serviceaccounts", "create"),
		// What "default" carries is copied where the policy says so, to an account of the policy's name; others need a line of their own.
		only(rule(corev1.GroupName, "serviceaccounts", "patch"), account),
		only(rule(rbacv1.GroupName, "rolebindings", "create", "patch", "delete"), clusterRoles()...),
		only(rule(rbacv1.GroupName, "clusterroles", "bind"), clusterRoles()...),
		// What may still use an account, asked before a binding is removed.
		rule(corev1.GroupName, "pods", "list"),
		rule(appsv1.GroupName, "daemonsets", "list"),
		rule(appsv1.GroupName, "replicasets", "list"),
		rule(batchv1.GroupName, "cronjobs", "list"),
	}
}

func rule(group, resource string, verbs ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs}
}

// only holds a rule to the objects of some names.
func only(rule rbacv1.PolicyRule, names ...string) rbacv1.PolicyRule {
	rule.ResourceNames = names
	return rule
}
