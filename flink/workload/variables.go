package workload

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// maxExpanded bounds what the references of one container may grow to, since each may hold several others.
const maxExpanded = 4 << 20

// variable is an environment variable of a container; its value may have holes.
type variable struct {
	value string
	// path of the field that it comes from.
	path string
}

// variables are the environment that the kubelet gives to a container. What the image defines is not in it.
type variables struct {
	holes  *holes
	values map[string]variable
	// open says why there may be more of them, or is "".
	open   string
	budget int
}

// readVariables follows the kubelet (makeEnvironmentVariables): envFrom first, then env in its order, where each may refer to
// those before it, and the last of one name counts.
func readVariables(p Process, around Surroundings, holes *holes) *variables {
	container := p.container()
	v := &variables{holes: holes, values: make(map[string]variable, len(container.Env)), budget: maxExpanded}
	for i := range container.EnvFrom {
		v.addAll(&container.EnvFrom[i], fmt.Sprintf("%s.envFrom[%d]", p.Path, i), around)
	}
	for i := range container.Env {
		path := fmt.Sprintf("%s.env[%d]", p.Path, i)
		v.add(&container.Env[i], path, p.template, around)
	}
	return v
}

// addAll adds the variables of a ConfigMap or a Secret.
func (v *variables) addAll(source *corev1.EnvFromSource, path string, around Surroundings) {
	if source.ConfigMapRef == nil {
		v.open = "environment variables come from a Secret"
		return
	}
	name := source.ConfigMapRef.Name
	configMap, known := around.configMap(name)
	if known != KnownWhole {
		v.open = fmt.Sprintf("environment variables come from the ConfigMap %q", name)
	}
	if configMap == nil {
		return
	}
	for key, value := range configMap.Data {
		v.values[source.Prefix+key] = variable{value: value, path: path}
	}
}

// add adds one variable of env.
func (v *variables) add(env *corev1.EnvVar, path string, template *corev1.PodTemplateSpec, around Surroundings) {
	reference := "$(" + env.Name + ")"
	from := env.ValueFrom
	switch {
	case env.Value != "" || from == nil:
		v.values[env.Name] = variable{value: v.expand(env.Value), path: path + ".value"}
		return
	case from.FieldRef != nil:
		value, known := downward(from.FieldRef.FieldPath, template, around.Namespace)
		if !known {
			value = v.holes.mark(reference, "the value is a field of the pod, "+from.FieldRef.FieldPath, true)
		}
		v.values[env.Name] = variable{value: value, path: path + ".valueFrom.fieldRef"}
	case from.ResourceFieldRef != nil:
		value := v.holes.mark(reference, "the value is a resource of the container", true)
		v.values[env.Name] = variable{value: value, path: path + ".valueFrom.resourceFieldRef"}
	case from.ConfigMapKeyRef != nil:
		v.addKey(env.Name, from.ConfigMapKeyRef, path+".valueFrom.configMapKeyRef", around)
	case from.SecretKeyRef != nil:
		value := v.holes.mark(reference, "the value is in a Secret", false)
		v.values[env.Name] = variable{value: value, path: path + ".valueFrom.secretKeyRef"}
	default:
		v.values[env.Name] = variable{value: v.holes.mark(reference, "the value comes from elsewhere", false), path: path + ".valueFrom"}
	}
}

func (v *variables) addKey(name string, from *corev1.ConfigMapKeySelector, path string, around Surroundings) {
	configMap, known := around.configMap(from.Name)
	if configMap != nil {
		if value, ok := configMap.Data[from.Key]; ok {
			v.values[name] = variable{value: value, path: path}
			return
		}
	}
	if known == KnownWhole && from.Optional != nil && *from.Optional {
		return
	}
	value := v.holes.mark("$("+name+")", fmt.Sprintf("the value is in the ConfigMap %q", from.Name), false)
	v.values[name] = variable{value: value, path: path}
}

// downward reads a field of the pod as far as its template shows it. A label that the template lacks may be added to the pod.
func downward(fieldPath string, template *corev1.PodTemplateSpec, namespace string) (value string, known bool) {
	switch fieldPath {
	case "metadata.namespace":
		return namespace, namespace != ""
	case "spec.serviceAccountName":
		return template.Spec.ServiceAccountName, template.Spec.ServiceAccountName != ""
	}
	for prefix, entries := range map[string]map[string]string{"metadata.labels[": template.Labels, "metadata.annotations[": template.Annotations} {
		if rest, ok := strings.CutPrefix(fieldPath, prefix); ok {
			value, known = entries[strings.Trim(strings.TrimSuffix(rest, "]"), `'"`)]
			return value, known
		}
	}
	return "", false
}

// get returns a variable, and a hole in place of one that may be set and is not known.
func (v *variables) get(name string) (found variable, ok bool) {
	if found, ok = v.values[name]; ok || v.open == "" {
		return found, ok
	}
	return variable{value: v.holes.mark("$("+name+")", v.open, false)}, true
}

// serviceVariable is a name that the kubelet makes for a Service of the namespace (FromServices of k8s.io/kubernetes/pkg/kubelet/envvars).
var serviceVariable = regexp.MustCompile(`^[A-Z][A-Z0-9_]*_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

// expand replaces references as the kubelet does in commands, arguments and values (k8s.io/kubernetes/third_party/forked/golang/expansion):
// $(NAME) by the variable, and as it stands if there is none; $$ by $.
func (v *variables) expand(text string) string {
	if !strings.Contains(text, "$") {
		return text
	}
	var b strings.Builder
	for {
		dollar := strings.IndexByte(text, '$')
		if dollar < 0 || dollar+1 == len(text) {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:dollar])
		rest := text[dollar+1:]
		end := -1
		if rest[0] == '(' {
			end = strings.IndexByte(rest, ')')
		}
		switch {
		case rest[0] == '$':
			b.WriteByte('$')
			text = rest[1:]
		case rest[0] == '(' && end < 0: // no reference closes any more
			b.WriteString(strings.ReplaceAll(text[dollar:], "$$", "$"))
			return b.String()
		case rest[0] == '(':
			b.WriteString(v.reference(rest[1:end]))
			text = rest[end+1:]
		default:
			b.WriteByte('$')
			text = rest
		}
	}
}

// reference returns what a reference is replaced by.
func (v *variables) reference(name string) string {
	written := "$(" + name + ")"
	found, ok := v.values[name]
	switch {
	case ok && len(found.value) > v.budget:
		return v.holes.mark(written, "the variables are too long", false)
	case ok:
		v.budget -= len(found.value)
		return found.value
	case serviceVariable.MatchString(name):
		return v.holes.mark(written, "the value may be made from a Service", true)
	case v.open != "":
		return v.holes.mark(written, v.open, false)
	}
	return written
}

// environmentReference is $NAME or ${NAME}, which envsubst of GNU gettext replaces.
var environmentReference = regexp.MustCompile(`\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// substitute replaces references as envsubst does in the image's entry point. A variable that the object does not set may be
// the image's.
func (v *variables) substitute(text string) string {
	return environmentReference.ReplaceAllStringFunc(text, func(written string) string {
		found, ok := v.get(strings.Trim(written, "${}"))
		switch {
		case !ok:
			return v.holes.mark(written, "the entry point puts an environment variable in", false)
		case len(found.value) > v.budget:
			return v.holes.mark(written, "the variables are too long", false)
		}
		v.budget -= len(found.value)
		return found.value
	})
}
