package configuration

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// templated is what a Deployment, a StatefulSet, a ReplicaSet and a Job have in common.
type templated struct {
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Template corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// scheduled is a CronJob.
type scheduled struct {
	Spec struct {
		JobTemplate templated `json:"jobTemplate"`
	} `json:"spec"`
}

// isWorkload tells whether an object makes pods or is one.
func isWorkload(object *manifest.Object) bool {
	switch object.Group() + "/" + object.Kind {
	case "apps/Deployment", "extensions/Deployment", "apps/StatefulSet", "apps/ReplicaSet", "batch/Job", "batch/CronJob", "/Pod":
		return true
	}
	return false
}

// templateOf is the pod template of a workload, and the path of its spec.
func templateOf(object *manifest.Object) (*corev1.PodTemplateSpec, string, error) {
	switch object.Kind {
	case "Pod":
		var pod corev1.Pod
		err := object.Decode(&pod)
		return &corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}, "spec", err
	case "CronJob":
		var cronJob scheduled
		err := object.Decode(&cronJob)
		return &cronJob.Spec.JobTemplate.Spec.Template, "spec.jobTemplate.spec.template.spec", err
	}
	var other templated
	err := object.Decode(&other)
	return &other.Spec.Template, "spec.template.spec", err
}

// readWorkload reads the configuration of the Flink process that a workload runs, if it runs one.
func readWorkload(object *manifest.Object, around *surroundings, version flink.Version) ([]Reading, error) {
	template, path, err := templateOf(object)
	if err != nil {
		return nil, object.UnlessForeign(err)
	}
	process, ok := workload.Recognize(template, path)
	if !ok {
		return nil, nil
	}
	if version != (flink.Version{}) {
		process.Version = version
	}
	locate := manifest.Locator{Object: object, ConfigMap: func(name string) *manifest.Object { return around.find(object.Namespace, name) }}
	outside := around.of(object.Namespace)
	configuration := process.Configuration(outside)
	if refused := process.Refusal(outside); refused != nil {
		configuration.Err = refused
	}
	reading := newReading(configuration, locate.Of)
	reading.Place, reading.Object, reading.Version = object.Place(), object.Title(), process.Version
	reading.Part = process.Path
	reading.note("what the " + string(process.Role) + " ends up with: its file, its environment and its arguments")
	return []Reading{reading}, nil
}

// readResource reads the configuration in a custom resource of the Flink Kubernetes Operator.
func readResource(object *manifest.Object, around *surroundings, version flink.Version) ([]Reading, error) {
	content, err := object.Content()
	if err != nil {
		return nil, err
	}
	resource, ok := workload.RecognizeResource(content, around.defaults)
	if !ok {
		return nil, nil
	}
	if version != (flink.Version{}) {
		resource.Version = version
	}
	locate := manifest.Locator{Object: object, ConfigMap: around.operators}
	reading := newReading(resource.Configuration, locate.Of)
	reading.Place, reading.Object, reading.Version = object.Place(), object.Title(), resource.Version
	reading.Origin = flink.OriginCustomResource
	reading.note("what the operator gives to the cluster, or the job brings with it")
	return []Reading{reading}, nil
}
