package validation

import "testing"

func TestArgumentsRefused(t *testing.T) {
	const tail = `; the process prints its usage and exits; fix: "-D", "key=value" for a property`
	mounted := func(args string, fields ...string) Subject {
		return manifest(t, flinkWorkload("Deployment", args, mountsConfig(fields...)...))
	}
	testRule(t, "arguments-refused", map[string]ruleCase{
		"a property without an equal sign": {
			subject: mounted(`taskmanager, -D, "high-availability.type: kubernetes", -D, a=b`),
			want: []string{`spec.template.spec.containers[0].args[3]: Flink refuses the arguments (an option has no value, or a dynamic property in two words ` +
				`has no "=")` + tail},
		},
		"a job id that is none": {
			subject: mounted("standalone-job, --job-id, my-job"),
			want:    []string{`spec.template.spec.containers[0].args[2]: Flink refuses the arguments (the job id is not 32 hexadecimal digits)` + tail},
		},
		"a lost property is another finding": {subject: mounted("jobmanager, -Dparallelism.default=2")},
		"good arguments":                     {subject: mounted("standalone-job, --job-id, \"00000000000000000000000000000001\", -D, a=b")},
		"a job id that is put in":            {subject: mounted("standalone-job, --job-id, $(JOB_ID)", "env: [{name: JOB_ID, valueFrom: {secretKeyRef: {name: s, key: k}}}]")},
		"some versions would take them":      {subject: mounted("standalone-job, --jars", `image: "jobs:7"`)},
	})
}
