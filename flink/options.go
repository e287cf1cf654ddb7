package flink

import "slices"

// Keys of the options that the guard asks for by name. Each is the newest spelling of its option, with two exceptions that only
// older spellings have names for: KeyHighAvailability and KeyRecoveryMode.
const (
	KeyHighAvailabilityType = "high-availability.type"
	KeyHighAvailability     = "high-availability"
	KeyRecoveryMode         = "recovery.mode"
	KeyStorageDir           = "high-availability.storageDir"
	KeyHAClusterID          = "high-availability.cluster-id"
	KeyUseOldHAServices     = "high-availability.use-old-ha-services"
	KeyLeaseDuration        = "high-availability.kubernetes.leader-election.lease-duration"
	KeyRenewDeadline        = "high-availability.kubernetes.leader-election.renew-deadline"
	KeyRetryPeriod          = "high-availability.kubernetes.leader-election.retry-period"

	KeyZooKeeperQuorum = "high-availability.zookeeper.quorum"
	KeyZooKeeperRoot   = "high-availability.zookeeper.path.root"

	KeyClusterID = "kubernetes.cluster-id"
	KeyNamespace = "kubernetes.namespace"
	// KeyKubeConfig names a file with credentials for the API server: a process that has one does not use the account of its pod.
	KeyKubeConfig                = "kubernetes.config.file"
	KeyServiceAccount            = "kubernetes.service-account"
	KeyJobManagerServiceAccount  = "kubernetes.jobmanager.service-account"
	KeyTaskManagerServiceAccount = "kubernetes.taskmanager.service-account"
	KeyJobManagerReplicas        = "kubernetes.jobmanager.replicas"

	KeyJobResultStorePath                   = "job-result-store.storage-path"
	KeyJobResultStoreDeleteOnCommit         = "job-result-store.delete-on-commit"
	KeyApplicationResultStorePath           = "application-result-store.storage-path"
	KeyApplicationResultStoreDeleteOnCommit = "application-result-store.delete-on-commit"
	KeyCheckpointDir                        = "execution.checkpointing.dir"
	KeySavepointDir                         = "execution.checkpointing.savepoint-dir"
	KeyCheckpointStorage                    = "execution.checkpointing.storage"
	KeyCheckpointInterval                   = "execution.checkpointing.interval"
	KeyStateBackend                         = "state.backend.type"
	KeyBatchJobRecovery                     = "execution.batch.job-recovery.enabled"
	KeyRuntimeMode                          = "execution.runtime-mode"
	KeyTarget                               = "execution.target"
	KeyFixedJobID                           = "$internal.pipeline.job-id"

	KeyDefaultScheme              = "fs.default-scheme"
	KeyAllowedFallbackFileSystems = "fs.allowed-fallback-filesystems"
)

// ValueType is how Flink reads the text of an option.
type ValueType string

// The types (org.apache.flink.configuration.ConfigOption). TypeEnum takes the names of its constants in any case.
const (
	TypeString   ValueType = "string"
	TypeDuration ValueType = "duration"
	TypeInteger  ValueType = "integer"
	TypeBoolean  ValueType = "boolean"
	TypeEnum     ValueType = "enum"
)

// Option is what Flink knows of one option.
type Option struct {
	// Key is the newest spelling.
	Key string
	// Eras are the ways in which it was spelled, oldest first. The first holds for all versions before the second.
	Eras []Era
}

// Era is how an option is defined from one version on.
type Era struct {
	// From is the first release line of the era. It is unknown, and without a bound, for the first era of an option that all
	// versions know.
	From Version
	// Keys in the order in which Flink tries them: the option's own key, then its fallback and deprecated keys. An era without
	// keys is one that does not know the option.
	Keys []string
	Type ValueType
	// Default is the text of the default value, "" for none.
	Default string
}

// always is an option that was never spelled or read in another way.
func always(valueType ValueType, preset string, keys ...string) Option {
	return Option{Key: keys[0], Eras: []Era{{Keys: keys, Type: valueType, Default: preset}}}
}

// since is an option that came with a version and stayed.
func since(major, minor int, valueType ValueType, preset string, keys ...string) Option {
	return Option{Key: keys[0], Eras: []Era{{}, {From: VersionFrom(major, minor), Keys: keys, Type: valueType, Default: preset}}}
}

// OptionOf returns what is known of the option with that newest spelling. An option that is not in the catalogue is taken for a
// text that is only ever found under that one key. What is returned is shared, and must not be changed.
func OptionOf(key string) Option {
	if option, ok := catalogue[key]; ok {
		return option
	}
	return always(TypeString, "", key)
}

// Keys returns the spellings of an option in the order in which the version tries them, none if it does not know the option. If
// it is not known which version it is, they are those of the newest one that it may be.
func Keys(key string, version Version) []string {
	eras := OptionOf(key).erasOf(version)
	return eras[len(eras)-1].Keys
}

// NewerKey is the key that a version reads an option from first, if a given key of the option is only tried after it. Where the
// version is not known exactly, it is so in all that it may be, and the key is that of the newest.
func NewerKey(option, key string, version Version) (newer string, ok bool) {
	for _, era := range OptionOf(option).erasOf(version) {
		if !slices.Contains(era.Keys, key) || era.Keys[0] == key {
			return "", false
		}
		newer = era.Keys[0]
	}
	return newer, true
}

// erasOf are the eras that a version may be in, oldest first; at least one.
func (o Option) erasOf(version Version) []Era {
	first, last := 0, len(o.Eras)-1
	for i := 1; i < len(o.Eras); i++ {
		from := o.Eras[i].From.from
		if version.AtLeast(from.major, from.minor) {
			first = i
		}
		if last == len(o.Eras)-1 && version.Before(from.major, from.minor) {
			last = i - 1
		}
	}
	return o.Eras[first : last+1]
}
