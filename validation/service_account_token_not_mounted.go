package validation

import (
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func serviceAccountTokenNotMounted() Rule {
	return Rule{
		ID:         "service-account-token-not-mounted",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload, OfResource},
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "Flink asks the API server without credentials and exits at start",
		Summary:    "Kubernetes high availability is on, and the pods get no token of their service account.",
		Why: "automountServiceAccountToken: false, which hardened charts set on pods and on service accounts, keeps the token out of the pod. " +
			"Flink's Kubernetes client finds it in /var/run/secrets/kubernetes.io/serviceaccount; without it every request is anonymous and is refused with 403.",
		Remedy: "Leave automountServiceAccountToken out, or set it to true in the pod template, which counts more than the account, or mount a " +
			"projected volume with a serviceAccountToken at /var/run/secrets/kubernetes.io/serviceaccount.",
		Source: "io.fabric8.kubernetes.client.Config.autoConfigure; org.apache.flink.kubernetes.kubeclient.FlinkKubeClientFactory; bitnami/charts#22039",
		Example: Example{
			Wrong: automountExample("false"),
			Right: automountExample("true"),
		},
		Check: checkServiceAccountTokenNotMounted,
	}
}

func automountExample(automount string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: taskmanager}
spec:
  selector: {matchLabels: {app: flink, component: taskmanager}}
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:
      serviceAccountName: flink
      automountServiceAccountToken: ` + automount + `
      containers:
      - name: taskmanager
        image: flink:1.20.5
        args: [taskmanager]
        env:
        - {name: ENABLE_BUILT_IN_PLUGINS, value: flink-s3-fs-hadoop-1.20.5.jar}
        - name: FLINK_PROPERTIES
          value: |
            jobmanager.rpc.address: jobmanager
            high-availability.type: kubernetes
            high-availability.storageDir: s3://my-bucket/ha
            high-availability.cluster-id: my-cluster
            kubernetes.cluster-id: my-cluster
            kubernetes.namespace: team
`
}

func checkServiceAccountTokenNotMounted(subject *Subject) []Violation {
	template, container, known := subject.flinkContainer()
	if !known || subject.Member.Resource != nil && !subject.isCluster() {
		return nil
	}
	violation, off := subject.withoutToken(&template.Spec)
	if !off || bringsCredentials(&template.Spec, container) {
		return nil
	}
	if reading := subject.Configuration.Get(flink.KeyKubeConfig, subject.Version); reading.Set || reading.Unknown != "" || subject.configuresClient() {
		return nil
	}
	return []Violation{violation}
}

const automountField = "automountServiceAccountToken"

// withoutToken tells whether the pods get no token: because their template says so or, where it says nothing, their account.
func (s *Subject) withoutToken(spec *corev1.PodSpec) (Violation, bool) {
	violation := Violation{
		Option: automountField, Setting: automountField, Needed: "the token of its service account", Remedy: automountField + ": true",
		Position: s.templateField(automountField),
	}
	violation.Fix = []Change{{Path: violation.Position.Path, Value: true}}
	if mount := spec.AutomountServiceAccountToken; mount != nil {
		value := "false"
		violation.Found = &value
		return violation, !*mount
	}
	if s.Around == nil || s.Namespace == "" {
		return Violation{}, false
	}
	named := workload.AccountOfPods(spec, "")
	if s.Member.Resource != nil {
		named = s.Member.Resource.Account(workload.RoleJobManager, s.Configuration)
	}
	account, known := s.Around.ServiceAccount(s.Namespace, named.Name)
	violation.Detail = "the account " + Show(named.Name) + " says false"
	return violation, known && named.Unknown == "" && account.Exists && account.Automount != nil && !*account.Automount
}

// templateField is the position of a field of the pods' spec: of a custom resource in the JobManager's own template, if that sets
// it, and else in the template of both roles.
func (s *Subject) templateField(name string) flink.Position {
	resource := s.Member.Resource
	if resource == nil {
		return s.podField(name)
	}
	path := resource.Path + ".podTemplate.spec." + name
	own := strings.Split(resource.Path+".jobManager.podTemplate.spec."+name, ".")
	if value, _, _ := unstructured.NestedFieldNoCopy(s.Member.Content, own...); value != nil {
		path = resource.Path + ".jobManager.podTemplate.spec." + name
	}
	return flink.Position{Path: path}
}

// keyJavaOptions begins the options that hold arguments of the Java machine.
const keyJavaOptions = "env.java.opts"

// configuresClient tells whether system properties, such as -Dkubernetes.auth.tokenFile or -Dkubeconfig, may tell the client where
// its credentials are, or other options bring them: Secrets that Flink mounts into the pods that it makes, and variables.
func (s *Subject) configuresClient() bool {
	return slices.ContainsFunc(s.Configuration.Settings, func(setting flink.Setting) bool {
		switch {
		case strings.HasPrefix(setting.Key, keyJavaOptions):
			return setting.Unknown != "" || strings.Contains(setting.Value, "kube")
		case s.Member.Resource == nil:
			return false
		}
		return setting.Key == keySecrets || setting.Key == keySecretVariables || strings.HasPrefix(setting.Key, keyMasterVariables+"KUBE") ||
			strings.HasPrefix(setting.Key, workload.PodTemplateOption)
	})
}

// Options of the pods that Flink makes itself (KubernetesConfigOptions, ResourceManagerOptions).
const (
	keySecrets         = "kubernetes.secrets"
	keySecretVariables = "kubernetes.env.secretKeyRef"
	keyMasterVariables = "containerized.master.env."
)

// bringsCredentials tells whether a container may have credentials for the API server from elsewhere: from a volume, or from
// variables that the client reads (KUBECONFIG, KUBERNETES_AUTH_TOKEN and others), some of which may come from a Secret.
func bringsCredentials(spec *corev1.PodSpec, container *corev1.Container) bool {
	if container == nil { // Flink makes it, with what options say
		return false
	}
	if len(container.EnvFrom) > 0 {
		return true
	}
	return slices.ContainsFunc(container.Env, func(e corev1.EnvVar) bool {
		return strings.HasPrefix(e.Name, "KUBE") || e.Name == "HOME" || strings.Contains(e.Value, "-Dkube")
	}) ||
		slices.ContainsFunc(container.VolumeMounts, func(m corev1.VolumeMount) bool { return holdsCredentials(spec, m) })
}

// holdsCredentials tells whether a mount may be a token or a kubeconfig.
func holdsCredentials(spec *corev1.PodSpec, mount corev1.VolumeMount) bool {
	at := path.Clean("/" + mount.MountPath)
	if strings.HasPrefix(at+"/", "/var/run/") || strings.HasPrefix(at+"/", "/run/") || at == "/var" || strings.Contains(at, "kube") || strings.HasPrefix(at, "/root") {
		return true
	}
	i := slices.IndexFunc(spec.Volumes, func(v corev1.Volume) bool { return v.Name == mount.Name })
	return i >= 0 && spec.Volumes[i].Projected != nil &&
		slices.ContainsFunc(spec.Volumes[i].Projected.Sources, func(p corev1.VolumeProjection) bool { return p.ServiceAccountToken != nil })
}
