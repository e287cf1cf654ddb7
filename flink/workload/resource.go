package workload

import (
	"path"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// ResourceGroup is the API group of the Flink Kubernetes Operator's custom resources, in the one version that it has.
const (
	ResourceGroup   = "flink.apache.org"
	ResourceVersion = "v1beta1"
)

// ResourceKind is a kind of custom resource.
type ResourceKind string

// The kinds with a configuration. Snapshots of state have none.
const (
	KindDeployment          ResourceKind = "FlinkDeployment"
	KindSessionJob          ResourceKind = "FlinkSessionJob"
	KindBlueGreenDeployment ResourceKind = "FlinkBlueGreenDeployment"
)

// Resource is a custom resource of the Flink Kubernetes Operator: a cluster, two clusters of which one runs, or a job for a
// session cluster.
type Resource struct {
	Kind            ResourceKind
	Namespace, Name string
	Version         flink.Version
	// Form is what the cluster is for. Deployer is DeployerNative, or DeployerOperator in standalone mode.
	Form     Form
	Deployer Deployer
	Image    string
	// ServiceAccount is "" where the operator's defaults or Kubernetes choose it.
	ServiceAccount string
	// JobManagers is how many are asked for; 1 unless the resource says otherwise.
	JobManagers int
	// SessionCluster is the FlinkDeployment that a FlinkSessionJob runs in.
	SessionCluster string
	// Job is what spec.job says, the zero value for a session cluster.
	Job Job
	// Overlooked is what a FlinkSessionJob sets that only the processes of its cluster read. It is not in Configuration.
	Overlooked []flink.Setting
	// Path of the part of the object that describes the cluster: spec, or spec.template.spec.
	Path string
	// Configuration that the processes of the cluster get, or that the job brings with it.
	Configuration flink.Configuration

	// podTemplate and jobManagerTemplate are the two halves of the JobManager's pod template, shared with the object.
	podTemplate, jobManagerTemplate any
}

// RecognizeResource reads a custom resource from its JSON. Without defaults, what the operator adds is unknown.
func RecognizeResource(object map[string]any, defaults *OperatorDefaults) (Resource, bool) {
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	if apiVersion != ResourceGroup+"/"+ResourceVersion {
		return Resource{}, false
	}
	metadata, _ := object["metadata"].(map[string]any)
	spec, _ := object["spec"].(map[string]any)
	resource := Resource{Kind: ResourceKind(kind), Path: "spec", JobManagers: 1}
	resource.Name, _ = metadata["name"].(string)
	resource.Namespace, _ = metadata["namespace"].(string)
	switch resource.Kind {
	case KindDeployment:
		resource.readCluster(spec, defaults)
	case KindBlueGreenDeployment:
		template, _ := spec["template"].(map[string]any)
		inner, _ := template["spec"].(map[string]any)
		resource.Path = "spec.template.spec"
		resource.readCluster(inner, defaults)
	case KindSessionJob:
		resource.Form = FormSession
		resource.SessionCluster, _ = spec["deploymentName"].(string)
		resource.Job = jobOf(spec)
		resource.readJob(resource.ownConfiguration(spec))
		resource.gap("the job gets the configuration of its session cluster first", "spec.deploymentName")
	default:
		return Resource{}, false
	}
	return resource, true
}

func (r *Resource) gap(reason, place string) {
	r.Configuration.Gaps = append(r.Configuration.Gaps, flink.Gap{Reason: reason, Position: flink.Position{Path: place}})
}

// ownConfiguration is what the resource itself says.
func (r *Resource) ownConfiguration(spec map[string]any) flink.Configuration {
	const field = "flinkConfiguration"
	source := r.Path + "." + field
	switch node := spec[field].(type) {
	case map[string]any:
		return flatten(node, source)
	case nil:
		return flink.Configuration{Source: source}
	}
	return flink.Configuration{Source: source, Gaps: []flink.Gap{{Reason: "it is no map", Position: flink.Position{Path: source}}}}
}

// readCluster reads the specification of a cluster as FlinkConfigBuilder of the operator does: over the operator's defaults lies
// what the resource says, and over that what the operator derives from the other fields.
func (r *Resource) readCluster(spec map[string]any, defaults *OperatorDefaults) {
	text := func(name string) string {
		value, _ := spec[name].(string)
		return value
	}
	r.Image, r.ServiceAccount = text("image"), text("serviceAccount")
	r.Version = versionOf(text("flinkVersion"), r.Image)
	r.Form, r.Deployer = FormSession, DeployerNative
	if spec["job"] != nil {
		r.Form = FormApplication
	}
	r.Job = jobOf(spec)
	if text("mode") == "standalone" {
		r.Deployer = DeployerOperator
	}
	own := r.ownConfiguration(spec)
	if defaults != nil {
		r.Configuration = defaults.For(r.Namespace, flink.VersionOfOperator(text("flinkVersion"))).Overlay(own)
		r.Configuration.Source = own.Source
	} else {
		r.Configuration = own
		r.gap("the operator's default configuration is not known", own.Source)
	}
	r.derive(spec)
	jobManager, _ := spec["jobManager"].(map[string]any)
	r.podTemplate, r.jobManagerTemplate = spec["podTemplate"], jobManager["podTemplate"]
	for _, field := range []string{"podTemplate", "jobManager", "taskManager"} {
		template, _ := spec[field].(map[string]any)
		at := r.Path + "." + field
		if field != "podTemplate" {
			template, _ = template["podTemplate"].(map[string]any)
			at += ".podTemplate"
		}
		if movesConfiguration(template) {
			r.gap("the pod template changes the configuration directory", at)
		}
	}
}

// versionOf joins what a resource says of its version: the operator goes by flinkVersion, and what runs is in the image.
func versionOf(flinkVersion, image string) flink.Version {
	said, seen := flink.VersionOfOperator(flinkVersion), flink.VersionOfImage(image)
	both, ok := said.And(seen)
	if !ok {
		return flink.Version{}
	}
	return both
}

// derive adds what the operator sets from the resource's other fields, last of all the ids (FlinkConfigBuilder.build).
func (r *Resource) derive(spec map[string]any) {
	set := func(key, value, place, unknown string) {
		r.Configuration.Settings = append(r.Configuration.Settings, flink.Setting{
			Key: key, Value: value, Unknown: unknown, Origin: flink.OriginCustomResource, Position: flink.Position{Path: place},
		})
	}
	if strings.TrimSpace(r.ServiceAccount) != "" {
		set("kubernetes.service-account", r.ServiceAccount, r.Path+".serviceAccount", "")
	}
	jobManager, _ := spec["jobManager"].(map[string]any)
	if replicas, ok := number(jobManager["replicas"]); ok {
		r.JobManagers = replicas
	}
	if jobManager != nil && r.JobManagers > 0 {
		set("kubernetes.jobmanager.replicas", strconv.Itoa(r.JobManagers), r.Path+".jobManager.replicas", "")
	}
	namespace := ""
	if r.Namespace == "" {
		namespace = "the resource does not say its namespace"
	}
	set("kubernetes.namespace", r.Namespace, "metadata.namespace", namespace)
	id, unknownID := r.Name, ""
	switch {
	case r.Kind == KindBlueGreenDeployment:
		id, unknownID = "", "the operator makes two clusters in turn, whose names it derives"
	case r.Name == "":
		unknownID = "the resource has no name yet"
	}
	set(flink.KeyClusterID, id, "metadata.name", unknownID)
	// The operator asks with its own Flink whether high availability is on.
	mode := flink.ResolveHighAvailability(r.Configuration, flink.Version{Major: 1, Minor: 20}).Mode
	if mode != flink.ModeNone || !r.Configuration.Complete() {
		set("high-availability.cluster-id", id, "metadata.name", unknownID)
	}
}

func number(value any) (int, bool) {
	switch value := value.(type) {
	case int64:
		return int(value), true
	case float64:
		return int(value), true
	case int:
		return value, true
	}
	return 0, false
}

// mainContainer is the container that Flink's native client and the operator run Flink in
// (org.apache.flink.kubernetes.utils.Constants.MAIN_CONTAINER_NAME).
const mainContainer = "flink-main-container"

// movesConfiguration tells whether a pod template puts something over the configuration directory of Flink's container, or
// makes it look elsewhere.
func movesConfiguration(template map[string]any) bool {
	spec, _ := template["spec"].(map[string]any)
	containers, _ := spec["containers"].([]any)
	for _, item := range containers[:min(len(containers), MaxContainers)] {
		container, _ := item.(map[string]any)
		if container["name"] != mainContainer {
			continue
		}
		variables, _ := container["env"].([]any)
		for _, item := range variables {
			if variable, _ := item.(map[string]any); variable["name"] == "FLINK_CONF_DIR" {
				return true
			}
		}
		mounts, _ := container["volumeMounts"].([]any)
		for _, item := range mounts {
			mount, _ := item.(map[string]any)
			at, _ := mount["mountPath"].(string)
			switch path.Clean("/" + at) {
			case DefaultConfDir, DefaultConfDir + "/" + flink.LegacyFile, DefaultConfDir + "/" + flink.StandardFile:
				return true
			}
		}
	}
	return false
}
