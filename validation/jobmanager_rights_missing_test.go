package validation

import (
	"strings"
	"testing"
)

func TestJobManagerRightsMissing(t *testing.T) {
	const (
		mine  = "pod.serviceAccountName: flink"
		field = "spec.template.spec.serviceAccountName"
		fix   = `; fix: bind a Role with these rights to it in namespace "team"`
		tail  = "; needs " + toLead + fix
	)
	good := flinkConfig(goodLines()...)
	says := func(lacks, effect string) []string {
		return []string{field + ` is "flink" (it lacks ` + lacks + ` in namespace "team"); ` + effect + tail}
	}
	without := func(verbs string) string { return bound("flink", "configmaps: "+verbs) }
	version := func(image string, rest ...string) Subject {
		workload := flinkWorkload("Deployment", "jobmanager", mountsConfig(mine, `image: "`+image+`"`)...)
		return manifest(t, together(append([]string{workload}, rest...)...))
	}
	native := func(config ...string) string {
		return strings.Replace(flinkWorkload("Deployment", "jobmanager", mountsConfig(append(config, `image: "flink:1.20.5"`)...)...),
			"{app: flink}", "{app: jobmanager, type: flink-native-kubernetes}", 1)
	}
	testBriefs(t, "jobmanager-rights-missing", map[string]ruleCase{
		"all of them are there":    {subject: manifest(t, together(leader(mine), without(allVerbs), good))},
		"a kubeconfig":             {subject: manifest(t, together(leader(mine), bound("other", allOfLeader), flinkConfig(goodLines("kubernetes.config.file: /kube/config")...)))},
		"nothing is bound to it":   {subject: manifest(t, together(leader(mine), bound("other", allOfLeader), good)), want: says(toLead, "the JobManager exits at start")},
		"no patch":                 {subject: version("flink:1.20.5", without("get, list, watch, create, update, delete"), good), want: says("patch on configmaps", "from Flink 1.18 on no JobManager leads for longer than 15 s")},
		"no patch, in 1.17":        {subject: version("flink:1.17.2", without("get, list, watch, create, update, delete"), good)},
		"no list":                  {subject: version("flink:1.20.5", without("get, watch, create, update, patch, delete"), good), want: says("list on configmaps", "the JobManager exits at start")},
		"no create and no get":     {subject: version("flink:1.20.5", without("list, watch, update, patch, delete"), good), want: says("get and create on configmaps", "no JobManager becomes leader")},
		"no delete":                {subject: version("flink:1.20.5", without("get, list, watch, create, update, patch"), good), want: says("delete on configmaps", "what finished jobs leave behind in ConfigMaps stays")},
		"rights are not known":     {subject: manifest(t, together(leader(mine), good))},
		"nothing around is known":  {subject: manifest(t, leader(mine))},
		"the file is not known":    {subject: manifest(t, together(leader(mine), without("get")))},
		"ZooKeeper":                {subject: manifest(t, together(leader(mine), without("get"), flinkConfig("high-availability.type: zookeeper", "kubernetes.namespace: team")))},
		"a TaskManager":            {subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig(mine)...), without("get"), good))},
		"a configuration":          {subject: manifest(t, together(good, without("get")))},
		"the namespace comes late": {subject: manifest(t, together(leader(mine), without("get"), flinkConfig("high-availability.type: kubernetes", "kubernetes.namespace: $NS")))},
		"a version that is not known, without patch": {
			subject: version("mine:7", without("get, list, watch, create, update, delete"), good),
			want:    []string{field + ` is "flink" (it lacks patch on configmaps in namespace "team", which Flink may need); from Flink 1.18 on no JobManager leads for longer than 15 s` + tail},
		},
		"a Role for the cluster's ConfigMaps alone": {
			subject: version("flink:1.20.5", bound("flink", "configmaps@x-cluster-config-map: get, list, watch, update, patch, delete", "configmaps: create"), good),
			want: []string{field + ` is "flink" (it lacks get, update, patch and delete on configmaps in namespace "team", which Flink may need); ` +
				"no JobManager becomes leader" + tail},
		},
		"another namespace": {
			subject: manifest(t, together(leader(mine), without(allVerbs), strings.Replace(good, "kubernetes.namespace: team", "kubernetes.namespace: ha", 1))),
			want:    []string{strings.ReplaceAll(says(toLead, "the JobManager exits at start")[0], `"team"`, `"ha"`)},
		},
		"a namespace that nobody named": {
			subject: manifest(t, together(leader(mine), without(allVerbs), strings.Replace(good, "kubernetes.namespace: team", "a: b", 1))),
			want: []string{field + ` is "flink" (it lacks ` + toLead + ` in namespace "default", where Flink works as long as kubernetes.namespace is not set); ` +
				"the JobManager exits at start; needs " + toLead + `; fix: set kubernetes.namespace to "team" first`},
		},
		"the default account": {
			subject: manifest(t, together(leader(), without(allVerbs), good)),
			want: []string{field + ` is not set (the account "default" lacks ` + toLead + ` in namespace "team"); the JobManager exits at start; needs ` + toLead +
				`; fix: serviceAccountName: flink, bound to a Role with these rights in namespace "team"`},
		},
		"native, before its ConfigMap is there": {
			subject: manifest(t, together(native(mine), without(allVerbs))),
			want: []string{field + ` is "flink" (it lacks list, watch, create and delete on pods; get and delete on deployments in namespace "team"); ` +
				"the JobManager exits at start; needs list, watch, create and delete on pods; get and delete on deployments" + fix},
		},
		"native, with all rights": {
			subject: manifest(t, together(native(mine), bound("flink", allOfLeader, "pods: list, watch, create, delete", "deployments@jobmanager.apps: get, delete"))),
		},
		"native, makes no TaskManagers": {
			subject: manifest(t, together(native(mine), bound("flink", "pods: list, watch, delete", "deployments.apps: get, delete"))),
			want: []string{field + ` is "flink" (it lacks create on pods in namespace "team"); the JobManager makes no TaskManagers; ` +
				"needs list, watch, create and delete on pods; get and delete on deployments" + fix},
		},
	})
}

func TestJobManagerRightsMissingInCustomResources(t *testing.T) {
	custom := func(rest string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\nspec:\n" +
			"  serviceAccount: flink\n  flinkVersion: v1_20\n" + rest
	}
	known := operatorDefaults("rest.port: 8081")
	// read keeps what is around, and reads the resource over the operator's defaults.
	read := func(documents ...string) Subject {
		subject := manifest(t, together(documents...))
		around := subject.Around
		known(&subject)
		subject.Around = around
		return subject
	}
	const (
		podRights = "list, watch, create and delete on pods; get and delete on deployments"
		ha        = "  flinkConfiguration: {high-availability.type: kubernetes}"
		fix       = `; fix: bind a Role with these rights to it in namespace "team"`
	)
	testBriefs(t, "jobmanager-rights-missing", map[string]ruleCase{
		"native, without high availability": {
			subject: read(custom(""), bound("flink", allOfLeader)),
			want:    []string{`spec.serviceAccount is "flink" (it lacks ` + podRights + ` in namespace "team"); the JobManager exits at start; needs ` + podRights + fix},
		},
		"native, with high availability": {
			subject: read(custom(ha), bound("flink", "pods: list, watch, create, delete", "deployments.apps: get, delete")),
			want: []string{`spec.serviceAccount is "flink" (it lacks ` + toLead + ` in namespace "team"); the JobManager exits at start; needs ` +
				toLead + "; " + podRights + fix},
		},
		"standalone, without high availability": {subject: read(custom("  mode: standalone"), bound("flink", "pods: get"))},
		"standalone, with high availability":    {subject: read(custom("  mode: standalone\n"+ha), bound("flink", allOfLeader))},
		"the operator's role": {
			subject: read(custom(ha), bound("flink", allOfLeader, "pods: "+allVerbs, "deployments.apps: "+allVerbs, "deployments/finalizers.apps: "+allVerbs)),
		},
		"an option of the role": {
			subject: read(custom("  flinkConfiguration: {kubernetes.jobmanager.service-account: jm}"), bound("jm", "pods: list, watch, create, delete", "deployments.apps: get, delete")),
		},
		"the operator may have a default for the role": {
			subject: manifest(t, together(custom(""), bound("flink", allOfLeader))),
			want: []string{`spec.serviceAccount is "flink" ("flink", if it is the account of the pods, lacks ` + podRights +
				` in namespace "team"); the JobManager exits at start; needs ` + podRights + fix},
		},
		"a job for a session": {
			subject: manifest(t, together("apiVersion: flink.apache.org/v1beta1\nkind: FlinkSessionJob\nmetadata: {name: x, namespace: team}\nspec: {deploymentName: d}", bound("x", allOfLeader))),
		},
	})
}

func TestJobManagerRightsMissingInNativeConfigurations(t *testing.T) {
	const workload = `kind: Deployment
metadata: {name: x, namespace: team}
spec: {template: {metadata: {labels: {app: x, type: flink-native-kubernetes}}, spec: {serviceAccountName: flink, containers: [{name: flink-main-container,
  image: "flink:1.20.5", command: [/docker-entrypoint.sh], args: [bash, -c, kubernetes-jobmanager.sh kubernetes-session]}]}}}`
	config := func(account string) string {
		return "kind: ConfigMap\nmetadata: {name: flink-config-x, namespace: team, labels: {app: x, type: flink-native-kubernetes}}\ndata:\n  flink-conf.yaml: |\n" +
			"    execution.target: kubernetes-session\n    high-availability.type: kubernetes\n    kubernetes.cluster-id: x\n    kubernetes.namespace: team\n" + account
	}
	subject := func(account, rbac string) Subject {
		return with(manifest(t, together(config(account), rbac)), readBy(t, workload))
	}
	const needed = toLead + "; list, watch, create and delete on pods; get and delete on deployments"
	testBriefs(t, "jobmanager-rights-missing", map[string]ruleCase{
		"the Deployment's account has none": {
			subject: subject("    kubernetes.jobmanager.service-account: flink\n", bound("other", allOfLeader)),
			want: []string{`data["flink-conf.yaml"]:5:40: kubernetes.jobmanager.service-account is "flink" (it lacks ` + needed + ` in namespace "team"); ` +
				"the JobManager exits at start; needs " + needed + `; fix: bind a Role with these rights to it in namespace "team"`},
		},
		"the Deployment is older than the option": {
			subject: subject("    kubernetes.service-account: new\n", bound("new", allOfLeader, "pods: list, watch, create, delete", "deployments.apps: get, delete")),
			want: []string{`data["flink-conf.yaml"]:5:29: kubernetes.service-account is "new" (the account "flink" of the Deployment "x" lacks ` + needed +
				` in namespace "team"); the JobManager exits at start; needs ` + needed + `; fix: bind a Role with these rights to "flink" in namespace "team"`},
		},
		"it has them": {
			subject: subject("    kubernetes.service-account: other\n", bound("flink", allOfLeader, "pods: list, watch, create, delete", "deployments.apps: get, delete")),
		},
		"no Deployment is known": {subject: manifest(t, together(config("    kubernetes.service-account: flink\n"), bound("other", allOfLeader)))},
	})
}

// TestAWarningNamesWhatIsMissing holds that a warning, which has room for 256 bytes, says which account lacks which rights where.
func TestAWarningNamesWhatIsMissing(t *testing.T) {
	const limit = 256 - len("[jobmanager-rights-missing] ")
	for account, fields := range map[string][]string{"default": nil, "flink": {"pod.serviceAccountName: flink"}} {
		subject := manifest(t, together(leader(fields...), bound("other", allOfLeader), flinkConfig(goodLines()...)))
		findings := checkJobManagerRightsMissing(&subject)
		if len(findings) != 1 {
			t.Fatalf("%s: got %d findings, want 1", account, len(findings))
		}
		brief := Finding{Violation: findings[0]}.Brief(limit)
		for _, want := range []string{toLead, `namespace "team"`, `"` + account + `"`} {
			if !strings.Contains(brief, want) {
				t.Errorf("%s: the warning %q does not say %q", account, brief, want)
			}
		}
		if len(brief) > limit {
			t.Errorf("%s: the warning %q has %d bytes", account, brief, len(brief))
		}
	}
}

// TestCredentialsOfItsOwnAreDoubted: a variable or a volume may bring other credentials than those of the account.
func TestCredentialsOfItsOwnAreDoubted(t *testing.T) {
	good := flinkConfig(goodLines()...)
	for name, tc := range map[string]struct {
		fields []string
		unsure bool
	}{
		"none":       {fields: []string{"pod.serviceAccountName: flink"}},
		"KUBECONFIG": {fields: []string{"pod.serviceAccountName: flink", "env: [{name: KUBECONFIG, value: /kube/config}]"}, unsure: true},
	} {
		seen := false
		for _, finding := range mustEvaluator(t).Evaluate(manifest(t, together(leader(tc.fields...), bound("other", allOfLeader), good))) {
			if finding.Rule == "jobmanager-rights-missing" {
				seen = true
				if finding.Unsure != tc.unsure {
					t.Errorf("%s: got %t", name, finding.Unsure)
				}
			}
		}
		if !seen {
			t.Errorf("%s: nothing is found", name)
		}
	}
}
