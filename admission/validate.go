package admission

import (
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Validate judges a configuration or a workload that is created or changed. An update is refused only for what the object did
// not have before, an object that is being deleted is never held back, and one that something else makes is only warned
// about.
func (r *Reviewer) Validate(request *admissionv1.AdmissionRequest) (Decision, error) {
	decision := decisionOn(request)
	if !isWrite(request) {
		return decision, nil
	}
	var recognize func(raw []byte, what string) (target, error)
	switch {
	case isConfigMap(request):
		recognize = recognizeConfiguration
	case isWorkload(request):
		recognize = recognizeWorkload
	default:
		return decision, nil
	}
	current, err := recognize(request.Object.Raw, "object")
	if err != nil || !current.recognized || current.deleted {
		return decision, err
	}
	decision.Recognized = true
	if decision.Name == "" {
		decision.Name = current.name
	}
	known := map[string]bool{}
	if request.Operation == admissionv1.Update {
		previous, err := recognize(request.OldObject.Raw, "oldObject")
		if err != nil {
			return decision, err
		}
		known = r.alreadyWrong(previous, current)
	}
	decision.Findings = r.judge(current, known)
	return decision, nil
}

// alreadyWrong are the findings that the previous object has when it is read as the current one is: as a configuration of
// the same role and version, even if it did not show that it was one. It is read once as it is, and once with nothing held to
// be unknown or unreadable: what is wrong now and cannot be said to have been right before is not new.
func (r *Reviewer) alreadyWrong(previous, current target) map[string]bool {
	known := map[string]bool{}
	for _, now := range current.subjects {
		for _, before := range append(append([]validation.Subject{}, previous.subjects...), previous.others...) {
			before.Role, before.Version = now.Role, now.Version
			findings := r.evaluator.Evaluate(before)
			before.Configuration.Gaps, before.Configuration.Err = nil, nil
			for _, finding := range append(findings, r.evaluator.Evaluate(before)...) {
				known[finding.Identity()] = true
			}
		}
	}
	return known
}

// target is a recognized object: the subjects that it may turn out to be, of which Flink reads one.
type target struct {
	recognized bool
	// name that the object has, or will have before the API server completes it.
	name string
	// deleted is true for an object with a deletion timestamp.
	deleted  bool
	managed  bool
	subjects []validation.Subject
	// others are configurations in it that are nobody's to judge, such as a client's.
	others []validation.Subject
}

// judge evaluates a target. What is known already, what is managed, and what a file may never show since Flink may read the
// other one, is warned about instead of refused.
func (r *Reviewer) judge(object target, known map[string]bool) []Judged {
	var findings []Judged
	certain := len(object.others) == 0
	for _, subject := range object.subjects {
		refused := false
		for _, finding := range r.evaluator.Evaluate(subject) {
			action := r.policy.Modes.Action(finding.Level)
			if action == policy.ActionDeny && (object.managed || known[finding.Identity()]) {
				action = policy.ActionWarn
			}
			refused = refused || action == policy.ActionDeny
			findings = append(findings, Judged{Finding: finding, Action: action})
		}
		certain = certain && refused
	}
	if !certain {
		for i := range findings {
			if findings[i].Action == policy.ActionDeny {
				findings[i].Action = policy.ActionWarn
			}
		}
	}
	return findings
}

func targetOf(meta *metav1.ObjectMeta) target {
	object := target{name: meta.Name, deleted: meta.DeletionTimestamp != nil, managed: managed(meta)}
	if object.name == "" && meta.GenerateName != "" {
		object.name = meta.GenerateName + "…"
	}
	return object
}

func recognizeConfiguration(raw []byte, what string) (target, error) {
	var configMap corev1.ConfigMap
	if err := decode(raw, what, &configMap); err != nil {
		return target{}, err
	}
	object := targetOf(&configMap.ObjectMeta)
	declared, disclaimed := policy.DeclaresConfiguration(configMap.Annotations)
	if _, state := flink.HAConfigMapCluster(&configMap); disclaimed || state {
		return object, nil
	}
	for _, configuration := range flink.ConfigMapConfigurations(&configMap, declared) {
		object.recognized = true
		purpose := flink.PurposeOf(configuration)
		subject := validation.Subject{
			Version:                     flink.FileVersion(configuration),
			Configuration:               configuration,
			Managed:                     object.managed,
			HighAvailabilityNotRequired: policy.HighAvailabilityNotRequired(configMap.Annotations),
		}
		if purpose == flink.PurposeCluster || declared {
			subject.Role = workload.RoleJobManager
		}
		if purpose == flink.PurposeClient && !declared {
			object.others = append(object.others, subject)
			continue
		}
		object.subjects = append(object.subjects, subject)
	}
	return object, nil
}

func recognizeWorkload(raw []byte, what string) (target, error) {
	var running workloadObject
	if err := decode(raw, what, &running); err != nil {
		return target{}, err
	}
	process, ok := workload.Recognize(&running.Spec.Template, podSpecPath)
	if !ok {
		return target{}, nil
	}
	object := targetOf(&running.ObjectMeta)
	object.recognized = true
	object.subjects = []validation.Subject{{
		Role:                        process.Role,
		Version:                     process.Version,
		Configuration:               process.Configuration(workload.Surroundings{Namespace: running.Namespace}),
		Managed:                     object.managed,
		HighAvailabilityNotRequired: policy.HighAvailabilityNotRequired(running.Annotations),
	}}
	return object, nil
}
