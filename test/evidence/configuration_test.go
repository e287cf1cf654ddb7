package evidence

import "github.com/flink-ha/flink-ha-webhook/test/flink"

// unloadedFiles is about files that keep a JobManager from starting, whatever else they say.
func unloadedFiles() []trial {
	const (
		unreadable = "configuration-unreadable"
		unread     = "configuration-file-unread"
		rest       = kubernetesMode + storageDir
	)
	standard := func(text string) start {
		return start{program: flink.JobManager(), file: flink.StandardFile, text: text}
	}
	legacy := func(text string) start { return start{program: flink.JobManager(), file: flink.LegacyFile, text: text} }
	const message = "Error parsing YAML configuration."
	whole := standard(rest + clusterID)
	return []trial{
		{
			rule: unreadable, release: flink.Release23, what: "a key without a value",
			wrong: standard(rest + clusterID + "state.savepoints.dir:\n"), fails: dies(message, "Value must not be null."),
			right: standard(rest + clusterID + "state.savepoints.dir: file:///tmp\n"), works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release120, what: "a key without a value",
			wrong: standard(rest + clusterID + "state.savepoints.dir:\n"), fails: dies(message, "Value must not be null."),
			right: legacy(rest + clusterID + "state.savepoints.dir:\n"), works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release23, what: "a key twice",
			wrong: standard(rest + clusterID + clusterID), fails: dies(message, "found duplicate key kubernetes.cluster-id"),
			right: whole, works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release120, what: "a key twice",
			wrong: standard(rest + clusterID + clusterID), fails: dies(message, "found duplicate key kubernetes.cluster-id"),
			right: legacy(rest + clusterID + clusterID), works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release23, what: "a list",
			wrong: standard("- a\n"), fails: dies(message, "java.util.ArrayList cannot be cast"),
			right: whole, works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release120, what: "two documents",
			wrong: standard(rest + "---\n" + clusterID), fails: dies(message, "expected a single document"),
			right: standard("---\n" + rest + clusterID), works: leads(leaderState),
		},
		{
			rule: unreadable, release: flink.Release23, what: "a key that is a number",
			wrong: standard(rest + clusterID + "8081: rest\n"), fails: dies(message, "java.lang.Integer cannot be cast"),
			right: standard(rest + clusterID + "'8081': rest\n"), works: leads(leaderState),
		},
		{
			rule: unread, release: flink.Release23, what: "flink-conf.yaml alone",
			wrong: legacy(rest + clusterID), fails: dies("config.yaml", "does not exist"),
			right: whole, works: leads(leaderState),
		},
		{
			rule: unread, release: flink.Release118, what: "config.yaml alone",
			wrong: whole, fails: dies("flink-conf.yaml", "does not exist"),
			right: legacy(rest + clusterID), works: leads(leaderState),
		},
	}
}
