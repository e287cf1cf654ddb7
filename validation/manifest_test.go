package validation

import (
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// longAgo is when the other objects of a test last changed.
func longAgo() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// beside are the objects around the one under review.
type beside struct {
	around
	// accounts that are there, as namespace/name; without any, accounts are not known.
	accounts map[string]Account
	// rbac is nil where there is no object of RBAC: then rights are not known.
	rbac *access.Index
	// settled is true for objects that were given along with the one under review.
	settled bool
}

var _ Surroundings = (*beside)(nil)

func (b *beside) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	return b.known.ConfigMap(namespace, name)
}

func (b *beside) ServiceAccount(namespace, name string) (Account, bool) {
	return b.accounts[namespace+"/"+name], len(b.accounts) > 0
}

func (b *beside) Access(account access.Account, namespace string, needed []rights.Right) access.Answer {
	if b.rbac == nil {
		return access.Answer{}
	}
	answer := b.rbac.Lacks(account, namespace, needed)
	answer.Settled = b.settled
	return answer
}

// settled makes what is around a subject as certain as the subject.
func settled(s *Subject) { s.Around.(*beside).settled = true }

// manifest makes the subject of the first of some YAML documents, as admission does. With others behind it, those are around it; by
// itself, nothing is known of its surroundings.
func manifest(t *testing.T, documents string) Subject {
	t.Helper()
	texts := strings.Split(documents, "\n---\n")
	subject := subjectOf(t, texts[0])
	if len(texts) == 1 {
		return subject
	}
	b := &beside{around: around{known: inventory.New()}, accounts: map[string]Account{}}
	for _, text := range texts[1:] {
		b.add(t, text)
	}
	subject.Around = b
	if member := subject.Member; member != nil && member.Resource == nil {
		subject.Configuration = member.Process.Configuration(workload.Surroundings{
			Namespace: member.Namespace,
			ConfigMap: func(name string) (*corev1.ConfigMap, workload.Knowledge) {
				if found, _, ok := b.ConfigMap(member.Namespace, name); ok {
					return found, workload.KnownInPart
				}
				return nil, workload.Unknown
			},
		})
	}
	return subject
}

// manifestObject is what a ConfigMap and the workloads have.
type manifestObject struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Data              map[string]string `json:"data"`
	Automount         *bool             `json:"automountServiceAccountToken"`
	// A Role or RoleBinding has these.
	Rules    []rbacv1.PolicyRule `json:"rules"`
	RoleRef  rbacv1.RoleRef      `json:"roleRef"`
	Subjects []rbacv1.Subject    `json:"subjects"`
	Spec     struct {
		Replicas              *int32                 `json:"replicas"`
		Parallelism           *int32                 `json:"parallelism"`
		BackoffLimit          *int32                 `json:"backoffLimit"`
		ActiveDeadlineSeconds *int64                 `json:"activeDeadlineSeconds"`
		Template              corev1.PodTemplateSpec `json:"template"`
	} `json:"spec"`
}

// read reads a document: a ConfigMap, or the member that anything else is.
func read(t *testing.T, document string) (*corev1.ConfigMap, *inventory.Member, *manifestObject) {
	t.Helper()
	var object manifestObject
	var content map[string]any
	if err := yaml.Unmarshal([]byte(document), &content); err != nil {
		t.Fatal(err)
	}
	if apiVersion, _ := content["apiVersion"].(string); strings.HasPrefix(apiVersion, workload.ResourceGroup) {
		member, ok := inventory.ResourceMember(content)
		if !ok {
			t.Fatalf("this is no custom resource of the operator:\n%s", document)
		}
		return nil, member, nil
	}
	if err := yaml.Unmarshal([]byte(document), &object); err != nil {
		t.Fatal(err)
	}
	kind := object.TypeMeta.Kind
	if kind == "ConfigMap" || kind == "ServiceAccount" || strings.HasPrefix(object.APIVersion, rbacv1.GroupName) {
		return &corev1.ConfigMap{ObjectMeta: object.ObjectMeta, Data: object.Data}, nil, &object
	}
	replicas, job := object.Spec.Replicas, (*inventory.Job)(nil)
	if kind == "Job" {
		replicas, job = object.Spec.Parallelism, &inventory.Job{BackoffLimit: object.Spec.BackoffLimit, ActiveDeadlineSeconds: object.Spec.ActiveDeadlineSeconds}
	}
	count := int32(1)
	if replicas != nil {
		count = *replicas
	}
	member, ok := inventory.WorkloadMember(kind, &object.ObjectMeta, &object.Spec.Template, count, job)
	if !ok {
		t.Fatalf("this runs nothing of Flink's:\n%s", document)
	}
	return nil, member, &object
}

func subjectOf(t *testing.T, document string) Subject {
	t.Helper()
	configMap, member, object := read(t, document)
	switch {
	case configMap != nil:
		configurations := flink.ConfigMapConfigurations(configMap, false)
		if len(configurations) != 1 {
			t.Fatalf("ConfigMap %s has %d configurations", configMap.Name, len(configurations))
		}
		return Subject{
			Kind: OfConfiguration, Namespace: configMap.Namespace, Name: configMap.Name, Role: workload.RoleJobManager,
			Managed: isManaged(&configMap.ObjectMeta), Version: flink.FileVersion(configurations[0]), Configuration: configurations[0],
		}
	case member.Resource != nil:
		return customResource(t, document)
	}
	return Subject{
		Kind: OfWorkload, Namespace: member.Namespace, Name: member.Name, Role: member.Role, Managed: isManaged(&object.ObjectMeta),
		Member: member, Version: member.Process.Version, Configuration: member.Process.Configuration(workload.Surroundings{Namespace: member.Namespace}),
	}
}

func isManaged(meta *metav1.ObjectMeta) bool {
	return len(meta.OwnerReferences) > 0 || flink.MadeByFlink(meta.Labels)
}

func (b *beside) add(t *testing.T, document string) {
	t.Helper()
	configMap, member, object := read(t, document)
	switch {
	case member != nil:
		b.known.SetMember(member, longAgo())
	case object.TypeMeta.Kind == "ServiceAccount":
		b.accounts[object.Namespace+"/"+object.Name] = Account{Exists: true, Automount: object.Automount}
	case strings.HasPrefix(object.APIVersion, rbacv1.GroupName):
		b.addAccess(object)
	default:
		if id, ok := hastate.Recognize(configMap); ok {
			b.known.SetHAState(&inventory.HAState{Namespace: configMap.Namespace, Name: configMap.Name, State: id})
		}
		b.known.SetConfigMap(configMap, longAgo())
	}
}

func (b *beside) addAccess(object *manifestObject) {
	if b.rbac == nil {
		b.rbac = access.New()
	}
	switch object.TypeMeta.Kind {
	case "Role":
		b.rbac.SetRole(&rbacv1.Role{ObjectMeta: object.ObjectMeta, Rules: object.Rules}, longAgo())
	case "RoleBinding":
		b.rbac.SetRoleBinding(&rbacv1.RoleBinding{ObjectMeta: object.ObjectMeta, RoleRef: object.RoleRef, Subjects: object.Subjects}, longAgo())
	}
}

// readBy reads the configuration of a ConfigMap as a workload does that mounts it.
func readBy(t *testing.T, document string) func(*Subject) {
	t.Helper()
	_, member, _ := read(t, document)
	return func(s *Subject) { s.Member, s.Role, s.Version = member, member.Role, member.Process.Version }
}

// flinkWorkload writes a workload of the namespace team whose container has some arguments and mounts the ConfigMap flink-config. Of the
// fields, those that begin with "spec." and "pod." are the workload's and its pod's, the others the container's.
func flinkWorkload(kind, args string, fields ...string) string {
	spec, pod, container := "", "", ""
	image := `image: "registry.example.com/flink:1.20"`
	for _, field := range fields {
		rest, isSpec := strings.CutPrefix(field, "spec.")
		podField, isPod := strings.CutPrefix(field, "pod.")
		switch {
		case isSpec:
			spec += rest + ", "
		case isPod:
			pod += podField + ", "
		case strings.HasPrefix(field, "image:"):
			image = field
		default:
			container += field + ", "
		}
	}
	name := "jobmanager"
	if strings.HasPrefix(args, "taskmanager") {
		name = "taskmanager"
	}
	return `kind: ` + kind + `
metadata: {name: ` + name + `, namespace: team}
spec: {` + spec + `template: {metadata: {labels: {app: flink}}, spec: {` + pod + `containers: [{` + container + `name: main, ` + image + `, args: [` + args + `]}]}}}`
}

// mountsConfig are the fields that mount the ConfigMap flink-config over the configuration directory.
func mountsConfig(fields ...string) []string {
	return append(fields, `volumeMounts: [{name: config, mountPath: /opt/flink/conf}]`, `pod.volumes: [{name: config, configMap: {name: flink-config}}]`)
}

// flinkConfig is the ConfigMap flink-config with a flink-conf.yaml.
func flinkConfig(lines ...string) string {
	return "kind: ConfigMap\nmetadata: {name: flink-config, namespace: team}\ndata:\n  flink-conf.yaml: |\n    " + strings.Join(lines, "\n    ")
}

// goodLines are the lines of a configuration with nothing wrong in it.
func goodLines(more ...string) []string {
	return append(more, "high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha", "high-availability.cluster-id: x",
		"kubernetes.cluster-id: x", "kubernetes.namespace: team", "jobmanager.rpc.address: jobmanager")
}

// together joins documents.
func together(documents ...string) string { return strings.Join(documents, "\n---\n") }

const podIP = `env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]`
