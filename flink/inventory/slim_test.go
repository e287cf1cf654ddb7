package inventory

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// variants are pod templates which each need something of a template to be read rightly.
func variants() map[string]string {
	return map[string]string{
		"session JobManager":  sessionJobManager,
		"session TaskManager": sessionTaskManager,
		"native JobManager":   ownedDeployment,
		"an option from an annotation of the pod": template(`{annotations: {id: demo, other: x}, labels: {app: b}}`, `
      containers:
      - image: flink:1.20
        args: [jobmanager, -D, "kubernetes.cluster-id=$(ID)", -D, "high-availability.cluster-id=$(APP)", -D, "a=$(ACCOUNT)", -D, "kubernetes.namespace=$(NS)"]
        env:
        - {name: ID, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['id']"}}}
        - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
        - {name: ACCOUNT, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}}
        - {name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
      serviceAccountName: runner`),
		"the second container is Flink's": template(`{}`, `
      containers:
      - {name: shipper, image: fluent-bit, command: [run], args: [jobmanager], env: [{name: A, value: b}]}
      - {name: flink, image: "mine:1", args: [standalone-job, --job-classname, Main, -Dhigh-availability=zookeeper]}`),
		"options in the environment": template(`{}`, `
      containers:
      - image: flink:1.20
        args: [jobmanager]
        env: [{name: FLINK_PROPERTIES, value: "high-availability.type: kubernetes\nkubernetes.cluster-id: $ID"}, {name: ID, value: x}]
        envFrom: [{configMapRef: {name: more}}, {secretRef: {name: s}}]`),
		"a user who may not write the image's files": template(`{}`, `
      securityContext: {runAsUser: 1000, fsGroup: 1000}
      containers:
      - {image: "flink:1.20", args: [jobmanager], env: [{name: FLINK_PROPERTIES, value: "a: b"}]}`),
		"a container's own user": template(`{}`, `
      securityContext: {runAsUser: 1000}
      containers:
      - {image: "flink:1.20", args: [jobmanager], env: [{name: FLINK_PROPERTIES, value: "a: b"}], securityContext: {runAsUser: 9999, privileged: true}}`),
		"a root file system that is read-only": template(`{}`, `
      containers:
      - {image: "flink:1.20", args: [jobmanager], env: [{name: FLINK_PROPERTIES, value: "a: b"}], securityContext: {readOnlyRootFilesystem: true}}`),
		"an init container that writes the file": template(`{}`, `
      initContainers: [{name: copy, image: busybox, command: [cp], volumeMounts: [{name: conf, mountPath: /to}]}]
      containers:
      - {image: "flink:1.20", args: [jobmanager], volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]}
      volumes: [{name: conf, emptyDir: {}}]`),
		"a sidecar that writes the file": template(`{}`, `
      containers:
      - {image: "flink:1.20", args: [jobmanager], volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]}
      - {name: reload, image: reloader, volumeMounts: [{name: conf, mountPath: /to}]}
      volumes: [{name: conf, emptyDir: {sizeLimit: 1Gi}}]`),
		"parts of a projected volume, below another directory": template(`{}`, `
      containers:
      - image: flink:2.0.1
        args: [taskmanager]
        env: [{name: FLINK_CONF_DIR, value: /etc/flink}, {name: SUB, value: a}]
        volumeMounts: [{name: conf, mountPath: /etc/flink, subPathExpr: $(SUB)}]
      volumes: [{name: conf, projected: {sources: [{secret: {name: s, items: [{key: k, path: b/x}]}}, {configMap: {name: flink-config, items: [{key: config.yaml, path: a/config.yaml}]}}]}}]`),
		"one file over the image's": template(`{}`, `
      containers:
      - image: flink:1.18.1
        command: [/opt/flink/bin/jobmanager.sh, start-foreground]
        volumeMounts: [{name: conf, mountPath: /opt/flink/conf/flink-conf.yaml, subPath: config.yaml, readOnly: true}]
      volumes: [{name: conf, configMap: {name: flink-config}}]`),
		"arguments with which it does not start": template(`{}`, `
      containers:
      - {image: "flink:2.0.1", args: [standalone-job, --job-id, xyz, --host, a]}`),
		"arguments out of a ConfigMap": template(`{}`, `
      containers:
      - image: flink:1.20
        args: [standalone-job, $(ARGUMENT)]
        env: [{name: ARGUMENT, valueFrom: {configMapKeyRef: {name: more, key: arg}}}]`),
		"a shell line":       template(`{}`, `{containers: [{image: "flink:1.20", command: [sh, -c, "sed -i s/a/b/ conf/config.yaml; /docker-entrypoint.sh jobmanager -Da=b"]}]}`),
		"a Java command":     template(`{}`, `{containers: [{image: x, command: [java, org.apache.flink.runtime.taskexecutor.TaskManagerRunner, --configDir, /c, -D, a=b]}]}`),
		"a history server":   template(`{}`, `{containers: [{image: "flink:1.20", args: [history-server]}]}`),
		"an image by itself": template(`{}`, `{containers: [{image: "registry/my-flink-job:3"}]}`),
	}
}

// template is the manifest of a Deployment with a pod template.
func template(metadata, spec string) string {
	return fmt.Sprintf("kind: Deployment\nmetadata: {namespace: team, name: flink}\nspec:\n  template:\n    metadata: %s\n    spec: %s\n", metadata, spec)
}

// environments are surroundings with and without the ConfigMaps that the variants name.
func environments() []workload.Surroundings {
	data := map[string]map[string]string{
		"flink-config": {"config.yaml": sessionConfiguration, "flink-conf.yaml": "high-availability.type: kubernetes\n"},
		"more":         {"FLINK_PROPERTIES": "c: d", "arg": "-Dx=y"},
	}
	lookup := func(name string) (*corev1.ConfigMap, workload.Knowledge) {
		if found, ok := data[name]; ok {
			return configMapOf(found), workload.KnownWhole
		}
		return nil, workload.KnownWhole
	}
	return []workload.Surroundings{{}, {Namespace: "team"}, {Namespace: "team", ConfigMap: lookup}}
}

func configMapOf(data map[string]string) *corev1.ConfigMap { return &corev1.ConfigMap{Data: data} }

// TestASlimTemplateReadsLikeTheFullOne is why processes may be judged by what is kept of them.
func TestASlimTemplateReadsLikeTheFullOne(t *testing.T) {
	for name, text := range variants() {
		t.Run(name, func(t *testing.T) {
			full := parse[manifest](t, text).Spec.Template
			slim := slimOf(&full)
			if again := slimOf(slim); cmp.Diff(slim, again) != "" {
				t.Errorf("it is not slim yet (-once,+twice):\n%s", cmp.Diff(slim, again))
			}
			if diff := cmp.Diff(namedConfigMaps(&full), namedConfigMaps(slim)); diff != "" {
				t.Errorf("the ConfigMaps differ:\n%s", diff)
			}
			sameProcess(t, &full, slim)
		})
	}
}

func sameProcess(t *testing.T, full, slim *corev1.PodTemplateSpec) {
	t.Helper()
	one, ok := workload.Recognize(full, podSpecPath)
	other, slimOK := workload.Recognize(slim, podSpecPath)
	if ok != slimOK || one.Role != other.Role || one.Form != other.Form || one.Deployer != other.Deployer || one.Version != other.Version || one.Path != other.Path {
		t.Fatalf("got %+v, want %+v", other, one)
	}
	if carriesFlink(full) != carriesFlink(slim) {
		t.Error("it is Flink's in one of them only")
	}
	if !ok {
		return
	}
	for _, around := range environments() {
		if diff := cmp.Diff(one.Configuration(around), other.Configuration(around)); diff != "" {
			t.Errorf("the configurations differ (-full,+slim):\n%s", diff)
		}
		if diff := cmp.Diff(one.Refusal(around), other.Refusal(around)); diff != "" {
			t.Errorf("the refusals differ (-full,+slim):\n%s", diff)
		}
		if diff := cmp.Diff(one.ConfigMaps(), other.ConfigMaps()); diff != "" {
			t.Errorf("the ConfigMaps with configuration differ (-full,+slim):\n%s", diff)
		}
	}
}

// TestASlimTemplateKeepsWhatRulesRead is about fields that the reading of configurations has no use for.
func TestASlimTemplateKeepsWhatRulesRead(t *testing.T) {
	full := parse[manifest](t, template("{}", `
      serviceAccountName: a
      serviceAccount: a
      automountServiceAccountToken: false
      restartPolicy: Never
      volumes: [{name: token, projected: {sources: [{serviceAccountToken: {path: token}}]}}, {name: state, persistentVolumeClaim: {claimName: c}}]
      initContainers: [{name: i, image: busybox, volumeMounts: [{name: state, mountPath: /state}]}]
      containers: [{name: f, image: flink, args: [jobmanager]}, {name: s, image: busybox, volumeMounts: [{name: state, mountPath: /state}]}]
`)).Spec.Template
	if diff := cmp.Diff(&full, slimOf(&full)); diff != "" {
		t.Errorf("(-full,+slim):\n%s", diff)
	}
}

func TestASlimTemplateLeavesOutWhatNobodyReads(t *testing.T) {
	full := parse[manifest](t, sessionJobManager).Spec.Template
	full.Annotations = map[string]string{"restarted": strings.Repeat("x", 1000)}
	full.Spec.Containers = append(full.Spec.Containers, corev1.Container{Name: "side", Args: []string{"a"}, Env: []corev1.EnvVar{{Name: "PASSWORD", Value: "secret"}}})
	slim := slimOf(&full)
	container, side := slim.Spec.Containers[0], slim.Spec.Containers[1]
	if container.Ports != nil || container.LivenessProbe != nil || container.Resources.Limits != nil || slim.Annotations != nil || side.Args != nil || side.Env != nil {
		t.Errorf("got %+v", slim)
	}
}

func slimOf(template *corev1.PodTemplateSpec) *corev1.PodTemplateSpec {
	running := -1
	if process, ok := workload.Recognize(template, podSpecPath); ok {
		running = process.Container
	}
	return slimTemplate(template, running)
}
