package workload

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Prefixes of the operator's own options (KubernetesOperatorConfigOptions). What is below the second and third is for the clusters
// of one namespace and of one version of Flink.
const (
	operatorPrefix  = "kubernetes.operator."
	namespacePrefix = operatorPrefix + "default-configuration.namespace."
	versionPrefix   = operatorPrefix + "default-configuration.flink-version."
)

// versionedDefault is a default for a version and, with a plus (operator 1.11 and later), for all after it.
var versionedDefault = regexp.MustCompile(`^v([0-9]{1,3})_([0-9]{1,3})(\+?)\.(.+)$`)

// OperatorDefaults is the configuration of the Flink Kubernetes Operator, which it gives to the clusters that it makes.
type OperatorDefaults struct{ configuration flink.Configuration }

// LoadOperatorDefaults reads the ConfigMap with the operator's configuration. The operator is built on Flink 1.20 at most, which
// reads flink-conf.yaml if it is there, and config.yaml otherwise.
func LoadOperatorDefaults(configMap *corev1.ConfigMap) (OperatorDefaults, bool) {
	for _, name := range []string{flink.LegacyFile, flink.StandardFile} {
		text, ok := configMap.Data[name]
		if !ok || len(text) > maxFileBytes {
			continue
		}
		source := configMapSource(configMap.Name, name)
		if name == flink.LegacyFile {
			return OperatorDefaults{flink.LoadLegacy(text, source)}, true
		}
		return OperatorDefaults{flink.LoadStandard(text, source)}, true
	}
	return OperatorDefaults{}, false
}

// For is what the operator puts below the configuration of a custom resource (FlinkConfigManager.getDefaultConfig): its own
// options, over them those of the namespace, over them those of the version, older ones first.
func (d OperatorDefaults) For(namespace string, version flink.Version) flink.Configuration {
	defaults := flink.Configuration{Source: d.configuration.Source, Err: d.configuration.Err, Gaps: d.configuration.Gaps}
	add := func(setting flink.Setting, key string) {
		setting.Key, setting.Origin = key, flink.OriginOperatorDefault
		defaults.Settings = append(defaults.Settings, setting)
	}
	for _, setting := range d.configuration.Settings {
		if !strings.HasPrefix(setting.Key, operatorPrefix) {
			add(setting, setting.Key)
		}
	}
	for _, setting := range d.configuration.Settings {
		if key, ok := strings.CutPrefix(setting.Key, namespacePrefix+namespace+"."); ok && namespace != "" {
			add(setting, key)
		}
	}
	for _, versioned := range d.versioned(version) {
		add(versioned.Setting, versioned.key)
	}
	return defaults
}

// OfOperator reads an option of the operator itself, such as kubernetes.operator.job.savepoint-on-deletion, as it holds for a
// resource that does not set it. For keeps these options out, since Flink's processes do not get them.
func (d OperatorDefaults) OfOperator(key, namespace string, version flink.Version) flink.Reading {
	own := flink.Configuration{Source: d.configuration.Source, Err: d.configuration.Err, Gaps: d.configuration.Gaps}
	add := func(setting flink.Setting) {
		setting.Key, setting.Origin = key, flink.OriginOperatorDefault
		own.Settings = append(own.Settings, setting)
	}
	for _, written := range []string{key, namespacePrefix + namespace + "." + key} {
		if setting, ok := d.configuration.Lookup(written); ok {
			add(setting)
		}
	}
	for _, versioned := range d.versioned(version) {
		if versioned.key == key {
			add(versioned.Setting)
		}
	}
	return own.Get(key, version)
}

// versionedSetting is a default for some versions, under the key that it sets.
type versionedSetting struct {
	flink.Setting
	key          string
	major, minor int
	andLater     bool
}

// versioned are the defaults for a version in the order in which they are applied. For a version that is not known, each that
// may apply makes what it sets unknown.
func (d OperatorDefaults) versioned(version flink.Version) []versionedSetting {
	var found []versionedSetting
	for _, setting := range d.configuration.Settings {
		rest, ok := strings.CutPrefix(setting.Key, versionPrefix)
		match := versionedDefault.FindStringSubmatch(rest)
		if !ok || match == nil {
			continue
		}
		major, _ := strconv.Atoi(match[1])
		minor, _ := strconv.Atoi(match[2])
		v := versionedSetting{Setting: setting, key: match[4], major: major, minor: minor, andLater: match[3] != ""}
		switch {
		case !version.Known():
			v.Value, v.Unknown = "", "the operator has defaults for some versions of Flink, and the version is not known"
		case version.Major == major && version.Minor == minor:
		case v.andLater && version.AtLeast(major, minor):
		default:
			continue
		}
		found = append(found, v)
	}
	slices.SortStableFunc(found, func(a, b versionedSetting) int {
		switch {
		case a.andLater != b.andLater:
			if a.andLater {
				return -1
			}
			return 1
		case a.major != b.major:
			return a.major - b.major
		}
		return a.minor - b.minor
	})
	return found
}
