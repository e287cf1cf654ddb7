package inventory

import (
	"encoding/json"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// manifest is what the kinds of workloads have in common.
type manifest struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Replicas              int32                  `json:"replicas"`
		BackoffLimit          *int32                 `json:"backoffLimit"`
		ActiveDeadlineSeconds *int64                 `json:"activeDeadlineSeconds"`
		Template              corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// parse reads a manifest in YAML or JSON.
func parse[T any](t testing.TB, text string) T {
	t.Helper()
	var object T
	read := yaml.Unmarshal
	if text[0] == '{' && json.Valid([]byte(text)) {
		read = json.Unmarshal
	}
	if err := read([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// memberOf makes a member of a workload's manifest.
func memberOf(t testing.TB, text string) *Member {
	t.Helper()
	object := parse[manifest](t, text)
	var job *Job
	if object.Kind == "Job" {
		job = &Job{BackoffLimit: object.Spec.BackoffLimit, ActiveDeadlineSeconds: object.Spec.ActiveDeadlineSeconds}
	}
	member, ok := WorkloadMember(object.Kind, &object.ObjectMeta, &object.Spec.Template, object.Spec.Replicas, job)
	if !ok {
		t.Fatalf("no member: %s", text)
	}
	return member
}

// resourceOf makes a member of a custom resource's manifest.
func resourceOf(t testing.TB, text string) *Member {
	t.Helper()
	member, ok := ResourceMember(parse[map[string]any](t, text))
	if !ok {
		t.Fatalf("no member: %s", text)
	}
	return member
}

// inJSON is a manifest as the API server sends it, which is read much faster.
func inJSON(t testing.TB, text string) string {
	t.Helper()
	converted, err := yaml.ToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(converted)
}

// changed returns a copy of a member after a change.
func changed(member *Member, change func(*Member)) *Member {
	copied := *member
	change(&copied)
	return &copied
}

func configMap(namespace, name, file, text string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: map[string]string{file: text}}
}

// at is a time, in seconds after the start of a test.
func at(seconds int) time.Time { return time.Date(2026, 1, 1, 0, 0, seconds, 0, time.UTC) }

// names lists members as the tables write them.
func names(members []*Member) []string {
	listed := make([]string, len(members))
	for i, member := range members {
		listed[i] = member.Namespace + "/" + member.Kind + "/" + member.Name
	}
	return listed
}

// The manifests of a standalone session cluster, as Flink's documentation has it.
const (
	sessionJobManager = `
kind: Deployment
metadata: {namespace: team, name: flink-jobmanager, uid: u-jm}
spec:
  replicas: 1
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      securityContext: {runAsUser: 9999}
      containers:
      - name: jobmanager
        image: apache/flink:1.20.1
        args: [jobmanager, $(POD_IP)]
        env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
        ports: [{containerPort: 6123}]
        livenessProbe: {tcpSocket: {port: 6123}}
        resources: {limits: {memory: 2Gi}}
        volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]
      volumes:
      - name: conf
        configMap: {name: flink-config, items: [{key: config.yaml, path: config.yaml}, {key: log4j.properties, path: log4j.properties}]}
`
	sessionTaskManager = `
kind: Deployment
metadata: {namespace: team, name: flink-taskmanager, uid: u-tm}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: flink, component: taskmanager}}
    spec:
      containers:
      - name: taskmanager
        image: apache/flink:1.20.1
        args: [taskmanager]
        volumeMounts: [{name: conf, mountPath: /opt/flink/conf/}]
      volumes: [{name: conf, configMap: {name: flink-config}}]
`
	sessionConfiguration = `
high-availability:
  type: kubernetes
  storageDir: s3://state/ha
  cluster-id: demo
kubernetes:
  cluster-id: demo
  namespace: team
jobmanager.rpc.address: flink-jobmanager
`
	flinkDeployment = `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata:
  namespace: team
  name: orders
  uid: u-cr
  creationTimestamp: "2026-01-01T00:00:00Z"
  labels: {team: a}
  managedFields: [{manager: kubectl}]
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", flink-ha.dev/high-availability: not-required batch}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  flinkConfiguration: {high-availability.type: kubernetes, high-availability.storageDir: "s3://state/ha"}
status: {lifecycleState: STABLE}
`
	// ownedDeployment is what the operator makes of the resource above.
	ownedDeployment = `
kind: Deployment
metadata:
  namespace: team
  name: orders
  uid: u-owned
  ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: orders, uid: u-cr, controller: false}]
spec:
  template:
    metadata: {labels: {app: orders, component: jobmanager, type: flink-native-kubernetes}}
    spec:
      containers:
      - name: flink-main-container
        image: flink:1.20
        command: [/docker-entrypoint.sh]
        args: [bash, -c, "kubernetes-jobmanager.sh kubernetes-application "]
        volumeMounts: [{name: flink-config-volume, mountPath: /opt/flink/conf}]
      volumes: [{name: flink-config-volume, configMap: {name: flink-config-orders, items: [{key: config.yaml, path: config.yaml}]}}]
`
	ownedConfiguration = `
high-availability.type: kubernetes
high-availability.storageDir: s3://state/ha
high-availability.cluster-id: orders
kubernetes.cluster-id: orders
kubernetes.namespace: team
`
)

// operatorDefaults are what the operator adds to all clusters.
func operatorDefaults(t testing.TB, text string) *workload.OperatorDefaults {
	t.Helper()
	defaults, ok := workload.LoadOperatorDefaults(configMap("flink-operator", "flink-operator-config", "config.yaml", text))
	if !ok {
		t.Fatal("no defaults")
	}
	return &defaults
}
