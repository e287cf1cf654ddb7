package admission

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// target is a recognized object.
type target struct {
	meta *metav1.ObjectMeta
	// alone are the subjects that the object by itself may turn out to be: of a ConfigMap with two files Flink reads one.
	alone []validation.Subject
	// others are configurations in it that are nobody's to judge, such as a client's.
	others []validation.Subject
	// managed is true where something else makes the object: people do not apply it, so that refusing it helps nobody and may
	// hold up a repair.
	managed bool
	// past is true for a predecessor: what it read may be gone with it.
	past bool
	// configMap or member is the object itself; neither where it is judged by its labels alone.
	configMap *corev1.ConfigMap
	member    *inventory.Member
}

// name that the object has, or will have before the API server completes it.
func (t *target) name() string {
	if t.meta.Name == "" && t.meta.GenerateName != "" {
		return t.meta.GenerateName + "…"
	}
	return t.meta.Name
}

// renamed is a ConfigMap under the name of another one, to be read as that one is.
func (t *target) renamed(name string) *target {
	again := *t
	again.configMap = t.configMap.DeepCopy()
	again.configMap.Name = name
	again.meta = &again.configMap.ObjectMeta
	again.alone, again.others = slices.Clone(t.alone), slices.Clone(t.others)
	for _, subjects := range [][]validation.Subject{again.alone, again.others} {
		for i := range subjects {
			subjects[i].Name = name
		}
	}
	return &again
}

// managed tells whether something else makes an object: it has an owner, or Flink's client or operator labelled it.
func managed(meta *metav1.ObjectMeta) bool {
	return len(meta.OwnerReferences) > 0 || flink.MadeByFlink(meta.Labels)
}

// subjectOf is what the subjects of one object have in common.
func (r *Reviewer) subjectOf(kind validation.Kind, meta *metav1.ObjectMeta, namespace string, ruling ruling) validation.Subject {
	subject := validation.Subject{
		Kind: kind, Namespace: namespace, Name: meta.Name, Managed: managed(meta),
		HighAvailabilityNotRequired: ruling.policy.HighAvailabilityNotRequired(meta.Annotations),
		Exemptions:                  ruling.policy.ObjectExemptions(meta.Annotations, r.isRule, ruling.now),
	}
	if len(ruling.policy.Storage.AllowedPrefixes) > 0 {
		subject.AllowedPrefixes = ruling.policy.Storage.PrefixesFor(namespace)
	}
	return subject
}

func (r *Reviewer) isRule(id string) bool {
	_, ok := r.evaluator.Rule(id)
	return ok
}

// versionOr is a version, or what was said of all, or what the policy says of those that show none.
func (ruling ruling) versionOr(version flink.Version) flink.Version {
	if ruling.version != (flink.Version{}) {
		return ruling.version
	}
	if preset := ruling.policy.Clusters.DefaultFlinkVersion; version == (flink.Version{}) && preset != "" {
		if parsed, err := flink.ParseVersion(preset); err == nil {
			return parsed
		}
	}
	return version
}

// configuration recognizes the Flink configuration in a ConfigMap.
func (r *Reviewer) configuration(configMap *corev1.ConfigMap, namespace string, ruling ruling) (*target, bool) {
	declared, disclaimed := ruling.policy.DeclaresConfiguration(configMap.Annotations)
	if _, state := hastate.Recognize(configMap); disclaimed || state {
		return nil, false
	}
	configurations := flink.ConfigMapConfigurations(configMap, declared)
	if len(configurations) == 0 {
		return nil, false
	}
	t := &target{meta: &configMap.ObjectMeta, configMap: configMap, managed: managed(&configMap.ObjectMeta)}
	common := r.subjectOf(validation.OfConfiguration, t.meta, namespace, ruling)
	for _, configuration := range configurations {
		subject := common
		subject.Version, subject.Configuration = ruling.versionOr(flink.FileVersion(configuration)), configuration
		purpose := flink.PurposeOf(configuration)
		if purpose == flink.PurposeCluster || declared {
			subject.Role = workload.RoleJobManager
		}
		if purpose != flink.PurposeCluster && purpose != flink.PurposeUnknown && !declared {
			t.others = append(t.others, subject)
			continue
		}
		t.alone = append(t.alone, subject)
	}
	return t, true
}

// process is the target of a workload.
func (r *Reviewer) process(member *inventory.Member, meta *metav1.ObjectMeta, ruling ruling) *target {
	t := &target{meta: meta, member: member, managed: managed(meta)}
	subject := r.subjectOf(validation.OfWorkload, meta, member.Namespace, ruling)
	subject.Member, subject.Role = member, member.Role
	subject.Version = ruling.versionOr(member.Process.Version)
	subject.Configuration = member.Process.Configuration(workload.Surroundings{Namespace: member.Namespace})
	t.alone = []validation.Subject{subject}
	return t
}

// resource is the target of a custom resource.
func (r *Reviewer) resource(kind validation.Kind, member *inventory.Member, meta *metav1.ObjectMeta, ruling ruling) *target {
	t := &target{meta: meta, member: member, managed: managed(meta)}
	subject := r.subjectOf(kind, meta, member.Namespace, ruling)
	subject.Managed = true // the operator sets the ids
	subject.Member = member
	subject.Version = ruling.versionOr(member.Resource.Version)
	subject.Configuration = member.Resource.Configuration
	if member.Resource.Kind != workload.KindSessionJob {
		subject.Role = workload.RoleJobManager
	}
	t.alone = []validation.Subject{subject}
	return t
}

// settleTime is how long an object must have been unchanged before it is held against another one that comes now: people apply
// whole folders, and an upgrade takes several requests in either order.
const settleTime = 10 * time.Second
