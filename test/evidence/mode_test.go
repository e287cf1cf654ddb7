package evidence

import "github.com/flink-ha/flink-ha-webhook/test/flink"

// What makes a configuration whole, one line each, in the spelling that 1.17 and later read.
const (
	kubernetesMode = "high-availability.type: kubernetes\n"
	zooKeeperMode  = "high-availability.type: zookeeper\n"
	storageDir     = "high-availability.storageDir: {storage}\n"
	clusterID      = "kubernetes.cluster-id: demo\n"
	quorum         = "high-availability.zookeeper.quorum: {zookeeper}\n"
)

const (
	factory = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"
	// multipleComponentFactory was in 1.15 to 1.17.
	multipleComponentFactory = "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory"
	// leaderState is the ConfigMap that a JobManager with Kubernetes HA and the id "demo" is elected by.
	leaderState = "ConfigMap demo-cluster-config-map"
)

// session is a session JobManager with a configuration file of that text.
func session(text string) start { return start{program: flink.JobManager(), text: text} }

// noHighAvailability is about files in which somebody may have meant high availability, and Flink starts without.
func noHighAvailability() []trial {
	whole := session(kubernetesMode + storageDir + clusterID)
	return []trial{
		{
			rule: "high-availability-off", release: flink.Release118, what: "nothing is said",
			wrong: session("parallelism.default: 1\n"), fails: leadsAlone(),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "high-availability-off", release: flink.Release23, what: "no mode",
			wrong: session(storageDir + clusterID), fails: leadsAlone(),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "high-availability-off", release: flink.Release23, what: "the mode NONE",
			wrong: session("high-availability.type: NONE\n" + storageDir + clusterID), fails: leadsAlone(),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "high-availability-off", release: flink.Release120, what: "nested in flink-conf.yaml",
			wrong: session("high-availability:\n  type: kubernetes\n" + storageDir + clusterID), fails: leadsAlone(),
			right: whole, works: leads(leaderState),
		},
		{
			rule: "high-availability-off", release: flink.Release116, what: "no blank after the colon",
			wrong: session("high-availability:kubernetes\n" + storageDir + clusterID), fails: leadsAlone(),
			right: session("high-availability: kubernetes\n" + storageDir + clusterID), works: leads(leaderState),
		},
		{
			rule: "high-availability-type-unread", release: flink.Release116, what: "the new spelling",
			wrong: session(kubernetesMode + storageDir + clusterID), fails: leadsAlone(),
			right: session("high-availability: kubernetes\n" + storageDir + clusterID), works: leads(leaderState),
		},
		{
			rule: "high-availability-type-unread", release: flink.Release115, what: "the new spelling",
			wrong: session("high-availability.type: " + factory + "\n" + storageDir + clusterID), fails: leadsAlone(),
			right: session("high-availability: " + factory + "\n" + storageDir + clusterID), works: leads(leaderState),
		},
	}
}

// unknownModes is about values that Flink takes for the names of classes.
func unknownModes() []trial {
	const rule = "high-availability-type-invalid"
	rest := storageDir + clusterID
	whole := session(kubernetesMode + rest)
	notInstantiated := func(class string) outcome {
		return dies("Could not instantiate class '"+class+"'", "java.lang.ClassNotFoundException: "+class)
	}
	return []trial{
		{
			rule: rule, release: flink.Release115, what: "the short name, before 1.16",
			wrong: session("high-availability: kubernetes\n" + rest), fails: notInstantiated("kubernetes"),
			right: session("high-availability: " + factory + "\n" + rest), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "misspelt",
			wrong: session("high-availability.type: kubernets\n" + rest), fails: notInstantiated("kubernets"),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "misspelt",
			wrong: session("high-availability.type: kubernets\n" + rest), fails: notInstantiated("kubernets"),
			right: session("high-availability.type: \"Kubernetes\"\n" + rest), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "quotes in flink-conf.yaml",
			wrong: session("high-availability.type: \"kubernetes\"\n" + rest), fails: notInstantiated(`"kubernetes"`),
			right: whole, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release120, what: "quotes in flink-conf.yaml",
			wrong: session("high-availability.type: 'kubernetes'\n" + rest), fails: notInstantiated("'kubernetes'"),
			right: start{program: flink.JobManager(), file: flink.StandardFile, text: "high-availability.type: 'kubernetes'\n" + rest}, works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release116, what: "the factory of 1.15 to 1.17",
			right: session("high-availability: " + multipleComponentFactory + "\n" + rest), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release118, what: "the factory of 1.15 to 1.17",
			wrong: session("high-availability.type: " + multipleComponentFactory + "\n" + rest), fails: notInstantiated(multipleComponentFactory),
			right: session("high-availability.type: " + factory + "\n" + rest), works: leads(leaderState),
		},
		{
			rule: rule, release: flink.Release23, what: "the factory of 1.15 to 1.17",
			wrong: session("high-availability.type: " + multipleComponentFactory + "\n" + rest), fails: notInstantiated(multipleComponentFactory),
			right: session("high-availability.type: " + factory + "\n" + rest), works: leads(leaderState),
		},
	}
}
