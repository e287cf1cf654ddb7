package validation

import "testing"

func TestSessionJobConfiguresHighAvailability(t *testing.T) {
	job := func(configuration string) Subject {
		return customResource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a, namespace: shop},
			spec: {deploymentName: shop-session, job: {upgradeMode: last-state}, flinkConfiguration: {`+configuration+`}}}`)
	}
	finding := func(what, detail string) []string {
		return []string{`spec.flinkConfiguration` + what + detail + `; only the session cluster's own configuration counts; ` +
			`needs a place in the configuration of the session cluster; fix: move it to FlinkDeployment "shop-session"`}
	}
	const mode = `["high-availability.type"] is "kubernetes"`
	testRule(t, "session-job-configures-high-availability", map[string]ruleCase{
		"the mode":       {job("high-availability.type: kubernetes"), finding(mode, "")},
		"the old key":    {job("high-availability: zookeeper"), finding(`.high-availability is "zookeeper"`, "")},
		"two of them":    {job("high-availability.type: kubernetes, high-availability.storageDir: s3://a"), finding(mode, " (and one more option of high availability)")},
		"all of it":      {job("high-availability: {type: kubernetes, zookeeper.quorum: z, zookeeper.path.root: r}"), finding(`.high-availability.type is "kubernetes"`, " (and 2 more options of high availability)")},
		"switched off":   {job("high-availability.type: NONE"), finding(`["high-availability.type"] is "NONE"`, "")},
		"the job's own":  {subject: job("execution.checkpointing.dir: s3://a, parallelism.default: 2")},
		"nothing":        {subject: job("")},
		"with a cluster": {subject: customResource(t, flinkDeployment("last-state", "high-availability.type: kubernetes"))},
	})
}

// TestSessionJobsAreNotJudgedByTheirOwnHighAvailability: what is passed over is not wrong a second time.
func TestSessionJobsAreNotJudgedByTheirOwnHighAvailability(t *testing.T) {
	for _, configuration := range []string{
		"high-availability.type: kubernets", "high-availability.type: NONE", "high-availability.storageDir: /local", "high-availability: {type: kubernetes}",
	} {
		subject := customResource(t, `{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: a, namespace: shop},
			spec: {deploymentName: b, job: {upgradeMode: last-state}, flinkConfiguration: {`+configuration+`}}}`)
		findings := mustEvaluator(t).Evaluate(subject)
		if len(findings) != 1 || findings[0].Rule != "session-job-configures-high-availability" {
			t.Errorf("%s: got %+v", configuration, findings)
		}
	}
}
