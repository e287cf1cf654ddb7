package evidence

import "github.com/flink-ha/flink-ha-webhook/test/flink"

// client is the native client with a configuration file of that text.
func client(text string, arguments ...string) start {
	return start{program: flink.NativeClient(), text: text, arguments: arguments}
}

// cluster is what the native client creates for a cluster. With high availability its processes find the leader by the HA
// state, so that no Service needs to lead to it.
func cluster(id string, highlyAvailable bool) []string {
	objects := []string{"Deployment " + id, "Service " + id + "-rest", "ConfigMap flink-config-" + id}
	if !highlyAvailable {
		objects = append(objects, "Service "+id)
	}
	return objects
}

// creates is the outcome of a native client that is content.
func creates(leaves []string) outcome {
	return outcome{exit: 0, says: literally([]string{"Create flink session cluster "}), leaves: leaves}
}

// refusedByTheNativeClient is about mistakes that keep the client from asking for a cluster.
func refusedByTheNativeClient() []trial {
	const (
		overlap  = "high-availability-key-overlap"
		replicas = "replicas-without-high-availability"
		two      = "-Dkubernetes.jobmanager.replicas=2"
		mode     = "high-availability: kubernetes\n"
	)
	standby := dies("High availability should be enabled when starting standby JobManagers.")
	// YamlParserUtils.convertAndDumpYamlFromFlatMap, which writes the file for the cluster.
	cannotNest := dies("java.lang.String cannot be cast to class java.util.Map", "YamlParserUtils.convertAndDumpYamlFromFlatMap")
	return []trial{
		{
			rule: replicas, release: flink.Release118, what: "native",
			wrong: client("", two), fails: standby,
			right: client(kubernetesMode+storageDir, two), works: creates(cluster("demo", true)),
		},
		{
			rule: replicas, release: flink.Release23, what: "native",
			wrong: client("", two), fails: standby,
			right: client(kubernetesMode+storageDir, two), works: creates(cluster("demo", true)),
		},
		{
			rule: overlap, release: flink.Release23, what: "native",
			wrong: client(mode + storageDir), fails: cannotNest,
			right: client(kubernetesMode + storageDir), works: creates(cluster("demo", true)),
		},
		{
			rule: overlap, release: flink.Release120, what: "native, config.yaml",
			wrong: start{program: flink.NativeClient(), file: flink.StandardFile, text: mode + storageDir}, fails: cannotNest,
			right: client(mode + storageDir), works: creates(cluster("demo", true)),
		},
	}
}
