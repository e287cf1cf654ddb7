package admission

import (
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// mutateResource names the account in a custom resource that describes a cluster. One that another resource owns, as the two halves of
// a FlinkBlueGreenDeployment are, takes it from there; a FlinkSessionJob has no processes of its own.
func (r *Reviewer) mutateResource(request *admissionv1.AdmissionRequest, decision *Decision) error {
	ruling := r.rule(request.Namespace, request.UserInfo)
	t, err := r.recognizeResource(request, request.Object.Raw, "object", ruling)
	if err != nil || t == nil || t.member.Resource.Kind == workload.KindSessionJob {
		return err
	}
	decision.Recognized, decision.Exempt = true, ruling.exempt
	if ruling.exempt == exemptSystem || len(t.meta.OwnerReferences) > 0 {
		return nil
	}
	if err := r.planResource(request, t, ruling, decision); err != nil {
		return err
	}
	return r.planToken(request, ruling, decision)
}

func (r *Reviewer) planResource(request *admissionv1.AdmissionRequest, t *target, ruling ruling, decision *Decision) error {
	if !ruling.policy.ServiceAccounts.Inject {
		return nil
	}
	subject := t.alone[0]
	if around, known := r.options.Surroundings.Inventory(); known {
		subject = withDefaults(subject, around.OperatorDefaults())
	}
	resource := t.member.Resource
	spec := specOf(t.member.Content, resource.Path)
	homeless, named := rolesOnDefault(subject.Configuration, spec)
	native := resource.Deployer == workload.DeployerNative
	if named != "" {
		if claim, ok := claimOf(subject.Configuration, subject.Version, request.Namespace, native, workload.RoleJobManager, workload.RoleTaskManager); ok {
			decision.Account = r.judgeNamed(claim, named)
		}
		return nil
	}
	claim, ok := claimOf(subject.Configuration, subject.Version, request.Namespace, native, homeless...)
	if !ok {
		return nil
	}
	pointer := "/" + strings.ReplaceAll(resource.Path, ".", "/")
	previous, err := previousOf[map[string]any](request)
	if err != nil {
		return err
	}
	r.place(placement{
		kept: func(chosen Account) string {
			return r.keepsResourceAccount(request, t, previous, pointer, chosen, ruling)
		},
		edits: func(account string) []mutation.Edit { return mutation.PlanResourceAccount(spec, pointer, account) },
		later: func(account string) string {
			if upgradesAnyway(previous, t.member.Content) {
				return ""
			}
			return noteUpgrade(request, resource.Path, account)
		},
	}, claim, ruling, decision)
	return nil
}

// specOf is a part of a custom resource, such as the one that describes the cluster; nil where it is not there.
func specOf(content map[string]any, path string) map[string]any {
	found, _, _ := unstructured.NestedFieldNoCopy(content, strings.Split(path, ".")...)
	spec, _ := found.(map[string]any)
	return spec
}

// upgradesAnyway tells whether the operator starts the processes for the first time, or anew, whatever else is changed.
func upgradesAnyway(previous *map[string]any, content map[string]any) bool {
	return previous == nil || workload.Upgrades(*previous, content)
}

// rolesOnDefault are the roles whose pods would get the account "default". named is an account that something names, which an account in
// spec.serviceAccount would replace, or could not: the field itself, the general option, or a pod template where there is no option
// (KubernetesUtils.resolveUserDefinedValue). What the operator's defaults may name where they are not known does not count: an
// account in spec.serviceAccount changes nothing for a role that has an option of its own.
func rolesOnDefault(configuration flink.Configuration, spec map[string]any) (roles []workload.Role, named string) {
	general, isSet := configuration.Lookup(flink.KeyServiceAccount)
	if isSet && (general.Unknown != "" || !mutation.IsDefaultAccount(general.Value)) {
		return nil, general.Value
	}
	for _, role := range []workload.Role{workload.RoleJobManager, workload.RoleTaskManager} {
		own, ownIsSet := configuration.Lookup(workload.AccountOption(role))
		switch {
		case ownIsSet && (own.Unknown != "" || !mutation.IsDefaultAccount(own.Value)):
			named = own.Value
			continue
		case !ownIsSet && !isSet:
			if account := accountOfTemplate(spec, role); !mutation.IsDefaultAccount(account) {
				return nil, account
			}
		}
		roles = append(roles, role)
	}
	if len(roles) > 0 {
		named = ""
	}
	return roles, named
}

// accountOfTemplate is the account in the pod template of a role, or in that of both.
func accountOfTemplate(cluster map[string]any, role workload.Role) string {
	manager := "jobManager"
	if role == workload.RoleTaskManager {
		manager = "taskManager"
	}
	for _, path := range []string{manager + ".podTemplate.spec", "podTemplate.spec"} {
		spec := specOf(cluster, path)
		for _, field := range []string{"serviceAccountName", "serviceAccount"} {
			if account, _ := spec[field].(string); account != "" {
				return account
			}
		}
	}
	return ""
}
