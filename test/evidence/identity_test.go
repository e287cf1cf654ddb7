package evidence

import (
	"regexp"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// missingIdentity is about the settings that only one of the two modes needs.
func missingIdentity() []trial {
	const noClusterID = "Configuration option 'kubernetes.cluster-id' is not set."
	const noQuorum = "No valid ZooKeeper quorum has been specified."
	whole := session(kubernetesMode + storageDir + clusterID)
	return []trial{
		{
			rule: "cluster-id-missing", release: flink.Release116, what: "unset",
			wrong: session("high-availability: kubernetes\n" + storageDir), fails: dies(noClusterID),
			right: session("high-availability: kubernetes\n" + storageDir + clusterID), works: leads(leaderState),
		},
		{
			rule: "cluster-id-missing", release: flink.Release118, what: "left empty",
			wrong: session(kubernetesMode + storageDir + "kubernetes.cluster-id: \n"), fails: dies(noClusterID),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "cluster-id-missing", release: flink.Release23, what: "only the other id",
			wrong: session(kubernetesMode + storageDir + "high-availability.cluster-id: demo\n"), fails: dies(noClusterID),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "zookeeper-quorum-missing", release: flink.Release118, what: "unset",
			wrong: session(zooKeeperMode + storageDir), fails: dies(noQuorum),
			right: session(zooKeeperMode + storageDir + quorum), works: leads(),
		},
		{
			rule: "zookeeper-quorum-missing", release: flink.Release23, what: "unset",
			wrong: session(zooKeeperMode + storageDir), fails: dies(noQuorum),
			right: session(zooKeeperMode + storageDir + quorum), works: leads(),
		},
	}
}

// refusedClusterIDs is about ids that no ConfigMap can be called after: the JobManager tries for ever and
// never leads.
func refusedClusterIDs() []trial {
	const rule = "cluster-id-invalid"
	refusedTwice := outcome{
		exit:   running,
		says:   []*regexp.Regexp{regexp.MustCompile(`(?s)Exception occurred while acquiring lock.*is invalid: metadata\.name.*Exception occurred while acquiring lock.*is invalid: metadata\.name`)},
		silent: []string{"granted leadership"},
	}
	rest := kubernetesMode + storageDir
	return []trial{
		{
			rule: rule, release: flink.Release118, what: "capitals",
			wrong: session(rest + "kubernetes.cluster-id: Demo\n"), fails: refusedTwice,
			right: session(rest + clusterID), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "an underscore",
			wrong: session(rest + "kubernetes.cluster-id: my_demo\n"), fails: refusedTwice,
			right: session(rest + clusterID), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "too long for the native client",
			wrong: client("", "-Dkubernetes.cluster-id="+strings.Repeat("x", 46)), fails: dies("kubernetes.cluster-id must be no more than 45 characters."),
			right: client("", "-Dkubernetes.cluster-id=demo"), works: creates(cluster("demo", false)),
		},
		{
			rule: rule, release: flink.Release23, what: "too long for the native client",
			wrong: client("", "-Dkubernetes.cluster-id="+strings.Repeat("x", 46)), fails: dies("kubernetes.cluster-id must be no more than 45 characters."),
			right: client("", "-Dkubernetes.cluster-id="+strings.Repeat("x", 45)), works: creates(cluster(strings.Repeat("x", 45), false)),
		},
	}
}
