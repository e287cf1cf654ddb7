package matchconditions

import (
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/flink-ha/flink-ha-webhook/manifests"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// rendered is what kubectl apply -k sends.
func rendered(t testing.TB) resmap.ResMap {
	t.Helper()
	inMemory := filesys.MakeFsInMemory()
	names, err := fs.Glob(manifests.Files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(manifests.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := inMemory.WriteFile(name, content); err != nil {
			t.Fatal(err)
		}
	}
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(inMemory, ".")
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// find reads the one rendered object of a kind into its Go type, strictly.
func find[T any](t testing.TB, objects resmap.ResMap, kind string) *T {
	t.Helper()
	var found []*resource.Resource
	for _, object := range objects.Resources() {
		if object.GetKind() == kind {
			found = append(found, object)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d objects of kind %s, want 1", len(found), kind)
	}
	typed := new(T)
	if err := yaml.UnmarshalStrict([]byte(found[0].MustYaml()), typed); err != nil {
		t.Fatalf("%s: %v", kind, err)
	}
	return typed
}

func TestInstallationIsOneNamespaceWithItsLabels(t *testing.T) {
	clusterScoped := map[string]bool{
		"Namespace": true, "ClusterRole": true, "ClusterRoleBinding": true,
		"MutatingWebhookConfiguration": true, "ValidatingWebhookConfiguration": true,
		"ValidatingAdmissionPolicy": true, "ValidatingAdmissionPolicyBinding": true,
	}
	kinds := map[string]int{}
	for _, object := range rendered(t).Resources() {
		kinds[object.GetKind()]++
		if got := object.GetNamespace(); (got == "flink-ha-system") == clusterScoped[object.GetKind()] {
			t.Errorf("%s %s is in namespace %q", object.GetKind(), object.GetName(), got)
		}
		for key, value := range map[string]string{"app.kubernetes.io/name": "flink-ha-webhook", "app.kubernetes.io/part-of": "flink-ha-webhook"} {
			if got := object.GetLabels()[key]; got != value {
				t.Errorf("%s %s has the label %s=%q", object.GetKind(), object.GetName(), key, got)
			}
		}
	}
	want := map[string]int{
		"Namespace": 1, "ServiceAccount": 1, "Deployment": 1, "Service": 1, "ConfigMap": 1, "PodDisruptionBudget": 1, "ClusterRole": 4, "ClusterRoleBinding": 1,
		"Role": 1, "RoleBinding": 1, "MutatingWebhookConfiguration": 1, "ValidatingWebhookConfiguration": 1,
		"ValidatingAdmissionPolicy": 2, "ValidatingAdmissionPolicyBinding": 2,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("kinds (-want,+rendered):\n%s", diff)
	}
}

// The shipped policy is there to be edited: it spells the defaults out, and must not differ from them.
func TestTheShippedPolicyIsTheDefault(t *testing.T) {
	objects := rendered(t)
	file := find[corev1.ConfigMap](t, objects, "ConfigMap")
	shipped, err := policy.Load([]byte(file.Data["policy.yaml"]), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(policy.Default(), shipped, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("policy (-default,+shipped):\n%s", diff)
	}
	pod := find[appsv1.Deployment](t, objects, "Deployment").Spec.Template.Spec
	container := pod.Containers[0]
	if !slices.Contains(container.Args, "--policy="+container.VolumeMounts[0].MountPath+"/policy.yaml") ||
		pod.Volumes[0].Name != container.VolumeMounts[0].Name || pod.Volumes[0].ConfigMap.Name != file.Name {
		t.Errorf("the arguments %v, mounts %v and volumes %v do not lead to the ConfigMap %s", container.Args, container.VolumeMounts, pod.Volumes, file.Name)
	}
}

func TestInstallationHangsTogether(t *testing.T) {
	objects := rendered(t)
	deployment := find[appsv1.Deployment](t, objects, "Deployment")
	service := find[corev1.Service](t, objects, "Service")
	budget := find[policyv1.PodDisruptionBudget](t, objects, "PodDisruptionBudget")
	account := find[corev1.ServiceAccount](t, objects, "ServiceAccount")
	pod := labels.Set(deployment.Spec.Template.Labels)
	for what, selector := range map[string]map[string]string{
		"Deployment": deployment.Spec.Selector.MatchLabels, "Service": service.Spec.Selector, "PodDisruptionBudget": budget.Spec.Selector.MatchLabels,
		"spread": deployment.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
	} {
		if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(pod) {
			t.Errorf("the %s selects %v, the pods have %v", what, selector, pod)
		}
	}
	if deployment.Spec.Template.Spec.ServiceAccountName != account.Name {
		t.Errorf("the pods run as %q", deployment.Spec.Template.Spec.ServiceAccountName)
	}
	ports := map[string]int32{}
	for _, port := range deployment.Spec.Template.Spec.Containers[0].Ports {
		ports[port.Name] = port.ContainerPort
	}
	if diff := cmp.Diff(map[string]int32{"https": 9443, "health": 8081, "metrics": 8080}, ports); diff != "" {
		t.Errorf("ports of the container (-want,+rendered):\n%s", diff)
	}
	if port := service.Spec.Ports[0]; port.Port != 443 || port.TargetPort.StrVal != "https" {
		t.Errorf("the Service leads from %d to %s", port.Port, port.TargetPort.String())
	}
	configuration := shipped(t)
	for _, hook := range configuration.Validating.Webhooks {
		if target := hook.ClientConfig.Service; target.Name != service.Name || target.Namespace != service.Namespace || hook.ClientConfig.CABundle != nil {
			t.Errorf("%s is called at %s/%s", hook.Name, target.Namespace, target.Name)
		}
	}
	for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
		binding := find[rbacv1.RoleBinding](t, objects, kind)
		want := []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: account.Namespace, Name: account.Name}}
		if diff := cmp.Diff(want, binding.Subjects); diff != "" {
			t.Errorf("%s binds (-want,+rendered):\n%s", kind, diff)
		}
	}
}

// TestPodIsRestricted asks for what the level "restricted" of Pod Security asks for, which the namespace enforces, and more.
func TestPodIsRestricted(t *testing.T) {
	objects := rendered(t)
	namespace := find[corev1.Namespace](t, objects, "Namespace")
	for _, mode := range []string{"enforce", "audit", "warn"} {
		if got := namespace.Labels["pod-security.kubernetes.io/"+mode]; got != "restricted" {
			t.Errorf("the namespace has pod-security.kubernetes.io/%s=%q", mode, got)
		}
	}
	pod := find[appsv1.Deployment](t, objects, "Deployment").Spec.Template.Spec
	user, yes, no := int64(65532), true, false
	if diff := cmp.Diff(&corev1.PodSecurityContext{
		RunAsNonRoot: &yes, RunAsUser: &user, RunAsGroup: &user, SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
	}, pod.SecurityContext); diff != "" {
		t.Errorf("pod (-want,+rendered):\n%s", diff)
	}
	if diff := cmp.Diff(&corev1.SecurityContext{
		AllowPrivilegeEscalation: &no, ReadOnlyRootFilesystem: &yes, Capabilities: &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
	}, pod.Containers[0].SecurityContext); diff != "" {
		t.Errorf("container (-want,+rendered):\n%s", diff)
	}
}
