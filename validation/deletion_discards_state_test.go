package validation

import (
	"strings"
	"testing"
)

func TestDeletionDiscardsState(t *testing.T) {
	const (
		running   = "status: {jobStatus: {state: RUNNING}, reconciliationStatus: {state: DEPLOYED, lastReconciledSpec: '{}'}}\n"
		stopped   = "status: {jobStatus: {state: FINISHED}, reconciliationStatus: {state: DEPLOYED, lastReconciledSpec: '{}'}}\n"
		ha        = "high-availability.type: kubernetes"
		effect    = "; the HA metadata is deleted too, and no savepoint is recorded; fix: "
		notSet    = "spec.flinkConfiguration: kubernetes.operator.job.savepoint-on-deletion is not set"
		remedy    = effect + `take a savepoint first, or set it to "true"`
		suspended = `spec.job.state is "suspended"` + effect + "let the job run, and take a savepoint first"
		onDelete  = `kubernetes.operator.job.savepoint-on-deletion: "true"`
	)
	deletion := func(manifest, status string) Subject { return with(customResource(t, manifest+status), deleted) }
	lastState := func(lines ...string) string { return flinkDeployment("last-state", lines...) }
	replaced := func(text, old, replacement string) string { return strings.Replace(text, old, replacement, 1) }
	testRule(t, "deletion-discards-state", map[string]ruleCase{
		"the operator's defaults are unknown": {deletion(lastState(ha), running), []string{notSet + " (unless in the operator's defaults)" + remedy}},
		"they say nothing":                    {with(deletion(lastState(ha), running), operatorDefaults("a: b")), []string{notSet + remedy}},
		"they say no": {
			with(deletion(lastState(ha), running), operatorDefaults("kubernetes.operator.job.savepoint-on-deletion: false")),
			[]string{notSet + remedy},
		},
		"high availability comes from them": {with(deletion(lastState(), running), operatorDefaults(ha)), []string{notSet + remedy}},
		"the resource says no": {
			deletion(lastState(ha, `kubernetes.operator.job.savepoint-on-deletion: false`), running),
			[]string{`spec.flinkConfiguration["kubernetes.operator.job.savepoint-on-deletion"] is "false"` + remedy},
		},
		"a mark is no savepoint": {
			deletion(lastState(ha), replaced(running, "state: RUNNING", "state: RUNNING, upgradeSavepointPath: KUBERNETES_OPERATOR_LAST_STATE")),
			[]string{notSet + " (unless in the operator's defaults)" + remedy},
		},
		"by ZooKeeper":         {deletion(lastState("high-availability.type: zookeeper"), running), []string{notSet + " (unless in the operator's defaults)" + remedy}},
		"a job that fails now": {deletion(lastState(ha), replaced(running, "RUNNING", "RESTARTING")), []string{notSet + " (unless in the operator's defaults)" + remedy}},
		"a FlinkBlueGreenDeployment": {
			deletion(blueGreen(lastState(ha))+"\n", "status: {jobStatus: {state: RUNNING}, blueGreenState: ACTIVE_BLUE, lastReconciledSpec: '{}'}\n"),
			[]string{replaced(notSet, "spec.", "spec.template.spec.") + " (unless in the operator's defaults)" + remedy},
		},
		"suspended: no savepoint can be taken any more": {
			deletion(replaced(lastState(ha, onDelete), "upgradeMode: last-state", "upgradeMode: last-state, state: suspended"), stopped), []string{suspended},
		},
		"in the middle of an upgrade": {
			deletion(lastState(ha, onDelete), replaced(stopped, "DEPLOYED", "UPGRADING")),
			[]string{`spec.job.state is "running" (the job is stopped for an upgrade)` + effect + "wait until the job runs, and take a savepoint first"},
		},

		"a savepoint on deletion":                 {subject: deletion(lastState(ha, onDelete), running)},
		"a savepoint on deletion by default":      {subject: with(deletion(lastState(ha), running), operatorDefaults("kubernetes.operator.job.savepoint-on-deletion: true"))},
		"a savepoint on deletion in a namespace":  {subject: with(deletion(lastState(ha), running), operatorDefaults("kubernetes.operator.default-configuration.namespace.shop."+"kubernetes.operator.job.savepoint-on-deletion: true"))},
		"a savepoint before an upgrade":           {subject: deletion(lastState(ha), replaced(running, "state: RUNNING", "state: RUNNING, upgradeSavepointPath: s3://a"))},
		"a savepoint that somebody took":          {subject: deletion(lastState(ha), replaced(running, "state: RUNNING", "state: RUNNING, savepointInfo: {lastSavepoint: {location: s3://a}}"))},
		"a job that has ended":                    {subject: deletion(lastState(ha), stopped)},
		"a job that was never deployed":           {subject: deletion(lastState(ha), "status: {jobStatus: {state: RECONCILING}}\n")},
		"a resource without a status":             {subject: deletion(lastState(ha), "")},
		"a status of another form":                {subject: deletion(lastState(ha), "status: [a]\n")},
		"upgraded with savepoints":                {subject: deletion(flinkDeployment("savepoint", ha), running)},
		"a session cluster":                       {subject: deletion(strings.Split(lastState(ha), "  job:")[0], running)},
		"no high availability, and no metadata":   {subject: deletion(lastState("high-availability.type: NONE"), running)},
		"the operator may have high availability": {subject: deletion(lastState(), running)},
		"not deleted":                             {subject: customResource(t, lastState(ha)+running)},
	})
}
