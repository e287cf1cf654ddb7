package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestHighAvailabilityKeyOverlap(t *testing.T) {
	const (
		file = `data["config.yaml"]:1:20: high-availability is "kubernetes" (it is also the beginning of high-availability.storageDir); ` +
			`when the file is written anew as nested YAML, that fails or loses the others; needs the key high-availability.type; fix: rename it to high-availability.type`
		resource = `spec.flinkConfiguration.high-availability is "kubernetes" (it is also the beginning of high-availability.cluster-id); ` +
			`the operator does not deploy a Flink 2 cluster with both; needs the key high-availability.type; fix: rename it to high-availability.type`
	)
	custom := func(flinkVersion string) Subject {
		return customResource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, metadata: {name: a, namespace: b},
			spec: {flinkVersion: `+flinkVersion+`, image: "x/y:z", flinkConfiguration: {high-availability: kubernetes}}}`)
	}
	testRule(t, "high-availability-key-overlap", map[string]ruleCase{
		"in config.yaml": {subject: standard("high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"), want: []string{file}},
		"a custom resource for Flink 2: the operator adds the cluster-id itself": {subject: custom("v2_0"), want: []string{resource}},
		"for Flink 1 the operator writes flink-conf.yaml":                        {subject: custom("v1_20")},
		"for a version that is not known":                                        {subject: custom("v9")},
		"in flink-conf.yaml":                                                     {subject: cluster("high-availability: kubernetes", "high-availability.storageDir: s3://b/ha")},
		"the old key alone":                                                      {subject: standard("high-availability: kubernetes")},
		"the new key":                                                            {subject: standard("high-availability.type: kubernetes", "high-availability.storageDir: s3://b/ha")},
		"a factory class has keys of its own":                                    {subject: standard("high-availability: com.example.Factory", "high-availability.x: 1")},
		"an argument is never written": {subject: with(standard("high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"), func(s *Subject) {
			s.Configuration.Settings[0].Origin = flink.OriginArgument
		})},
	})
}

func TestAnOverlapIsCertainInACustomResource(t *testing.T) {
	levels := map[string]Subject{
		"baseline": customResource(t, keyOverlapExample("high-availability")),
		"strict":   standard("high-availability: kubernetes", "high-availability.storageDir: s3://b/ha"),
	}
	for want, subject := range levels {
		for _, finding := range mustEvaluator(t).Evaluate(subject) {
			if finding.Rule == "high-availability-key-overlap" && string(finding.Level) != want {
				t.Errorf("got %s at the level %s, want %s", finding.Position, finding.Level, want)
			}
			if finding.Rule == "deprecated-key" {
				t.Errorf("got [deprecated-key] as well")
			}
		}
	}
}
