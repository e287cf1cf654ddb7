package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Mutate gives the processes of a Flink cluster with Kubernetes high availability a service account with the rights that they need,
// where they have none of their own and the account "default" lacks them: in workloads, in the configuration of native clusters, and
// in the custom resources of the Flink Kubernetes Operator. What would restart processes that the request leaves alone is not done;
// the decision notes what to do. Where the policy enforces nothing, edits are planned and not made.
//
// What another object owns is left to that, but for the configuration that Flink's native client makes for its Deployment.
func (r *Reviewer) Mutate(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) {
		return decision, nil
	}
	var err error
	switch {
	case isWorkload(request):
		err = r.mutateWorkload(request, &decision)
	case isConfigMap(request):
		err = r.mutateConfiguration(request, &decision)
	case isResource(request):
		err = r.mutateResource(request, &decision)
	}
	return decision, err
}

func (r *Reviewer) mutateWorkload(request *admissionv1.AdmissionRequest, decision *Decision) error {
	var running workloadObject
	if err := decode(request.Object.Raw, "object", &running); err != nil {
		return err
	}
	running.Namespace = request.Namespace
	member, ok := running.member(workloadKind(request))
	if !ok || member.Role == "" || running.DeletionTimestamp != nil {
		return nil
	}
	member = withVersion(member, r.options.Version)
	decision.Recognized = true
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Exempt = ruling.exempt
	if ruling.exempt == exemptSystem || managedByOwner(&running, member) {
		return nil
	}
	if err := r.planAccount(request, &running, member, ruling, decision); err != nil {
		return err
	}
	return r.planToken(request, ruling, decision)
}

// planAccount plans the account of a workload, or notes why it plans none.
func (r *Reviewer) planAccount(request *admissionv1.AdmissionRequest, running *workloadObject, member *inventory.Member, ruling ruling, decision *Decision) error {
	if !ruling.policy.ServiceAccounts.Inject {
		return nil
	}
	configuration := member.Process.Configuration(r.lookupFor(member).surroundings())
	native := member.Process.Deployer == workload.DeployerNative
	claim, ok := claimOf(configuration, ruling.versionOr(member.Process.Version), request.Namespace, native, member.Role)
	if !ok {
		return nil
	}
	spec := &running.Spec.Template.Spec
	if !mutation.NeedsServiceAccount(spec) {
		decision.Account = r.judgeNamed(claim, workload.AccountOfPods(spec, "").Name)
		return nil
	}
	previous, err := previousOf[workloadObject](request)
	if err != nil {
		return err
	}
	r.place(placement{
		kept: func(chosen Account) string { return r.keepsAccount(request, running, previous, chosen, ruling) },
		edits: func(account string) []mutation.Edit {
			return mutation.PlanServiceAccount(spec, podSpecPointer, account)
		},
		later: func(account string) string {
			if !wouldRestart(request, previous, &running.Spec.Template, account) {
				return ""
			}
			return noteRestart(request, account)
		},
	}, claim, ruling, decision)
	return nil
}

// plan tells which edits are made, and which are only reported since the policy changes nothing.
func (ruling ruling) plan(edits []mutation.Edit) (made, planned []mutation.Edit) {
	if ruling.edits() {
		return edits, nil
	}
	return nil, edits
}

// managedByOwner tells whether another object owns the workload; that object is where an account has to be set. What the operator
// makes in its standalone mode it owns. A CronJob makes its Jobs and leaves them as they are, and no webhook sees it.
func managedByOwner(running *workloadObject, member *inventory.Member) bool {
	if owners := running.OwnerReferences; len(owners) > 0 {
		return member.Kind != kindJob || len(owners) > 1 || owners[0].Kind != "CronJob"
	}
	return member.Process.Deployer == workload.DeployerOperator
}

// wouldRestart tells whether an account in the pod template would restart processes that the request leaves alone. The template of a
// Job cannot be changed once it is there: an account in it would have the API server refuse the request, unless it is the one that the
// Job has already and that the request left out.
func wouldRestart(request *admissionv1.AdmissionRequest, previous *workloadObject, template *corev1.PodTemplateSpec, account string) bool {
	switch {
	case previous == nil:
		return false
	case workloadKind(request) == kindJob:
		return workload.AccountOfPods(&previous.Spec.Template.Spec, "").Name != account
	}
	return equality.Semantic.DeepEqual(&previous.Spec.Template, template)
}
