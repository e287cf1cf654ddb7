package cluster

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// clusterRoles are the ClusterRoles that the guard binds.
func clusterRoles() []string {
	return []string{policy.JobManagerRole, policy.NativeRole, policy.TaskManagerRole}
}

const (
	// labelManagedBy with our name as value marks what the guard made and may complete.
	labelManagedBy = validation.LabelManagedBy
	managedByUs    = validation.ManagedByGuard
	fieldOwner     = managedByUs
)

// planAccounts tells what the guard does in a namespace with these labels.
func (o Options) planAccounts(namespace string, labels map[string]string, now time.Time) validation.AccountPlan {
	if !o.sees(namespace) {
		return validation.AccountPlan{}
	}
	return validation.PlanAccounts(o.Policy(), namespace, labels, now)
}

// isOurs tells whether the guard made an account.
func isOurs(account *corev1.ServiceAccount) bool {
	return account.Labels[labelManagedBy] == managedByUs
}

// madeByUs tells the same of what somebody may have taken the label from.
func madeByUs(meta *metav1.ObjectMeta) bool { return validation.MadeByGuard(meta) }
