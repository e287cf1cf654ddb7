package mutation

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// PlanResourceAccount names an account in the specification of a cluster of the Flink Kubernetes Operator, which is at a pointer in
// its object. The operator makes kubernetes.service-account of the field serviceAccount (FlinkConfigBuilder.applyServiceAccount). An
// option of one role's own counts more than that and is changed where it says "default"; a pod template counts less and is changed
// there too, so that nothing contradicts.
func PlanResourceAccount(cluster map[string]any, pointer, account string) []Edit {
	current, isName := cluster["serviceAccount"].(string)
	if IsDefaultAccount(account) || !IsDefaultAccount(current) || !isName && cluster["serviceAccount"] != nil {
		return nil // what is no name is for the API server to refuse
	}
	operations := []Operation{set(current != "", below(pointer, "serviceAccount"), account)}
	for _, template := range podTemplates(cluster, pointer) {
		for _, field := range []string{"serviceAccount", "serviceAccountName"} {
			if template.spec[field] == workload.DefaultAccount {
				operations = append(operations, set(true, below(template.pointer, field), account))
			}
		}
	}
	options, _ := cluster["flinkConfiguration"].(map[string]any)
	for _, key := range []string{flink.KeyServiceAccount, flink.KeyJobManagerServiceAccount, flink.KeyTaskManagerServiceAccount} {
		for _, at := range spelled(options, below(pointer, "flinkConfiguration"), key) {
			operations = append(operations, set(true, at, account))
		}
	}
	return []Edit{{Operations: operations, Reason: accountReason(account)}}
}

// podTemplate is the pod spec of a template in a custom resource.
type podTemplate struct {
	spec    map[string]any
	pointer string
}

// podTemplates are the templates of all pods, of JobManagers and of TaskManagers, as far as there are any.
func podTemplates(cluster map[string]any, pointer string) []podTemplate {
	var found []podTemplate
	for _, path := range [][]string{{"podTemplate", "spec"}, {"jobManager", "podTemplate", "spec"}, {"taskManager", "podTemplate", "spec"}} {
		node, _, _ := unstructured.NestedFieldNoCopy(cluster, path...)
		if spec, ok := node.(map[string]any); ok && spec != nil {
			found = append(found, podTemplate{spec: spec, pointer: below(pointer, path...)})
		}
	}
	return found
}

// spelled are the places in a map of options, flat or nested, where a key says "default".
func spelled(options map[string]any, pointer, key string) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(options)) {
		if name == key && options[name] == workload.DefaultAccount {
			found = append(found, below(pointer, name))
		}
		if nested, ok := options[name].(map[string]any); ok && strings.HasPrefix(key, name+".") {
			found = append(found, spelled(nested, below(pointer, name), key[len(name)+1:])...)
		}
	}
	return found
}
