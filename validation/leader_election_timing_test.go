package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func timed(lines ...string) Subject {
	return cluster(append([]string{"high-availability.type: kubernetes"}, lines...)...)
}

func TestLeaderElectionTiming(t *testing.T) {
	const (
		lease, renew, retry = flink.KeyLeaseDuration, flink.KeyRenewDeadline, flink.KeyRetryPeriod
		second              = `data["flink-conf.yaml"]:2:`
	)
	testRule(t, "leader-election-timing", map[string]ruleCase{
		"a short lease": {
			subject: timed(lease+": 4 s", renew+": 3 s", retry+": 1 s"),
			want:    []string{second + "62: " + lease + ` is "4 s" (less than 5 s); a short pause of the API server restarts all jobs; fix: ` + lease + ": 15 s"},
		},
		"a lease below the default of the deadline": {
			subject: timed(lease + ": 10 s"),
			want:    []string{second + "62: " + lease + ` is "10 s" (less than the renew-deadline, 15 s by default); two may lead at once; fix: ` + lease + ": 15 s"},
		},
		"a deadline beyond the lease": {
			subject: timed(renew + ": 1 min"),
			want:    []string{second + "62: " + renew + ` is "1 min" (more than the lease-duration, 15 s by default); two may lead at once; fix: ` + renew + ": 15 s"},
		},
		"a retry as long as the deadline": {
			subject: timed(retry + ": 15 s"),
			want:    []string{second + "60: " + retry + ` is "15 s" (not less than the renew-deadline, 15 s by default); leadership lapses, and all jobs restart; fix: ` + retry + ": 5 s"},
		},
		"a deadline as short as the default retry": {
			subject: timed(renew + ": 5 s"),
			want:    []string{second + "62: " + renew + ` is "5 s" (not more than the retry-period, 5 s by default); leadership lapses, and all jobs restart; fix: ` + renew + ": 15 s"},
		},
		"a number is milliseconds": {
			subject: timed(retry + ": 5"),
			want:    []string{second + "60: " + retry + ` is "5" (less than 1 s); each JobManager asks the API server all the time; fix: ` + retry + ": 5 s"},
		},
		"no duration at all": {
			subject: timed(lease + ": fifteen"),
			want:    []string{second + "62: " + lease + ` is "fifteen" (it does not begin with a number); Flink does not start; fix: ` + lease + ": 15 s"},
		},
		"no duration to a TaskManager of 1.18": {
			subject: with(timed(lease+": fifteen"), taskManager, version(1, 18)),
			want:    []string{second + "62: " + lease + ` is "fifteen" (it does not begin with a number); Flink does not start; fix: ` + lease + ": 15 s"},
		},
		"a TaskManager of 1.17 does not read it": {subject: with(timed(lease+": fifteen"), taskManager, version(1, 17))},
		"a TaskManager takes no part":            {subject: with(timed(retry+": 15 s"), taskManager)},
		"only some versions know the unit":       {subject: timed(lease + ": 1m")},
		"the defaults":                           {subject: timed()},
		"longer in proportion":                   {subject: timed(lease+": 60 s", renew+": 60 s", retry+": 10 s")},
		"no retry period at all": {
			subject: timed(retry + ": x"),
			want:    []string{second + "60: " + retry + ` is "x" (it does not begin with a number); Flink does not start; fix: ` + retry + ": 5 s"},
		},
		"a file that does not load":    {subject: with(timed(retry+": 15 s"), refused)},
		"a deadline that is filled in": {subject: timed(renew+": ${DEADLINE}", retry+": 5 s")},
		"a lease that is filled in":    {subject: timed(lease+": ${LEASE}", renew+": 20 s")},
		"a time that is filled in":     {subject: timed(retry + ": ${RETRY}")},
		"no high availability":         {subject: with(cluster(retry+": 15 s"), notRequired)},
	})
}

func TestUnreadableElectionTimeIsCertain(t *testing.T) {
	cases := map[string]struct {
		subject Subject
		want    policy.Level
	}{
		"a JobManager":             {timed(flink.KeyLeaseDuration + ": x"), policy.LevelBaseline},
		"whoever of 2.0":           {with(timed(flink.KeyLeaseDuration+": x"), version(2, 0), taskManager), policy.LevelBaseline},
		"who knows":                {with(timed(flink.KeyLeaseDuration+": x"), func(s *Subject) { s.Role = "" }), policy.LevelStrict},
		"a time that does not fit": {timed(flink.KeyRetryPeriod + ": 15 s"), policy.LevelStrict},
	}
	for name, tc := range cases {
		var got []policy.Level
		for _, finding := range mustEvaluator(t).Evaluate(tc.subject) {
			if finding.Rule == "leader-election-timing" {
				got = append(got, finding.Level)
			}
		}
		if len(got) != 1 || got[0] != tc.want {
			t.Errorf("%s: got %v, want %s", name, got, tc.want)
		}
	}
}
