package validation

import "testing"

func TestHighAvailabilityTypeContradictory(t *testing.T) {
	const both = `data["flink-conf.yaml"]:1:20: high-availability is "zookeeper" (high-availability.type is "kubernetes" in line 2); `
	contradiction := cluster("high-availability: zookeeper", "high-availability.type: kubernetes")
	testRule(t, "high-availability-type-contradictory", map[string]ruleCase{
		"from 1.17 on the new key counts": {
			subject: with(contradiction, version(1, 17)),
			want:    []string{both + `Flink passes over it; fix: keep only high-availability.type`},
		},
		"in an unknown version": {
			subject: contradiction,
			want:    []string{both + `Flink takes high-availability.type from 1.17 on, and high-availability before; fix: keep only high-availability.type`},
		},
		"1.16 does not know the new key": {
			subject: with(contradiction, version(1, 16)),
			want: []string{`data["flink-conf.yaml"]:2:25: high-availability.type is "kubernetes" (high-availability is "zookeeper" in line 1); ` +
				`this version of Flink does not know it, and others do; fix: keep only high-availability`},
		},
		"recovery.mode counts more than high-availability from 1.17 on": {
			subject: with(cluster("high-availability: kubernetes", "recovery.mode: zookeeper"), version(1, 20)),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "kubernetes" (recovery.mode is "zookeeper" in line 2); ` +
				`Flink passes over it; fix: keep only high-availability.type`},
		},
		"and less before": {
			subject: with(cluster("high-availability: kubernetes", "recovery.mode: zookeeper"), version(1, 16)),
			want: []string{`data["flink-conf.yaml"]:2:16: recovery.mode is "zookeeper" (high-availability is "kubernetes" in line 1); ` +
				`Flink passes over it; fix: keep only high-availability`},
		},
		"two factory classes": {
			subject: with(cluster("high-availability: com.example.A", "high-availability.type: com.example.B"), version(1, 20)),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "com.example.A" (high-availability.type is "com.example.B" in line 2); ` +
				`Flink passes over it; fix: keep only high-availability.type`},
		},
		"a class and the mode that it is": {subject: cluster("high-availability: "+operatorsFactory, "high-availability.type: kubernetes")},
		"different letters":               {subject: cluster("high-availability: KUBERNETES", "high-availability.type: kubernetes")},
		"a value that is not known":       {subject: cluster("high-availability: ${MODE}", "high-availability.type: kubernetes")},
		"a key that 1.16 does not know":   {subject: with(cluster("high-availability.type: NONE"), version(1, 16))},
		"one key":                         {subject: cluster("high-availability.type: kubernetes")},
		"the new key alone before 1.17":   {subject: with(cluster("high-availability.type: kubernetes"), version(1, 16))},
	})
}

func TestAContradictionThatTurnsHighAvailabilityOffIsOneMistake(t *testing.T) {
	findings := mustEvaluator(t).Evaluate(with(cluster("high-availability: kubernetes", "high-availability.type: NONE", "high-availability.storageDir: s3://b/ha", "kubernetes.cluster-id: x"), version(1, 20)))
	const want = `data["flink-conf.yaml"]:2:25: high-availability.type is "NONE" (Flink passes over high-availability at data["flink-conf.yaml"]:1:20); ` +
		`the jobs are lost when the JobManager's pod is replaced; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`
	for _, finding := range findings {
		switch finding.Rule {
		case "high-availability-off":
			if finding.Message() != want {
				t.Errorf("got %s", finding.Message())
			}
		case "high-availability-type-contradictory", "deprecated-key":
			t.Errorf("got [%s] as well", finding.Rule)
		}
	}
}
