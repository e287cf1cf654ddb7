package workload

import (
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// agree joins two readings of one thing, of which one is right. What they do not agree on is unknown.
func agree(one, other flink.Configuration, reason string) flink.Configuration {
	agreed := flink.Configuration{Source: one.Source, Err: one.Err}
	if one.Err == nil || other.Err == nil {
		agreed.Err = nil
	}
	ones, others := lastSettings(one), lastSettings(other)
	for _, setting := range one.Settings {
		counterpart, ok := others[setting.Key]
		if !ok || counterpart.Value != setting.Value || counterpart.Unknown != setting.Unknown {
			if ones[setting.Key] != setting {
				continue
			}
			setting.Value, setting.Unknown = "", reason
		}
		agreed.Settings = append(agreed.Settings, setting)
	}
	for _, setting := range other.Settings {
		if _, ok := ones[setting.Key]; !ok {
			setting.Value, setting.Unknown = "", reason
			agreed.Settings = append(agreed.Settings, setting)
		}
	}
	agreed.Gaps = union(one.Gaps, other.Gaps)
	agreed.Ignored = union(one.Ignored, other.Ignored)
	return agreed
}

func lastSettings(configuration flink.Configuration) map[string]flink.Setting {
	last := make(map[string]flink.Setting, len(configuration.Settings))
	for _, setting := range configuration.Settings {
		last[setting.Key] = setting
	}
	return last
}

func union[T comparable](one, other []T) []T {
	seen := make(map[T]bool, len(one))
	all := slices.Clone(one)
	for _, item := range one {
		seen[item] = true
	}
	for _, item := range other {
		if !seen[item] {
			seen[item] = true
			all = append(all, item)
		}
	}
	return all
}
