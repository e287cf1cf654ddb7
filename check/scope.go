package check

import (
	"errors"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// What follows says of the creation of an object what the webhook configurations say of it (manifests/mutating-webhooks.yaml and
// manifests/validating-webhooks.yaml): their rules, selectors and match conditions, each under its name. The module test holds the two
// against each other with the API server's own code (test/parity).

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

// isServed tells whether API servers have a version of the groups of interest: what has another one they do not take.
func isServed(group, version string) bool {
	switch group {
	case workload.ResourceGroup:
		return version == "v1beta1"
	case "", "apps", "batch", "rbac.authorization.k8s.io":
		return version == "v1"
	}
	return true
}

// isClusterScoped knows the kinds of interest that are in no namespace.
func isClusterScoped(group, kind string) bool {
	return group == "" && kind == "Namespace" || group == "rbac.authorization.k8s.io" && strings.HasPrefix(kind, "Cluster")
}

// scopeOf tells which reviews the API server asks for about an object of a resource that is created.
func scopeOf(resource string) admission.Scope {
	return func(object []byte) (admission.Reach, error) {
		var metadata struct {
			metav1.ObjectMeta `json:"metadata"`
		}
		if err := decode(object, &metadata); err != nil || metadata.DeletionTimestamp != nil { // not-being-deleted
			return admission.Reach{}, err
		}
		switch resource {
		case "configmaps":
			var configMap corev1.ConfigMap
			err := decode(object, &configMap)
			return configMapReach(&configMap), err
		case "deployments", "statefulsets", "jobs":
			var workload struct {
				Spec struct {
					Template corev1.PodTemplateSpec `json:"template"`
				} `json:"spec"`
			}
			err := decode(object, &workload)
			starts := mayStartFlink(workload.Spec.Template.Spec.Containers)
			return admission.Reach{Mutate: starts, Validate: starts}, err
		case "namespaces":
			return admission.Reach{Validate: hasLabelsOfTheGuard(&metadata.ObjectMeta)}, nil
		case "flinksessionjobs":
			return admission.Reach{Validate: true}, nil
		}
		return admission.Reach{Mutate: true, Validate: true}, nil
	}
}

// decode reads an object as the API server does. The error holds nothing of the object, as those of reviews.
func decode(object []byte, into any) error {
	if err := json.Unmarshal(object, into); err != nil {
		return errNotOfItsKind
	}
	return nil
}

var errNotOfItsKind = errors.New("request.object is not an object of its kind")

// maxLabelsRead is of how many labels a condition reads the names. A namespace with more is asked about in any case.
const maxLabelsRead = 256

// hasLabelsOfTheGuard is labels-of-the-guard.
func hasLabelsOfTheGuard(meta *metav1.ObjectMeta) bool {
	if _, annotated := meta.Annotations[policy.LabelServiceAccount]; annotated || len(meta.Labels) > maxLabelsRead {
		return true
	}
	for label := range meta.Labels {
		if strings.HasPrefix(label, "flink-ha.dev/") {
			return true
		}
	}
	return false
}

// isAppliedByPeople is applied-by-people, and made-by-others its contrary.
func isAppliedByPeople(meta *metav1.ObjectMeta) bool {
	return len(meta.OwnerReferences) == 0 && !flink.MadeByFlink(meta.Labels)
}
