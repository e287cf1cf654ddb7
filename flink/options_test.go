package flink

import (
	"slices"
	"strings"
	"testing"
)

func exact(major, minor int) Version { return Version{Major: major, Minor: minor} }

// TestKeysByVersion holds the spellings against what the compiled options of each version say.
func TestKeysByVersion(t *testing.T) {
	cases := []struct {
		key     string
		version Version
		want    string // in Flink's order; "" for an option that the version does not know
	}{
		{KeyHighAvailabilityType, exact(1, 12), "high-availability recovery.mode"},
		{KeyHighAvailabilityType, exact(1, 16), "high-availability recovery.mode"},
		{KeyHighAvailabilityType, exact(1, 17), "high-availability.type recovery.mode high-availability"},
		{KeyHighAvailabilityType, exact(2, 3), "high-availability.type recovery.mode high-availability"},
		{KeyHighAvailabilityType, Version{}, "high-availability.type recovery.mode high-availability"},
		{KeyHighAvailabilityType, VersionBefore(1, 17), "high-availability recovery.mode"},
		{KeyHighAvailabilityType, VersionBefore(1, 18), "high-availability.type recovery.mode high-availability"},
		{KeyStorageDir, exact(2, 0), "high-availability.storageDir high-availability.zookeeper.storageDir recovery.zookeeper.storageDir"},
		{KeyHAClusterID, exact(1, 20), "high-availability.cluster-id high-availability.zookeeper.path.namespace recovery.zookeeper.path.namespace"},
		{KeyUseOldHAServices, exact(1, 14), ""},
		{KeyUseOldHAServices, exact(1, 15), "high-availability.use-old-ha-services"},
		{KeyUseOldHAServices, exact(1, 16), ""},
		{KeyCheckpointDir, exact(1, 19), "state.checkpoints.dir state.backend.fs.checkpointdir"},
		{KeyCheckpointDir, exact(1, 20), "execution.checkpointing.dir state.checkpoints.dir state.backend.fs.checkpointdir"},
		{KeySavepointDir, exact(1, 19), "state.savepoints.dir savepoints.state.backend.fs.dir"},
		{KeyCheckpointStorage, exact(1, 12), ""},
		{KeyCheckpointStorage, exact(1, 13), "state.checkpoint-storage"},
		{KeyCheckpointStorage, exact(2, 1), "execution.checkpointing.storage state.checkpoint-storage"},
		{KeyStateBackend, exact(1, 16), "state.backend"},
		{KeyStateBackend, exact(1, 18), "state.backend.type state.backend"},
		{KeyStateBackend, exact(2, 0), "state.backend.type state.backend"},
		{KeyJobResultStorePath, exact(1, 14), ""},
		{KeyJobResultStorePath, exact(1, 15), "job-result-store.storage-path"},
		{KeyApplicationResultStorePath, exact(2, 2), ""},
		{KeyApplicationResultStorePath, exact(2, 3), "application-result-store.storage-path"},
		{KeyJobManagerServiceAccount, exact(1, 13), "kubernetes.jobmanager.service-account kubernetes.service-account"},
		{KeyJobManagerReplicas, exact(1, 13), ""},
		{KeyZooKeeperQuorum, exact(1, 20), "high-availability.zookeeper.quorum recovery.zookeeper.quorum"},
		{KeyClusterID, exact(1, 20), "kubernetes.cluster-id"},
		{"taskmanager.numberOfTaskSlots", exact(1, 20), "taskmanager.numberOfTaskSlots"},
	}
	for _, tc := range cases {
		if got := strings.Join(Keys(tc.key, tc.version), " "); got != tc.want {
			t.Errorf("%s in %s: got %q, want %q", tc.key, tc.version, got, tc.want)
		}
	}
}

// TestCatalogueIsWellFormed holds each option to its own key, its eras to their order, and its default to its type.
func TestCatalogueIsWellFormed(t *testing.T) {
	keys := Options()
	for i, key := range keys {
		if slices.Contains(keys[:i], key) {
			t.Errorf("%s stands twice in the catalogue", key)
		}
		option := OptionOf(key)
		if option.Key != key {
			t.Errorf("%s: got the option %s", key, option.Key)
		}
		for n, era := range option.Eras {
			if n > 0 && !option.Eras[n-1].From.from.isBefore(era.From.from) {
				t.Errorf("%s: the eras are out of order", key)
			}
			var err error
			switch {
			case era.Default == "" || len(era.Keys) == 0:
			case era.Type == TypeDuration:
				_, err = ParseDuration(era.Default, exact(1, 12))
			case era.Type == TypeBoolean:
				_, err = ParseBoolean(era.Default)
			case era.Type == TypeInteger:
				_, err = ParseInteger(era.Default)
			}
			if err != nil {
				t.Errorf("%s: the default %q: %v", key, era.Default, err)
			}
		}
	}
}

func TestGet(t *testing.T) {
	cases := map[string]struct {
		key, text string
		version   Version
		want      string // the key that won, or "" and the default
		shadowed  string
		unread    string
		unknown   string // part of the reason
	}{
		"nothing is set":                      {key: KeyHAClusterID, want: "/default"},
		"its own key":                         {key: KeyStorageDir, text: "high-availability.storageDir: a", want: KeyStorageDir},
		"a fallback key":                      {key: KeyStorageDir, text: "recovery.zookeeper.storageDir: a", want: "recovery.zookeeper.storageDir"},
		"all keys, in no order":               {key: KeyStorageDir, text: "recovery.zookeeper.storageDir: c\nhigh-availability.zookeeper.storageDir: b\nhigh-availability.storageDir: a", want: KeyStorageDir, shadowed: "high-availability.zookeeper.storageDir recovery.zookeeper.storageDir"},
		"a key that the version ignores":      {key: KeyHighAvailabilityType, text: "high-availability.type: kubernetes", version: exact(1, 16), want: "NONE", unread: KeyHighAvailabilityType},
		"a key that came later":               {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a\nstate.checkpoints.dir: b", version: exact(1, 19), want: "state.checkpoints.dir", unread: KeyCheckpointDir},
		"an option that the version lacks":    {key: KeyJobResultStorePath, text: "job-result-store.storage-path: a", version: exact(1, 14), unread: KeyJobResultStorePath},
		"the last of two lines":               {key: KeyStorageDir, text: "high-availability.storageDir: a\nhigh-availability.storageDir: b", want: KeyStorageDir},
		"the versions differ":                 {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a\nstate.checkpoints.dir: b", want: KeyCheckpointDir, shadowed: "state.checkpoints.dir", unknown: "older versions of Flink read state.checkpoints.dir"},
		"the versions differ in name alone":   {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a\nstate.checkpoints.dir: a", want: KeyCheckpointDir, shadowed: "state.checkpoints.dir"},
		"a range in which they agree":         {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a\nstate.checkpoints.dir: b", version: VersionFrom(1, 20), want: KeyCheckpointDir, shadowed: "state.checkpoints.dir"},
		"a range in which they differ":        {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a\nstate.checkpoints.dir: b", version: VersionFrom(1, 19), want: KeyCheckpointDir, shadowed: "state.checkpoints.dir", unknown: "not known"},
		"only some versions know what is set": {key: KeyCheckpointDir, text: "execution.checkpointing.dir: a", want: KeyCheckpointDir},
		"an older spelling, unknown version":  {key: KeyHighAvailabilityType, text: "high-availability: kubernetes", want: KeyHighAvailability},
		"an option outside of the catalogue":  {key: "taskmanager.numberOfTaskSlots", text: "taskmanager.numberOfTaskSlots: 2", want: "taskmanager.numberOfTaskSlots"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			reading := LoadLegacy(tc.text, "f").Get(tc.key, tc.version)
			got := reading.Setting.Key
			if !reading.Set {
				got = reading.Value()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if got := keysOf(reading.Shadowed); got != tc.shadowed {
				t.Errorf("shadowed: got %q, want %q", got, tc.shadowed)
			}
			if got := keysOf(reading.Unread); got != tc.unread {
				t.Errorf("unread: got %q, want %q", got, tc.unread)
			}
			if (reading.Unknown == "") != (tc.unknown == "") || !strings.Contains(reading.Unknown, tc.unknown) {
				t.Errorf("unknown: got %q, want %q", reading.Unknown, tc.unknown)
			}
		})
	}
}

func keysOf(settings []Setting) string {
	keys := make([]string, 0, len(settings))
	for _, setting := range settings {
		keys = append(keys, setting.Key)
	}
	return strings.Join(keys, " ")
}

func TestGetRespectsWhatIsUnknown(t *testing.T) {
	gaps := []Gap{{Reason: "the ConfigMap is not at hand"}}
	cases := map[string]struct {
		configuration Configuration
		want          string // part of the reason; "" for a known reading
	}{
		"set, and nothing hidden":              {Configuration{Settings: []Setting{{Key: KeyStorageDir, Value: "a"}}}, ""},
		"unset, and nothing hidden":            {Configuration{}, ""},
		"unset, and something hidden":          {Configuration{Gaps: gaps}, "the ConfigMap is not at hand"},
		"set, and something hidden":            {Configuration{Settings: []Setting{{Key: KeyStorageDir, Value: "a"}}, Gaps: gaps}, ""},
		"set by a fallback, and something hid": {Configuration{Settings: []Setting{{Key: "recovery.zookeeper.storageDir", Value: "a"}}, Gaps: gaps}, "high-availability.storageDir would count more"},
		"its value is unknown":                 {Configuration{Settings: []Setting{{Key: KeyStorageDir, Unknown: "it comes from a Secret"}}}, "it comes from a Secret"},
		"a shadowed value is unknown": {Configuration{Settings: []Setting{
			{Key: KeyStorageDir, Value: "a"}, {Key: "recovery.zookeeper.storageDir", Unknown: "it comes from a Secret"},
		}}, ""},
	}
	for name, tc := range cases {
		got := tc.configuration.Get(KeyStorageDir, exact(1, 20)).Unknown
		if (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	if got := (Configuration{Gaps: gaps}).Get(KeyJobResultStorePath, exact(1, 14)).Unknown; got != "" {
		t.Errorf("an option that the version does not know is not set anywhere: got %q", got)
	}
}

func TestNewerKey(t *testing.T) {
	cases := map[string]struct {
		option, key string
		version     Version
		want        string
	}{
		"renamed before the version":              {KeyHighAvailabilityType, KeyHighAvailability, Version{Major: 1, Minor: 17}, KeyHighAvailabilityType},
		"renamed after it":                        {KeyHighAvailabilityType, KeyHighAvailability, Version{Major: 1, Minor: 16}, ""},
		"renamed within what the version may be":  {KeyHighAvailabilityType, KeyHighAvailability, VersionBefore(2, 0), ""},
		"renamed before all that it may be":       {KeyHighAvailabilityType, KeyHighAvailability, VersionFrom(1, 19), KeyHighAvailabilityType},
		"an old key in every version":             {KeyHighAvailabilityType, KeyRecoveryMode, Version{}, KeyHighAvailabilityType},
		"the newest key":                          {KeyHighAvailabilityType, KeyHighAvailabilityType, Version{Major: 2, Minor: 0}, ""},
		"a key that the version does not know":    {KeyCheckpointDir, KeyCheckpointDir, Version{Major: 1, Minor: 18}, ""},
		"an option that the version doesn't know": {KeyBatchJobRecovery, KeyBatchJobRecovery, Version{Major: 1, Minor: 18}, ""},
	}
	for name, tc := range cases {
		if got, ok := NewerKey(tc.option, tc.key, tc.version); got != tc.want || ok != (tc.want != "") {
			t.Errorf("%s: got %q, %t, want %q", name, got, ok, tc.want)
		}
	}
}
