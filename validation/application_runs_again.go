package validation

import (
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func applicationRunsAgain() Rule {
	return Rule{
		ID:         "application-runs-again",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "a job that has finished or was canceled starts once more from its beginning",
		Summary:    "An application's JobManager runs in a workload that starts it again when the application is over.",
		Why: "The JobManager of an application exits when its job is finished, canceled or failed for good, after it removed the job's HA " +
			"data. A Deployment or a StatefulSet starts every container again, whatever it exits with, and so the application runs once " +
			"more with empty state. A Job leaves it at that.",
		Remedy: "Use a Job (batch/v1) with restartPolicy: OnFailure, as Flink's documentation does for applications.",
		Source: "org.apache.flink.client.deployment.application.ApplicationDispatcherBootstrap; seen with 1.20.5",
		Example: Example{
			Wrong: applicationExample("apps/v1", "Deployment", `  selector: {matchLabels: {app: flink, component: jobmanager}}
`, ""),
			Right: applicationExample("batch/v1", "Job", `  backoffLimit: 1000000
`, `      restartPolicy: OnFailure
`),
		},
		Check: checkApplicationRunsAgain,
	}
}

func applicationExample(apiVersion, kind, fields, policy string) string {
	return `apiVersion: ` + apiVersion + `
kind: ` + kind + `
metadata: {name: jobmanager}
spec:
` + fields + `  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
` + policy + `      serviceAccountName: flink
      containers:
      - name: jobmanager
        image: registry.example.com/flink:1.20
        args: ["standalone-job", "-D", "jobmanager.rpc.address=$(POD_IP)", "--job-classname", "com.example.Main"]
        env:
        - {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
        volumeMounts: [{name: config, mountPath: /opt/flink/conf}]
      volumes:
      - {name: config, configMap: {name: flink-config}}
---
` + exampleConfiguration
}

func checkApplicationRunsAgain(subject *Subject) []Violation {
	if subject.podSpec() == nil || subject.Role != workload.RoleJobManager || subject.Member.Job != nil {
		return nil
	}
	process := &subject.Member.Process
	if process.Form != workload.FormApplication || process.Deployer != workload.DeployerStandalone || keepsResults(subject) {
		return nil // the native client and the operator look after it
	}
	kind := subject.Member.Kind
	return []Violation{{
		Option: "kind", Setting: "kind", Position: flink.Position{Path: "kind"}, Found: &kind,
		Needed: "a workload that stays finished",
		Remedy: "kind: Job (batch/v1) with restartPolicy: OnFailure",
	}}
}

// keepsResults tells whether the job's result may outlive the job: then Flink does not run it once more.
func keepsResults(subject *Subject) bool {
	reading := subject.Configuration.Get(flink.KeyJobResultStoreDeleteOnCommit, subject.Version)
	return reading.Set && (reading.Unknown != "" || !strings.EqualFold(reading.Value(), "true"))
}
