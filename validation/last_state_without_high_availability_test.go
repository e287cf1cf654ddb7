package validation

import (
	"strings"
	"testing"
)

// flinkDeployment is a FlinkDeployment with a job and some lines of configuration.
func flinkDeployment(upgradeMode string, lines ...string) string {
	return `
apiVersion: flink.apache.org/v1beta1
kind: FlinkDeployment
metadata: {name: orders, namespace: shop}
spec:
  image: flink:1.20
  flinkVersion: v1_20
  flinkConfiguration:
    rest.port: "8081"
    ` + strings.Join(lines, "\n    ") + `
  job: {jarURI: local:///a.jar, upgradeMode: ` + upgradeMode + `}
`
}

// blueGreen makes a FlinkBlueGreenDeployment of a FlinkDeployment.
func blueGreen(manifest string) string {
	head, spec, _ := strings.Cut(manifest, "\nspec:\n")
	spec = strings.ReplaceAll("\n"+spec, "\n", "\n    ")
	return strings.Replace(head, "FlinkDeployment", "FlinkBlueGreenDeployment", 1) + "\nspec:\n  template:\n    spec:" + spec
}

func TestLastStateWithoutHighAvailability(t *testing.T) {
	const tail = `upgradeMode is "last-state" (high availability is off); the operator can take the state over only while the JobManager answers; ` +
		`needs high availability; fix: high-availability.type: kubernetes, or upgradeMode: savepoint`
	off := flinkDeployment("last-state", "high-availability.type: NONE")
	testRule(t, "last-state-without-high-availability", map[string]ruleCase{
		"switched off in words":              {customResource(t, off), []string{"spec.job." + tail}},
		"opted out of high availability":     {with(customResource(t, off), notRequired), []string{"spec.job." + tail}},
		"inside a FlinkBlueGreenDeployment":  {customResource(t, blueGreen(off)), []string{"spec.template.spec.job." + tail}},
		"known to be off in the operator":    {with(customResource(t, flinkDeployment("last-state")), operatorDefaults("a: b")), []string{"spec.job." + tail}},
		"on in the operator's configuration": {subject: with(customResource(t, flinkDeployment("last-state")), operatorDefaults("high-availability.type: kubernetes"))},
		"the operator may turn it on":        {subject: customResource(t, flinkDeployment("last-state"))},
		"on":                                 {subject: customResource(t, flinkDeployment("last-state", "high-availability.type: kubernetes"))},
		"by ZooKeeper":                       {subject: customResource(t, flinkDeployment("last-state", "high-availability.type: zookeeper"))},
		"upgraded with a savepoint":          {subject: customResource(t, flinkDeployment("savepoint", "high-availability.type: NONE"))},
		"without state":                      {subject: customResource(t, flinkDeployment("stateless", "high-availability.type: NONE"))},
		"a session cluster":                  {subject: customResource(t, strings.Split(off, "  job:")[0])},
		"a session job": {subject: customResource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a},
			spec: {deploymentName: b, job: {upgradeMode: last-state}, flinkConfiguration: {high-availability.type: NONE}}}`)},
	})
}
