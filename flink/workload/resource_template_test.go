package workload

import (
	"strings"
	"testing"
)

func TestTemplateOfAResource(t *testing.T) {
	with := func(fields string) Resource {
		return resource(t, strings.Replace(deployment, "  jobManager: {replicas: 2}\n", fields, 1), nil)
	}
	both := with(`
  podTemplate:
    metadata: {labels: {a: "1", b: "1"}}
    spec:
      serviceAccountName: common
      automountServiceAccountToken: false
      containers: [{name: flink-main-container, env: [{name: A, value: a}], volumeMounts: [{name: common, mountPath: /x}]}, {name: sidecar}]
      volumes: [{name: common, emptyDir: {}}]
  jobManager:
    podTemplate:
      metadata: {labels: {b: "2"}}
      spec:
        serviceAccountName: own
        initContainers: [{name: init}]
        containers: [{name: flink-main-container, env: [{name: B, value: b}], volumeMounts: [{name: own, mountPath: /y}]}, {name: other}]
        volumes: [{name: own, persistentVolumeClaim: {claimName: c}}]
  taskManager: {podTemplate: {spec: {volumes: [{name: z}]}}}
`)
	got := both.Template()
	if got == nil {
		t.Fatal("it cannot be read")
	}
	spec := got.Spec
	if got.Labels["a"] != "1" || got.Labels["b"] != "2" || spec.ServiceAccountName != "own" || spec.AutomountServiceAccountToken == nil ||
		len(spec.InitContainers) != 1 || len(spec.Volumes) != 2 || len(spec.Containers) != 3 ||
		len(spec.Containers[0].Env) != 2 || len(spec.Containers[0].VolumeMounts) != 2 || spec.Volumes[1].PersistentVolumeClaim == nil {
		t.Errorf("got %+v", got)
	}
	if again := both.Template(); len(again.Spec.Volumes) != 2 {
		t.Errorf("the second reading has %d volumes", len(again.Spec.Volumes))
	}
	for fields, want := range map[string]bool{
		"":                             true,
		"  podTemplate: {}\n":          true,
		"  podTemplate: [a]\n":         false,
		"  podTemplate: {spec: [a]}\n": false,
		"  jobManager: {podTemplate: {spec: {volumes: a}}}\n": false,
		"  jobManager: [a]\n": true,
	} {
		described := with(fields)
		if got := described.Template(); (got != nil) != want {
			t.Errorf("%q: got %+v, want one: %t", fields, got, want)
		}
	}
	inner := resource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, metadata: {name: a},
		spec: {template: {spec: {podTemplate: {spec: {serviceAccountName: x}}}}}}`, nil)
	if got := inner.Template(); got == nil || got.Spec.ServiceAccountName != "x" {
		t.Errorf("got %+v of a FlinkBlueGreenDeployment", got)
	}
}
