package workload

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Role is the part that a process plays in a Flink cluster.
type Role string

// The roles.
const (
	RoleJobManager  Role = "JobManager"
	RoleTaskManager Role = "TaskManager"
)

// Form tells a cluster that runs one application from one that is given its jobs. It is "" where that is not known, as for a
// TaskManager, which starts alike for both.
type Form string

// The forms.
const (
	FormSession     Form = "session"
	FormApplication Form = "application"
)

// Deployer is who made the workload of a process.
type Deployer string

// The deployers: a person or a pipeline, Flink's native client, the Flink Kubernetes Operator in its standalone mode. (In its
// native mode the operator calls the native client.)
const (
	DeployerStandalone Deployer = "standalone"
	DeployerNative     Deployer = "native"
	DeployerOperator   Deployer = "operator"
)

// MaxContainers bounds how many containers of a pod template are looked at; no kubelet runs that many.
const MaxContainers = 64

// Process is a Flink process that a pod template runs.
type Process struct {
	Role     Role
	Form     Form
	Deployer Deployer
	Version  flink.Version
	// Container is the index of the container, Path its path in the object.
	Container int
	Path      string

	template *corev1.PodTemplateSpec
	launch   launch
}

// Recognize finds the Flink process in a pod template. specPath is the path of the template's spec in its object, for instance
// "spec.template.spec". What merely carries Flink's image or configuration is not recognized: clients, the SQL gateway, the
// history server, the operator, init containers.
//
// The process refers to the template, which must not be changed while it is in use.
func Recognize(template *corev1.PodTemplateSpec, specPath string) (Process, bool) {
	for i := range template.Spec.Containers {
		if i == MaxContainers {
			break
		}
		container := &template.Spec.Containers[i]
		started, ok := recognizeLaunch(container)
		if !ok {
			continue
		}
		return Process{
			Role:      started.program.role(),
			Form:      started.form(),
			Deployer:  deployerOf(template),
			Version:   flink.VersionOfImage(container.Image),
			Container: i,
			Path:      fmt.Sprintf("%s.containers[%d]", specPath, i),
			template:  template,
			launch:    started,
		}, true
	}
	return Process{}, false
}

// RecognizePod finds the Flink process in a pod that nothing makes from a template.
func RecognizePod(pod *corev1.Pod) (Process, bool) {
	return Recognize(&corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}, "spec")
}

// deployerOf reads the label that Flink's native client and the operator put on the pods that they make
// (org.apache.flink.kubernetes.utils.Constants, StandaloneKubernetesUtils of the operator).
func deployerOf(template *corev1.PodTemplateSpec) Deployer {
	switch template.Labels["type"] {
	case "flink-native-kubernetes":
		return DeployerNative
	case "flink-standalone-kubernetes":
		return DeployerOperator
	}
	return DeployerStandalone
}

func (p Process) container() *corev1.Container { return &p.template.Spec.Containers[p.Container] }

// Knowledge tells how much of a ConfigMap is known.
type Knowledge int

// What is known. KnownInPart says that flink-conf.yaml and config.yaml are there if the ConfigMap has them, while any other
// key may have been left out. KnownWhole with no ConfigMap says that there is none.
const (
	Unknown Knowledge = iota
	KnownInPart
	KnownWhole
)

// Surroundings are what a process finds around itself. The zero value knows nothing.
type Surroundings struct {
	// Namespace of the pods, or "" if it is not known.
	Namespace string
	// ConfigMap looks a ConfigMap of that namespace up. It may be nil.
	ConfigMap func(name string) (*corev1.ConfigMap, Knowledge)
	// Loaded returns what is in a data key of a ConfigMap if somebody has read it already with that loader. It may be nil.
	Loaded func(configMap, key string, loader flink.Loader) (flink.Configuration, bool)
}

func (s Surroundings) configMap(name string) (*corev1.ConfigMap, Knowledge) {
	if s.ConfigMap == nil {
		return nil, Unknown
	}
	return s.ConfigMap(name)
}

// remembering asks for every ConfigMap once: an answer may take a while, and must not change in between.
func (s Surroundings) remembering() Surroundings {
	type answer struct {
		configMap *corev1.ConfigMap
		known     Knowledge
	}
	answers := map[string]answer{}
	return Surroundings{Namespace: s.Namespace, Loaded: s.Loaded, ConfigMap: func(name string) (*corev1.ConfigMap, Knowledge) {
		got, ok := answers[name]
		if !ok {
			got.configMap, got.known = s.configMap(name)
			answers[name] = got
		}
		return got.configMap, got.known
	}}
}
