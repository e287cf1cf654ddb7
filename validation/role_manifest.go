package validation

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// maxAccountName bounds the names that are written into a manifest; no account has a longer one.
const maxAccountName = 253

// manifest is a Role with what a process needs, and its binding to the process's account, to be applied as they are; "" for an
// account that cannot be. The Role's name tells what it gives, so that applying it changes no Role that gives something else.
func (t tenant) manifest() string {
	account := t.grantee()
	if len(account) > maxAccountName || len(t.target) > maxAccountName || len(t.namespace) > maxAccountName {
		return ""
	}
	role := roleName(t.process)
	binding := role + "-" + account
	if t.namespace != t.target {
		binding = role + "-" + t.namespace + "-" + account
	}
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: %s, namespace: %q}\nrules:\n", role, t.target)
	for _, rule := range rights.Role(t.process) {
		fmt.Fprintf(&b, "- {apiGroups: [%s], resources: [%s], verbs: [%s]}\n",
			strconv.Quote(rule.APIGroups[0]), rule.Resources[0], strings.Join(rule.Verbs, ", "))
	}
	fmt.Fprintf(&b, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: %q, namespace: %q}\n", binding, t.target)
	fmt.Fprintf(&b, "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %s}\n", role)
	fmt.Fprintf(&b, "subjects:\n- {kind: ServiceAccount, name: %q, namespace: %q}\n", account, t.namespace)
	return b.String()
}

func roleName(p rights.Process) string {
	name := "flink-taskmanager"
	if p.Role == workload.RoleJobManager {
		name = "flink-jobmanager"
		if p.Native {
			name += "-native"
		}
		if p.Native && p.HostNetwork {
			name += "-hostnetwork"
		}
	}
	if p.Mode == flink.ModeKubernetes {
		name += "-ha"
	}
	return name
}
