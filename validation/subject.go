package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Subject is a Flink cluster under review, as far as one object shows it.
type Subject struct {
	// Role of the processes that the object configures or runs; "" if that cannot be told.
	Role workload.Role
	// Version of Flink, which may be unknown.
	Version flink.Version
	// Configuration that the processes would hold, as far as the object says it.
	Configuration flink.Configuration
	// Managed is true where Flink's native client or the Flink Kubernetes Operator made the object. They set the cluster's
	// ids by themselves.
	Managed bool
	// HighAvailabilityNotRequired is true if the object opts out of high availability.
	HighAvailabilityNotRequired bool
}

// highAvailability resolves the HA mode of the subject.
func (s Subject) highAvailability() flink.HighAvailability {
	return flink.ResolveHighAvailability(s.Configuration, s.Version)
}

// usesStorageDir tells whether the HA mode needs a storage directory. An invalid mode does: whoever wrote it meant one that
// does.
func (s Subject) usesStorageDir() bool {
	mode := s.highAvailability().Mode
	return mode == flink.ModeKubernetes || mode == flink.ModeZooKeeper || mode == flink.ModeInvalid
}

// lacks tells whether an option is certainly not set under any of its keys: unset or blank, where nothing may be hidden.
func (s Subject) lacks(key string) (blank flink.Setting, isBlank, lacks bool) {
	reading := s.Configuration.Get(key, s.Version)
	switch {
	case reading.Unknown != "":
		return flink.Setting{}, false, false
	case reading.Set:
		isBlank = flink.IsBlank(reading.Setting.Value)
		return reading.Setting, isBlank, isBlank
	}
	return flink.Setting{}, false, s.readable()
}

// readable tells whether Flink would load the configuration at all; where not, that is the finding, and the rest is noise.
func (s Subject) readable() bool { return s.Configuration.Err == nil }
