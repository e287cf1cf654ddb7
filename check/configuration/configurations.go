package configuration

import (
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// Configurations reads every configuration in the input, in its order: files on their own, those in ConfigMaps, and what
// workloads and custom resources end up with. The version is that of all of them, the zero value if it was not named.
//
// What could not be read is among the problems, which have those of the input too.
func Configurations(input manifest.Input, version flink.Version) ([]Reading, []error) {
	around, problems := gather(input.Files)
	problems = append(append([]error{}, input.Problems...), problems...)
	bare := bareFiles(input.Files)
	var readings []Reading
	for _, file := range input.Files {
		found, failed := readFile(file, bare, around, version)
		readings = append(readings, found...)
		problems = append(problems, failed...)
	}
	return readings, problems
}

func readFile(file *manifest.File, bare map[string]bool, around *surroundings, version flink.Version) ([]Reading, []error) {
	if file.IsBare() {
		reading, err := readBare(file, bare, version)
		if err != nil {
			return nil, []error{err}
		}
		return []Reading{reading}, nil
	}
	var readings []Reading
	var problems []error
	for _, object := range file.Objects {
		found, err := readObject(object, around, version)
		if err != nil {
			problems = append(problems, err)
		}
		readings = append(readings, found...)
	}
	return readings, problems
}

func readObject(object *manifest.Object, around *surroundings, version flink.Version) ([]Reading, error) {
	switch {
	case around.decoded[object] != nil:
		return readConfigMap(object, around.decoded[object], version), nil
	case isWorkload(object):
		return readWorkload(object, around, version)
	case object.Group() == workload.ResourceGroup:
		return readResource(object, around, version)
	}
	return nil, nil
}
