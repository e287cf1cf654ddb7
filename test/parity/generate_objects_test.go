package parity

import (
	"fmt"
	"strings"
)

// option is an option of Flink with values, good and bad ones.
type option struct {
	key    string
	values []string
}

func options() []option {
	return []option{
		{"high-availability.type", []string{"kubernetes", "kubernetes", "kubernetes", "zookeeper", "NONE", "kubernets", "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"}},
		{"high-availability", []string{"kubernetes", "zookeeper", "NONE"}},
		{"high-availability.storageDir", []string{"s3://flink/ha", "s3://flink/ha", "s3://flink-ha/team/orders", "file:///opt/flink/ha", "/ha", "s3:/flink", "${HA_DIR}", "hdfs://namenode/ha", "gs://flink/ha"}},
		{"high-availability.storage-dir", []string{"s3://flink/ha"}},
		{"high-availability.cluster-id", []string{"orders", "billing", "/default"}},
		{"kubernetes.cluster-id", []string{"orders", "orders", "billing", "Orders_1", "a-name-that-is-far-too-long-for-what-flink-makes-of-it-in-the-end"}},
		{"kubernetes.namespace", []string{"team", "other", "elsewhere"}},
		{"kubernetes.service-account", []string{"flink", "default", "runner"}},
		{"kubernetes.jobmanager.service-account", []string{"flink", "runner"}},
		{"kubernetes.jobmanager.replicas", []string{"1", "2"}},
		{"kubernetes.hostnetwork.enabled", []string{"true", "false"}},
		{"high-availability.zookeeper.quorum", []string{"zk:2181", ""}},
		{"high-availability.kubernetes.leader-election.lease-duration", []string{"15 s", "5 s"}},
		{"high-availability.kubernetes.leader-election.renew-deadline", []string{"15 s", "30 s"}},
		{"jobmanager.rpc.address", []string{"flink-jobmanager", "localhost"}},
		{"state.checkpoints.dir", []string{"s3://flink/checkpoints", "file:///tmp/checkpoints", "/tmp"}},
		{"execution.checkpointing.dir", []string{"s3://flink/checkpoints"}},
		{"job-result-store.storage-path", []string{"/tmp/jrs", "s3://flink/jrs"}},
		{"recovery.mode", []string{"zookeeper"}},
		{"high-availability.jobmanager.port", []string{"6123"}},
		{"restart-strategy.type", []string{"none", "fixed-delay"}},
		{"taskmanager.numberOfTaskSlots", []string{"2"}},
		{"high-avalability.storageDir", []string{"s3://flink/ha"}},
		{"kubernetes.config.file", []string{"/etc/kubeconfig"}},
		{"execution.target", []string{"kubernetes-application", "kubernetes-session"}},
		{"jobmanager.archive.fs.dir", []string{"s3://flink/archive"}},
	}
}

// settings are some options, each with a value.
func (g *generator) settings() [][2]string {
	var picked [][2]string
	all := options()
	if g.sometimes(2) {
		picked = append(picked, [2]string{"high-availability.type", "kubernetes"})
	}
	if g.sometimes(2) {
		picked = append(picked, [2]string{"high-availability.storageDir", one(g, "s3://flink/ha", "s3://flink-ha/team/orders")})
	}
	if g.sometimes(2) {
		picked = append(picked, [2]string{"kubernetes.cluster-id", one(g, "orders", "billing")})
	}
	for range g.IntN(6) {
		chosen := all[g.IntN(len(all))]
		picked = append(picked, [2]string{chosen.key, one(g, chosen.values...)})
	}
	return picked
}

// legacyText is a flink-conf.yaml, with the lines that people write.
func (g *generator) legacyText() string {
	var b strings.Builder
	for _, setting := range g.settings() {
		switch g.IntN(14) {
		case 0:
			fmt.Fprintf(&b, "%s:%s\n", setting[0], setting[1])
		case 1:
			fmt.Fprintf(&b, "%s: %q\n", setting[0], setting[1])
		case 2:
			fmt.Fprintf(&b, "# %s: %s\n", setting[0], setting[1])
		case 3:
			fmt.Fprintf(&b, "  %s: %s # as everywhere\n", setting[0], setting[1])
		default:
			fmt.Fprintf(&b, "%s: %s\n", setting[0], setting[1])
		}
	}
	if g.sometimes(20) {
		b.WriteString("a line that is none\n")
	}
	return b.String()
}

// standardText is a config.yaml: nested, flat, or one line.
func (g *generator) standardText() string {
	if g.sometimes(8) {
		return one(g, "", "- a\n", "jobmanager", "a: [", "high-availability: {type: kubernetes, storageDir: 's3://flink/ha'}\njobmanager: {rpc: {address: a}}\n",
			`{"high-availability.type": "kubernetes", "jobmanager.rpc.address": "a"}`, "\"job\\u006danager.rpc.address\": a\n", "? high-availability.type\n: kubernetes\n",
			"a: b\nhigh-availability-type: kubernetes\n", "a: b\njobmanager-rpc.address: a\n", "a: b\n'high-availability.type': kubernetes\n",
			"# "+strings.Repeat("x", 9000)+"\n? jobmanager.rpc.address\n: a\n", "# "+strings.Repeat("x", 9000)+"\njobmanager.rpc.address: a\n")
	}
	var b strings.Builder
	for _, setting := range g.settings() {
		parts := strings.Split(setting[0], ".")
		switch {
		case g.sometimes(3) && len(parts) > 1:
			for depth, part := range parts[:len(parts)-1] {
				fmt.Fprintf(&b, "%s%s:\n", strings.Repeat("  ", depth), part)
			}
			fmt.Fprintf(&b, "%s%s: %s\n", strings.Repeat("  ", len(parts)-1), parts[len(parts)-1], setting[1])
		case g.sometimes(8):
			fmt.Fprintf(&b, "%s: '%s'\n", setting[0], setting[1])
		default:
			fmt.Fprintf(&b, "%s: %s\n", setting[0], setting[1])
		}
	}
	return b.String()
}

func (g *generator) configMap() map[string]any {
	data := map[string]any{}
	for len(data) == 0 {
		if g.sometimes(2) {
			data["flink-conf.yaml"] = g.legacyText()
		}
		if g.sometimes(2) {
			data["config.yaml"] = g.standardText()
		}
		if g.sometimes(6) {
			data[one(g, "log4j-console.properties", "conf.yaml", "flink-conf.yml", "config.yml", "Flink-conf.yaml")] = g.legacyText()
		}
	}
	made := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "data": data,
		"metadata": g.metadata("flink-config", "flink-config", "flink-config-orders", "flink-config-billing", "flink-config-abc12", "flink-operator-config", "settings"),
	}
	if g.sometimes(15) {
		made["binaryData"] = map[string]any{"extra": "AAAA"}
	}
	return made
}

// haState is a ConfigMap of Flink's HA state, or one that nearly is.
func (g *generator) haState() map[string]any {
	const job = "0123456789abcdef0123456789abcdef"
	metadata := g.metadata("orders-cluster-config-map", "orders-"+job+"-config-map", "billing-dispatcher-leader", "orders-config-map", "-cluster-config-map", "settings")
	if g.sometimes(2) {
		labels, _ := metadata["labels"].(map[string]any)
		if labels == nil {
			labels = map[string]any{}
			metadata["labels"] = labels
		}
		labels["type"], labels["app"] = "flink-native-kubernetes", one(g, "orders", "billing")
	}
	if g.sometimes(2) {
		metadata["ownerReferences"] = []any{map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": "orders", "uid": "u-orders"}}
	}
	data := g.some(4, map[string][]string{
		"counter": {"3"}, "address": {"a"}, "sessionId": {"b"}, "jobGraph-" + job: {"x"}, "checkpointID-0000000000000000001": {"x"},
		"org.apache.flink.k8s.leader.dispatcher": {"x"}, "flink-conf.yaml": {"high-availability: kubernetes"}, "runningJobsRegistry-" + job: {"x"},
	})
	return map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
}

// workload may start a process of Flink's, in any of the ways in which people do.
func (g *generator) workload() map[string]any {
	kind := one(g, "Deployment", "Deployment", "StatefulSet", "Job")
	spec := map[string]any{"template": map[string]any{"metadata": map[string]any{"labels": map[string]any{"app": "orders"}}, "spec": g.podSpec()}}
	apiVersion := "apps/v1"
	switch {
	case kind == "Job":
		apiVersion = "batch/v1"
		if g.sometimes(2) {
			spec["backoffLimit"] = one[int64](g, 0, 4)
		}
	case g.sometimes(2):
		spec["replicas"] = one[int64](g, 0, 1, 2, 3)
	}
	return map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": g.metadata("orders", "orders", "billing", "flink-jobmanager", "flink-taskmanager"), "spec": spec}
}

func (g *generator) podSpec() map[string]any {
	container := map[string]any{"name": one(g, "jobmanager", "flink-main-container"), "image": one(g, "flink:1.20", "flink:2.0", "flink:1.17.1", "flink:1.14", "registry.example/flink-orders:7", "flink", "example/web")}
	g.start(container)
	spec := map[string]any{"containers": []any{container}}
	if g.sometimes(2) {
		container["volumeMounts"] = []any{map[string]any{"name": "conf", "mountPath": one(g, "/opt/flink/conf", "/opt/flink/conf", "/conf")}}
		volume := map[string]any{"name": "conf", "configMap": map[string]any{"name": one(g, "flink-config", "flink-config", "flink-config-orders", "settings", "not-there")}}
		if g.sometimes(4) {
			volume["configMap"].(map[string]any)["items"] = []any{map[string]any{"key": one(g, "config.yaml", "flink-conf.yaml"), "path": one(g, "config.yaml", "flink-conf.yaml")}}
		}
		spec["volumes"] = []any{volume}
	}
	if g.sometimes(3) {
		container["env"] = []any{map[string]any{"name": "FLINK_PROPERTIES", "value": g.legacyText()}}
	}
	if g.sometimes(8) {
		container["envFrom"] = []any{map[string]any{"configMapRef": map[string]any{"name": one(g, "settings", "flink-config")}}}
	}
	if g.sometimes(2) {
		spec[one(g, "serviceAccountName", "serviceAccountName", "serviceAccount")] = one(g, "flink", "flink", "default", "runner")
	}
	if g.sometimes(4) {
		spec["automountServiceAccountToken"] = one(g, true, false, false)
	}
	if g.sometimes(6) {
		containers := []any{map[string]any{"name": "sidecar", "image": "busybox", "command": []any{"sh", "-c", "sleep 1"}}, container}
		spec["containers"] = containers
	}
	return spec
}

// start has a container start something.
func (g *generator) start(container map[string]any) {
	var dynamic []any
	for _, setting := range g.settings() {
		if g.sometimes(2) {
			dynamic = append(dynamic, one(g, "-D"+setting[0]+"="+setting[1], "-D"+setting[0]+"="+setting[1], "-D "+setting[0]+"="+setting[1], "-D"+setting[0]))
		}
	}
	role := one(g, "jobmanager", "jobmanager", "standalone-job", "taskmanager", "history-server", "help")
	switch g.IntN(9) {
	case 0, 1, 2:
		container["args"] = append([]any{role}, dynamic...)
	case 3:
		container["command"], container["args"] = []any{"/docker-entrypoint.sh"}, append([]any{role}, dynamic...)
	case 4:
		container["command"] = []any{"bash", "-c", "exec /docker-entrypoint.sh " + role + " " + join(dynamic)}
	case 5:
		container["command"] = []any{"/opt/flink/bin/" + one(g, "jobmanager.sh", "taskmanager.sh", "standalone-job.sh", "sql-client.sh"), "start-foreground"}
		container["args"] = dynamic
	case 6:
		container["command"] = []any{"bash", "-c", "kubernetes-jobmanager.sh kubernetes-application " + join(dynamic)}
		container["args"] = []any{}
	case 7:
		container["command"] = []any{"java", "-cp", "/opt/flink/lib/*", one(g, "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
			"org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint", "com.example.ClusterEntry", "com.example.Main")}
		container["args"] = dynamic
	default:
		container["args"] = one(g, []any{"native-k8s", "bash", "-c", "$JAVA_HOME/bin/java org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint"},
			[]any{"run", "--server"}, []any{"bash", "-c", "echo taskmanage; ./x.sh" + strings.Repeat(" y", 600)},
			[]any{"bash", "-c", strings.Repeat("true; ", 300) + "exec /docker-entrypoint.sh " + role}, append([]any{one(g, "kubernetes-jobmanager", role+" ")}, dynamic...))
	}
}

func join(words []any) string { return strings.Trim(fmt.Sprint(words), "[]") }

// resource is a custom resource of the operator.
func (g *generator) resource() map[string]any {
	made := map[string]any{"apiVersion": "flink.apache.org/v1beta1", "metadata": g.metadata("orders", "orders", "billing")}
	switch g.IntN(6) {
	case 0:
		made["kind"], made["spec"] = "FlinkSessionJob", map[string]any{
			"deploymentName": one(g, "orders", "billing"), "job": g.job(), "flinkConfiguration": g.flinkConfiguration(),
		}
	case 1:
		made["kind"], made["spec"] = "FlinkBlueGreenDeployment", map[string]any{"template": map[string]any{"spec": g.clusterSpec()}}
	default:
		made["kind"], made["spec"] = "FlinkDeployment", g.clusterSpec()
	}
	return made
}

func (g *generator) job() map[string]any {
	return map[string]any{"jarURI": "local:///opt/flink/usrlib/job.jar", "parallelism": int64(2), "upgradeMode": one(g, "last-state", "savepoint", "stateless")}
}

func (g *generator) flinkConfiguration() map[string]any {
	configuration := map[string]any{}
	for _, setting := range g.settings() {
		configuration[setting[0]] = setting[1]
	}
	return configuration
}

func (g *generator) clusterSpec() map[string]any {
	spec := map[string]any{
		"image": one(g, "flink:1.20", "flink:1.17", "registry.example/orders:1"), "flinkVersion": one(g, "v1_20", "v1_17", "v2_0"), "flinkConfiguration": g.flinkConfiguration(),
		"jobManager": map[string]any{"replicas": one[int64](g, 1, 1, 2)}, "taskManager": map[string]any{"resource": map[string]any{"memory": "1g"}},
	}
	if g.sometimes(2) {
		spec["job"] = g.job()
	}
	if g.sometimes(2) {
		spec["serviceAccount"] = one(g, "flink", "flink", "default", "runner", "")
	}
	if g.sometimes(3) {
		spec["mode"] = one(g, "native", "standalone")
	}
	template := func() map[string]any {
		return map[string]any{"spec": map[string]any{"serviceAccountName": one(g, "runner", "default"), "containers": []any{map[string]any{
			"name": "flink-main-container", "env": []any{map[string]any{"name": "FLINK_PROPERTIES", "value": g.legacyText()}},
		}}}}
	}
	if g.sometimes(5) {
		spec["podTemplate"] = template()
	}
	if g.sometimes(8) {
		spec["jobManager"].(map[string]any)["podTemplate"] = template()
	}
	if g.sometimes(8) {
		spec["taskManager"].(map[string]any)["podTemplate"] = template()
	}
	return spec
}

// cluster is a whole cluster, with what its processes read and may do, more or less.
func (g *generator) cluster() []map[string]any {
	name := one(g, "orders", "billing")
	metadata := func(name string) map[string]any { return map[string]any{"name": name} }
	text := "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://flink/ha/" + one(g, name, "") + "\nkubernetes.cluster-id: " + one(g, name, name, "orders") +
		"\njobmanager.rpc.address: flink-jobmanager\n" + one(g, "kubernetes.namespace: team\n", "kubernetes.namespace: other\n", "") + one(g, g.legacyText(), "", "")
	configMap := map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata("flink-config-" + one(g, name, "shared")), "data": map[string]any{one(g, "flink-conf.yaml", "config.yaml"): text}}
	made := []map[string]any{configMap}
	for _, role := range []string{"jobmanager", "taskmanager"} {
		process := g.workload()
		process["metadata"] = metadata(name + "-" + role)
		spec := g.podSpec()
		container, _ := spec["containers"].([]any)[0].(map[string]any)
		container["args"], container["volumeMounts"] = []any{role}, []any{map[string]any{"name": "conf", "mountPath": "/opt/flink/conf"}}
		delete(container, "command")
		spec["volumes"] = []any{map[string]any{"name": "conf", "configMap": map[string]any{"name": configMap["metadata"].(map[string]any)["name"]}}}
		process["spec"].(map[string]any)["template"].(map[string]any)["spec"] = spec
		if g.sometimes(6) { // which no API server takes any more
			process["apiVersion"] = "extensions/v1beta1"
			if process["kind"] != "Job" {
				process["apiVersion"] = "apps/v1beta2"
			}
		}
		made = append(made, process)
	}
	if g.sometimes(2) {
		made = append(made, g.rights()...)
	}
	if g.sometimes(2) {
		made = append(made, g.account())
	}
	return made
}

// prepared are processes that name no account in a namespace of which the rights are known: the account to give is there, or will be.
func (g *generator) prepared() []map[string]any {
	made := g.cluster()
	if g.sometimes(3) {
		resource := g.resource()
		resource["metadata"] = map[string]any{"name": "orders"}
		resource["spec"] = map[string]any{"flinkVersion": "v1_20", "mode": one(g, "native", "standalone"), "flinkConfiguration": map[string]any{
			"high-availability.type": "kubernetes", "high-availability.storageDir": "s3://flink/ha", one(g, "kubernetes.jobmanager.service-account", "state.checkpoints.dir"): "s3://flink/x",
		}}
		resource["kind"] = "FlinkDeployment"
		made = append(made[:1], resource)
	}
	for _, object := range made {
		if spec, ok := object["spec"].(map[string]any); ok && object["kind"] != "FlinkDeployment" && spec["template"] != nil {
			template, _ := spec["template"].(map[string]any)["spec"].(map[string]any)
			if template != nil && !g.sometimes(4) {
				delete(template, "serviceAccountName")
				delete(template, "serviceAccount")
			}
		}
	}
	account := one(g, "flink", "flink", "runner", "other")
	at := func(name string) map[string]any { return map[string]any{"name": name, "namespace": "team"} }
	made = append(made,
		map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": at(account)},
		map[string]any{
			"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": at(one(g, "flink", "flink", "flink-ha-webhook-jobmanager")),
			"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": one(g, "edit", "edit", "view", "flink-ha-webhook-jobmanager")},
			"subjects": []any{map[string]any{"kind": "ServiceAccount", "name": account, "namespace": "team"}},
		})
	if g.sometimes(4) {
		preset := map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": at("default")}
		preset["imagePullSecrets"] = []any{map[string]any{"name": "registry"}}
		made = append(made, preset)
	}
	return made
}

// native are the Deployment and the configuration that Flink's native client makes.
func (g *generator) native() []map[string]any {
	name := one(g, "orders", "billing")
	configMap := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "data": map[string]any{one(g, "flink-conf.yaml", "config.yaml"): "execution.target: kubernetes-application\nkubernetes.cluster-id: " + name +
			"\nkubernetes.namespace: team\nhigh-availability.type: kubernetes\nhigh-availability.storageDir: s3://flink/ha\n" + one(g, "", "", g.legacyText())},
		"metadata": map[string]any{"name": "flink-config-" + name, "namespace": "team", "labels": map[string]any{"app": name, "type": "flink-native-kubernetes"}, "ownerReferences": []any{map[string]any{
			"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": "u-" + name, "controller": true,
		}}},
	}
	spec := map[string]any{
		"containers": []any{map[string]any{
			"name": "flink-main-container", "image": one(g, "flink:1.20", "flink:2.0"), "command": []any{"/docker-entrypoint.sh"},
			"args":         []any{"bash", "-c", "kubernetes-jobmanager.sh kubernetes-application"},
			"volumeMounts": []any{map[string]any{"name": "flink-config-volume", "mountPath": "/opt/flink/conf"}},
		}},
		"volumes": []any{map[string]any{"name": "flink-config-volume", "configMap": map[string]any{"name": "flink-config-" + name}}},
	}
	if g.sometimes(2) {
		spec["serviceAccountName"] = one(g, "flink", "default")
	}
	deployment := map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": name, "namespace": "team", "uid": "u-" + name, "labels": map[string]any{"app": name, "type": "flink-native-kubernetes"}},
		"spec": map[string]any{"replicas": int64(1), "template": map[string]any{"metadata": map[string]any{"labels": map[string]any{"app": name, "component": "jobmanager", "type": "flink-native-kubernetes"}}, "spec": spec}},
	}
	made := []map[string]any{configMap, deployment}
	if g.sometimes(2) {
		made = append(made, g.rights()...)
	}
	return append(made, g.account())
}

func (g *generator) account() map[string]any {
	made := map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": g.metadata("flink", "default", "runner", "other", "other")}
	delete(made["metadata"].(map[string]any), "deletionTimestamp")
	if g.sometimes(4) {
		made["imagePullSecrets"] = []any{map[string]any{"name": "registry"}}
	}
	if g.sometimes(5) {
		made["automountServiceAccountToken"] = one(g, true, false)
	}
	return made
}

// rights are a role and its binding, and often the account with them.
func (g *generator) rights() []map[string]any {
	account, namespace := one(g, "flink", "flink", "default", "runner"), one(g, "team", "team", "other")
	kind, role := "Role", one(g, "flink", "flink-jobmanager")
	made := []map[string]any{}
	at := func(name string) map[string]any { return map[string]any{"name": name, "namespace": namespace} }
	switch g.IntN(4) {
	case 0:
		kind, role = "ClusterRole", one(g, "edit", "view", "flink-ha-webhook-jobmanager", "flink-ha-webhook-jobmanager-native", "flink-ha-webhook-taskmanager", "not-there", "cluster-admin")
	case 1:
		kind = "ClusterRole"
		made = append(made, map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": map[string]any{"name": role}, "rules": g.rules()})
	default:
		made = append(made, map[string]any{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": at(role), "rules": g.rules()})
	}
	subject := one(g,
		map[string]any{"kind": "ServiceAccount", "name": account, "namespace": namespace},
		map[string]any{"kind": "ServiceAccount", "name": account, "namespace": namespace},
		map[string]any{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "system:serviceaccounts:" + namespace},
		map[string]any{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": one(g, "jane", "system:serviceaccount:"+namespace+":"+account)},
	)
	binding := map[string]any{
		"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": at(one(g, "flink", "flink", "flink-ha-webhook-jobmanager")), "subjects": []any{subject},
		"roleRef": map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
	}
	if kind == "ClusterRole" && g.sometimes(4) {
		binding["kind"], binding["metadata"] = "ClusterRoleBinding", map[string]any{"name": "flink"}
	}
	if made = append(made, binding); g.sometimes(2) {
		made = append(made, map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": at(account)})
	}
	return made
}

func (g *generator) rules() []any {
	verbs := one(g, []any{"*"}, []any{"get", "list", "watch"}, []any{"get", "list", "watch", "create", "update", "patch", "delete"}, []any{"list", "watch"})
	rules := []any{map[string]any{"apiGroups": []any{""}, "resources": one(g, []any{"configmaps"}, []any{"configmaps", "pods", "services"}, []any{"*"}), "verbs": verbs}}
	if g.sometimes(3) {
		rules = append(rules, map[string]any{"apiGroups": []any{"apps", "extensions"}, "resources": []any{"deployments"}, "verbs": []any{"*"}})
	}
	if g.sometimes(6) {
		rules[0].(map[string]any)["resourceNames"] = []any{"orders-cluster-config-map"}
	}
	return rules
}
