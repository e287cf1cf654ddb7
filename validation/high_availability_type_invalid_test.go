package validation

import "testing"

func TestHighAvailabilityTypeInvalid(t *testing.T) {
	testRule(t, "high-availability-type-invalid", map[string]ruleCase{
		"a misspelt mode": {
			subject: cluster("high-availability.type: kubernets"),
			want:    []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "kubernets"; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`},
		},
		"quotes": {
			subject: cluster(`high-availability: "kubernetes"`),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "\"kubernetes\"" (the quotes are part of the value); ` +
				`needs kubernetes or zookeeper; fix: high-availability: kubernetes`},
		},
		"quotes in YAML are none": {subject: standard(`high-availability.type: "kubernetes"`)},
		"a class":                 {subject: cluster("high-availability.type: com.example.Factory")},
	})
}
