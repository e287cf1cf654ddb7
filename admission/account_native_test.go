package admission

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// clientDeployment has the shape of what Flink's native client sends, and the API server completes, before there is a configuration.
const clientDeployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: demo, uid: d1, labels: {app: demo, component: jobmanager, type: flink-native-kubernetes}}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: demo, component: jobmanager, type: flink-native-kubernetes}}
    spec:
      serviceAccount: default
      serviceAccountName: default
      containers:
      - name: flink-main-container
        image: apache/flink:@VERSION@
        command: [/docker-entrypoint.sh]
        args: [bash, -c, "kubernetes-jobmanager.sh kubernetes-session "]
        env: [{name: _POD_IP_ADDRESS, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.podIP}}}]
        volumeMounts: [{name: flink-config-volume, mountPath: /opt/flink/conf}]
      volumes:
      - name: flink-config-volume
        configMap: {name: flink-config-demo, items: [{key: @FILE@, path: @FILE@}]}
`

const clientConfigMap = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: flink-config-demo
  labels: {app: demo, type: flink-native-kubernetes}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: d1, controller: true, blockOwnerDeletion: true}]
data:
  log4j-console.properties: "rootLogger.level = INFO"
  @FILE@: |
`

// nested is how the client writes config.yaml, and flat how it writes flink-conf.yaml.
const (
	nested = `    kubernetes:
      internal: {jobmanager: {entrypoint: {class: org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint}}}
      cluster-id: demo
      namespace: team
    high-availability:
      type: kubernetes
      cluster-id: demo
      storageDir: s3://bkt/ha
    execution:
      target: kubernetes-session
      checkpointing.dir: s3://bkt/checkpoints
    jobmanager:
      memory:
        process:
          size: 1600m
`
	flat = `    kubernetes.internal.jobmanager.entrypoint.class: org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint
    high-availability.type: kubernetes
    high-availability.cluster-id: demo
    execution.target: kubernetes-session
    state.checkpoints.dir: s3://bkt/checkpoints
    kubernetes.cluster-id: demo
    high-availability.storageDir: s3://bkt/ha
    kubernetes.namespace: team
    jobmanager.memory.process.size: 1600m
`
)

// client is one version of the native client, with what it sends.
type client struct{ deployment, configMap, file string }

func clientOf(version string) client {
	file, text := flink.StandardFile, nested
	if strings.HasPrefix(version, "1.18") {
		file, text = flink.LegacyFile, flat
	}
	fill := strings.NewReplacer("@VERSION@", version, "@FILE@", file)
	return client{deployment: fill.Replace(clientDeployment), configMap: fill.Replace(clientConfigMap) + text, file: file}
}

// TestTheNativeClientGetsOneAccount: in the order of the client, which makes the Deployment before its configuration.
func TestTheNativeClientGetsOneAccount(t *testing.T) {
	const both = `[{"op":"replace","path":"/spec/template/spec/serviceAccountName","value":"flink"},{"op":"replace","path":"/spec/template/spec/serviceAccount","value":"flink"}]`
	for _, version := range []string{"1.18.1", "1.20.5", "2.3.0"} {
		t.Run(version, func(t *testing.T) {
			sent := clientOf(version)
			first := accountCase{object: sent.deployment, want: both, wantAccount: "injected flink"}
			first.run(t)
			request := create(t, sent.deployment)
			decision, err := first.reviewer(t).Mutate(request)
			if err != nil {
				t.Fatal(err)
			}
			second := accountCase{object: sent.configMap, beside: []string{string(applied(t, request.Object.Raw, decision))}}
			request = create(t, sent.configMap)
			if decision, err = second.reviewer(t).Mutate(request); err != nil || len(decision.Edits) != 1 {
				t.Fatalf("the configuration: got %+v, %v, want one edit", decision, err)
			}
			second.want, second.wantAccount = patchOf(t, decision), "injected flink"
			second.run(t)
			before, after := readFile(t, request.Object.Raw, sent.file), readFile(t, applied(t, request.Object.Raw, decision), sent.file)
			if value := after[flink.KeyServiceAccount]; value != "flink" {
				t.Errorf("Flink reads %q for the account", value)
			}
			delete(after, flink.KeyServiceAccount)
			if got, want := asJSON(t, after), asJSON(t, before); got != want {
				t.Errorf("Flink reads something else besides:\n%s\n%s", got, want)
			}
		})
	}
}

// readFile is what Flink reads from a file of a ConfigMap.
func readFile(t *testing.T, raw []byte, file string) map[string]string {
	t.Helper()
	var configMap struct{ Data map[string]string }
	if err := json.Unmarshal(raw, &configMap); err != nil {
		t.Fatal(err)
	}
	loader, _ := flink.LoaderOf(file)
	loaded := loader.Load(configMap.Data[file], "")
	if loaded.Err != nil {
		t.Fatal(loaded.Err)
	}
	settings := map[string]string{}
	for _, setting := range loaded.Settings {
		settings[setting.Key] = setting.Value
	}
	return settings
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestAConfigMapIsNotMadeTooLarge for the API server, which would refuse it.
func TestAConfigMapIsNotMadeTooLarge(t *testing.T) {
	sent := clientOf("2.3.0")
	tc := accountCase{beside: []string{sent.deployment}}
	full := strings.Replace(sent.configMap, "\ndata:\n", "\ndata:\n  logback-console.xml: "+strings.Repeat("x", maxConfigMap-roomForAccounts)+"\n", 1)
	decision, err := tc.reviewer(t).Mutate(create(t, full))
	if err != nil || len(decision.Edits) > 0 || decision.Account.Outcome != AccountDeferred || len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], "too large") {
		t.Errorf("got %+v and the notes %q, %v", decision.Account, decision.Notes, err)
	}
}

// TestACustomImageGetsOneAccount: an image of one's own, as applications have it, shows no version, and the JobManager is moved all the same.
func TestACustomImageGetsOneAccount(t *testing.T) {
	for _, version := range []string{"1.18.1", "2.3.0"} {
		sent := clientOf(version)
		deployment := strings.Replace(sent.deployment, "apache/flink:"+version, "registry.example.com/app:42", 1)
		first := accountCase{object: deployment, want: replaced("serviceAccountName", "serviceAccount"), wantAccount: "injected flink"}
		first.run(t)
		second := accountCase{beside: []string{strings.ReplaceAll(deployment, ": default", ": flink")}}
		request := create(t, sent.configMap)
		decision, err := second.reviewer(t).Mutate(request)
		if err != nil || len(decision.Edits) != 1 {
			t.Fatalf("%s: got %+v, %v, want one edit", version, decision, err)
		}
		if got := readFile(t, applied(t, request.Object.Raw, decision), sent.file)[flink.KeyServiceAccount]; got != "flink" {
			t.Errorf("%s: TaskManagers get %q", version, got)
		}
	}
}

// TestTheFileThatIsMountedIsEdited: of two files in the ConfigMap Flink finds the one that the volume shows.
func TestTheFileThatIsMountedIsEdited(t *testing.T) {
	sent := clientOf("1.20.5")
	tc := accountCase{beside: []string{strings.ReplaceAll(sent.deployment, ": default", ": flink")}}
	request := create(t, strings.Replace(sent.configMap, "\ndata:\n", "\ndata:\n  flink-conf.yaml: |\n"+flat, 1))
	decision, err := tc.reviewer(t).Mutate(request)
	if err != nil || len(decision.Edits) != 1 {
		t.Fatalf("got %+v, %v, want one edit", decision, err)
	}
	if got := readFile(t, applied(t, request.Object.Raw, decision), flink.StandardFile)[flink.KeyServiceAccount]; got != "flink" {
		t.Errorf("TaskManagers get %q", got)
	}
}

func TestMutateNativeDeployments(t *testing.T) {
	sent := clientOf("2.3.0")
	both := replaced("serviceAccountName", "serviceAccount")
	for name, tc := range map[string]accountCase{
		"default may make pods":        {object: sent.deployment, around: may("default", "pods"), wantAccount: "sufficient default"},
		"default may do nothing":       {object: sent.deployment, want: both, wantAccount: "injected flink"},
		"the other may only do less":   {object: sent.deployment, around: may("flink", "configmaps"), wantAccount: "insufficient flink", wantNote: "--clusterrole=flink-ha-webhook-jobmanager-native"},
		"an account of its own":        {object: strings.ReplaceAll(sent.deployment, ": default", ": mine"), around: may("mine", "all"), wantAccount: "already-set mine"},
		"the operator's":               {object: strings.Replace(sent.deployment, "uid: d1", "ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: demo, uid: f1}]", 1)},
		"the operator's in standalone": {object: strings.ReplaceAll(sent.deployment, "flink-native-kubernetes", "flink-standalone-kubernetes")},
		"no high availability in a configuration that is there": {
			object: sent.deployment, beside: []string{strings.Replace(sent.configMap, "type: kubernetes\n", "type: NONE\n", 1)},
		},
		"high availability in one that is there": {
			object: sent.deployment, beside: []string{sent.configMap}, around: may("default", "pods"), want: both, wantAccount: "injected flink",
		},
	} {
		t.Run(name, tc.run)
	}
}

func TestMutateNativeConfigurations(t *testing.T) {
	sent := clientOf("2.3.0")
	moved := strings.ReplaceAll(sent.deployment, ": default", ": flink")
	options := func(lines ...string) string { return sent.configMap + "    " + strings.Join(lines, "\n    ") + "\n" }
	onDefault, onFlink := []string{sent.deployment}, []string{moved}
	for name, tc := range map[string]struct {
		accountCase
		// wants are the account options that Flink reads afterwards, "" where nothing is edited.
		wants string
	}{
		"the guard moved the JobManager": {accountCase{object: sent.configMap, beside: onFlink, wantAccount: "injected flink"}, "- - flink"},
		"the JobManager stayed, TaskManagers lack": {
			// What its mode is was not known when the Deployment came.
			accountCase{object: sent.configMap, beside: onDefault, around: may("default", "pods"), wantAccount: "injected flink", remains: "jobmanager-rights-missing"}, "- - flink",
		},
		"the JobManager stayed, default is sufficient": {
			accountCase{object: sent.configMap, beside: onDefault, around: may("default", "all"), wantAccount: "sufficient default"}, "",
		},
		"default has become sufficient, and the JobManager was moved": {
			accountCase{object: sent.configMap, beside: onFlink, around: may("default", "all"), wantAccount: "injected flink"}, "- - flink",
		},
		"every option says default": {
			accountCase{
				object: options("kubernetes.service-account: default", "kubernetes.jobmanager.service-account: default", `kubernetes.taskmanager.service-account: "default"`),
				beside: onFlink, wantAccount: "injected flink",
			}, strings.TrimSpace(strings.Repeat("flink ", 3)),
		},
		"TaskManagers have their own": {
			accountCase{object: options("kubernetes.taskmanager.service-account: mine"), beside: onFlink, around: may("mine", "watch"), wantAccount: "injected flink"}, "- mine flink",
		},
		"all have their own": {
			accountCase{object: options("kubernetes.service-account: mine"), beside: onFlink, around: may("mine", "watch"), wantAccount: "already-set mine"}, "",
		},
		"their own lacks rights": {
			accountCase{object: options("kubernetes.service-account: mine"), beside: onFlink, wantAccount: "insufficient mine"}, "",
		},
		"the JobManager's is named, and TaskManagers are on a sufficient default": {
			accountCase{object: options("kubernetes.jobmanager.service-account: flink"), beside: onFlink, around: may("default", "watch"), wantAccount: "sufficient default"}, "",
		},
		"the JobManager's is named, and TaskManagers are on default": {
			accountCase{object: options("kubernetes.jobmanager.service-account: flink"), beside: onFlink, wantAccount: "injected flink"}, "flink - flink",
		},
		"an account that something fills in": {
			accountCase{object: options("kubernetes.service-account: ${ACCOUNT}"), beside: onFlink, wantAccount: "unknown"}, "",
		},
		"a pod template for TaskManagers": {
			accountCase{object: options("kubernetes.pod-template-file.taskmanager: /t.yaml"), beside: onFlink, wantAccount: "unknown"}, "",
		},
		"a pod template for all": {
			accountCase{object: options("kubernetes.pod-template-file.default: /t.yaml"), beside: onFlink, wantAccount: "injected flink"}, "- - flink",
		},
		"a pod template for all, and an option that replaces it for the JobManager": {
			accountCase{object: options("kubernetes.pod-template-file: /t.yaml", "kubernetes.jobmanager.service-account: default"), beside: onFlink, wantAccount: "unknown"}, "",
		},
		"no high availability, and the JobManager was moved": {
			accountCase{object: strings.Replace(sent.configMap, "type: kubernetes\n", "type: NONE\n", 1), beside: onFlink, wantAccount: "injected flink"}, "- - flink",
		},
		"no high availability": {accountCase{object: strings.Replace(sent.configMap, "type: kubernetes\n", "type: NONE\n", 1), beside: onDefault}, ""},
		"the other lacks rights as well": {
			accountCase{
				object: sent.configMap, beside: onDefault, around: may("flink", "pods"), wantAccount: "insufficient flink",
				wantNote: "kubectl -n team create rolebinding flink --clusterrole=flink-ha-webhook-taskmanager",
			}, "",
		},
		"a Deployment that is not known": {accountCase{object: sent.configMap}, ""},
		"a Deployment of the same name":  {accountCase{object: sent.configMap, beside: []string{strings.Replace(moved, "uid: d1", "uid: d2", 1)}}, ""},
		"a Deployment of the operator":   {accountCase{object: sent.configMap, beside: []string{strings.Replace(moved, "uid: d1", "uid: d1, ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: demo, uid: f1}]", 1)}}, ""},
		"a configuration that is broken": {accountCase{object: options("kubernetes.service-account:"), beside: onFlink}, ""},
		"the policy injects nothing":     {accountCase{object: sent.configMap, beside: onDefault, policy: func(p *policy.Policy) { p.ServiceAccounts.Inject = false }}, ""},
		"something else with its labels": {accountCase{object: strings.Replace(sent.configMap, "flink-config-demo", "pod-template-demo", 1), beside: onFlink}, ""},
		"people's configuration":         {accountCase{object: goodConfiguration, beside: []string{taskManager}}, ""},
		"its owner is no Deployment":     {accountCase{object: strings.Replace(sent.configMap, "kind: Deployment", "kind: StatefulSet", 1), beside: onFlink}, ""},
		"a namespace that enforces nothing": {
			accountCase{
				object: sent.configMap, beside: onDefault, wantAccount: "planned flink", wantNote: "where the policy is enforced",
				around: func(a *accountsAround) { a.labels = map[string]string{"flink-ha.dev/enforce": "off"} },
			}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			request := create(t, tc.object)
			decision, err := tc.reviewer(t).Mutate(request)
			if err != nil {
				t.Fatal(err)
			}
			if tc.wants != "" && len(decision.Edits) == 1 {
				tc.want = patchOf(t, decision)
				read := readFile(t, applied(t, request.Object.Raw, decision), sent.file)
				var got []string
				for _, key := range []string{flink.KeyJobManagerServiceAccount, flink.KeyTaskManagerServiceAccount, flink.KeyServiceAccount} {
					value, ok := read[key]
					if !ok {
						value = "-"
					}
					got = append(got, value)
				}
				if joined := strings.Join(got, " "); joined != tc.wants {
					t.Errorf("Flink reads %q, want %q", joined, tc.wants)
				}
			} else if tc.wants != "" {
				t.Errorf("got %+v, want an edit", decision)
			}
			tc.run(t)
		})
	}
}

func TestNativeConfigurationsAreEditedWithTheirText(t *testing.T) {
	sent := clientOf("2.3.0")
	tc := accountCase{beside: []string{strings.ReplaceAll(sent.deployment, ": default", ": flink")}}
	decision, err := tc.reviewer(t).Mutate(update(t, sent.configMap, strings.Replace(sent.configMap, "app: demo,", "app: demo, a: b,", 1)))
	if err != nil || len(decision.Edits) > 0 || decision.Account.Outcome != AccountDeferred || len(decision.Notes) != 1 ||
		!strings.Contains(decision.Notes[0], `add "kubernetes.service-account: flink" to config.yaml`) {
		t.Errorf("the text stays: got %+v and the notes %q, %v", decision.Edits, decision.Notes, err)
	}
	decision, err = tc.reviewer(t).Mutate(update(t, sent.configMap, strings.Replace(sent.configMap, "1600m", "2000m", 1)))
	if err != nil || len(decision.Edits) != 1 {
		t.Errorf("the text changes: got %+v, %v", decision, err)
	}
}

// TestLargeNativeConfigurationsAreEditedInTime: the API server waits for two seconds.
func TestLargeNativeConfigurationsAreEditedInTime(t *testing.T) {
	for _, version := range []string{"1.18.1", "2.3.0"} {
		sent := clientOf(version)
		request := create(t, sent.configMap+strings.Repeat("    # a comment, since a configuration may have nine hundred thousand bytes of them\n", 11000))
		tc := accountCase{beside: []string{sent.deployment}}
		r, start := tc.reviewer(t), time.Now()
		decision, err := r.Mutate(request)
		if err != nil || len(decision.Edits) != 1 {
			t.Errorf("%s: got %+v, %v", version, decision.Account, err)
		}
		t.Logf("%s: %d bytes in %s", version, len(request.Object.Raw), time.Since(start))
	}
}
