package flink

import "strings"

// Mode is what Flink makes of the value of high-availability.type.
type Mode string

// The modes. ModeCustom is a factory class that Flink would load and that nobody can judge from outside; ModeInvalid is
// a value with which Flink does not start.
const (
	ModeNone       Mode = "none"
	ModeKubernetes Mode = "kubernetes"
	ModeZooKeeper  Mode = "zookeeper"
	ModeCustom     Mode = "custom"
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
func ResolveHighAvailability(configuration Configuration, version Version) HighAvailability {
	setting, ok := configuration.LookupFirst(HighAvailabilityTypeKeys(version)...)
	if !ok {
		return HighAvailability{Mode: ModeNone}
	}
	return HighAvailability{Mode: modeOf(setting.Value, version), Set: true, Setting: setting}
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
