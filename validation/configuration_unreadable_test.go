package validation

import "testing"

func TestConfigurationUnreadable(t *testing.T) {
	testRule(t, "configuration-unreadable", map[string]ruleCase{
		"a key twice": {
			subject: standard("jobmanager.rpc.port: 6123", "jobmanager.rpc.port: 6124"),
			want: []string{`data["config.yaml"]:2:1: Flink would not load this file (the key "jobmanager.rpc.port" is written twice); ` +
				`the processes do not start; needs a map of options that names each once and gives each a value; fix: mend this line`},
		},
		"a file that loads":              {subject: standard("jobmanager.rpc.port: 6123")},
		"nothing spoils flink-conf.yaml": {subject: cluster("a: 1", "a: 2", "- list")},
		"a value missing in any option": {
			subject: standard("a: 1", "b:"),
			want: []string{`data["config.yaml"]:2:1: Flink would not load this file (the key "b" has no value); ` +
				`the processes do not start; needs a map of options that names each once and gives each a value; fix: mend this line`},
		},
	})
}

func TestNothingElseIsSaidOfAnUnreadableFile(t *testing.T) {
	findings := mustEvaluator(t).Evaluate(standard("high-availability.type: kubernetes", "high-availability.storageDir:"))
	if len(findings) != 1 || findings[0].Rule != "configuration-unreadable" {
		t.Errorf("got %+v, want the one finding that keeps Flink from starting", findings)
	}
}
