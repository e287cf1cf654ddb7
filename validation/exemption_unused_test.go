package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestExemptionUnused(t *testing.T) {
	good := exemptionExample("2027-01-15 later", "\n    execution.checkpointing.dir: s3://my-bucket/checkpoints")
	bad := exemptionExample("2027-01-15 later", "")
	// The workload of the example with its ConfigMap beside it.
	workloadOf := func(example string) Subject {
		file, jobManager, _ := strings.Cut(example, "\n---\n")
		return manifest(t, jobManager+"\n---\n"+file)
	}
	configMap, jobManager, _ := strings.Cut(good, "\n---\n")
	const rule = "checkpoint-dir-missing"
	of := func(subject Subject, rule string) Subject {
		return exempted(subject, exempting(rule, "2027-01-15 later"))
	}
	unused := func(rule string) []string {
		return []string{`metadata.annotations: exempt.flink-ha.dev/` + rule + ` is "2027-01-15 later"; there is nothing to exempt, and a mistake made later would pass; fix: remove it`}
	}
	testRule(t, "exemption-unused", map[string]ruleCase{
		"the mistake is mended":               {of(workloadOf(good), rule), unused(rule)},
		"a rule that cannot apply":            {of(workloadOf(good), "zookeeper-quorum-missing"), unused("zookeeper-quorum-missing")},
		"the mistake is there":                {subject: of(workloadOf(bad), rule)},
		"nothing around it is known":          {subject: with(of(workloadOf(good), rule), func(s *Subject) { s.Around = nil })},
		"there may be more elsewhere":         {subject: with(of(workloadOf(good), rule), incomplete)},
		"the version is not known":            {subject: with(of(workloadOf(good), rule), func(s *Subject) { s.Version = flink.Version{} })},
		"a rule about updates":                {subject: of(workloadOf(good), "storage-dir-changed-while-live")},
		"a rule about deletions":              {subject: of(workloadOf(good), "deletion-discards-state")},
		"a rule about namespaces":             {subject: of(workloadOf(good), "namespace-label-invalid")},
		"an exemption that does not hold":     {subject: exempted(workloadOf(good), exempting(rule, "2020-01-01 later"))},
		"a value that is not known":           {subject: with(of(workloadOf(good), rule), func(s *Subject) { s.Configuration.Settings[0].Unknown = "why" })},
		"a ConfigMap that nobody mounts":      {subject: of(manifest(t, configMap), rule)},
		"a ConfigMap with its one JobManager": {with(of(manifest(t, good), rule), version(2, 0)), unused(rule)},
		"a ConfigMap that two read": {
			subject: with(of(manifest(t, good+"\n---\n"+strings.Replace(jobManager, "flink-jobmanager", "other", 1)), rule), version(2, 0)),
		},
	})
}
