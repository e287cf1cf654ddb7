package admission

import (
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Validate judges what is created or changed: configurations, workloads, custom resources, scales and the labels of namespaces.
// An update is refused only for what the object did not have before, a create only for what its predecessor did not have. An
// object that is being deleted is never held back, and one that something else makes is only warned about.
func (r *Reviewer) Validate(request *admissionv1.AdmissionRequest) (Decision, error) {
	switch {
	case !isWrite(request):
		return decisionOn(request), nil
	case isNamespace(request):
		return r.validateNamespace(request)
	case isScale(request):
		return r.validateScale(request)
	}
	ruling := r.rule(request.Namespace, request.UserInfo)
	return r.validate(request, request.Object.Raw, ruling)
}

func (r *Reviewer) validate(request *admissionv1.AdmissionRequest, raw []byte, ruling ruling) (Decision, error) {
	decision := decisionOn(request)
	current, err := r.recognize(request, raw, "object", ruling)
	if err != nil || current == nil {
		return decision, err
	}
	decision.Recognized = true
	if decision.Name == "" {
		decision.Name = current.name()
	}
	decision.Exempt = ruling.exempt
	if ruling.exempt == exemptSystem {
		return decision, nil
	}
	for _, problem := range ruling.policy.AnnotationProblems(current.meta.Annotations, ruling.now) {
		decision.Notes = append(decision.Notes, "annotation "+problem.Annotation+": "+problem.Problem)
	}
	var previous *target
	if request.Operation == admissionv1.Update {
		if previous, err = r.recognize(request, request.OldObject.Raw, "oldObject", ruling); err != nil {
			return decision, err
		}
	}
	decision.Findings = r.judge(r.examine(current, previous, ruling), current.exemptions(), ruling, occasion{
		operation: request.Operation,
		managed:   current.managed && !r.justDeployed(request, current, ruling.now),
		before:    func() map[validation.Identity]bool { return r.before(request, previous, current, ruling) },
	})
	return decision, nil
}

func (t *target) exemptions() []policy.Exemption { return t.common().Exemptions }

// before are the findings that an object had before its update or, where it is created, those of its predecessors: Jobs are
// replaced, ConfigMaps get new names with a hash, and backups are restored by CREATE.
func (r *Reviewer) before(request *admissionv1.AdmissionRequest, previous, current *target, ruling ruling) map[validation.Identity]bool {
	if request.Operation == admissionv1.Update {
		if previous == nil {
			return nil
		}
		return r.had(previous, current, ruling)
	}
	if r.options.Afresh {
		return nil
	}
	known := map[validation.Identity]bool{}
	for _, predecessor := range r.predecessors(current, ruling) {
		for identity := range r.had(predecessor, current, ruling) {
			known[identity] = true
		}
	}
	return known
}

// maxPredecessors bounds how many predecessors are asked.
const maxPredecessors = 16

// predecessors are the objects that were, or are, there under the same identity and role. An inventory that cannot be trusted to
// be complete is asked all the same: what it has excuses, and what it lacks is no reason to refuse.
func (r *Reviewer) predecessors(current *target, ruling ruling) []*target {
	around, _ := r.options.Surroundings.Inventory()
	if around == nil {
		return nil
	}
	var targets []*target
	if current.configMap != nil {
		configMap := current.configMap
		if configMap.Namespace == "" {
			configMap = configMap.DeepCopy()
			configMap.Namespace = current.common().Namespace
		}
		for _, previous := range around.PreviousConfigMaps(configMap, ruling.now) {
			if t, ok := r.configuration(previous, previous.Namespace, ruling); ok && len(targets) < maxPredecessors {
				targets = append(targets, t)
			}
		}
		return targets
	}
	for _, previous := range around.PreviousMembers(current.member, ruling.now) {
		if t := r.targetOf(previous, ruling); t != nil && len(targets) < maxPredecessors {
			t.past = true
			targets = append(targets, t)
		}
	}
	return targets
}

// targetOf is the target of a member of the inventory; nil for a process of Flink's that is nobody's to judge.
func (r *Reviewer) targetOf(member *inventory.Member, ruling ruling) *target {
	meta := metaOf(member)
	switch {
	case member.Resource != nil:
		return r.resource(validation.OfResource, member, meta, ruling)
	case member.Role != "":
		return r.process(member, meta, ruling)
	}
	return nil
}

// metaOf is what a member keeps of its metadata.
func metaOf(member *inventory.Member) *metav1.ObjectMeta {
	meta := &metav1.ObjectMeta{
		Name: member.Name, Namespace: member.Namespace, UID: member.UID, Labels: member.Labels, Annotations: member.Annotations,
	}
	if owner := member.Owner; owner != (inventory.Owner{}) {
		meta.OwnerReferences = []metav1.OwnerReference{{APIVersion: owner.APIVersion, Kind: owner.Kind, Name: owner.Name, UID: owner.UID}}
	}
	return meta
}

// deploymentAge is how old the Deployment of Flink's native client is at most when the client creates the ConfigMap for it, right
// after it.
const deploymentAge = 30 * time.Second

// justDeployed tells whether a configuration is what Flink's native client creates for a Deployment that it has just made. When
// it is refused, the client removes the Deployment again, which is what should happen to one that is as new as the request, and
// to no other (KubernetesClusterDescriptor.deployClusterInternal). What the operator makes with the same client stays.
func (r *Reviewer) justDeployed(request *admissionv1.AdmissionRequest, current *target, now time.Time) bool {
	if request.Operation != admissionv1.Create || current.configMap == nil || len(current.meta.OwnerReferences) != 1 {
		return false
	}
	owner := current.meta.OwnerReferences[0]
	if owner.Kind != "Deployment" {
		return false
	}
	deployment, ok := r.options.Surroundings.Member(inventory.Key{Kind: owner.Kind, Namespace: request.Namespace, Name: owner.Name})
	return ok && deployment.UID == owner.UID && deployment.Owner == (inventory.Owner{}) && now.Sub(deployment.Created) < deploymentAge
}
