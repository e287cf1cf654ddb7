package differential

import (
	"fmt"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// ChoiceCase makes a configuration directory that has both files, one of them, or others that are named alike, the same for the
// same seed and number.
func ChoiceCase(seed uint64, number int) Case {
	random := newRandom(seed, number)
	files := Files{}
	for range random.IntN(4) {
		name := pick(random, []string{flink.LegacyFile, flink.StandardFile, flink.LegacyFile, flink.StandardFile, "flink-conf.yml", "config.yml", "FLINK-CONF.YAML", "Config.yaml", "flink-conf", "log4j.properties"})
		files[name] = "read: " + name + "\n" + pick(random, []string{"", "a: b\n", "a: 'b'\n", "a:\n  b: c\n", "a: [b\n"})
	}
	return Case{Name: fmt.Sprintf("choice case %d of seed %d", number, seed), Files: files, Generated: true}
}

// ChoiceTrial compares which file of a directory is read.
func ChoiceTrial(tools Toolchain, releases []Release, seed uint64, cases int) Trial {
	return Trial{
		Tools: tools, Releases: releases, Read: OurFiles, Ask: askFiles,
		Cases: cases, Case: func(number int) Case { return ChoiceCase(seed, number) },
	}
}
