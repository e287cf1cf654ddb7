package validation

import (
	"slices"
	"testing"
)

// TestConfigurationRulesJudgeCustomResources: what is wrong in a ConfigMap is wrong in a custom resource, also in the cluster
// that a FlinkBlueGreenDeployment describes, which the operator's own webhook does not look at.
func TestConfigurationRulesJudgeCustomResources(t *testing.T) {
	nothing := operatorDefaults("rest.port: 8081")
	for name, tc := range map[string]struct {
		lines []string
		rule  string
		// setting is the place below flinkConfiguration, "" for flinkConfiguration itself.
		setting string
	}{
		"nothing is set":    {nil, "high-availability-off", ""},
		"switched off":      {[]string{"high-availability.type: NONE"}, "high-availability-off", `["high-availability.type"]`},
		"no storage":        {[]string{"high-availability.type: kubernetes"}, "storage-dir-missing", ""},
		"a misspelt mode":   {[]string{"high-availability: {type: kubernets}"}, "high-availability-type-invalid", ".high-availability.type"},
		"storage with host": {[]string{"high-availability.type: kubernetes", "high-availability.storageDir: file://host/x"}, "storage-dir-invalid", `["high-availability.storageDir"]`},
		"no quorum":         {[]string{"high-availability.type: zookeeper", "high-availability.storageDir: s3://a"}, "zookeeper-quorum-missing", ""},
	} {
		manifest := flinkDeployment("stateless", tc.lines...)
		for path, subject := range map[string]Subject{
			"spec.flinkConfiguration":               with(customResource(t, manifest), nothing),
			"spec.template.spec.flinkConfiguration": with(customResource(t, blueGreen(manifest)), nothing),
		} {
			findings := mustEvaluator(t).Evaluate(subject)
			if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Rule == tc.rule && f.Position.Path == path+tc.setting }) {
				t.Errorf("%s: got %v, want %s at %s%s", name, findings, tc.rule, path, tc.setting)
			}
		}
	}
}
