package flink

import "strings"

// Mode is what Flink makes of the value of high-availability.type.
type Mode string

// The modes. ModeCustom is a factory class that Flink would load and that nobody can judge from outside; ModeUnknown is a
// value that depends on what is not known here; ModeInvalid is a value with which Flink does not start.
const (
	ModeNone       Mode = "none"
	ModeKubernetes Mode = "kubernetes"
	ModeZooKeeper  Mode = "zookeeper"
	ModeCustom     Mode = "custom"
	ModeUnknown    Mode = "unknown"
	ModeInvalid    Mode = "invalid"
)

// HighAvailability is the resolved HA mode and the setting that it comes from, if there is one.
type HighAvailability struct {
	Mode    Mode
	Set     bool
	Setting Setting
}

const (
	kubernetesFactory       = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"
	multipleElectionFactory = "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory"
)

// ResolveHighAvailability reads the HA mode as org.apache.flink.runtime.jobmanager.HighAvailabilityMode.fromConfig does: no
// value is NONE; "standalone" and the names of the modes count in any case; anything else is the name of a factory class.
//
// The order of the keys changed with 1.17. Where the version is not known and both orders find something, the mode is known
// only if they agree.
func ResolveHighAvailability(configuration Configuration, version Version) HighAvailability {
	resolved := resolveIn(configuration, HighAvailabilityTypeKeys(version), version)
	if !version.Known() {
		older := resolveIn(configuration, HighAvailabilityTypeKeys(Version{Major: 1, Minor: 16}), version)
		if older.Set && older.Mode != resolved.Mode {
			resolved.Mode = ModeUnknown
		}
	}
	return resolved
}

func resolveIn(configuration Configuration, keys []string, version Version) HighAvailability {
	setting, ok := configuration.LookupFirst(keys...)
	if !ok {
		return HighAvailability{Mode: ModeNone}
	}
	return HighAvailability{Mode: modeOf(setting.Value, version), Set: true, Setting: setting}
}

// IsExpanded tells whether something may replace parts of a value before Flink reads it: $(NAME) by the kubelet, $NAME and
// ${NAME} by the entry point of the image, {{…}} by a template engine. Such a value is not known here.
func IsExpanded(value string) bool {
	return strings.Contains(value, "$") || strings.Contains(value, "{{")
}

// Intended is the mode that was probably meant: the mode itself, or what an invalid value means without stray quotes.
func (h HighAvailability) Intended() Mode {
	if h.Mode != ModeInvalid {
		return h.Mode
	}
	return modeOf(strings.Trim(h.Setting.Value, "\"' "), Version{})
}

func modeOf(value string, version Version) Mode {
	switch strings.ToUpper(value) {
	case "NONE", "STANDALONE":
		return ModeNone
	case "ZOOKEEPER":
		return ModeZooKeeper
	case "KUBERNETES":
		// The constant came with 1.16 (FLINK-27808); before, it is taken for the name of a class.
		if version.Before(1, 16) {
			return ModeInvalid
		}
		return ModeKubernetes
	}
	switch {
	case IsExpanded(value):
		return ModeUnknown
	case value == kubernetesFactory:
		return ModeKubernetes
	case value == multipleElectionFactory:
		// The class existed from 1.15 to 1.17.
		if version.Before(1, 15) || version.AtLeast(1, 18) {
			return ModeInvalid
		}
		return ModeKubernetes
	case isClassName(value):
		return ModeCustom
	}
	return ModeInvalid
}

// isClassName tells whether a value can be the name of a Java class in a package: identifiers joined by dots.
func isClassName(value string) bool {
	parts := strings.Split(value, ".")
	if len(parts) < 2 {
		return false
	}
	for _, part := range parts {
		if !isJavaIdentifier(part) {
			return false
		}
	}
	return true
}

func isJavaIdentifier(part string) bool {
	for i, r := range part {
		letter := r == '_' || r == '$' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0x7f
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return part != ""
}
