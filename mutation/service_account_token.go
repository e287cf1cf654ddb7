package mutation

import corev1 "k8s.io/api/core/v1"

// tokenReason completes the sentence of an edit.
const tokenReason = "a Flink process with Kubernetes high availability cannot talk to the API server without the token of its account"

// PlanTokenMount has Kubernetes mount the token of a pod's account. What a pod template says counts more than what its account says.
func PlanTokenMount(spec *corev1.PodSpec, specPointer string) []Edit {
	mount := spec.AutomountServiceAccountToken
	if mount != nil && *mount {
		return nil
	}
	return []Edit{{
		Operations: []Operation{set(mount != nil, below(specPointer, automountField), true)},
		Reason:     tokenReason,
	}}
}

const automountField = "automountServiceAccountToken"

// PlanResourceTokenMount does the same in the pod templates of a cluster of the Flink Kubernetes Operator, which is at a pointer in its
// object: in those that keep the token out of the pods, and if none does, in the one for all pods, where it counts more than what the
// account says.
func PlanResourceTokenMount(cluster map[string]any, pointer string) []Edit {
	var operations []Operation
	for _, template := range podTemplates(cluster, pointer) {
		if template.spec[automountField] == false {
			operations = append(operations, set(true, below(template.pointer, automountField), true))
		}
	}
	if operations == nil {
		operations = mountForAll(cluster, pointer)
	}
	if operations == nil {
		return nil
	}
	return []Edit{{Operations: operations, Reason: tokenReason}}
}

// mountForAll adds the field to the template of all pods, with what is missing around it.
func mountForAll(cluster map[string]any, pointer string) []Operation {
	mount := map[string]any{automountField: true}
	template, templated := cluster["podTemplate"].(map[string]any)
	spec, specified := template["spec"].(map[string]any)
	switch {
	case !templated:
		return []Operation{set(false, below(pointer, "podTemplate"), map[string]any{"spec": mount})}
	case !specified:
		return []Operation{set(false, below(pointer, "podTemplate", "spec"), mount)}
	case spec[automountField] == true:
		return nil
	}
	return []Operation{set(false, below(pointer, "podTemplate", "spec", automountField), true)}
}
