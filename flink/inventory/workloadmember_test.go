package inventory

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

func TestWhatRunsFlinkIsAMember(t *testing.T) {
	const none = workload.Role("none")
	cases := map[string]struct {
		containers string
		want       workload.Role
	}{
		"a JobManager":                   {`{image: flink, args: [jobmanager]}`, workload.RoleJobManager},
		"a TaskManager of another image": {`{image: mine, args: [taskmanager]}`, workload.RoleTaskManager},
		"a history server":               {`{image: mine, args: [history-server]}`, ""},
		"a SQL gateway":                  {`{image: mine, command: [/opt/bin/sql-gateway.sh, start]}`, ""},
		"a client in a shell line":       {`{image: mine, command: [sh, -c, "/opt/flink/bin/flink run -m jm:8081"]}`, ""},
		"a class of Flink's":             {`{image: mine, command: [java, org.apache.flink.client.cli.CliFrontend]}`, ""},
		"an image with an entry point":   {`{image: "registry:5000/x/flink-jobs:7"}`, ""},
		"a mount at Flink's directory":   {`{image: mine, volumeMounts: [{name: c, mountPath: /opt/flink/conf/config.yaml}]}`, ""},
		"a mount of Flink's older file":  {`{image: mine, volumeMounts: [{name: c, mountPath: /etc/x, subPath: flink-conf.yaml}]}`, ""},
		"a web server":                   {`{image: nginx, args: [serve], volumeMounts: [{name: c, mountPath: /etc/nginx/config.yaml}]}`, none},
		"an image of a Flink registry":   {`{image: "registry/flink/nginx:1"}`, none},
		"another jobmanager":             {`{image: metrics, command: [watch], args: [jobmanager]}`, none},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			object := parse[manifest](t, template("{}", "{containers: ["+tc.containers+"]}"))
			got := none
			if member, ok := WorkloadMember("Deployment", &object.ObjectMeta, &object.Spec.Template, 1, nil); ok {
				got = member.Role
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAMemberTellsWhatItNames(t *testing.T) {
	got := memberOf(t, `
kind: Job
metadata:
  namespace: team
  name: flink
  uid: u1
  annotations: {flink-ha.dev/high-availability: not-required x, exempt.flink-ha.dev/a: "2026-01-01 x", notflink-ha.dev/b: c, other: d}
  ownerReferences: [{kind: A, name: a}, {kind: B, name: b, uid: u2, apiVersion: v1, controller: true}]
spec:
  backoffLimit: 3
  template:
    spec:
      initContainers: [{name: i, env: [{name: A, valueFrom: {configMapKeyRef: {name: of-init, key: a}}}]}]
      containers:
      - {name: a, envFrom: [{configMapRef: {name: of-companion}}]}
      - {name: b, args: [jobmanager], envFrom: [{configMapRef: {name: of-environment}}, {secretRef: {name: s}}]}
      volumes:
      - {name: a, configMap: {name: of-volume}}
      - {name: b, configMap: {name: of-volume}}
      - {name: c, projected: {sources: [{configMap: {name: of-projection}}, {secret: {name: s}}]}}
`)
	want := []string{"of-companion", "of-environment", "of-init", "of-projection", "of-volume"}
	if diff := cmp.Diff(want, got.ConfigMaps); diff != "" {
		t.Errorf("ConfigMaps (-want,+got):\n%s", diff)
	}
	if want := (Owner{Kind: "B", Name: "b", UID: "u2", APIVersion: "v1"}); got.Owner != want {
		t.Errorf("got the owner %+v, want %+v", got.Owner, want)
	}
	if len(got.Annotations) != 2 || got.Job == nil || *got.Job.BackoffLimit != 3 || got.Process.Path != "spec.template.spec.containers[1]" {
		t.Errorf("got %+v", got)
	}
}

func TestTheFirstOwnerCountsWithoutAController(t *testing.T) {
	if got := memberOf(t, ownedDeployment).Owner; got.Kind != "FlinkDeployment" || got.UID != "u-cr" {
		t.Errorf("got %+v", got)
	}
	if got := ownerAmong([]metav1.OwnerReference{}); got != (Owner{}) {
		t.Errorf("got %+v", got)
	}
}

func TestResourceMember(t *testing.T) {
	got := resourceOf(t, flinkDeployment)
	if got.Key != (Key{"FlinkDeployment", "team", "orders"}) || got.UID != "u-cr" || !got.Created.Equal(at(0)) || got.Labels["team"] != "a" ||
		len(got.Annotations) != 1 || got.Resource.Form != workload.FormSession {
		t.Errorf("got %+v", got)
	}
	metadata, _ := got.Content["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	if got.Content["status"] != nil || metadata["managedFields"] != nil || len(annotations) != 1 || metadata["name"] != "orders" {
		t.Errorf("got the content %v", got.Content)
	}
	for name, text := range map[string]string{
		"another group":   "{apiVersion: example.com/v1, kind: FlinkDeployment}",
		"a snapshot":      "{apiVersion: flink.apache.org/v1beta1, kind: FlinkStateSnapshot}",
		"nothing":         "{}",
		"broken metadata": "{apiVersion: flink.apache.org/v1beta1, kind: FlinkOther, metadata: 3}",
	} {
		if _, ok := ResourceMember(parse[map[string]any](t, text)); ok {
			t.Errorf("%s is a member", name)
		}
	}
	if got := resourceOf(t, "{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: 3, spec: 4}"); got.Name != "" {
		t.Errorf("got %+v", got)
	}
}

// TestAMemberIsMadeWithoutChangingTheObject guards what informers and other readers share.
func TestAMemberIsMadeWithoutChangingTheObject(t *testing.T) {
	object, before := parse[map[string]any](t, flinkDeployment), parse[map[string]any](t, flinkDeployment)
	ResourceMember(object)
	if diff := cmp.Diff(before, object); diff != "" {
		t.Errorf("the resource changed:\n%s", diff)
	}
	full, same := parse[manifest](t, sessionJobManager), parse[manifest](t, sessionJobManager)
	WorkloadMember("Deployment", &full.ObjectMeta, &full.Spec.Template, 1, nil)
	if diff := cmp.Diff(same, full); diff != "" {
		t.Errorf("the workload changed:\n%s", diff)
	}
}
