package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestConfigurationLineMisread(t *testing.T) {
	const ignored = `Flink passes over the line; needs the key, a colon, a space and the value on one line; fix: `
	quoted := func(key, written, bare string) string {
		return `data["flink-conf.yaml"]:1:` + key + ` is "` + written + `" (the quotes are part of the value); Flink takes the value with them; needs the value without quotes; fix: ` + bare
	}
	testRule(t, "configuration-line-misread", map[string]ruleCase{
		"no space follows the colon": {
			subject: cluster("state.checkpoints.dir:s3://b/cp"),
			want:    []string{`data["flink-conf.yaml"]:1:1: state.checkpoints.dir is not set (no space follows the colon); ` + ignored + `state.checkpoints.dir: <value>`},
		},
		"an equal sign": {
			subject: cluster("kubernetes.namespace=shop"),
			want:    []string{`data["flink-conf.yaml"]:1:1: kubernetes.namespace is not set (there is no colon); ` + ignored + `kubernetes.namespace: <value>`},
		},
		"no sign at all": {
			subject: cluster("high-availability.cluster-id orders"),
			want:    []string{`data["flink-conf.yaml"]:1:1: high-availability.cluster-id is not set (there is no colon); ` + ignored + `high-availability.cluster-id: <value>`},
		},
		"nested as in YAML": {
			subject: cluster("execution.checkpointing:", "  interval: 60 s"),
			want: []string{`data["flink-conf.yaml"]:1:1: execution.checkpointing is not set (flink-conf.yaml is no YAML, and the lines below it are read by themselves); ` +
				ignored + `execution.checkpointing.<name>: <value>, a line for each`},
		},
		"a # cuts the value": {
			subject: cluster("high-availability.cluster-id: /orders#1"),
			want: []string{`data["flink-conf.yaml"]:1:31: high-availability.cluster-id is "/orders"; Flink takes the # behind it, and what follows, for a comment; ` +
				`needs a value that ends with its line, or a space before the comment; fix: a space before the #, or no #`},
		},
		"quotes": {
			subject: cluster(`kubernetes.namespace: "shop"`),
			want:    []string{quoted("23: kubernetes.namespace", `\"shop\"`, "kubernetes.namespace: shop")},
		},
		"a password in quotes is not shown": {
			subject: cluster(`state.checkpoints.dir: 's3://me:secret@b/cp'`),
			want:    []string{quoted("24: state.checkpoints.dir", `'s3://***@b/cp'`, "state.checkpoints.dir: <the same>")},
		},
		"left empty":                  {subject: cluster("kubernetes.namespace:", "taskmanager.numberOfTaskSlots: 2")},
		"set by another line":         {subject: cluster("kubernetes.namespace=shop", "kubernetes.namespace: shop")},
		"a comment":                   {subject: cluster("kubernetes.namespace: shop # of horrors", "#kubernetes.namespace=shop")},
		"quotes that belong there":    {subject: cluster(`kubernetes.jobmanager.annotations: "a:b"`, `env.java.opts: "-Da=b"`)},
		"an option of something else": {subject: cluster("s3.secret-key: abc#def", "metrics.reporters=prom")},
		"config.yaml is YAML":         {subject: standard(`kubernetes.namespace: "shop"`, "state.checkpoints.dir: s3://b/x#y")},
		"words of the command line": {subject: with(cluster("a: b"), func(s *Subject) {
			s.Configuration.Ignored = []flink.Ignored{{Key: "kubernetes.namespace", Reason: "lost"}}
		})},
		"what config.yaml is not about": {subject: with(cluster("kubernetes.namespace=shop"), version(2, 0))},
	})
}

func TestAMisreadLineIsOneMistake(t *testing.T) {
	findings := mustEvaluator(t).Evaluate(cluster("high-availability.type:kubernetes", "high-availability.storageDir=s3://b/ha", `kubernetes.cluster-id: "x"`, "state.checkpoints.dir: s3://b/cp"))
	for _, finding := range findings {
		if finding.Rule == "configuration-line-misread" && finding.Option != "kubernetes.cluster-id" {
			t.Errorf("got [%s] %s", finding.Rule, finding.Message())
		}
	}
	for _, finding := range mustEvaluator(t).Evaluate(cluster("high-availability.type: kubernetes", `high-availability.storageDir: "s3://b/ha"`, `kubernetes.cluster-id: "x"`)) {
		if finding.Rule == "configuration-line-misread" {
			t.Errorf("got [%s] %s", finding.Rule, finding.Message())
		}
	}
}
