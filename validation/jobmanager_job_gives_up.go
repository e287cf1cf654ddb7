package validation

import (
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
)

func jobManagerJobGivesUp() Rule {
	return Rule{
		ID:         "jobmanager-job-gives-up",
		Level:      policy.LevelStrict,
		Introduced: ruleSet02,
		On:         []Kind{OfWorkload},
		Modes:      []flink.Mode{flink.ModeKubernetes, flink.ModeZooKeeper},
		Effect:     "after that many failures in its whole life Kubernetes gives the Job up, and nothing takes over",
		Summary:    "A Job that runs a JobManager with high availability stops trying after a few failures, or at a deadline.",
		Why: "High availability recovers a job when Kubernetes starts the next JobManager, and a Job does that only backoffLimit times: six " +
			"unless it says otherwise, in its whole life, however many months lie between the failures. A restart of the container, an " +
			"eviction and a drained node count alike. Then the Job is Failed, its pods are gone, and the streaming job stays down with its " +
			"checkpoints intact until somebody makes the Job again. Flink's own manifest leaves the six. With restartPolicy: Never and a " +
			"limit of 0 the first failure is the last. activeDeadlineSeconds ends even a healthy Job. A number above six is taken for a " +
			"decision; batch jobs, which are to end, are left alone.",
		Remedy: "Set backoffLimit high enough for the life of the job, such as 1000000, and leave activeDeadlineSeconds out. Flink's own restart " +
			"strategy ends a job that fails for good.",
		Source: "the Job controller of Kubernetes (backoffLimit, https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy); " +
			"https://nightlies.apache.org/flink/flink-docs-stable/docs/deployment/resource-providers/standalone/kubernetes/ (application cluster)",
		Example: Example{
			Wrong: givesUpExample("6"),
			Right: givesUpExample("1000000"),
		},
		Check: checkJobGivesUp,
	}
}

func givesUpExample(limit string) string {
	return `apiVersion: batch/v1
kind: Job
metadata: {name: jobmanager}
spec:
  backoffLimit: ` + limit + `
  template:
    metadata: {labels: {app: flink, component: jobmanager}}
    spec:
      serviceAccountName: flink
      restartPolicy: OnFailure
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

// defaultBackoffLimit is what the API server puts in where a Job says nothing.
const defaultBackoffLimit = 6

func checkJobGivesUp(subject *Subject) []Violation {
	spec := subject.podSpec()
	if spec == nil || subject.Member.Job == nil || subject.Role != workload.RoleJobManager || isBatch(subject) {
		return nil
	}
	var violations []Violation
	limit := int32(defaultBackoffLimit)
	if given := subject.Member.Job.BackoffLimit; given != nil {
		limit = *given
	}
	if limit <= defaultBackoffLimit {
		number := strconv.Itoa(int(limit))
		violation := Violation{
			Option: "backoffLimit", Setting: "backoffLimit", Position: flink.Position{Path: "spec.backoffLimit"}, Found: &number,
			Needed: "a limit that it does not reach in its life",
			Remedy: "backoffLimit: 1000000",
		}
		if subject.Member.Job.BackoffLimit == nil {
			violation.Detail = "by default"
		}
		if limit == 0 && spec.RestartPolicy == corev1.RestartPolicyNever {
			violation.Detail = "with restartPolicy: Never"
			violation.Effect = "after the first failure no JobManager is started any more"
		}
		violations = append(violations, violation)
	}
	if deadline := subject.Member.Job.ActiveDeadlineSeconds; deadline != nil {
		number := strconv.FormatInt(*deadline, 10)
		violations = append(violations, Violation{
			Option: "activeDeadlineSeconds", Setting: "activeDeadlineSeconds", Position: flink.Position{Path: "spec.activeDeadlineSeconds"}, Found: &number,
			Effect: "Kubernetes ends the JobManager then, healthy or not, and starts no other",
			Needed: "no deadline, unless the job is to end with it",
			Remedy: "remove activeDeadlineSeconds",
		})
	}
	return violations
}
