package validation

import (
	"strings"
	"testing"
)

func TestTaskManagerRightsMissing(t *testing.T) {
	const (
		mine  = "pod.serviceAccountName: flink"
		field = "spec.template.spec.serviceAccountName"
		tail  = `; TaskManagers exit at start; needs list and watch on configmaps`
		fix   = `; fix: bind a Role with these rights to it in namespace "team"`
	)
	good := flinkConfig(goodLines()...)
	follower := func(fields ...string) string {
		return flinkWorkload("Deployment", "taskmanager", append(mountsConfig(fields...), `image: "flink:1.20.5"`)...)
	}
	native := func(account string) string {
		return "kind: ConfigMap\nmetadata: {name: flink-config-x, namespace: team, labels: {app: x, type: flink-native-kubernetes}}\ndata:\n  flink-conf.yaml: |\n" +
			"    execution.target: kubernetes-session\n    high-availability.type: kubernetes\n    kubernetes.cluster-id: x\n    kubernetes.namespace: team\n    " + account
	}
	custom := func(rest string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\n" +
			"spec: {serviceAccount: flink, flinkVersion: v1_20, flinkConfiguration: {high-availability.type: kubernetes" + rest + "}}"
	}
	testBriefs(t, "taskmanager-rights-missing", map[string]ruleCase{
		"they may":                      {subject: manifest(t, together(follower(mine), bound("flink", "configmaps: list, watch"), good))},
		"they may read the leaders":     {subject: manifest(t, together(follower(mine), bound("flink", "configmaps@x-cluster-config-map: list, watch"), good))},
		"they may read something else":  {subject: manifest(t, together(follower(mine), bound("flink", "configmaps@y-cluster-config-map: list, watch"), good)), want: []string{field + ` is "flink" (it lacks list and watch on configmaps in namespace "team")` + tail + fix}},
		"they may only list":            {subject: manifest(t, together(follower(mine), bound("flink", "configmaps: list"), good)), want: []string{field + ` is "flink" (it lacks watch on configmaps in namespace "team")` + tail + fix}},
		"rights are not known":          {subject: manifest(t, together(follower(mine), good))},
		"no high availability":          {subject: manifest(t, together(follower(mine), bound("flink", "pods: get"), flinkConfig("kubernetes.namespace: team")))},
		"a JobManager":                  {subject: manifest(t, together(leader(mine), bound("flink", "pods: get"), good))},
		"native, both have one account": {subject: manifest(t, together(native("kubernetes.service-account: flink"), bound("flink", "configmaps: list, watch")))},
		"the default account": {
			subject: manifest(t, together(follower(), bound("flink", "configmaps: list, watch"), good)),
			want: []string{field + ` is not set (the account "default" lacks list and watch on configmaps in namespace "team")` + tail +
				`; fix: serviceAccountName: flink, bound to a Role with these rights in namespace "team"`},
		},
		"native, no account": {
			subject: manifest(t, together(native("kubernetes.jobmanager.service-account: flink"), bound("flink", allOfLeader))),
			want: []string{`data["flink-conf.yaml"]: kubernetes.service-account is not set (the account "default" lacks list and watch on configmaps in namespace "team")` + tail +
				`; fix: kubernetes.service-account: flink, bound to a Role with these rights in namespace "team"`},
		},
		"native, said of the JobManager": {
			subject: with(manifest(t, together(native("a: b"), bound("flink", allOfLeader))), readBy(t,
				strings.Replace(leader(), "{app: flink}", "{app: x, type: flink-native-kubernetes}", 1))),
		},
		"native, a pod template may name one": {
			subject: manifest(t, together(native("kubernetes.pod-template-file.taskmanager: /t.yaml"), bound("flink", allOfLeader))),
		},
		"a custom resource, another account": {
			subject: manifest(t, together(custom(", kubernetes.taskmanager.service-account: tm"), bound("flink", allOfLeader))),
			want:    []string{`spec.flinkConfiguration["kubernetes.taskmanager.service-account"] is "tm" (it lacks list and watch on configmaps in namespace "team")` + tail + fix},
		},
		"a custom resource, said of the JobManager": {subject: manifest(t, together(custom(""), bound("other", allOfLeader)))},
	})
}
