package validation

import "testing"

func TestJobManagerJobGivesUp(t *testing.T) {
	const (
		args  = "standalone-job, -D, high-availability.type=kubernetes"
		limit = `after that many failures in its whole life Kubernetes gives the Job up, and nothing takes over; ` +
			`needs a limit that it does not reach in its life; fix: backoffLimit: 1000000`
		deadline = `spec.activeDeadlineSeconds is "3600"; Kubernetes ends the JobManager then, healthy or not, and starts no other; ` +
			`needs no deadline, unless the job is to end with it; fix: remove activeDeadlineSeconds`
	)
	testRule(t, "jobmanager-job-gives-up", map[string]ruleCase{
		"the default of the API server, not written": {
			subject: manifest(t, flinkWorkload("Job", args)),
			want:    []string{`spec.backoffLimit is "6" (by default); ` + limit},
		},
		"a small limit": {
			subject: manifest(t, flinkWorkload("Job", args, "spec.backoffLimit: 4")),
			want:    []string{`spec.backoffLimit is "4"; ` + limit},
		},
		"a small limit and never the same pod": {
			subject: manifest(t, flinkWorkload("Job", args, "spec.backoffLimit: 4", "pod.restartPolicy: Never")),
			want:    []string{`spec.backoffLimit is "4"; ` + limit},
		},
		"never again": {
			subject: manifest(t, flinkWorkload("Job", args, "spec.backoffLimit: 0", "pod.restartPolicy: Never")),
			want: []string{`spec.backoffLimit is "0" (with restartPolicy: Never); after the first failure no JobManager is started any more; ` +
				`needs a limit that it does not reach in its life; fix: backoffLimit: 1000000`},
		},
		"a deadline": {
			subject: manifest(t, flinkWorkload("Job", args, "spec.backoffLimit: 1000", "spec.activeDeadlineSeconds: 3600")),
			want:    []string{deadline},
		},
		"a number that somebody chose": {subject: manifest(t, flinkWorkload("Job", args, "spec.backoffLimit: 7"))},
		"a batch job":                  {subject: manifest(t, flinkWorkload("Job", args+", -D, execution.runtime-mode=BATCH", "spec.activeDeadlineSeconds: 3600"))},
		"no high availability":         {subject: manifest(t, flinkWorkload("Job", "standalone-job, -D, high-availability.type=NONE"))},
		"the file is not known":        {subject: manifest(t, flinkWorkload("Job", "standalone-job", mountsConfig()...))},
		"a TaskManager":                {subject: manifest(t, flinkWorkload("Job", "taskmanager, -Dhigh-availability.type=kubernetes"))},
		"a Deployment":                 {subject: manifest(t, flinkWorkload("Deployment", args))},
	})
}
