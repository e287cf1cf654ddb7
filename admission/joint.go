package admission

import (
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// view is an object together with what is around it, as one process reads it.
type view struct {
	validation.Subject
	// since is when the youngest of the other objects that it was read with last changed.
	since time.Time
}

// maxReaders bounds the workloads as which a ConfigMap is read.
const maxReaders = 8

// maxConfigMaps bounds how many ConfigMaps with variables are looked up for one workload: an answer about one that is not there
// takes a while.
const maxConfigMaps = 4

// views are the object with its surroundings: none if nothing is known of them, or if the object is judged by itself in any case. open
// tells whether there may be others.
func (r *Reviewer) views(t *target, ruling ruling) (views []view, open bool) {
	around, known := r.options.Surroundings.Inventory()
	if !known || t.configMap == nil && t.member == nil {
		return nil, false
	}
	if t.configMap != nil {
		return r.readers(t, around, ruling)
	}
	subject := t.alone[0]
	subject.Around = r.options.Surroundings
	switch {
	case t.member.Resource != nil:
		return []view{{Subject: withDefaults(subject, around.OperatorDefaults())}}, false
	case len(t.member.ConfigMaps) == 0:
		return []view{{Subject: subject}}, false
	}
	seen := r.lookupFor(t.member)
	if t.past {
		seen.around = memory{r.options.Surroundings, around, ruling.now}
		subject.Around = seen.around
	}
	subject.Configuration = t.member.Process.Configuration(seen.surroundings())
	subject.HighAvailabilityNotRequired = subject.HighAvailabilityNotRequired || seen.notRequired(ruling)
	return []view{{Subject: subject, since: seen.youngest}}, false
}

// withDefaults reads a custom resource over the operator's configuration, if that is known.
func withDefaults(subject validation.Subject, defaults *workload.OperatorDefaults) validation.Subject {
	if defaults == nil {
		return subject
	}
	if resource, ok := workload.RecognizeResource(subject.Member.Content, defaults); ok {
		subject.Configuration = resource.Configuration
	}
	return subject
}

// readers are a ConfigMap as each workload that mounts it reads it. A client reads the files as they are; what something reads
// that shows no role stays open.
func (r *Reviewer) readers(t *target, around *inventory.Inventory, ruling ruling) (views []view, open bool) {
	namespace := t.common().Namespace
	members := around.Mounting(namespace, t.meta.Name)
	for _, member := range members[:min(len(members), maxReaders)] {
		if member.Role == "" {
			open = open || !member.Client
			if !member.Client {
				continue
			}
			for _, subject := range slices.Concat(t.alone, t.others) {
				subject.Role, subject.Member, subject.Around = "", member, r.options.Surroundings
				views = append(views, view{Subject: subject, since: member.Changed})
			}
			continue
		}
		seen := &lookup{around: r.options.Surroundings, namespace: namespace, fresh: t, youngest: member.Changed}
		configuration := member.Process.Configuration(seen.surroundings())
		if !seen.used && !mentions(configuration, t.meta.Name) {
			continue // it mounts the ConfigMap for something else
		}
		subject := t.common()
		subject.Configuration = configuration
		subject.Role, subject.Member, subject.Around = member.Role, member, r.options.Surroundings
		subject.Version = ruling.versionOr(member.Process.Version)
		// The workload may say it for what it reads, as the ConfigMap for those that read it.
		subject.HighAvailabilityNotRequired = subject.HighAvailabilityNotRequired || ruling.policy.HighAvailabilityNotRequired(member.Annotations)
		subject.Managed = subject.Managed || member.Process.Deployer != workload.DeployerStandalone
		views = append(views, view{Subject: subject, since: seen.youngest})
	}
	return views, open || len(members) > maxReaders
}

// common is a subject with what all subjects of the target have in common.
func (t *target) common() validation.Subject {
	if len(t.alone) > 0 {
		return t.alone[0]
	}
	return t.others[0]
}

// mentions tells whether anything of a configuration stands in a ConfigMap.
func mentions(configuration flink.Configuration, name string) bool {
	prefix := flink.InConfigMap(name, "")
	in := func(path string) bool { return strings.HasPrefix(path, prefix) }
	return in(configuration.Source) || configuration.Err != nil && in(configuration.Err.Path) ||
		slices.ContainsFunc(configuration.Settings, func(s flink.Setting) bool { return in(s.Path) }) ||
		slices.ContainsFunc(configuration.Gaps, func(g flink.Gap) bool { return in(g.Path) })
}

// lookup finds the ConfigMaps of a process, and notes when the youngest of them last changed.
type lookup struct {
	around    validation.Surroundings
	namespace string
	// mounted are the ConfigMaps that hold the configuration files: those are looked up however many there are.
	mounted []string
	asked   int
	// fresh is a ConfigMap as the request has it, and used is true once something of it was read.
	fresh    *target
	used     bool
	youngest time.Time
	// files are the ConfigMaps with configuration files that were found.
	files []*corev1.ConfigMap
}

// lookupFor finds the ConfigMaps of a workload.
func (r *Reviewer) lookupFor(member *inventory.Member) *lookup {
	return &lookup{around: r.options.Surroundings, namespace: member.Namespace, mounted: member.Process.ConfigMaps()}
}

// notRequired tells whether what a workload reads says that high availability is not required.
func (l *lookup) notRequired(ruling ruling) bool {
	return slices.ContainsFunc(l.files, func(c *corev1.ConfigMap) bool { return ruling.policy.HighAvailabilityNotRequired(c.Annotations) })
}

func (l *lookup) surroundings() workload.Surroundings {
	around := workload.Surroundings{Namespace: l.namespace, ConfigMap: l.configMap}
	if l.fresh != nil {
		around.Loaded = l.loaded
	}
	return around
}

// loaded returns what is in a file of the fresh ConfigMap, with positions in the ConfigMap itself: its files were read when it
// was recognized.
func (l *lookup) loaded(configMap, key string, loader flink.Loader) (flink.Configuration, bool) {
	if configMap != l.fresh.meta.Name {
		return flink.Configuration{}, false
	}
	l.used = true
	source := `data["` + key + `"]`
	if own, ok := flink.LoaderOf(key); ok && own == loader {
		for _, subjects := range [][]validation.Subject{l.fresh.alone, l.fresh.others} {
			for i := range subjects {
				if subjects[i].Configuration.Source == source {
					return subjects[i].Configuration, true
				}
			}
		}
	}
	return loader.Load(l.fresh.configMap.Data[key], source), true
}

func (l *lookup) configMap(name string) (*corev1.ConfigMap, workload.Knowledge) {
	if l.fresh != nil && l.fresh.meta.Name == name {
		return l.fresh.configMap, workload.KnownWhole
	}
	if l.asked++; l.asked > maxConfigMaps && !slices.Contains(l.mounted, name) {
		return nil, workload.Unknown
	}
	configMap, changed, ok := l.around.ConfigMap(l.namespace, name)
	if !ok {
		return nil, workload.Unknown
	}
	if changed.After(l.youngest) {
		l.youngest = changed
	}
	if slices.Contains(l.mounted, name) {
		l.files = append(l.files, configMap)
	}
	return configMap, workload.KnownInPart
}
