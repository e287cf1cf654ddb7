package admission

import (
	"fmt"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// Mutate gives a Flink process with Kubernetes high availability a service account where it has none of its own. A changed
// pod template restarts the process, so that a running one is given an account only when its template changes anyway;
// otherwise the decision notes what to do.
func (r *Reviewer) Mutate(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) || !isWorkload(request) {
		return decision, nil
	}
	var workload workloadObject
	if err := decode(request.Object.Raw, "object", &workload); err != nil {
		return decision, err
	}
	process, ok := flink.RecognizeWorkload(&workload.Spec.Template, podSpecPath)
	if !ok || workload.DeletionTimestamp != nil {
		return decision, nil
	}
	decision.Recognized = true
	accounts := r.policy.ServiceAccounts
	spec := &workload.Spec.Template.Spec
	if !accounts.Inject || managedByOwner(&workload) || !mutation.NeedsServiceAccount(spec) || !r.usesKubernetesHA(request.Namespace, process) {
		return decision, nil
	}
	if exists, known := r.surroundings.ServiceAccountWillExist(request.Namespace, accounts.Name); known && !exists {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\", and there is no account %q to give them: "+
			"kubectl -n %s create serviceaccount %s, and bind it to the rights on ConfigMaps that Flink needs", accounts.Name, request.Namespace, accounts.Name))
		return decision, nil
	}
	restarts, err := wouldRestart(request, &workload.Spec.Template)
	if err != nil {
		return decision, err
	}
	if restarts {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\"; to give them %q, which restarts them: "+
			"kubectl -n %s set serviceaccount %s %s %s", accounts.Name, request.Namespace, request.Resource.Resource, request.Name, accounts.Name))
		return decision, nil
	}
	decision.Edits = mutation.PlanServiceAccount(spec, podSpecPointer, accounts.Name)
	return decision, nil
}

// managedByOwner tells whether another object owns the workload; that object is where an account has to be set.
func managedByOwner(workload *workloadObject) bool { return len(workload.OwnerReferences) > 0 }

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

// usesKubernetesHA resolves the HA mode from what the process is given: the ConfigMap that it mounts, if that is known, under
// its own arguments.
func (r *Reviewer) usesKubernetesHA(namespace string, process flink.Workload) bool {
	configuration := process.Configuration
	if process.ConfigMap != "" {
		if configMap, ok := r.surroundings.ConfigMap(namespace, process.ConfigMap); ok {
			if mounted, ok := process.MountedConfiguration(configMap); ok {
				configuration = mounted.Overlay(configuration)
			}
		}
	}
	return flink.ResolveHighAvailability(configuration, process.Version).Mode == flink.ModeKubernetes
}
