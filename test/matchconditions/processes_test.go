package matchconditions

import (
	"strings"
	"testing"
)

func TestProcessesAreSelected(t *testing.T) {
	tests := map[string]struct {
		containers string
		want       string
	}{
		"a session JobManager":                        {`[{args: [jobmanager, $(POD_IP)]}]`, people},
		"an application JobManager":                   {`[{args: [standalone-job, --job-classname, Main]}]`, people},
		"a TaskManager":                               {`[{args: [taskmanager]}]`, people},
		"the entry point written out":                 {`[{command: [/docker-entrypoint.sh], args: [taskmanager, -Da=b]}]`, people},
		"the entry point and its word in one list":    {`[{command: [/docker-entrypoint.sh, jobmanager]}]`, people},
		"the entry point found by its name":           {`[{command: [docker-entrypoint.sh, standalone-job]}]`, people},
		"a sidecar in front":                          {`[{image: proxy}, {args: [jobmanager]}]`, people},
		"the native client's command":                 {`[{command: [/docker-entrypoint.sh], args: [bash, -c, "kubernetes-jobmanager.sh kubernetes-session "]}]`, people},
		"a start script of the distribution":          {`[{command: [/opt/flink/bin/taskmanager.sh, start-foreground]}]`, people},
		"a start script by its name":                  {`[{command: [standalone-job.sh]}]`, people},
		"a shell that starts a script":                {`[{command: [sh, -c], args: ["cp /config/* conf/; exec bin/jobmanager.sh start-foreground"]}]`, people},
		"a shell that calls the entry point":          {`[{command: [sh, -c, "envsubst < a > b\nexec /docker-entrypoint.sh taskmanager"]}]`, people},
		"the entry point in quotes":                   {`[{command: [sh, -c, 'exec "/docker-entrypoint.sh" "jobmanager"']}]`, people},
		"blanks behind the entry point":               {`[{command: [sh, -c, "/docker-entrypoint.sh  \t standalone-job"]}]`, people},
		"a long script that starts it":                {`[{command: [sh, -c, "` + strings.Repeat("echo wait; ", 200) + `/docker-entrypoint.sh jobmanager"]}]`, people},
		"a long script that starts an application":    {`[{command: [sh, -c, "` + strings.Repeat("echo wait; ", 200) + `standalone-job.sh start-foreground"]}]`, people},
		"a program that runs the entry point":         {`[{command: [/usr/bin/tini, --, /docker-entrypoint.sh, jobmanager]}]`, people},
		"a wrapper of somebody's":                     {`[{command: [/wait.sh, /docker-entrypoint.sh, taskmanager, -Da=b]}]`, people},
		"the class of an entry point":                 {`[{command: [java, -cp, "/opt/flink/lib/*", org.apache.flink.runtime.taskexecutor.TaskManagerRunner, -c, conf]}]`, people},
		"the native client of 1.12":                   {`[{command: [/docker-entrypoint.sh], args: [native-k8s, "$JAVA_HOME/bin/java org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint"]}]`, people},
		"the last of 64 containers":                   {`[` + strings.Repeat(`{args: [a]}, `, 63) + `{args: [jobmanager]}]`, people},
		"more containers than anybody looks at":       {`[` + strings.Repeat(`{args: [a]}, `, 65) + `]`, people},
		"a client that submits a job":                 {`[{command: [/opt/flink/bin/flink, run, -m, "flink-jobmanager:8081", job.jar]}]`, nobody},
		"a client by way of the entry point":          {`[{args: [flink, run, -m, "flink-jobmanager:8081"]}]`, nobody},
		"a client with the entry point written out":   {`[{command: [/docker-entrypoint.sh], args: [flink, run, -m, "jobmanager:8081"]}]`, nobody},
		"a client in a shell":                         {`[{command: [sh, -c, "/docker-entrypoint.sh flink run -m flink-jobmanager:8081 job.jar"]}]`, nobody},
		"a client that waits with a script":           {`[{command: [sh, -c, "./wait-for-it.sh flink-jobmanager:8081 && flink run job.jar"]}]`, nobody},
		"a SQL gateway":                               {`[{command: [/opt/flink/bin/sql-gateway.sh, start-foreground, -Drest.address=jobmanager]}]`, nobody},
		"a SQL client":                                {`[{args: [/opt/flink/bin/sql-client.sh, embedded, -f, /job.sql]}]`, nobody},
		"a history server":                            {`[{args: [history-server]}]`, nobody},
		"the operator":                                {`[{command: [/docker-entrypoint.sh, operator], image: flink-kubernetes-operator}, {command: [/docker-entrypoint.sh, webhook]}]`, nobody},
		"a program that is told the word":             {`[{command: [/exporter], args: [jobmanager]}]`, nobody},
		"a program that is told the address":          {`[{args: [--flink.url=http://flink-jobmanager:8081, jobmanager]}]`, nobody},
		"a script that is told the word":              {`[{command: [sh, -c, "./report.sh jobmanager"]}]`, nobody},
		"another entry point":                         {`[{command: [/docker-entrypoint.sh], args: [postgres]}]`, nobody},
		"another entry point in a shell":              {`[{command: [bash, -ec, "exec /opt/scripts/entrypoint.sh \"$@\""]}]`, nobody},
		"a long script of something else":             {`[{command: [bash, -c, "` + strings.Repeat("./setup.sh; ", 200) + `exec /entrypoint.sh run"]}]`, nobody},
		"nothing at all":                              {`[{image: flink:2.0}]`, nobody},
		"an init container, which is none of Flink's": {`[{image: a}], initContainers: [{args: [jobmanager]}]`, nobody},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			for _, kind := range []string{"apps/v1, kind: Deployment", "apps/v1, kind: StatefulSet", "batch/v1, kind: Job"} {
				manifest := strings.Replace(workload(test.containers), "apps/v1, kind: Deployment", kind, 1)
				for _, variant := range variantsOf(manifest, test.want) {
					for _, request := range []Request{creation(t, variant.manifest), update(t, variant.manifest, variant.manifest)} {
						if got := selected(t, selector, request); got != variant.want {
							t.Errorf("%s of %s: selected by %q, want %q", request.Operation, variant.manifest, got, variant.want)
						}
					}
					if got := selected(t, selector, deletion(t, variant.manifest)); got != nobody {
						t.Errorf("deletion of %s: selected by %q", variant.manifest, got)
					}
				}
			}
		})
	}
}

// ownership is a workload in other hands, with who is asked about it.
type ownership struct{ manifest, want string }

// variantsOf puts a workload into all hands.
func variantsOf(manifest, want string) []ownership {
	with := func(metadata string) string { return strings.Replace(manifest, "name: a", "name: a, "+metadata, 1) }
	ofOthers := strings.Replace(want, people, owned, 1)
	return []ownership{
		{manifest, want},
		{with("labels: {type: Flink, app: flink}"), want},
		{with("ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: a, uid: u}]"), ofOthers},
		{with("labels: {type: flink-native-kubernetes}"), ofOthers},
		{with("labels: {type: flink-standalone-kubernetes}"), ofOthers},
		{with("finalizers: [x/y], deletionTimestamp: 2026-01-01T00:00:00Z"), nobody},
	}
}
