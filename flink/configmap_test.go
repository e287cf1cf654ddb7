package flink

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestConfigMapConfigurations(t *testing.T) {
	cases := map[string]struct {
		name     string
		data     map[string]string
		binary   map[string][]byte
		declared bool
		want     []string // sources
	}{
		"the legacy file, whatever it holds":        {data: map[string]string{LegacyFile: "parallelism.default: 2"}, want: []string{`data["flink-conf.yaml"]`}},
		"a nested config.yaml of a JobManager":      {data: map[string]string{StandardFile: "jobmanager:\n  rpc:\n    address: jm\n"}, want: []string{`data["config.yaml"]`}},
		"a flat config.yaml with high availability": {data: map[string]string{StandardFile: "high-availability.type: kubernetes\n"}, want: []string{`data["config.yaml"]`}},
		"a config.yaml that Flink could not read":   {data: map[string]string{StandardFile: "jobmanager.rpc.address: [x\n"}, want: []string{`data["config.yaml"]`}},
		"both files":                                      {data: map[string]string{StandardFile: "jobmanager.rpc.port: 1\n", LegacyFile: ""}, want: []string{`data["config.yaml"]`, `data["flink-conf.yaml"]`}},
		"another program's high availability":             {data: map[string]string{StandardFile: "high-availability: {enabled: true, replicas: 3}\n"}},
		"another program's switch":                        {data: map[string]string{StandardFile: "server: {port: 1}\nhigh-availability: true\n"}},
		"another program's jobmanager, with a null":       {data: map[string]string{StandardFile: "jobmanager: {url: http://x}\nauth:\n"}},
		"a large file with options":                       {data: map[string]string{StandardFile: "jobmanager.rpc.port: 1\na: " + strings.Repeat("x", 9000) + "\n"}, want: []string{`data["config.yaml"]`}},
		"a large file with an option inside a line":       {data: map[string]string{StandardFile: "{jobmanager.rpc.port: 1, a: " + strings.Repeat("x", 9000) + "}\n"}},
		"the old key alone":                               {data: map[string]string{StandardFile: "high-availability: kubernetes\n"}, want: []string{`data["config.yaml"]`}},
		"another program's type of high availability":     {data: map[string]string{StandardFile: "high-availability: {type: active-passive, cluster-id: a}\n"}},
		"another program's host":                          {data: map[string]string{StandardFile: "high-availability: standby.example.com\n"}},
		"another program's recovery":                      {data: map[string]string{StandardFile: "recovery: {mode: zookeeper}\n"}},
		"another program's jobmanager with its memory":    {data: map[string]string{StandardFile: "jobmanager: {memory: {limit: 1Gi}, web: ui, replicas: 1}\n"}},
		"a misspelt mode beside options of Flink's":       {data: map[string]string{StandardFile: "high-availability: {type: kubernets}\ntaskmanager: {numberOfTaskSlots: 2}\n"}, want: []string{`data["config.yaml"]`}},
		"a cluster-id beside options of Flink's":          {data: map[string]string{StandardFile: "high-availability: {cluster-id: a}\nstate.checkpoints.dir: s3://b/c\n"}, want: []string{`data["config.yaml"]`}},
		"a custom factory with its storage":               {data: map[string]string{StandardFile: "high-availability: {type: com.example.Factory, storageDir: s3://b/x}\n"}, want: []string{`data["config.yaml"]`}},
		"a config.yaml of another program":                {data: map[string]string{StandardFile: "listen: :8080\nrules:\n- seriesQuery: flink_taskmanager_job_task\n"}},
		"a config.yaml of another program, declared ours": {data: map[string]string{StandardFile: "a: 1\n"}, declared: true, want: []string{`data["config.yaml"]`}},
		"a config.yaml that is not YAML and not Flink's":  {data: map[string]string{StandardFile: "{{ template }} jobmanager\n"}},
		"the operator's own, by name":                     {name: OperatorConfigMap, data: map[string]string{LegacyFile: "a: b"}},
		"the operator's own, by what it holds":            {data: map[string]string{LegacyFile: "taskmanager.numberOfTaskSlots: 2", StandardFile: "kubernetes.operator.metrics.reporter: x\njobmanager.rpc.port: 1\n"}},
		"no data":                                         {},
		"binaryData is not read":                          {binary: map[string][]byte{LegacyFile: []byte("a: b")}},
		"files of other names":                            {data: map[string]string{"log4j-console.properties": "rootLogger.level = INFO"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: tc.name}, Data: tc.data, BinaryData: tc.binary}
			var got []string
			for _, configuration := range ConfigMapConfigurations(configMap, tc.declared) {
				got = append(got, configuration.Source)
			}
			if len(got) != len(tc.want) {
				t.Fatalf("got %v, want %v", got, tc.want)
			}
			for i := range got {
				if got[i] != tc.want[i] {
					t.Errorf("got %v, want %v", got, tc.want)
				}
			}
		})
	}
}

func TestPurposeOf(t *testing.T) {
	cases := map[string]struct {
		text string
		want Purpose
	}{
		"a session cluster":                      {"jobmanager.rpc.address: jm\njobmanager.memory.process.size: 1600m\n", PurposeCluster},
		"the address of the JobManager alone":    {"jobmanager.rpc.address: jm\n", PurposeCluster},
		"a cluster that binds its REST endpoint": {"rest.address: 0.0.0.0\njobmanager.rpc.port: 6123\n", PurposeCluster},
		"what the native client passes on":       {"execution.target: kubernetes-session\nkubernetes.internal.jobmanager.entrypoint.class: x\njobmanager.memory.process.size: 1g\n", PurposeCluster},
		"a client of a remote cluster":           {"execution.target: remote\nrest.address: jm\n", PurposeClient},
		"a client with slots left in its file":   {"execution.target: remote\ntaskmanager.numberOfTaskSlots: 2\n", PurposeClient},
		"a client by its REST address":           {"rest.address: jm-rest\nrest.port: 8081\n", PurposeClient},
		"a client with options of its jobs":      {"rest.address: jm\nexecution.checkpointing.interval: 10s\n", PurposeClient},
		"a client that finds a leader":           {"rest.address: jm\nhigh-availability: zookeeper\n", PurposeClient},
		"a client of a native session":           {"kubernetes.cluster-id: x\nkubernetes.namespace: y\n", PurposeUnknown},
		"a history server":                       {"historyserver.archive.fs.dir: s3://b/x\njobmanager.archive.fs.dir: s3://b/x\njobmanager.rpc.address: jm\n", PurposeUnknown},
		"a small session cluster":                {"jobmanager.rpc.address: jm\ntaskmanager.numberOfTaskSlots: 2\n", PurposeCluster},
		"a history server alone":                 {"historyserver.archive.fs.dir: s3://b/x\nhistoryserver.web.port: 8082\n", PurposeHistoryServer},
		"a history server beside TaskManagers":   {"historyserver.archive.fs.dir: s3://b/x\ntaskmanager.numberOfTaskSlots: 2\n", PurposeUnknown},
		"the operator":                           {"kubernetes.operator.reconcile.interval: 15 s\njobmanager.memory.process.size: 1g\n", PurposeOperator},
		"a SQL client":                           {"sql-client.execution.result-mode: TABLEAU\n", PurposeClient},
		"a SQL gateway":                          {"sql-gateway.endpoint.rest.address: 0.0.0.0\njobmanager.rpc.address: jm\n", PurposeClient},
		"options that any process may have":      {"parallelism.default: 2\n", PurposeUnknown},
		"nothing":                                {"", PurposeUnknown},
	}
	for name, tc := range cases {
		if got := PurposeOf(LoadLegacy(tc.text, "f")); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

func TestFileVersion(t *testing.T) {
	cases := map[string]string{LegacyFile: "before 2.0", StandardFile: "1.19 or later", "application.yaml": "unknown"}
	for file, want := range cases {
		if got := FileVersion(Configuration{Source: dataPath(file)}).String(); got != want {
			t.Errorf("%s: got %s, want %s", file, got, want)
		}
	}
}
