package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func highAvailabilityKeyOverlap() Rule {
	return Rule{
		ID:         "high-availability-key-overlap",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		Versions:   flink.VersionFrom(1, 19),
		On:         configured(),
		Modes:      modesOfFlink(),
		Effect:     "when the file is written anew as nested YAML, that fails or loses the others",
		Summary:    "The old key high-availability has a value, and is the beginning of other keys in a configuration that is written as nested YAML.",
		Why: "Nested YAML cannot give high-availability both a value and keys below it. Flink writes its configuration so where the native client " +
			"deploys a cluster and where the image's entry point adds options to a config.yaml: it then fails with a ClassCastException, or " +
			"high-availability.storageDir and the rest are gone without a word. The Flink Kubernetes Operator refuses to deploy a Flink 2 " +
			"cluster like that (from 1.12 on).",
		Remedy: "Rename high-availability to high-availability.type.",
		Source: "org.apache.flink.configuration.YamlParserUtils.convertAndDumpYamlFromFlatMap; FlinkConfMountDecorator.validateConfigKeysForV2 " +
			"of the operator; FLINK-29372, FLINK-37405",
		Example: Example{
			Wrong: keyOverlapExample("high-availability"),
			Right: keyOverlapExample("high-availability.type"),
		},
		Check: checkHighAvailabilityKeyOverlap,
	}
}

func keyOverlapExample(key string) string {
	return `apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: flink:2.0.0
  flinkVersion: v2_0
  serviceAccount: flink
  flinkConfiguration:
    ` + key + `: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
    execution.checkpointing.dir: s3://my-bucket/checkpoints
  jobManager: {resource: {memory: 2048m, cpu: 1}}
  taskManager: {resource: {memory: 2048m, cpu: 1}}
`
}

func checkHighAvailabilityKeyOverlap(subject *Subject) []Violation {
	scalar, ok := subject.Configuration.Lookup(flink.KeyHighAvailability)
	if !ok || !subject.readable() || !subject.isWrittenNested(scalar) {
		return nil
	}
	below := ""
	for _, setting := range subject.Configuration.Settings {
		if strings.HasPrefix(setting.Key, flink.KeyHighAvailability+".") && setting.Origin != flink.OriginArgument {
			below = setting.Key
			break
		}
	}
	if below == "" {
		return nil
	}
	violation := Violation{
		Option:   flink.KeyHighAvailabilityType,
		Setting:  scalar.Key,
		Position: scalar.Position,
		Target:   keyOf(scalar),
		Found:    found(scalar, true),
		Detail:   "it is also the beginning of " + below,
		Needed:   "the key " + flink.KeyHighAvailabilityType,
		Remedy:   "rename it to " + flink.KeyHighAvailabilityType,
	}
	switch newer, isSet := subject.Configuration.Lookup(flink.KeyHighAvailabilityType); {
	case !subject.Version.AtLeast(1, 17): // an older Flink reads the old key alone
	case !isSet:
		violation.Fix = subject.rename(scalar, flink.KeyHighAvailabilityType)
	case meaningOf(newer) == meaningOf(scalar) && meaningOf(scalar) != flink.ModeUnknown:
		violation.Fix = subject.drop(scalar)
	}
	if subject.Kind == OfResource {
		violation.Level, violation.Effect = policy.LevelBaseline, "the operator does not deploy a Flink 2 cluster with both"
	}
	return []Violation{violation}
}

// isWrittenNested tells whether the configuration that a setting is in is, or will be, nested YAML: a config.yaml, and all that
// Flink 2 reads. What is a dynamic property is never written.
func (s *Subject) isWrittenNested(setting flink.Setting) bool {
	switch {
	case setting.Origin == flink.OriginArgument || setting.Origin == flink.OriginEnvironment:
		return false
	case s.Kind == OfResource:
		return s.Version.AtLeast(2, 0) && s.Member.Resource.Kind != workload.KindSessionJob
	}
	return s.Version.AtLeast(2, 0) || strings.HasSuffix(setting.Path, `data["`+flink.StandardFile+`"]`)
}
