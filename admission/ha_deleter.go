package admission

import (
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// The users that the garbage collector and the namespace controller are: each its own where the controller manager runs with
// --use-service-account-credentials, and the third one for both otherwise.
const (
	userGarbageCollector    = "system:serviceaccount:kube-system:generic-garbage-collector"
	userNamespaceController = "system:serviceaccount:kube-system:namespace-controller"
	userControllerManager   = "system:kube-controller-manager"
)

// operatorAccount is the service account of the Flink Kubernetes Operator, as its chart names it.
const operatorAccount = "flink-operator"

// deleterOf tells in what capacity an HA ConfigMap is deleted. The namespace controller deletes whatever is in a namespace, and the
// garbage collector what has owners, which tells them apart where they are one user.
func (r *Reviewer) deleterOf(request *admissionv1.AdmissionRequest, configMap *corev1.ConfigMap, name hastate.Name, ruling ruling) validation.Deleter {
	username := request.UserInfo.Username
	account, isAccount := access.AccountOf(username)
	switch {
	case username == userGarbageCollector:
		return validation.DeleterGarbageCollector
	case username == userNamespaceController:
		return validation.DeleterNamespaceController
	case username == userControllerManager:
		if namespace, _ := r.options.Surroundings.Namespace(request.Namespace); !namespace.Deleting && len(configMap.OwnerReferences) > 0 {
			return validation.DeleterGarbageCollector
		}
		return validation.DeleterNamespaceController
	case slices.Contains(ruling.policy.HAConfigMaps.Operators, username), isAccount && account.Name == operatorAccount:
		return validation.DeleterOperator
	case isAccount && r.isFlinks(account, request.Namespace, name.Cluster):
		return validation.DeleterFlink
	}
	return validation.DeleterOther
}

// isFlinks tells whether a service account may be that of a JobManager of a cluster, which deletes the state of jobs that have ended and
// must not be held back: a JobManager has the account that is known of the cluster, or may be of the cluster. Where no JobManager of the
// cluster is known, any account of the namespace may be.
func (r *Reviewer) isFlinks(account access.Account, namespace, clusterID string) bool {
	around, known := r.options.Surroundings.Inventory()
	atHome := account.Namespace == namespace
	if !known {
		return atHome
	}
	members := slices.DeleteFunc(around.WithClusterID(namespace, clusterID), func(m *inventory.Member) bool { return !mayLead(m, clusterID) })
	if atHome && len(members) == 0 {
		return true
	}
	near, all := around.InNamespace(account.Namespace, maxPreviewed)
	return atHome && all > len(near) ||
		slices.ContainsFunc(slices.Concat(members, near), func(m *inventory.Member) bool { return mayLead(m, clusterID) && mayRunAs(m, account) })
}

// mayLead tells whether a member is, or describes, a JobManager of a cluster, as far as is known.
func mayLead(member *inventory.Member, clusterID string) bool {
	if member.Role == workload.RoleTaskManager || member.Client || member.Resource != nil && member.Resource.Kind == workload.KindSessionJob {
		return false
	}
	return member.Identity.ClusterID == "" || member.Identity.ClusterID == clusterID
}

// mayRunAs tells whether the JobManagers of a member have an account, as far as is known.
func mayRunAs(member *inventory.Member, account access.Account) bool {
	if member.Namespace != account.Namespace {
		return false
	}
	var own workload.Account
	if member.Resource != nil {
		own = member.Resource.Account(workload.RoleJobManager, member.Resource.Configuration)
	} else {
		own = workload.AccountOfPods(&member.Template.Spec, "")
	}
	return own.Name == account.Name || own.Unknown != ""
}
