package validation

import (
	"strings"
	"testing"
)

func TestHighAvailabilityTypeForeignToOperator(t *testing.T) {
	const (
		place    = `spec.flinkConfiguration["high-availability.type"] is `
		effect   = "; the operator does not see its HA metadata; needs "
		tail     = effect + "kubernetes or zookeeper; fix: high-availability.type: kubernetes"
		multiple = "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory"
	)
	typed := func(value string) string { return flinkDeployment("last-state", "high-availability.type: "+value) }
	at := func(manifest, image, flinkVersion string) string {
		return strings.NewReplacer("flink:1.20", image, "v1_20", flinkVersion).Replace(manifest)
	}
	testRule(t, "high-availability-type-foreign-to-operator", map[string]ruleCase{
		"somebody's own class": {customResource(t, typed("com.example.EtcdFactory")), []string{place + `"com.example.EtcdFactory"` + tail}},
		"another class of Flink's": {
			customResource(t, at(typed(multiple), "flink:1.17", "v1_17")),
			[]string{place + `"` + multiple + `"` + tail},
		},
		"before the word kubernetes": {
			customResource(t, at(flinkDeployment("stateless", "high-availability: "+multiple), "flink:1.15", "v1_15")),
			[]string{`spec.flinkConfiguration.high-availability is "` + multiple + `"` + effect +
				"a mode or class that the operator knows; fix: high-availability: org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"},
		},
		"a word of Flink's":           {subject: customResource(t, typed("Kubernetes"))},
		"the class that it knows":     {subject: customResource(t, typed("org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"))},
		"ZooKeeper":                   {subject: customResource(t, typed("ZOOKEEPER"))},
		"off":                         {subject: customResource(t, typed("NONE"))},
		"an unknown value":            {subject: customResource(t, typed("${MODE}"))},
		"the operator decides":        {subject: customResource(t, flinkDeployment("last-state"))},
		"a class that Flink has lost": {subject: customResource(t, typed(multiple))},
		"a ConfigMap":                 {subject: cluster("high-availability.type: com.example.EtcdFactory")},
	})
}
