package validation

import "github.com/flink-ha/flink-ha-webhook/flink"

// modesOfFlink are all modes but a factory class of somebody else's, which may have options of its own.
func modesOfFlink() []flink.Mode {
	return []flink.Mode{flink.ModeNone, flink.ModeKubernetes, flink.ModeZooKeeper, flink.ModeUnknown, flink.ModeInvalid}
}

// modeKey is the key that the version reads the HA mode from.
func (s *Subject) modeKey() string { return flink.Keys(flink.KeyHighAvailabilityType, s.Version)[0] }

// modeValue is how the version wants a mode written: Kubernetes has its short name from 1.16 on (FLINK-27808).
func (s *Subject) modeValue(mode flink.Mode) string {
	switch {
	case mode == flink.ModeZooKeeper:
		return "zookeeper"
	case s.Version.Before(1, 16):
		return operatorsFactory
	}
	return "kubernetes"
}

// neededModes are the modes with high availability, as a violation's Needed.
func (s *Subject) neededModes() string {
	if s.Version.Before(1, 16) {
		return "zookeeper or the class of Kubernetes high availability"
	}
	return "kubernetes or zookeeper"
}

// meaningOf is the mode that the author of a setting had in mind, whichever of the mode's keys it has; ModeUnknown if its value
// is not known.
func meaningOf(setting flink.Setting) flink.Mode {
	setting.Key = flink.KeyHighAvailabilityType
	return flink.ResolveHighAvailability(flink.Configuration{Settings: []flink.Setting{setting}}, flink.Version{}).Intended()
}

// passedOver are the settings of the HA mode that do not count: spellings that Flink tries later, or that only other versions
// know.
func (s *Subject) passedOver() (shadowed, unread []flink.Setting) {
	reading := s.highAvailability().Reading
	return reading.Shadowed, reading.Unread
}
