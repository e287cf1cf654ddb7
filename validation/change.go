package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// Change is one step of a fix.
type Change struct {
	// Path of a field, as positions have it: of one with the text of a configuration file, such as data["config.yaml"], of a map of
	// options, such as spec.flinkConfiguration, or of any other.
	Path string
	// Key is the option in that text or map, "" where the field itself is meant.
	Key string
	// Value is what to write: for an option the text that Flink has to read. nil removes it.
	Value any
}

// A fix keeps what the author meant and invents nothing: no path, no id, no account. It is nil wherever a setting cannot be changed
// without that, as where its value is not known, or comes from the operator's defaults.

// keyOf is the key of a setting as what has to be changed.
func keyOf(setting flink.Setting) Target {
	at := setting.Position
	if at.Line > 0 && setting.KeyLine > 0 {
		at.Line, at.Column = setting.KeyLine, setting.KeyColumn
	}
	return Target{Position: at, Key: true}
}

// give is the fix that gives an option another value where it is set.
func (s *Subject) give(setting flink.Setting, value string) []Change {
	return s.rewrite(setting, setting.Key, value)
}

// movesState tells of options without which a cluster runs, and with which it looks for its HA state somewhere else: no fix sets one of
// them, since whoever applies it to a cluster that runs has to move the state as well.
func movesState(option string) bool {
	return option == flink.KeyHAClusterID || option == flink.KeyNamespace || option == flink.KeyZooKeeperRoot
}

// rename is the fix that writes a setting under another key, with the value that it has. It is nil where that key has a value
// already, and where this is not the setting that counts.
func (s *Subject) rename(setting flink.Setting, key string) []Change {
	counts, _ := s.Configuration.Lookup(setting.Key)
	if _, taken := s.Configuration.Lookup(key); taken || counts.Path != setting.Path {
		return nil
	}
	return s.rewrite(counts, key, counts.Value)
}

// drop is the fix that removes a setting that does nothing. Words of a command line stay: what is around them would move.
func (s *Subject) drop(setting flink.Setting) []Change {
	holder := s.holderOf(setting)
	if holder == "" {
		return nil
	}
	return []Change{{Path: holder, Key: setting.Key}}
}

func (s *Subject) rewrite(setting flink.Setting, key, value string) []Change {
	switch holder := s.holderOf(setting); {
	case setting.Unknown != "" || strings.HasPrefix(value, "["): // which may be a list
		return nil
	case setting.Origin == flink.OriginArgument:
		return s.rewriteArgument(setting, key, value)
	case holder == "":
		return nil
	case key == setting.Key:
		return []Change{{Path: holder, Key: key, Value: value}}
	default:
		return []Change{{Path: holder, Key: setting.Key}, {Path: holder, Key: key, Value: value}}
	}
}

// holderOf is the path of the text or the map that a setting is written in, "" where it is written in another way.
func (s *Subject) holderOf(setting flink.Setting) string {
	switch {
	case setting.Origin == flink.OriginOperatorDefault:
		return ""
	case setting.Line > 0:
		return setting.Path
	}
	source := s.Configuration.Source
	rest, isIn := strings.CutPrefix(setting.Path, source)
	if setting.Origin == flink.OriginCustomResource && isIn && source != "" && rest != "" && strings.IndexByte(".[", rest[0]) >= 0 {
		return source
	}
	return ""
}

// unquote is the fix of a value in quotes that Flink takes for a part of it. It is nil where the value without them is none that the
// option can have either, and where a cluster runs with the quotes and has its state under them.
func (s *Subject) unquote(setting flink.Setting, option string) []Change {
	runs := option != flink.KeyNamespace // no namespace has quotes in its name
	if !isQuoted(&setting) || runs && movesState(option) {
		return nil
	}
	value := setting.Value[1 : len(setting.Value)-1]
	if !s.suits(option, value) {
		return nil
	}
	return s.give(setting, value)
}

// suits tells whether a value is one that an option can have, as far as other rules would complain of it.
func (s *Subject) suits(option, value string) bool {
	if flink.IsBlank(value) || value != flink.TrimJava(value) || flink.IsExpanded(value) || strings.ContainsAny(value, `"'`) {
		return false
	}
	switch option {
	case flink.KeyHighAvailabilityType:
		return s.turnsOn(value)
	case flink.KeyStorageDir, flink.KeyCheckpointDir, flink.KeySavepointDir, flink.KeyJobResultStorePath, flink.KeyApplicationResultStorePath:
		return flink.StorageProblem(value) == ""
	case flink.KeyClusterID:
		return flink.ClusterIDProblem(value) == ""
	case flink.KeyLeaseDuration, flink.KeyRenewDeadline, flink.KeyRetryPeriod:
		_, err := flink.ParseDuration(value, s.Version)
		return err == nil
	}
	return true
}

// turnsOn tells whether a value of the HA mode turns on one of Flink's own.
func (s *Subject) turnsOn(value string) bool {
	mode := s.modeOf(value)
	return mode == flink.ModeKubernetes || mode == flink.ModeZooKeeper
}

// modeOf is the mode that a value would be under the key of the version.
func (s *Subject) modeOf(value string) flink.Mode {
	setting := flink.Setting{Key: s.modeKey(), Value: value}
	return flink.ResolveHighAvailability(flink.Configuration{Settings: []flink.Setting{setting}}, s.Version).Mode
}

// canTurnOn tells whether all is there that high availability of a mode cannot do without.
func (s *Subject) canTurnOn(mode flink.Mode) bool {
	lacks := func(key string) bool {
		_, _, lacks := s.lacks(key)
		return lacks
	}
	switch mode {
	case flink.ModeKubernetes:
		return !lacks(flink.KeyStorageDir) && (s.Managed || !lacks(flink.KeyClusterID))
	case flink.ModeZooKeeper:
		return !lacks(flink.KeyStorageDir) && !lacks(flink.KeyZooKeeperQuorum)
	case flink.ModeNone, flink.ModeCustom, flink.ModeUnknown, flink.ModeInvalid:
	}
	return false
}
