package validation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Names that the API server takes of accounts and bindings (a DNS subdomain), and of namespaces (a DNS label). What a configuration
// or a custom resource says is any text.
var (
	accountName   = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	namespaceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
)

// maxBindingName is how long a name may be.
const maxBindingName = 253

// manifest is a Role with what a process needs, and its binding to the process's account, to be applied as they are; "" for an
// account or a namespace that cannot be. The Role's name tells what it gives, so that applying it changes no Role that gives
// something else.
func (t tenant) manifest() string {
	account := t.grantee()
	role := roleName(t.process)
	binding := role + "-" + account
	if t.namespace != t.target {
		binding = role + "-" + t.namespace + "-" + account
	}
	if len(binding) > maxBindingName || !accountName.MatchString(account) || !namespaceName.MatchString(t.namespace) || !namespaceName.MatchString(t.target) {
		return ""
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
