package flink

// A Program is one of Flink's processes: its main class, and what is said to it besides the caller's own arguments.
type Program struct {
	Class string
	// Common are the arguments that every start gets, before those of the caller. In them {conf} is the configuration
	// directory, {namespace} the Kubernetes namespace and {kubeconfig} the way to the API server.
	Common []string
}

// JobManager is what "jobmanager" in an image ends in, with ports that are free and an API server to talk to.
func JobManager() Program {
	return Program{
		Class: "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
		Common: []string{
			"--configDir", "{conf}", "-Djobmanager.rpc.address=127.0.0.1", "-Djobmanager.rpc.port=0", "-Drest.bind-port=0",
			"-Drest.address=127.0.0.1", "-Dblob.server.port=0", "-Dio.tmp.dirs={conf}/tmp",
			"-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}",
		},
	}
}

// ApplicationMaster is what "standalone-job" in an image ends in.
func ApplicationMaster() Program {
	application := JobManager()
	application.Class = "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint"
	return application
}

// TaskManager is what "taskmanager" in an image ends in, with the sizes that the image's script works out.
func TaskManager() Program {
	return Program{
		Class: "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
		Common: []string{
			"--configDir", "{conf}", "-Dtaskmanager.host=127.0.0.1", "-Dtaskmanager.bind-host=127.0.0.1", "-Dio.tmp.dirs={conf}/tmp",
			"-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}", "-Dtaskmanager.cpu.cores=1",
			"-Dtaskmanager.memory.framework.heap.size=64m", "-Dtaskmanager.memory.framework.off-heap.size=64m",
			"-Dtaskmanager.memory.task.heap.size=64m", "-Dtaskmanager.memory.task.off-heap.size=0",
			"-Dtaskmanager.memory.managed.size=16m", "-Dtaskmanager.memory.network.min=16m", "-Dtaskmanager.memory.network.max=16m",
			"-Dtaskmanager.memory.jvm-metaspace.size=128m", "-Dtaskmanager.memory.jvm-overhead.min=64m",
			"-Dtaskmanager.memory.jvm-overhead.max=64m",
		},
	}
}

// NativeClient is what kubernetes-session.sh starts, for a cluster whose id is "demo" unless the caller says another.
func NativeClient() Program {
	return Program{
		Class: "org.apache.flink.kubernetes.cli.KubernetesSessionCli",
		Common: []string{
			"-Dexecution.attached=false", "-Djobmanager.memory.process.size=1600m", "-Dtaskmanager.memory.process.size=1728m",
			"-Dkubernetes.cluster-id=demo", "-Dkubernetes.config.file={kubeconfig}", "-Dkubernetes.namespace={namespace}",
		},
	}
}

// NativeJobManager is what kubernetes-jobmanager.sh starts for a session cluster.
func NativeJobManager() Program {
	return Program{
		Class: "org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint",
		Common: []string{
			"-Djobmanager.rpc.port=0", "-Djobmanager.bind-host=127.0.0.1", "-Drest.bind-port=0", "-Drest.bind-address=127.0.0.1",
			"-Dblob.server.port=0", "-Dio.tmp.dirs={conf}/tmp", "-Dkubernetes.config.file={kubeconfig}",
		},
	}
}
