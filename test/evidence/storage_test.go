package evidence

import "github.com/flink-ha/flink-ha-webhook/test/flink"

const missingStorageDir = "Configuration is missing the mandatory parameter: Key: 'high-availability.storageDir'"

// missingStorage is about the directory that both modes need.
func missingStorage() []trial {
	const rule = "storage-dir-missing"
	whole := session(kubernetesMode + storageDir + clusterID)
	return []trial{
		{
			rule: rule, release: flink.Release116, what: "Kubernetes",
			wrong: session("high-availability: kubernetes\n" + clusterID), fails: dies(missingStorageDir),
			right: session("high-availability: kubernetes\nrecovery.zookeeper.storageDir: {storage}\n" + clusterID), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "Kubernetes",
			wrong: session(kubernetesMode + clusterID), fails: dies(missingStorageDir),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "Kubernetes, misspelt",
			wrong: session(kubernetesMode + clusterID + "high-availability.storage-dir: {storage}\n"), fails: dies(missingStorageDir),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "Kubernetes, empty",
			wrong: session(kubernetesMode + clusterID + "high-availability.storageDir: ''\n"), fails: dies(missingStorageDir),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "ZooKeeper",
			wrong: session(zooKeeperMode + quorum), fails: dies(missingStorageDir),
			right: session(zooKeeperMode + quorum + storageDir), works: leads(),
		},
		{
			rule: rule, release: flink.Release23, what: "ZooKeeper",
			wrong: session(zooKeeperMode + quorum), fails: dies(missingStorageDir),
			right: session(zooKeeperMode + quorum + storageDir), works: leads(),
		},
	}
}

// unusableStorage is about values that are no path, or none of a file system.
func unusableStorage() []trial {
	const rule = "storage-dir-invalid"
	rest := kubernetesMode + clusterID
	const forgotten = "Hint: Did you forget a slash?"
	whole := session(rest + storageDir)
	return []trial{
		{
			rule: rule, release: flink.Release118, what: "a host in a local path",
			wrong: session(rest + "high-availability.storageDir: file://host/ha\n"), fails: dies(forgotten),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "a host in a local path",
			wrong: session(rest + "high-availability.storageDir: file://host/ha\n"), fails: dies(forgotten),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "quotes in flink-conf.yaml",
			wrong: session(rest + "high-availability.storageDir: \"{storage}\"\n"), fails: dies("Invalid path for highly available storage"),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release120, what: "quotes in flink-conf.yaml",
			wrong: session(rest + "high-availability.storageDir: \"{storage}\"\n"), fails: dies("Invalid path for highly available storage"),
			right: start{program: flink.JobManager(), file: flink.StandardFile, text: rest + "high-availability.storageDir: \"{storage}\"\n"}, works: leads(leaderState),
		},
	}
}
