package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestHostOptionRemoved(t *testing.T) {
	const (
		args = `standalone-job, --host, $(POD_IP), --job-classname, x.Main, -Dhigh-availability.type=kubernetes`
		tail = ` is no option of Flink 2.1; Flink takes it, and all that follows, for arguments of the user's program; ` +
			`needs the address as a dynamic property, before the job's arguments; fix: "-D", "jobmanager.rpc.address=$(POD_IP)"`
		newer = `image: "flink:2.1"`
	)
	testRule(t, "host-option-removed", map[string]ruleCase{
		"2.1":           {subject: manifest(t, flinkWorkload("Job", args, podIP, newer)), want: []string{`spec.template.spec.containers[0].args[1]: --host` + tail}},
		"its short one": {subject: manifest(t, flinkWorkload("Job", `standalone-job, -h, $(POD_IP)`, podIP, newer)), want: []string{`spec.template.spec.containers[0].args[1]: -h` + tail}},
		"in one word":   {subject: manifest(t, flinkWorkload("Job", `standalone-job, "--host=$(POD_IP)"`, podIP, newer)), want: []string{`spec.template.spec.containers[0].args[1]: --host` + tail}},
		"perhaps an argument of the program": {
			subject: manifest(t, flinkWorkload("Job", `standalone-job, --job-classname, x.Main, --host, redis`, newer)),
			want: []string{`spec.template.spec.containers[0].args[3]: --host is no option of Flink 2.1 (unless it is meant for the program); ` +
				tail[len(` is no option of Flink 2.1; `):]},
		},
		"an argument of the program, behind the address": {
			subject: manifest(t, flinkWorkload("Job", `standalone-job, -D, jobmanager.rpc.address=$(POD_IP), --host, redis`, podIP, newer)),
		},
		"1.20": {subject: manifest(t, flinkWorkload("Job", args, podIP))},
		"a version that is not known": {
			subject: manifest(t, flinkWorkload("Job", args, podIP, `image: "jobs:7"`)),
		},
		"the property in its place":   {subject: manifest(t, flinkWorkload("Job", `standalone-job, -D, jobmanager.rpc.address=$(POD_IP)`, podIP, newer))},
		"an argument of the program":  {subject: manifest(t, flinkWorkload("Job", `standalone-job, run, --host, x`, newer))},
		"a session takes it as words": {subject: manifest(t, flinkWorkload("Deployment", `jobmanager, $(POD_IP)`, podIP, newer))},
		"a TaskManager never had it":  {subject: manifest(t, flinkWorkload("Deployment", `taskmanager, --host, x`, newer))},
	})
	levels := map[string]policy.Level{
		args: policy.LevelBaseline, `standalone-job, --host, 10.0.0.7, --job-classname, x.Main`: policy.LevelBaseline,
		`standalone-job, --job-classname, x.Main, --host, redis`: policy.LevelStrict,
	}
	for words, want := range levels {
		findings := mustEvaluator(t).Evaluate(manifest(t, flinkWorkload("Job", words, mountsConfig(podIP, newer, "spec.backoffLimit: 1000")...)))
		if len(findings) != 1 || findings[0].Level != want {
			t.Errorf("%s: got %+v, want one finding of the level %s", words, findings, want)
		}
	}
}
