package validation

import (
	"fmt"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func storageDirOutsidePrefix() Rule {
	return Rule{
		ID:         "storage-dir-outside-prefix",
		Level:      policy.LevelBaseline,
		Introduced: ruleSet02,
		On:         configured(),
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "the platform's policy does not allow it",
		Summary:    "high-availability.storageDir is not below one of the prefixes that the policy allows.",
		Why: "Whoever runs the platform has said where HA data may lie (storage.allowedPrefixes in the policy file), so that it is backed up, paid " +
			"for and kept apart by namespace. Without prefixes in the policy the rule says nothing.",
		Remedy: "Choose a directory below an allowed prefix. Prefixes end at a slash, and schemes count: s3a://b/x is not below s3://b.",
		Source: "The policy file; paths are compared as org.apache.flink.core.fs.Path reads them, high-availability.cluster-id included",
		Example: Example{
			Prefixes: []string{"s3://flink-ha/{namespace}/"},
			Wrong:    liveExample("kubernetes", "s3://my-bucket/ha", "orders"),
			Right:    liveExample("kubernetes", "s3://flink-ha/team/orders", "orders"),
		},
		Check: checkStorageDirOutsidePrefix,
	}
}

// optionPrefixes is the field of the policy. The rule is about it as its option, so that no lesser finding about the directory hides it.
const optionPrefixes = "storage.allowedPrefixes"

// checkStorageDirOutsidePrefix judges the directory, below which the job results go, and the path of the cluster in it, which an id
// with dots may lead elsewhere.
func checkStorageDirOutsidePrefix(subject *Subject) []Violation {
	if len(subject.AllowedPrefixes) == 0 || subject.Namespace == "" || !subject.readable() {
		return nil
	}
	storage := subject.storagePath()
	if storage.Path == "" {
		return nil
	}
	blamed := flink.KeyStorageDir
	setting := storage.Dir.Setting
	for _, path := range []string{setting.Value, storage.Path} {
		allowed, known := subject.isAllowed(path)
		if !known {
			return nil
		}
		if allowed {
			blamed, setting = flink.KeyHAClusterID, storage.ClusterID.Setting
			continue
		}
		return []Violation{{
			Option:   optionPrefixes,
			Setting:  setting.Key,
			Position: setting.Position,
			Found:    found(setting, true),
			Needed:   "a path below " + subject.allowed(),
			Remedy:   line(setting.Position, setting.Key, subject.remedyFor(blamed)),
		}}
	}
	return nil
}

func (s *Subject) isAllowed(path string) (allowed, known bool) {
	for _, prefix := range s.AllowedPrefixes {
		below, known := flink.StorageBelow(s.Configuration, path, prefix)
		if below || !known {
			return below, known
		}
	}
	return false, true
}

// allowed names the prefixes for a message.
func (s *Subject) allowed() string {
	first := Show(s.AllowedPrefixes[0])
	switch more := len(s.AllowedPrefixes) - 1; more {
	case 0:
		return first
	case 1:
		return first + " or " + Show(s.AllowedPrefixes[1])
	default:
		return fmt.Sprintf("%s or one of %d others", first, more)
	}
}

func (s *Subject) remedyFor(key string) string {
	if key == flink.KeyHAClusterID {
		return s.ownID()
	}
	return strings.TrimSuffix(flink.RedactURI(s.AllowedPrefixes[0]), "/") + "/<path>"
}
