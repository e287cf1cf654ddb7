package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

// keyAddress is the address under which a JobManager is reached, which it publishes when it becomes the leader.
const keyAddress = "jobmanager.rpc.address"

func jobManagerAddressNotPodIP() Rule {
	return Rule{
		ID:         "jobmanager-address-not-pod-ip",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Modes:      []flink.Mode{flink.ModeKubernetes},
		Effect:     "TaskManagers may reach a JobManager that does not lead",
		Summary:    "A standalone JobManager with high availability publishes an address that is not its own pod's.",
		Why: "The leader writes its address into an HA ConfigMap, and TaskManagers go there. A Service's name stands for all JobManagers: " +
			"with several of them, or with an old one on its way out, TaskManagers reach one that does not lead, and are turned away.",
		Remedy: "Take the pod's IP: an environment variable POD_IP from status.podIP, and args [\"jobmanager\", \"$(POD_IP)\"], or " +
			"-D jobmanager.rpc.address=$(POD_IP) in front of the job's arguments of standalone-job.",
		Source: "https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/resource-providers/standalone/kubernetes/ (high availability); FLINK-30518",
		Example: Example{
			Wrong: addressExample(`["jobmanager"]`, "jobmanager.rpc.address: jobmanager"),
			Right: addressExample(`["jobmanager", "$(POD_IP)"]`, "jobmanager.rpc.address: jobmanager"),
		},
		Check: checkJobManagerAddress,
	}
}

func addressExample(args, address string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata: {name: jobmanager}
spec:
  replicas: 2
  selector: {matchLabels: {app: flink, component: jobmanager}}
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: registry.example.com/flink:1.20
        args: ` + args + `
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
` + exampleConfiguration + "    " + address + "\n"
}

func checkJobManagerAddress(subject *Subject) []Violation {
	if subject.Role != workload.RoleJobManager || subject.podSpec() == nil || subject.Member.Process.Deployer != workload.DeployerStandalone {
		return nil // the native client and the operator set it themselves
	}
	if _, removed := subject.removedHost(); removed {
		return nil // which is why it is not told its address
	}
	reading := subject.Configuration.Get(keyAddress, subject.Version)
	if !reading.Set || reading.Unknown != "" {
		return nil
	}
	violation := Violation{
		Option: keyAddress, Setting: reading.Setting.Key, Position: reading.Setting.Position, Found: found(reading.Setting, true),
		Needed: "the IP of the pod",
		Remedy: addressRemedy(subject.Member.Process.Form),
	}
	if subject.Kind == OfWorkload && reading.Setting.Origin != flink.OriginArgument {
		violation.Target.Path = subject.Member.Process.Path + ".args"
	}
	switch {
	case subject.isOnlyPod(reading.Setting.Value):
		return nil
	case flink.IsExpanded(reading.Setting.Value):
		if reading.Setting.Origin != flink.OriginArgument || !strings.Contains(reading.Setting.Value, "$(") {
			return nil
		}
		violation.Effect, violation.Detail = "it publishes this very text as its address", "the container has no such variable"
	}
	if subject.Member.Replicas > 1 {
		violation.Level = policy.LevelBaseline
		violation.Effect = "all JobManagers publish it, and only one of them leads"
	}
	return []Violation{violation}
}

// isOnlyPod tells whether an address is the name of a StatefulSet's one pod.
func (s *Subject) isOnlyPod(address string) bool {
	host, _, _ := strings.Cut(address, ".")
	return s.Member.Kind == "StatefulSet" && s.Member.Replicas <= 1 && host == s.Member.Name+"-0"
}

func addressRemedy(form workload.Form) string {
	const variable = ", with POD_IP from status.podIP"
	if form == workload.FormSession {
		return `args: ["jobmanager", "$(POD_IP)"]` + variable
	}
	return `"-D", "` + keyAddress + `=$(POD_IP)"` + variable
}
