package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestDynamicPropertyLost(t *testing.T) {
	const (
		at     = `spec.template.spec.containers[0].args`
		script = `(bin/jobmanager.sh takes this word for a host or a port; it passes dynamic properties on from Flink 1.15.3, as "-D", "key=value" right after "jobmanager"); `
		behind = `(a word before it is no option of Flink's, so that this one goes to the user's program); `
		unseen = `Flink never sees the property; fix: "-D", `
		usage  = `the process prints its usage and exits; fix: "-D", `
		newer  = `image: "flink:2.1"`
	)
	mounted := func(args string, fields ...string) Subject {
		return manifest(t, flinkWorkload("Deployment", args, mountsConfig(fields...)...))
	}
	testRule(t, "dynamic-property-lost", map[string]ruleCase{
		"one word for the script of 2.x": {
			subject: mounted("jobmanager, -Dhigh-availability.type=kubernetes", newer),
			want:    []string{at + `[1]: the property high-availability.type is lost ` + script + unseen + `"high-availability.type=…" right after "jobmanager"`},
		},
		"one word for the script of 1.20, which then exits": {
			subject: mounted("jobmanager, -Dparallelism.default=2"),
			want:    []string{at + `[1]: the property parallelism.default is lost ` + script + usage + `"parallelism.default=…" right after "jobmanager"`},
		},
		"two words for 1.14": {
			subject: mounted(`jobmanager, jm, "8081", -D, high-availability=zookeeper`, `image: "flink:1.14"`),
			want: []string{at + `[3]: the property high-availability is lost ` + script +
				`Flink never sees the property; fix: high-availability: … in the configuration file`},
		},
		"behind the job's arguments": {
			subject: mounted("standalone-job, --job-classname, x.Main, --input, y, -Dhigh-availability.storageDir=s3://b/ha, -Dinput.size=3"),
			want:    []string{at + `[5]: the property high-availability.storageDir is lost ` + behind + unseen + `"high-availability.storageDir=…" in front of the job's arguments`},
		},
		"a colon": {
			subject: mounted(`taskmanager, "-Dhigh-availability: kubernetes"`),
			want: []string{at + `[1]: the property high-availability is lost (the key of a dynamic property ends at "=", not at a colon); ` + unseen +
				`"high-availability=…" right after "taskmanager"`},
		},
		"said already by what it leaves unset": {
			subject: manifest(t, flinkWorkload("Deployment", "jobmanager, -Dhigh-availability.type=kubernetes", newer, "image: \"flink:2.1\"")),
		},
		"two words for 1.20":                 {subject: mounted("jobmanager, -D, high-availability.type=kubernetes")},
		"two words, some versions drop them": {subject: mounted("jobmanager, -D, high-availability.type=kubernetes", `image: "jobs:7"`)},
		"one word for a TaskManager":         {subject: mounted("taskmanager, -Dhigh-availability.type=kubernetes")},
		"once lost and once not":             {subject: mounted("standalone-job, -D, rest.port=1, --input, -Drest.port=2")},
		"what --host carried away":           {subject: mounted("standalone-job, --host, x, -Drest.port=2", newer)},
	})
	kept := together(flinkWorkload("Deployment", "standalone-job, --job-classname, x.Main, --input, y, -Dhigh-availability.cluster-id=x",
		mountsConfig("spec.strategy: {type: Recreate}")...), flinkConfig(goodLines()...))
	for _, finding := range mustEvaluator(t).Evaluate(manifest(t, kept)) {
		if finding.Rule == "dynamic-property-lost" && finding.Level != policy.LevelStrict {
			t.Errorf("lost, but set in the file: got the level %s", finding.Level)
		}
	}
	levels := map[string]policy.Level{"high-availability.type=kubernetes": policy.LevelBaseline, "rest.port=1": policy.LevelStrict}
	for property, want := range levels {
		findings := mustEvaluator(t).Evaluate(mounted("jobmanager, -D"+property, newer))
		if len(findings) != 1 || findings[0].Level != want {
			t.Errorf("%s: got %+v, want one finding of the level %s", property, findings, want)
		}
	}
}
