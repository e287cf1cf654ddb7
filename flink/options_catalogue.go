package flink

// The catalogue was read from the compiled options of Flink 1.12.7, 1.13.6, 1.14.6, 1.15.4, 1.16.3, 1.17.2, 1.18.1, 1.19.3,
// 1.20.5, 2.0.1, 2.1.3, 2.2.1 and 2.3.0, those of flink-kubernetes from the closest release. A version before 1.12 is taken
// for 1.12, and one after 2.3 for 2.3.
//
// catalogue has the options under their newest spellings. A verdict looks several dozen options up.
//
//nolint:gochecknoglobals // a table of facts that nothing changes, made once instead of at each lookup
var catalogue = makeCatalogue()

func makeCatalogue() map[string]Option {
	options := map[string]Option{}
	for _, key := range Options() {
		options[key] = always(TypeString, "", key)
		for _, family := range []func(string) (Option, bool){highAvailabilityOption, kubernetesOption, stateOption} {
			if option, ok := family(key); ok {
				options[key] = option
			}
		}
	}
	return options
}

// Options are the keys of the catalogue, each the newest spelling of an option.
func Options() []string {
	return []string{
		KeyHighAvailabilityType, KeyStorageDir, KeyHAClusterID, KeyUseOldHAServices,
		KeyLeaseDuration, KeyRenewDeadline, KeyRetryPeriod,
		KeyZooKeeperQuorum, KeyZooKeeperRoot,
		KeyClusterID, KeyNamespace, KeyServiceAccount, KeyJobManagerServiceAccount, KeyTaskManagerServiceAccount, KeyJobManagerReplicas,
		KeyJobResultStorePath, KeyJobResultStoreDeleteOnCommit, KeyApplicationResultStorePath, KeyApplicationResultStoreDeleteOnCommit,
		KeyCheckpointDir, KeySavepointDir, KeyCheckpointStorage, KeyCheckpointInterval, KeyStateBackend,
		KeyBatchJobRecovery, KeyRuntimeMode, KeyTarget, KeyFixedJobID,
		KeyDefaultScheme, KeyAllowedFallbackFileSystems,
	}
}

// highAvailabilityOption knows org.apache.flink.configuration.HighAvailabilityOptions and
// org.apache.flink.kubernetes.configuration.KubernetesHighAvailabilityOptions.
func highAvailabilityOption(key string) (Option, bool) {
	switch key {
	case KeyHighAvailabilityType:
		// FLINK-29372 gave the option a new key, and put recovery.mode before the old one.
		return Option{Key: key, Eras: []Era{
			{Keys: []string{KeyHighAvailability, KeyRecoveryMode}, Type: TypeString, Default: "NONE"},
			{From: VersionFrom(1, 17), Keys: []string{key, KeyRecoveryMode, KeyHighAvailability}, Type: TypeString, Default: "NONE"},
		}}, true
	case KeyStorageDir:
		return always(TypeString, "", key, "high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir"), true
	case KeyHAClusterID:
		return always(TypeString, "/default", key, "high-availability.zookeeper.path.namespace", "recovery.zookeeper.path.namespace"), true
	case KeyUseOldHAServices:
		return Option{Key: key, Eras: []Era{
			{},
			{From: VersionFrom(1, 15), Keys: []string{key}, Type: TypeBoolean, Default: "false"},
			{From: VersionFrom(1, 16)},
		}}, true
	case KeyLeaseDuration, KeyRenewDeadline:
		return always(TypeDuration, "15 s", key), true
	case KeyRetryPeriod:
		return always(TypeDuration, "5 s", key), true
	case KeyZooKeeperQuorum:
		return always(TypeString, "", key, "recovery.zookeeper.quorum"), true
	case KeyZooKeeperRoot:
		return always(TypeString, "/flink", key, "recovery.zookeeper.path.root"), true
	}
	return Option{}, false
}

// kubernetesOption knows org.apache.flink.kubernetes.configuration.KubernetesConfigOptions.
func kubernetesOption(key string) (Option, bool) {
	switch key {
	case KeyNamespace, KeyServiceAccount:
		return always(TypeString, "default", key), true
	case KeyJobManagerServiceAccount, KeyTaskManagerServiceAccount:
		// 1.12 has no fallback key, and asks for kubernetes.service-account itself where there is none.
		return always(TypeString, "default", key, KeyServiceAccount), true
	case KeyJobManagerReplicas:
		return since(1, 14, TypeInteger, "1", key), true
	}
	return Option{}, false
}

// stateOption knows org.apache.flink.configuration.CheckpointingOptions, StateBackendOptions, ExecutionOptions and
// BatchExecutionOptions, org.apache.flink.runtime.highavailability.JobResultStoreOptions and ApplicationResultStoreOptions.
func stateOption(key string) (Option, bool) {
	switch key {
	case KeyJobResultStorePath:
		return since(1, 15, TypeString, "", key), true
	case KeyJobResultStoreDeleteOnCommit:
		return since(1, 15, TypeBoolean, "true", key), true
	case KeyApplicationResultStorePath:
		return since(2, 3, TypeString, "", key), true
	case KeyApplicationResultStoreDeleteOnCommit:
		return since(2, 3, TypeBoolean, "true", key), true
	case KeyCheckpointDir:
		return renamedIn(VersionFrom(1, 20), key, "state.checkpoints.dir", "state.backend.fs.checkpointdir"), true
	case KeySavepointDir:
		return renamedIn(VersionFrom(1, 20), key, "state.savepoints.dir", "savepoints.state.backend.fs.dir"), true
	case KeyCheckpointStorage:
		renamed := renamedIn(VersionFrom(1, 20), key, "state.checkpoint-storage")
		renamed.Eras[0].From = VersionFrom(1, 13)
		renamed.Eras = append([]Era{{}}, renamed.Eras...)
		return renamed, true
	case KeyStateBackend:
		renamed := renamedIn(VersionFrom(1, 17), key, "state.backend")
		hashMap := renamed.Eras[1]
		hashMap.From, hashMap.Default = VersionFrom(1, 19), "hashmap"
		renamed.Eras = append(renamed.Eras, hashMap)
		return renamed, true
	case KeyCheckpointInterval:
		return always(TypeDuration, "", key), true
	case KeyBatchJobRecovery:
		return since(1, 20, TypeBoolean, "false", key), true
	case KeyRuntimeMode:
		return always(TypeEnum, "STREAMING", key), true
	}
	return Option{}, false
}

// renamedIn is an option that got a new key with a version and kept its old ones as deprecated keys.
func renamedIn(from Version, keys ...string) Option {
	return Option{Key: keys[0], Eras: []Era{
		{Keys: keys[1:], Type: TypeString},
		{From: from, Keys: keys, Type: TypeString},
	}}
}
