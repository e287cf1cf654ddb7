package validation

import (
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// tenant is a process together with the account that it runs as.
type tenant struct {
	process rights.Process
	account workload.Account
	// holder is the workload whose pods have the account where another one is written: a Deployment that is older than what its
	// configuration says now.
	holder string
	// written is the account as it is written.
	written string
	// perhaps is true where the pods may bring credentials of their own.
	perhaps bool
	// namespace is that of the account and the pods, target the one in which the process works: kubernetes.namespace. byDefault is
	// true where nobody named that one.
	namespace, target string
	byDefault         bool
}

// tenantOf is the process of a role that the subject describes, with its account: of a workload its pods', of a custom resource
// either, of the configuration of a native cluster the JobManager that mounts it, and the TaskManagers that this one makes from
// it. It is false where the subject describes none, or it is not known where it works.
func (s *Subject) tenantOf(role workload.Role) (tenant, bool) {
	found := tenant{namespace: s.Namespace}
	native, named := s.isNative(), ""
	switch {
	case s.Namespace == "" || !s.readable() || s.Configuration.Get(flink.KeyKubeConfig, s.Version).Set:
		return tenant{}, false // with a kubeconfig the process does not use its account
	case s.Kind == OfWorkload && s.Role == role && s.podSpec() != nil:
		found.account = s.accountOfPods()
		named = s.Name
	case s.Kind == OfResource && s.isCluster():
		found.account = s.Member.Resource.Account(role, s.Configuration)
	case s.Kind == OfConfiguration && native && role == workload.RoleTaskManager:
		found.account = workload.AccountOfNative(role, s.Configuration, s.Version)
	case s.Kind == OfConfiguration && native && s.podSpec() != nil && s.Role == role:
		// The pods are there already; the options that name their account stand in the configuration.
		found.account = workload.AccountOfNative(role, s.Configuration, s.Version)
		found.written, named = found.account.Name, s.Member.Name
		found.account.Name, found.account.Unknown = s.accountOfPods().Name, ""
		if found.written != found.account.Name {
			found.holder = s.Member.Kind + " " + Show(s.Member.Name)
		}
	default:
		return tenant{}, false
	}
	if found.holder == "" {
		found.written = found.account.Name
	}
	found.process = rights.ProcessOf(role, native, s.Configuration, s.Version)
	if native && found.process.ClusterID == "" {
		found.process.ClusterID = named // the Deployment of a native cluster is called like it
	}
	if template, container, known := s.flinkContainer(); known {
		found.perhaps = bringsCredentials(&template.Spec, container) || s.configuresClient()
	}
	found.target, found.byDefault = rights.NamespaceOf(s.Configuration, s.Version, s.Namespace, s.isDeployed())
	return found, found.target != "" && found.account.Name != "" && (found.account.Named || found.account.Unknown == "")
}

// isCluster tells whether a custom resource describes a cluster, and no job for one.
func (s *Subject) isCluster() bool {
	return s.Member != nil && s.Member.Resource != nil && s.Member.Resource.Kind != workload.KindSessionJob
}

// isNative tells whether the JobManager makes its TaskManagers itself.
func (s *Subject) isNative() bool {
	switch {
	case s.Member == nil:
		return s.Managed && strings.HasPrefix(s.Configuration.Get(flink.KeyTarget, s.Version).Value(), "kubernetes-")
	case s.Member.Resource != nil:
		return s.Member.Resource.Deployer == workload.DeployerNative
	}
	return s.Member.Process.Deployer == workload.DeployerNative
}

// accountOfPods is the account of the workload's pods; there is a pod spec.
func (s *Subject) accountOfPods() workload.Account {
	return workload.AccountOfPods(s.podSpec(), s.podSpecPath())
}

// isDeployed tells whether Flink's native client or the operator made the workload.
func (s *Subject) isDeployed() bool {
	return s.Member != nil && s.Member.Resource == nil && s.Member.Role != "" && s.Member.Process.Deployer != workload.DeployerStandalone
}

// lacks asks what the account lacks of some rights of its process.
func (t tenant) lacks(around Surroundings, needed []rights.Right) access.Answer {
	if len(needed) == 0 {
		return access.Answer{}
	}
	return around.Access(access.Account{Namespace: t.namespace, Name: t.account.Name}, t.target, needed)
}

// knowsRights tells whether it is known what the accounts of the subject's processes may do: then there is more to say of them than
// their names, or nothing.
func (s *Subject) knowsRights() bool {
	return s.Around != nil && slices.ContainsFunc([]workload.Role{workload.RoleJobManager, workload.RoleTaskManager}, func(role workload.Role) bool {
		found, ok := s.tenantOf(role)
		return ok && found.lacks(s.Around, rights.Needed(found.process)).Known
	})
}

// shortage is what an account lacks.
type shortage struct {
	tenant
	access.Answer
	// certain is false where the processes may do without.
	certain bool
}

// shortageOf finds what the account of a role's processes lacks: what they certainly need, or else what they may need.
func (s *Subject) shortageOf(role workload.Role) (shortage, bool) {
	if s.Around == nil {
		return shortage{}, false
	}
	found, ok := s.tenantOf(role)
	if !ok {
		return shortage{}, false
	}
	needed := rights.Needed(found.process)
	certain := found.lacks(s.Around, needed)
	if len(needed) > 0 && !certain.Known {
		return shortage{}, false
	}
	missing := found.lacks(s.Around, rights.Wanted(found.process))
	if certain.Lacking() {
		// What it has of an object by name it does not lack, though a role for all of the kind is better.
		missing.Missing = slices.DeleteFunc(slices.Clone(missing.Missing), func(r rights.Right) bool {
			return mentions(needed, r) && !mentions(certain.Missing, r)
		})
	}
	return shortage{found, missing, certain.Lacking()}, missing.Lacking()
}

// mentions tells whether a verb on a kind is among rights, whichever objects they are about.
func mentions(all []rights.Right, right rights.Right) bool {
	return slices.ContainsFunc(all, func(r rights.Right) bool {
		return r.Group == right.Group && r.Resource == right.Resource && r.Verb == right.Verb
	})
}

// violation is about an account that lacks rights. effect says what happens without them.
func (s shortage) violation(effect string) Violation {
	account, in := s.account, "namespace "+Show(s.target)
	sure := s.certain && account.Unknown == "" && !s.perhaps
	violation := Violation{
		Option: "serviceAccountName", Setting: account.Setting, Position: account.Position,
		Detail:   s.name() + " lacks " + rights.Describe(s.Missing) + " in " + in,
		Effect:   effect,
		Needed:   rights.Describe(rights.Wanted(s.process)),
		Remedy:   "bind a Role with these rights to " + s.pronoun() + " in " + in,
		Manifest: s.manifest(),
		Since:    s.Changed,
		Unsure:   !sure,
	}
	if account.Named {
		violation.Found = &s.written
	}
	if !s.certain {
		violation.Detail += ", which Flink may need"
	}
	if s.byDefault {
		violation.Detail += ", where Flink works as long as " + flink.KeyNamespace + " is not set"
		violation.Remedy, violation.Manifest = "set "+flink.KeyNamespace+" to "+Show(s.namespace)+" first", ""
	} else if s.grantee() != account.Name {
		violation.Remedy = line(account.Position, account.Setting, suggestedAccount) + ", bound to a Role with these rights in " + in
	}
	if sure && s.Settled {
		violation.Level, violation.Settled = policy.LevelBaseline, true
	}
	return violation
}

// suggestedAccount is the account to make where the pods are on the default one: what that may do, every pod of the namespace may.
const suggestedAccount = "flink"

// grantee is the account to give the rights to.
func (t tenant) grantee() string {
	if t.account.Name == defaultAccount && t.holder == "" {
		return suggestedAccount
	}
	return t.account.Name
}

// name is the account in a detail: "it", where the message has named it already.
func (s shortage) name() string {
	switch {
	case s.holder != "":
		return "the account " + Show(s.account.Name) + " of the " + s.holder
	case s.account.Unknown != "":
		return Show(s.account.Name) + ", if it is the account of the pods,"
	case s.account.Named:
		return "it"
	}
	return "the account " + Show(s.account.Name)
}

// pronoun stands for the account once it was named.
func (s shortage) pronoun() string {
	if s.holder != "" {
		return Show(s.account.Name)
	}
	return "it"
}

// consequence is what happens where a right is missing.
type consequence struct {
	resource string
	verbs    []string
	effect   string
}

// effectOf is the gravest consequence of what is missing: they are listed in that order.
func effectOf(missing []rights.Right, consequences []consequence) string {
	for _, c := range consequences {
		if slices.ContainsFunc(missing, func(r rights.Right) bool { return r.Resource == c.resource && slices.Contains(c.verbs, r.Verb) }) {
			return c.effect
		}
	}
	return ""
}
