package validation

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func allowing(prefixes ...string) func(*Subject) {
	return func(s *Subject) { s.Namespace, s.AllowedPrefixes = "team", prefixes }
}

func TestStorageDirOutsidePrefix(t *testing.T) {
	in := func(dir string, more ...string) Subject {
		return cluster(append([]string{"high-availability.type: kubernetes", "high-availability.storageDir: " + dir}, more...)...)
	}
	const start, tail = `data["flink-conf.yaml"]:2:31: high-availability.storageDir is `,
		`; the platform's policy does not allow it; needs a path below "s3://flink-ha/team/"; fix: high-availability.storageDir: s3://flink-ha/team/<path>`
	team := allowing("s3://flink-ha/team/")
	testRule(t, "storage-dir-outside-prefix", map[string]ruleCase{
		"another bucket":      {subject: with(in("s3://my/ha"), team), want: []string{start + `"s3://my/ha"` + tail}},
		"another namespace":   {subject: with(in("s3://flink-ha/teams/ha"), team), want: []string{start + `"s3://flink-ha/teams/ha"` + tail}},
		"another scheme":      {subject: with(in("s3a://flink-ha/team/ha"), team), want: []string{start + `"s3a://flink-ha/team/ha"` + tail}},
		"dots that lead out":  {subject: with(in("s3://flink-ha/team/../other"), team), want: []string{start + `"s3://flink-ha/team/../other"` + tail}},
		"local":               {subject: with(in("/flink/ha"), team), want: []string{start + `"/flink/ha"` + tail}},
		"a default elsewhere": {subject: with(in("/team/ha", "fs.default-scheme: s3://other"), team), want: []string{start + `"/team/ha"` + tail}},
		"the directory of all, with an id below the prefix": {
			subject: with(in("s3://flink-ha", "high-availability.cluster-id: team/orders"), team), want: []string{start + `"s3://flink-ha"` + tail},
		},
		"an id that leads out": {
			subject: with(in("s3://flink-ha/team", "high-availability.cluster-id: ../other", "kubernetes.cluster-id: orders"), team),
			want: []string{`data["flink-conf.yaml"]:3:31: high-availability.cluster-id is "../other"; the platform's policy does not allow it; ` +
				`needs a path below "s3://flink-ha/team/"; fix: high-availability.cluster-id: orders`},
		},
		"one of several prefixes": {
			subject: with(in("s3://my/ha"), allowing("s3://a", "gs://b", "oss://c")),
			want: []string{start + `"s3://my/ha"; the platform's policy does not allow it; needs a path below "s3://a" or one of 2 others; ` +
				`fix: high-availability.storageDir: s3://a/<path>`},
		},
		"below":                        {subject: with(in("s3://flink-ha/team/orders"), team)},
		"below the second prefix":      {subject: with(in("gs://b/x"), allowing("s3://a", "gs://b"))},
		"the prefix":                   {subject: with(in("s3://flink-ha/team"), team)},
		"a default that leads there":   {subject: with(in("/team/ha", "fs.default-scheme: s3://flink-ha"), team)},
		"a default not known":          {subject: with(in("/team/ha", "fs.default-scheme: ${DEFAULT}"), team)},
		"a file that does not load":    {subject: with(in("s3://my/ha"), team, refused)},
		"no prefixes":                  {subject: in("s3://my/ha")},
		"a directory not known":        {subject: with(in("s3://${BUCKET}/ha"), team)},
		"an id not known":              {subject: with(in("s3://flink-ha/team", "high-availability.cluster-id: ${ID}"), team)},
		"a manifest without namespace": {subject: with(in("s3://my/ha"), func(s *Subject) { s.AllowedPrefixes = []string{"s3://flink-ha//"} })},
		"no high availability":         {subject: with(cluster("high-availability.storageDir: s3://my/ha"), notRequired, team)},
	})
}

func TestOutsidePrefixIsNotHiddenByALesserFinding(t *testing.T) {
	subject := with(cluster("high-availability.type: kubernetes", "high-availability.storageDir: /ha"), allowing("s3://flink-ha"))
	for _, finding := range mustEvaluator(t).Evaluate(subject) {
		if finding.Rule == "storage-dir-outside-prefix" {
			if finding.Level != policy.LevelBaseline {
				t.Errorf("got level %s", finding.Level)
			}
			return
		}
	}
	t.Error("there is no finding")
}
