package validation

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestJobManagerAddressNotPodIP(t *testing.T) {
	const (
		one     = `TaskManagers may reach a JobManager that does not lead`
		several = `all JobManagers publish it, and only one of them leads`
		session = `; needs the IP of the pod; fix: args: ["jobmanager", "$(POD_IP)"], with POD_IP from status.podIP`
		file    = `configMap flink-config data["flink-conf.yaml"]:6:25: jobmanager.rpc.address is "jobmanager"; `
		mode    = ", -D, high-availability.type=kubernetes"
	)
	good := flinkConfig(goodLines()...)
	of := func(kind, args string, fields ...string) Subject {
		return manifest(t, together(flinkWorkload(kind, args, mountsConfig(fields...)...), good))
	}
	testRule(t, "jobmanager-address-not-pod-ip", map[string]ruleCase{
		"a Service's name in the file": {subject: of("Deployment", "jobmanager"), want: []string{file + one + session}},
		"several of them":              {subject: of("Deployment", "jobmanager", "spec.replicas: 2"), want: []string{file + several + session}},
		"an application": {
			subject: of("Job", "standalone-job, --host, jm, --job-classname, x.Main"),
			want: []string{`spec.template.spec.containers[0].args[2]: jobmanager.rpc.address is "jm"; ` + one +
				`; needs the IP of the pod; fix: "-D", "jobmanager.rpc.address=$(POD_IP)", with POD_IP from status.podIP`},
		},
		"a variable that is not there": {
			subject: of("Deployment", "jobmanager, $(POD_IP)"),
			want: []string{`spec.template.spec.containers[0].args[1]: jobmanager.rpc.address is "$(POD_IP)" (the container has no such variable); ` +
				`it publishes this very text as its address` + session},
		},
		"the pod's IP":                {subject: of("Deployment", "jobmanager, $(POD_IP)", podIP)},
		"the pod's IP, as a property": {subject: of("Job", "standalone-job, -D, jobmanager.rpc.address=$(POD_IP), --job-classname, x.Main", podIP)},
		"the pod's IP, with --host":   {subject: of("Job", "standalone-job, --host, $(POD_IP), --job-classname, x.Main", podIP)},
		"--host that 2.x does not have": {
			subject: manifest(t, together(flinkWorkload("Job", "standalone-job, --host, $(POD_IP), --job-classname, x.Main", mountsConfig(podIP, `image: "flink:2.1"`)...),
				strings.Replace(good, "flink-conf.yaml", "config.yaml", 1))),
		},
		"the one pod of a StatefulSet":   {subject: of("StatefulSet", "jobmanager, jobmanager-0.jobmanagers")},
		"the file is not known":          {subject: manifest(t, flinkWorkload("Deployment", "jobmanager"+mode, mountsConfig()...))},
		"the entry point takes its name": {subject: manifest(t, flinkWorkload("Deployment", "jobmanager"+mode, `image: "flink:1.20"`))},
		"a TaskManager":                  {subject: of("Deployment", "taskmanager")},
		"no high availability":           {subject: of("Deployment", "jobmanager, -D, high-availability.type=NONE")},
		"made by the native client": {
			subject: with(of("Deployment", "jobmanager"), func(s *Subject) { s.Member.Process.Deployer = "native" }),
		},
	})
	for _, finding := range mustEvaluator(t).Evaluate(of("Deployment", "jobmanager", "spec.replicas: 2")) {
		if finding.Rule == "jobmanager-address-not-pod-ip" && finding.Level != policy.LevelBaseline {
			t.Errorf("several JobManagers: got the level %s", finding.Level)
		}
	}
}
