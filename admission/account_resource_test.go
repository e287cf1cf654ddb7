package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const flinkDeployment = `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: demo}
spec:
  image: flink:1.20.5
  flinkVersion: v1_20
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://b/ha
    execution.checkpointing.dir: s3://b/cp
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
  job: {jarURI: local:///a.jar, parallelism: 2, upgradeMode: savepoint}
`

// withSpec adds a line to the specification of a custom resource.
func withSpec(resource, line string) string {
	return strings.Replace(resource, "  image:", "  "+line+"\n  image:", 1)
}

func TestMutateResources(t *testing.T) {
	const added = `[{"op":"add","path":"/spec/serviceAccount","value":"flink"}]`
	none := strings.Replace(flinkDeployment, "    high-availability.type: kubernetes\n", "", 1)
	off := strings.Replace(flinkDeployment, "type: kubernetes", "type: NONE", 1)
	_, specification, _ := strings.Cut(flinkDeployment, "spec:")
	blueGreen := "apiVersion: flink.apache.org/v1beta1\nkind: FlinkBlueGreenDeployment\nmetadata: {name: demo}\nspec:\n  template:\n    " +
		strings.ReplaceAll("spec:"+specification, "\n", "\n    ")
	defaults := func(lines string) []string {
		return []string{"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-operator-config}\ndata:\n  config.yaml: |\n    kubernetes.operator.a: b\n    " + lines}
	}
	replaced := func(paths ...string) string {
		var operations []string
		for _, path := range paths {
			operations = append(operations, `{"op":"replace","path":"/spec/`+path+`","value":"flink"}`)
		}
		return strings.Join(operations, ",") + "]"
	}
	for name, tc := range map[string]accountCase{
		"no account":                 {object: flinkDeployment, want: added, wantAccount: "injected flink"},
		"default":                    {object: withSpec(flinkDeployment, "serviceAccount: default"), want: "[" + replaced("serviceAccount"), wantAccount: "injected flink"},
		"an account of its own":      {object: withSpec(flinkDeployment, "serviceAccount: mine"), around: may("mine", "all"), wantAccount: "already-set mine"},
		"one of its own, lacking":    {object: withSpec(flinkDeployment, "serviceAccount: mine"), around: may("mine", "pods"), wantAccount: "insufficient mine"},
		"suspended":                  {object: strings.Replace(flinkDeployment, "parallelism: 2", "state: suspended", 1), want: added, wantAccount: "injected flink"},
		"blue and green":             {object: blueGreen, want: `[{"op":"add","path":"/spec/template/spec/serviceAccount","value":"flink"}]`, wantAccount: "injected flink"},
		"one half of blue and green": {object: strings.Replace(flinkDeployment, "{name: demo}", "{name: demo-blue, ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, name: demo, uid: u}]}", 1)},
		"a session job":              {object: `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: j}, spec: {deploymentName: demo, job: {jarURI: a}}}`},
		"on its way out":             {object: strings.Replace(flinkDeployment, "{name: demo}", `{name: demo, deletionTimestamp: "2026-01-01T00:00:00Z"}`, 1)},
		"no high availability":       {object: off},
		"high availability that is not known, default may make pods": {object: none, around: may("default", "pods"), wantAccount: "sufficient default"},
		"high availability that is not known":                        {object: none, want: added, wantAccount: "injected flink"},
		"the same in standalone mode":                                {object: withSpec(none, "mode: standalone")},
		"standalone mode, default may do it":                         {object: withSpec(flinkDeployment, "mode: standalone"), around: may("default", "configmaps"), wantAccount: "sufficient default"},
		"standalone mode":                                            {object: withSpec(flinkDeployment, "mode: standalone"), want: added, wantAccount: "injected flink"},
		"default may do half of it":                                  {object: flinkDeployment, around: may("default", "configmaps"), want: added, wantAccount: "injected flink"},
		"default may do all":                                         {object: flinkDeployment, around: may("default", "all"), wantAccount: "sufficient default"},
		"the operator's defaults switch it on":                       {object: none, beside: defaults("high-availability.type: kubernetes"), around: may("default", "pods"), want: added, wantAccount: "injected flink"},
		"the operator's defaults leave it off":                       {object: none, beside: defaults("a: b")},
		"the operator's defaults name an account":                    {object: flinkDeployment, beside: defaults("kubernetes.service-account: mine"), around: may("mine", "all"), wantAccount: "already-set mine"},
		"pod templates that say default": {
			object: withSpec(strings.NewReplacer("jobManager: {", "jobManager: {podTemplate: {spec: {serviceAccount: default}}, ",
				"taskManager: {", "taskManager: {podTemplate: {spec: {serviceAccountName: default, serviceAccount: default}}, ").Replace(flinkDeployment), "podTemplate: {spec: {serviceAccountName: default}}"),
			want: added[:len(added)-1] + "," + replaced("podTemplate/spec/serviceAccountName", "jobManager/podTemplate/spec/serviceAccount",
				"taskManager/podTemplate/spec/serviceAccount", "taskManager/podTemplate/spec/serviceAccountName"), wantAccount: "injected flink",
		},
		"a pod template names another, which an option would replace": {
			object: withSpec(flinkDeployment, "podTemplate: {spec: {serviceAccountName: mine}}"), around: may("mine", "all"), wantAccount: "already-set mine",
		},
		"a pod template names another, which default replaces already": {
			object: withSpec(flinkDeployment, "podTemplate: {spec: {serviceAccountName: mine}}\n  serviceAccount: default"), want: "[" + replaced("serviceAccount"), wantAccount: "injected flink",
		},
		"TaskManagers have a template of their own": {
			object: strings.Replace(flinkDeployment, "taskManager: {", "taskManager: {podTemplate: {spec: {serviceAccountName: mine}}, ", 1), around: may("mine", "watch"), wantAccount: "insufficient mine",
		},
		"an option names another": {
			object: strings.Replace(flinkDeployment, "    execution", "    kubernetes.service-account: mine\n    execution", 1), around: may("mine", "all"), wantAccount: "already-set mine",
		},
		"options that say default": {
			object: strings.Replace(flinkDeployment, "    execution", "    kubernetes.jobmanager.service-account: default\n    kubernetes: {taskmanager: {service-account: default}}\n    execution", 1),
			want:   added[:len(added)-1] + "," + replaced("flinkConfiguration/kubernetes.jobmanager.service-account", "flinkConfiguration/kubernetes/taskmanager/service-account"), wantAccount: "injected flink",
		},
		"an option for TaskManagers": {
			object: strings.Replace(flinkDeployment, "    execution", "    kubernetes.taskmanager.service-account: mine\n    execution", 1), around: may("mine", "watch"),
			want: added, wantAccount: "injected flink",
		},
		"credentials": {
			object: flinkDeployment, around: func(a *accountsAround) {
				a.accounts["default"] = validation.Account{Exists: true, Credentials: []string{"eks.amazonaws.com/role-arn"}}
			}, wantAccount: "credentials default", wantNote: "The pods would lose eks.amazonaws.com/role-arn",
		},
		"nothing is known":           {object: flinkDeployment, around: func(a *accountsAround) { a.unknown = "access" }, wantAccount: "unknown default"},
		"the policy injects nothing": {object: flinkDeployment, policy: func(p *policy.Policy) { p.ServiceAccounts.Inject = false }},
	} {
		t.Run(name, tc.run)
	}
}

// TestMutateResourcesOnlyWithAnUpgrade: an account in the specification is an upgrade, which stops the job.
func TestMutateResourcesOnlyWithAnUpgrade(t *testing.T) {
	for name, tc := range map[string]struct {
		from, to string
		want     bool
	}{
		"another image":          {"image: flink:1.20.5", "image: flink:1.20.6", true},
		"another jar":            {"a.jar", "b.jar", true},
		"a nonce":                {"  image:", "  restartNonce: 7\n  image:", false},
		"a savepoint":            {"parallelism: 2", "parallelism: 2, savepointTriggerNonce: 7", false},
		"scaling":                {"parallelism: 2", "parallelism: 4", false},
		"TaskManagers":           {"taskManager: {", "taskManager: {replicas: 4, ", false},
		"an operator's option":   {"    execution", "    kubernetes.operator.periodic.savepoint.interval: 1h\n    execution", false},
		"a label":                {"{name: demo}", "{name: demo, labels: {a: b}}", false},
		"an account, taken away": {"  image:", "  serviceAccount: mine\n  image:", true},
	} {
		t.Run(name, func(t *testing.T) {
			before, after := flinkDeployment, strings.Replace(flinkDeployment, tc.from, tc.to, 1)
			if name == "an account, taken away" {
				before, after = after, before
			}
			decision, err := reviewer(t, amongAccounts(t)).Mutate(update(t, before, after))
			if err != nil || len(decision.Edits) > 0 != tc.want {
				t.Errorf("got %+v, %v", decision.Edits, err)
			}
			const command = `kubectl -n team patch flinkdeployments demo --type merge -p '{"spec":{"serviceAccount":"flink"}}'`
			if !tc.want && (decision.Account.Outcome != AccountDeferred || len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], command)) {
				t.Errorf("got %+v and the notes %q, want the command", decision.Account, decision.Notes)
			}
		})
	}
}

func TestMutateResourcesMountsTheToken(t *testing.T) {
	hardened := withSpec(flinkDeployment, "serviceAccount: mine\n  podTemplate: {spec: {automountServiceAccountToken: false}}")
	tc := accountCase{
		object: hardened, around: may("mine", "all"), policy: func(p *policy.Policy) { p.ServiceAccounts.MountToken = true }, beside: []string{operatorConfigMap},
		want: `[{"op":"replace","path":"/spec/podTemplate/spec/automountServiceAccountToken","value":true}]`, wantAccount: "already-set mine",
	}
	tc.run(t)
	tc.object, tc.want = withSpec(flinkDeployment, "serviceAccount: mine"), `[{"op":"add","path":"/spec/podTemplate","value":{"spec":{"automountServiceAccountToken":true}}}]`
	tc.around = func(a *accountsAround) {
		may("mine", "all")(a)
		a.accounts["mine"] = validation.Account{Exists: true, Automount: new(false)}
	}
	tc.run(t)
}

const operatorConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-operator-config}\ndata: {config.yaml: \"kubernetes.operator.a: b\"}\n"

func TestTheSystemIsLeftAlone(t *testing.T) {
	request := create(t, ownTaskManager)
	request.UserInfo.Username = "system:serviceaccount:kube-system:generic-garbage-collector"
	if decision, err := reviewer(t, amongAccounts(t)).Mutate(request); err != nil || len(decision.Edits)+len(decision.Planned)+len(decision.Notes) > 0 {
		t.Errorf("got %+v, %v", decision, err)
	}
	for _, subresource := range []string{"scale", "status"} {
		for _, object := range []string{ownTaskManager, flinkDeployment} {
			request := create(t, object)
			request.SubResource = subresource
			if decision, err := reviewer(t, amongAccounts(t)).Mutate(request); err != nil || decision.Recognized {
				t.Errorf("%s: got %+v, %v", subresource, decision, err)
			}
		}
	}
}
