package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityTypeInvalid() Rule {
	return Rule{
		ID:      "high-availability-type-invalid",
		Level:   policy.LevelBaseline,
		Summary: "The value of high-availability.type is neither a mode nor the name of a class.",
		Why: "Flink takes a value that it does not know for the name of a factory class, finds no such class and exits. Quotes in " +
			"flink-conf.yaml are part of the value.",
		Remedy: "Write kubernetes or zookeeper, without quotes.",
		Source: "org.apache.flink.runtime.jobmanager.HighAvailabilityMode.fromConfig",
		Check: func(subject Subject) []Violation {
			ha := subject.highAvailability()
			if ha.Mode != flink.ModeInvalid || !subject.readable() {
				return nil
			}
			violation := Violation{
				Option:   flink.KeyHighAvailabilityType,
				Setting:  ha.Setting.Key,
				Position: ha.Setting.Position,
				Found:    &ha.Setting.Value,
				Needed:   "kubernetes or zookeeper",
				Remedy:   line(ha.Setting.Position, ha.Setting.Key, "kubernetes"),
			}
			if strings.ContainsAny(ha.Setting.Value, `"'`) {
				violation.Detail = "the quotes are part of the value"
			}
			return []Violation{violation}
		},
	}
}
