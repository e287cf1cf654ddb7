package validation

import (
	"fmt"
	"slices"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func sessionJobConfiguresHighAvailability() Rule {
	return Rule{
		ID:         "session-job-configures-high-availability",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfResource},
		// What the session cluster is set to cannot be seen in the job.
		Modes:   []flink.Mode{flink.ModeUnknown},
		Effect:  "only the session cluster's own configuration counts",
		Summary: "A FlinkSessionJob sets options of high availability.",
		Why: "The operator sends the flinkConfiguration of a FlinkSessionJob along with the job (to Flink 1.17 and later). High availability is " +
			"decided when the JobManager of the session cluster starts, so the job is as safe as that cluster and no safer.",
		Remedy: "Move the options to spec.flinkConfiguration of the FlinkDeployment that spec.deploymentName names.",
		Source: "org.apache.flink.kubernetes.operator.config.FlinkConfigManager.getSessionJobConfig; AbstractFlinkService.runJar",
		Example: Example{
			Wrong: `apiVersion: flink.apache.org/v1beta1
kind: FlinkSessionJob
metadata: {name: orders, namespace: shop}
spec:
  deploymentName: shop-session
  flinkConfiguration:
    high-availability.type: kubernetes
    high-availability.storageDir: s3://my-bucket/ha
  job:
    jarURI: https://repo.example.com/orders.jar
    parallelism: 2
    upgradeMode: last-state
`,
			Right: `apiVersion: flink.apache.org/v1beta1
kind: FlinkSessionJob
metadata: {name: orders, namespace: shop}
spec:
  deploymentName: shop-session
  job:
    jarURI: https://repo.example.com/orders.jar
    parallelism: 2
    upgradeMode: last-state
`,
		},
		Check: checkSessionJobConfiguresHighAvailability,
	}
}

// checkSessionJobConfiguresHighAvailability reports the options together: they are moved together.
func checkSessionJobConfiguresHighAvailability(subject *Subject) []Violation {
	resource := subject.Member.Resource
	if len(resource.Overlooked) == 0 {
		return nil
	}
	first := resource.Overlooked[max(0, slices.IndexFunc(resource.Overlooked, isMode))]
	violation := Violation{
		Option:   first.Key,
		Setting:  first.Key,
		Position: first.Position,
		Target:   keyOf(first),
		Found:    &first.Value,
		Needed:   "a place in the configuration of the session cluster",
		Remedy:   "move it to FlinkDeployment " + Show(resource.SessionCluster),
	}
	if more := len(resource.Overlooked) - 1; more == 1 {
		violation.Detail = "and one more option of high availability"
	} else if more > 1 {
		violation.Detail = fmt.Sprintf("and %d more options of high availability", more)
	}
	return []Violation{violation}
}

// isMode tells whether a setting turns high availability on or off: the one to name of several.
func isMode(setting flink.Setting) bool {
	return slices.Contains(flink.Keys(flink.KeyHighAvailabilityType, flink.Version{}), setting.Key)
}
