package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Mutate gives a Flink process with Kubernetes high availability a service account where it has none of its own. A changed
// pod template restarts the process, so that a running one is given an account only when its template changes anyway;
// otherwise the decision notes what to do. Where the policy enforces nothing, edits are planned and not made.
func (r *Reviewer) Mutate(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) || !isWorkload(request) {
		return decision, nil
	}
	var running workloadObject
	if err := decode(request.Object.Raw, "object", &running); err != nil {
		return decision, err
	}
	running.Namespace = request.Namespace
	member, ok := running.member(workloadKind(request))
	if !ok || member.Role == "" || running.DeletionTimestamp != nil {
		return decision, nil
	}
	decision.Recognized = true
	ruling := r.rule(request.Namespace, request.UserInfo)
	decision.Exempt = ruling.exempt
	if err := r.planAccount(request, &running, member, ruling, &decision); err != nil {
		return decision, err
	}
	return decision, nil
}

// planAccount plans the account of a workload, or notes why it plans none.
func (r *Reviewer) planAccount(request *admissionv1.AdmissionRequest, running *workloadObject, member *inventory.Member, ruling ruling, decision *Decision) error {
	accounts, spec := ruling.policy.ServiceAccounts, &running.Spec.Template.Spec
	if !accounts.Inject || managedByOwner(running) || !mutation.NeedsServiceAccount(spec) || !r.usesKubernetesHA(member, ruling) {
		return nil
	}
	if account, known := r.options.Surroundings.ServiceAccount(request.Namespace, accounts.Name); known && !account.Exists {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\", and there is no account %q to give them: "+
			"kubectl -n %s create serviceaccount %s, and bind it to the rights on ConfigMaps that Flink needs", accounts.Name, request.Namespace, accounts.Name))
		return nil
	}
	restarts, err := wouldRestart(request, &running.Spec.Template)
	if err != nil {
		return err
	}
	if restarts {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\"; to give them %q, which restarts them: "+
			"kubectl -n %s set serviceaccount %s %s %s", accounts.Name, request.Namespace, request.Resource.Resource, request.Name, accounts.Name))
		return nil
	}
	decision.Edits, decision.Planned = ruling.plan(mutation.PlanServiceAccount(spec, podSpecPointer, accounts.Name))
	if len(decision.Planned) > 0 {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\"; they would get %q where the policy is enforced", accounts.Name))
	}
	return nil
}

// plan tells which edits are made, and which are only reported since the policy changes nothing.
func (ruling ruling) plan(edits []mutation.Edit) (made, planned []mutation.Edit) {
	if ruling.edits() {
		return edits, nil
	}
	return nil, edits
}

// managedByOwner tells whether another object owns the workload; that object is where an account has to be set.
func managedByOwner(running *workloadObject) bool { return len(running.OwnerReferences) > 0 }

// wouldRestart tells whether an edit of the pod template would restart processes that the request leaves alone.
func wouldRestart(request *admissionv1.AdmissionRequest, template *corev1.PodTemplateSpec) (bool, error) {
	if request.Operation != admissionv1.Update {
		return false, nil
	}
	var previous workloadObject
	if err := decode(request.OldObject.Raw, "oldObject", &previous); err != nil {
		return false, err
	}
	return equality.Semantic.DeepEqual(&previous.Spec.Template, template), nil
}

// usesKubernetesHA resolves the HA mode from what the process is given: its files, as far as their ConfigMaps are known, under
// its own arguments.
func (r *Reviewer) usesKubernetesHA(member *inventory.Member, ruling ruling) bool {
	configuration := member.Process.Configuration(r.lookupFor(member).surroundings())
	return flink.ResolveHighAvailability(configuration, ruling.versionOr(member.Process.Version)).Mode == flink.ModeKubernetes
}
