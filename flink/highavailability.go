package flink

import (
	"strings"
	"unicode"
)

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
	// Reading is how the option was found: what else is set and does not count, and why the mode is not known.
	Reading Reading
}

const (
	kubernetesFactory       = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"
	multipleElectionFactory = "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory"
)

// ResolveHighAvailability reads the HA mode as org.apache.flink.runtime.jobmanager.HighAvailabilityMode.fromConfig does: no
// value is NONE; "standalone" and the names of the modes count in any case, and no blanks are cut; anything else is the name
// of a factory class.
//
// The keys and their order changed with 1.17. Where the version is not known and both orders find something, the mode is known
// only if they agree.
func ResolveHighAvailability(configuration Configuration, version Version) HighAvailability {
	readings := configuration.readings(KeyHighAvailabilityType, version)
	resolved := resolveReading(readings[len(readings)-1].Reading, version)
	for _, older := range readings[:len(readings)-1] {
		if other := resolveReading(older.Reading, version); other.Mode != resolved.Mode && resolved.Mode != ModeUnknown {
			resolved.Mode = ModeUnknown
			resolved.Reading.Unknown = disagreement(other.Setting, resolved.Setting)
		}
	}
	return resolved
}

func resolveReading(reading Reading, version Version) HighAvailability {
	resolved := HighAvailability{Mode: modeOf(reading.Value(), version), Set: reading.Set, Setting: reading.Setting, Reading: reading}
	switch {
	case reading.Unknown != "":
		resolved.Mode = ModeUnknown
	case resolved.Mode == ModeUnknown:
		resolved.Reading.Unknown = "something may replace parts of " + reading.Setting.Key
	}
	return resolved
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

// modeOf is the mode of a value. strings.ToUpper agrees with Java's String.toUpperCase and equalsIgnoreCase on these words.
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
		// Kubernetes high availability came with 1.12.
		if version.Before(1, 12) {
			return ModeInvalid
		}
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

// isClassName tells whether a value can be the name of a Java class in a package: identifiers joined by dots. A class without a
// package could be loaded too (org.apache.flink.util.InstantiationUtil.instantiate), but nobody ships a factory like that, and
// a single word is a mode that is misspelt.
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

// isJavaIdentifier follows java.lang.Character.isJavaIdentifierStart and isJavaIdentifierPart: letters, currency signs and
// connectors, and after the first of them digits and marks.
func isJavaIdentifier(part string) bool {
	for i, r := range part {
		starts := unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Sc, unicode.Pc)
		if !starts && (i == 0 || !unicode.In(r, unicode.Nd, unicode.Mn, unicode.Mc)) {
			return false
		}
	}
	return part != ""
}
