package configuration

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// readConfigMap reads the configuration files in a ConfigMap, none if it holds no Flink configuration.
func readConfigMap(object *manifest.Object, configMap *corev1.ConfigMap, version flink.Version) []Reading {
	declared, disclaimed := policy.DeclaresConfiguration(configMap.Annotations)
	if disclaimed {
		return nil
	}
	configurations := flink.ConfigMapConfigurations(configMap, declared)
	readings := make([]Reading, 0, len(configurations))
	for _, configuration := range configurations {
		name, loader := flink.LegacyFile, flink.LoaderLegacy
		if configuration.Source == dataPath(flink.StandardFile) {
			name, loader = flink.StandardFile, flink.LoaderStandard
		}
		locate := manifest.Locator{Object: object, SkipsMark: loader == flink.LoaderStandard}
		reading := newReading(configuration, locate.Of)
		reading.Place, reading.Object, reading.Part = object.Place(), object.Title(), dataPath(name)
		reading.Loader, reading.Version = loader, version
		reading.note(WhoReads(name, len(configurations) == 2, version))
		readings = append(readings, reading)
	}
	return readings
}

func dataPath(file string) string { return `data["` + file + `"]` }
