package validation

import "testing"

func TestApplicationRunsAgain(t *testing.T) {
	const (
		args = "standalone-job, -D, high-availability.type=kubernetes"
		tail = `; a job that has finished or was canceled starts once more from its beginning; needs a workload that stays finished; ` +
			`fix: kind: Job (batch/v1) with restartPolicy: OnFailure`
	)
	testRule(t, "application-runs-again", map[string]ruleCase{
		"a Deployment":          {subject: manifest(t, flinkWorkload("Deployment", args)), want: []string{`kind is "Deployment"` + tail}},
		"a StatefulSet":         {subject: manifest(t, flinkWorkload("StatefulSet", args)), want: []string{`kind is "StatefulSet"` + tail}},
		"a Job":                 {subject: manifest(t, flinkWorkload("Job", args))},
		"a session":             {subject: manifest(t, flinkWorkload("Deployment", "jobmanager, -D, high-availability.type=kubernetes"))},
		"results that are kept": {subject: manifest(t, flinkWorkload("Deployment", args+", -D, job-result-store.delete-on-commit=false"))},
		"no high availability":  {subject: manifest(t, flinkWorkload("Deployment", "standalone-job, -D, high-availability.type=NONE"))},
		"the file is not known": {subject: manifest(t, flinkWorkload("Deployment", "standalone-job", mountsConfig()...))},
		"a TaskManager":         {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=kubernetes"))},
		"made by the operator": {
			subject: with(manifest(t, flinkWorkload("Deployment", args)), func(s *Subject) { s.Member.Process.Deployer = "operator" }),
		},
	})
}
