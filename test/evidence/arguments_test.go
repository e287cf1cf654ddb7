package evidence

import "github.com/flink-ha/flink-ha-webhook/test/flink"

// withoutHA is a configuration that Flink starts with, so that only the arguments matter.
const withoutHA = "parallelism.default: 1\n"

// standaloneJob is an application of a class that there is not: the search for it is the last that happens.
func standaloneJob(arguments ...string) start {
	return start{program: flink.ApplicationMaster(), text: withoutHA, arguments: append(arguments, "--job-classname", "NoSuchJob")}
}

const classSought = "The program's entry point class 'NoSuchJob' was not found"

// hostOption is about standalone-job --host, which was removed in 2.0: options end where it stands, so that Flink does not
// see the class after it, nor the high availability.
func hostOption() []trial {
	const rule = "host-option-removed"
	const mode = "-Dhigh-availability.type=NONE"
	const seen = "Loading dynamic configuration property: high-availability.type"
	seesClass := dies(classSought, seen)
	classUnseen := dies("Please provide an entry class name.")
	classUnseen.silent = []string{seen, classSought}
	return []trial{
		{
			rule: rule, release: flink.Release23, what: "before other options",
			wrong: standaloneJob("--host", "127.0.0.1", mode), fails: classUnseen,
			right: standaloneJob("-Djobmanager.rpc.address=127.0.0.1", mode), works: seesClass,
		},
		{
			rule: rule, release: flink.Release120, what: "before 2.0 it is an option",
			right: standaloneJob("--host", "127.0.0.1", mode), works: seesClass,
		},
	}
}

// refusedArguments is about words on which an entry point prints its usage and ends.
func refusedArguments() []trial {
	const rule = "arguments-refused"
	session := func(arguments ...string) start {
		return start{program: flink.JobManager(), text: withoutHA, arguments: arguments}
	}
	usage := dies("Could not parse command line arguments")
	return []trial{
		{
			rule: rule, release: flink.Release118, what: "a property written as in the file",
			wrong: session("-D", "high-availability.type: kubernetes"), fails: usage,
			right: session("-D", "high-availability.type=NONE"), works: leadsAlone(),
		},
		{
			rule: rule, release: flink.Release23, what: "a property written as in the file",
			wrong: session("-D", "high-availability.type: kubernetes"), fails: usage,
			right: session("-D", "high-availability.type=NONE"), works: leadsAlone(),
		},
		{
			rule: rule, release: flink.Release23, what: "a job id that is none",
			wrong: standaloneJob("--job-id", "my-job"), fails: usage,
			right: standaloneJob("--job-id", "00000000000000000000000000000001"), works: dies(classSought),
		},
	}
}
