package admission

import (
	"fmt"
	"slices"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
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
	var running workloadObject
	if err := decode(request.Object.Raw, "object", &running); err != nil {
		return decision, err
	}
	process, ok := workload.Recognize(&running.Spec.Template, podSpecPath)
	if !ok || running.DeletionTimestamp != nil {
		return decision, nil
	}
	decision.Recognized = true
	accounts := r.policy.ServiceAccounts
	spec := &running.Spec.Template.Spec
	if !accounts.Inject || managedByOwner(&running) || !mutation.NeedsServiceAccount(spec) || !r.usesKubernetesHA(request.Namespace, process) {
		return decision, nil
	}
	if exists, known := r.surroundings.ServiceAccountWillExist(request.Namespace, accounts.Name); known && !exists {
		decision.Notes = append(decision.Notes, fmt.Sprintf("the pods run as the account \"default\", and there is no account %q to give them: "+
			"kubectl -n %s create serviceaccount %s, and bind it to the rights on ConfigMaps that Flink needs", accounts.Name, request.Namespace, accounts.Name))
		return decision, nil
	}
	restarts, err := wouldRestart(request, &running.Spec.Template)
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
func (r *Reviewer) usesKubernetesHA(namespace string, process workload.Process) bool {
	asked, mounted := 0, process.ConfigMaps()
	configuration := process.Configuration(workload.Surroundings{
		Namespace: namespace,
		ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
			if asked++; asked > maxConfigMaps && !slices.Contains(mounted, name) {
				return nil, workload.Unknown
			}
			configMap, ok := r.surroundings.ConfigMap(namespace, name)
			if !ok {
				return nil, workload.Unknown
			}
			return configMap, workload.KnownInPart
		},
	})
	return flink.ResolveHighAvailability(configuration, process.Version).Mode == flink.ModeKubernetes
}

// maxConfigMaps bounds how many ConfigMaps with variables are looked up for one workload: an answer about one that is not there
// takes a while.
const maxConfigMaps = 4
