package check

import (
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/check/configuration"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// ReadOperatorConfig reads the default configuration of the Flink Kubernetes Operator from a file: a manifest with its ConfigMap, or
// the flink-conf.yaml or config.yaml of the operator itself. Of several ConfigMaps it takes the one with the name that the operator's
// chart gives it, or the only one that has such a file. The error names what is missing.
func ReadOperatorConfig(path string) (*corev1.ConfigMap, error) {
	file, problems := manifest.Source{Name: path, Given: true}.Load(nil)
	if file == nil {
		return nil, errors.Join(problems...)
	}
	if file.IsBare() {
		return bareOperatorConfig(file)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	var found []*corev1.ConfigMap
	for _, object := range file.Objects {
		if object.Kind != "ConfigMap" || object.Group() != "" {
			continue
		}
		configMap := &corev1.ConfigMap{}
		if err := object.Decode(configMap); err != nil {
			return nil, err
		}
		_, legacy := configMap.Data[flink.LegacyFile]
		_, standard := configMap.Data[flink.StandardFile]
		switch {
		case !legacy && !standard:
		case configMap.Name == flink.OperatorConfigMap:
			return configMap, nil
		default:
			found = append(found, configMap)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s has %d ConfigMaps with a flink-conf.yaml or config.yaml and none is called %s, needs one that is, or a single one",
			path, len(found), flink.OperatorConfigMap)
	}
	return found[0], nil
}

// bareOperatorConfig is a ConfigMap for a file of the operator's. Of a file with a name of its own the content says which of Flink's two
// files it is meant to be. The error is a ProblemError.
func bareOperatorConfig(file *manifest.File) (*corev1.ConfigMap, error) {
	recognized, err := configuration.RecognizeBare(file, flink.Version{})
	if err != nil {
		return nil, err
	}
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: flink.OperatorConfigMap},
		Data:       map[string]string{recognized.DataKey: file.Text},
	}, nil
}
