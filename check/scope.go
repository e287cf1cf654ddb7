package check

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// resourceOf is the resource behind a kind that the webhook configurations have a rule for: false for any other, and for versions
// that no rule has.
func resourceOf(apiVersion, kind string) (metav1.GroupVersionResource, bool) {
	group, version, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group, version = "", apiVersion
	}
	resource := ""
	switch group + "/" + version {
	case "/v1":
		resource = map[string]string{"ConfigMap": "configmaps", "Namespace": "namespaces"}[kind]
	case "apps/v1":
		resource = map[string]string{"Deployment": "deployments", "StatefulSet": "statefulsets"}[kind]
	case "batch/v1":
		resource = map[string]string{"Job": "jobs"}[kind]
	case workload.ResourceGroup + "/v1beta1":
		resource = map[string]string{
			string(workload.KindDeployment): "flinkdeployments", string(workload.KindSessionJob): "flinksessionjobs",
			string(workload.KindBlueGreenDeployment): "flinkbluegreendeployments",
		}[kind]
	}
	return metav1.GroupVersionResource{Group: group, Version: version, Resource: resource}, resource != ""
}

// Namespaces that no webhook of the guard's looks into.
const (
	guardNamespace        = "flink-ha-system"
	controlPlaneNamespace = "kube-system"
)

// isSeen tells whether the API server asks the guard about objects in a namespace with these labels.
func isSeen(namespace string, labels map[string]string) bool {
	return namespace != guardNamespace && namespace != controlPlaneNamespace && labels[policy.LabelGuard] != policy.GuardDisabled
}

// identify says what and where an object is.
func identify(object *manifest.Object, namespace string) (group, version string, where string) {
	group, version, ok := strings.Cut(object.APIVersion, "/")
	if !ok {
		group, version = "", object.APIVersion
	}
	where = object.Namespace
	if where == "" && !isClusterScoped(group, object.Kind) {
		where = namespace
	}
	return group, version, where
}

// isClusterScoped knows the kinds of interest that are in no namespace.
func isClusterScoped(group, kind string) bool {
	return group == "" && kind == "Namespace" || group == "rbac.authorization.k8s.io" && strings.HasPrefix(kind, "Cluster")
}
