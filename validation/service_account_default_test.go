package validation

import (
	"strings"
	"testing"
)

func TestServiceAccountDefault(t *testing.T) {
	const tail = `without rights on ConfigMaps the process exits at start; needs an account of its own with rights on ConfigMaps; fix: serviceAccountName: flink`
	good := flinkConfig(goodLines()...)
	native := func(lines ...string) string {
		return "kind: ConfigMap\nmetadata: {name: flink-config-x, namespace: team, ownerReferences: [{kind: Deployment, name: x, uid: u}], labels: {app: x, type: flink-native-kubernetes}}\n" +
			"data:\n  flink-conf.yaml: |\n    execution.target: kubernetes-session\n    high-availability.type: kubernetes\n    " + together(lines...)
	}
	custom := func(account string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\n" +
			"spec: {serviceAccount: " + account + ", flinkVersion: v1_20, flinkConfiguration: {high-availability.type: kubernetes}}"
	}
	testRule(t, "service-account-default", map[string]ruleCase{
		"no account, and the mounted file says Kubernetes": {
			subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), good)),
			want:    []string{`spec.template.spec.serviceAccountName is not set; ` + tail},
		},
		"the default account in words": {
			subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernetes", "pod.serviceAccountName: default")),
			want:    []string{`spec.template.spec.serviceAccountName is "default"; ` + tail},
		},
		"the deprecated field alone": {
			subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernetes", "pod.serviceAccount: mine")),
		},
		"an account of its own":           {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernetes", "pod.serviceAccountName: mine"))},
		"the file is not known":           {subject: manifest(t, flinkWorkload("Deployment", "taskmanager", mountsConfig()...))},
		"a kubeconfig":                    {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernetes, -Dkubernetes.config.file=/kube/config"))},
		"ZooKeeper":                       {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=zookeeper"))},
		"a configuration without account": {subject: manifest(t, good)},
		"native, TaskManagers on default": {
			subject: manifest(t, native("kubernetes.jobmanager.service-account: flink")),
			want: []string{`data["flink-conf.yaml"]: kubernetes.service-account is not set; without rights on ConfigMaps the process exits at start; ` +
				`needs an account with rights on ConfigMaps and pods, also for the TaskManagers that the JobManager makes; fix: kubernetes.service-account: flink`},
		},
		"made by the operator, without native TaskManagers": {
			subject: manifest(t, strings.Replace(native("kubernetes.jobmanager.service-account: flink"), "execution.target: kubernetes-session", "execution.target: remote", 1)),
		},
		"native, an account for both":                {subject: manifest(t, native("kubernetes.service-account: flink"))},
		"native, a pod template may have an account": {subject: manifest(t, native("kubernetes.pod-template-file.taskmanager: /t.yaml"))},
		"a custom resource": {
			subject: manifest(t, custom("default")),
			want:    []string{`spec.serviceAccount is "default"; without rights on ConfigMaps the process exits at start; needs an account of its own with rights on ConfigMaps; fix: serviceAccount: flink`},
		},
		"it is known what the account may do": {
			subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), bound("default", "configmaps: list, watch"), good)),
		},
		"it is known what the account may do, and it is not enough": {
			subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), bound("other", "configmaps: list, watch"), good)),
		},
		"it is not known where Flink works": {
			subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig()...), bound("default", "configmaps: list, watch"),
				strings.Replace(good, "kubernetes.namespace: team", "kubernetes.namespace: $NS", 1))),
			want: []string{`spec.template.spec.serviceAccountName is not set; ` + tail},
		},
		"a custom resource with an account": {subject: manifest(t, custom("flink"))},
	})
}
