package matchconditions

import (
	"strings"
	"testing"
)

// file is a ConfigMap with one data key, changed by pairs of old and new text.
func file(key, text string, changes ...string) string {
	indented := strings.ReplaceAll("\n"+text, "\n", "\n    ")
	manifest := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  " + key + ": |2" + indented + "\n"
	return strings.NewReplacer(changes...).Replace(manifest)
}

// Parts of metadata, for file.
const (
	name        = "name: a"
	ownedBy     = "name: a\n  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: u, controller: true}]"
	madeNative  = "name: a\n  labels: {app: demo, type: flink-native-kubernetes}"
	madeByOther = "name: a\n  labels: {app: demo, type: flink-standalone-kubernetes}"
	goingAway   = "name: a\n  deletionTimestamp: 2026-01-01T00:00:00Z\n  finalizers: [x/y]"
)

func TestConfigurationsAreSelected(t *testing.T) {
	const nested = "jobmanager:\n  rpc:\n    address: demo\n"
	tests := map[string]struct {
		configMap string
		want      string
	}{
		"flink-conf.yaml":                          {file("flink-conf.yaml", "jobmanager.rpc.address: demo"), people},
		"flink-conf.yaml with nothing in it":       {file("flink-conf.yaml", ""), people},
		"flink-conf.yaml without a JobManager":     {file("flink-conf.yaml", "taskmanager.numberOfTaskSlots: 2"), people},
		"config.yaml with flat keys":               {file("config.yaml", "env.java.opts: -Da=b\njobmanager.rpc.address: demo"), people},
		"config.yaml with nested keys":             {file("config.yaml", nested), people},
		"high availability alone":                  {file("config.yaml", "high-availability.type: kubernetes"), people},
		"high availability nested":                 {file("config.yaml", "parallelism.default: 2\nhigh-availability:\n  type: kubernetes"), people},
		"the old key of high availability":         {file("config.yaml", "high-availability: kubernetes\nrest.port: 1"), people},
		"keys in quotes":                           {file("config.yaml", `"jobmanager.rpc.address": demo`), people},
		"keys in single quotes":                    {file("config.yaml", "a: b\n'jobmanager': {rpc: {address: demo}}"), people},
		"flow style":                               {file("config.yaml", "{a: b, jobmanager: {rpc: {address: demo}}}"), people},
		"flow style without blanks":                {file("config.yaml", "{jobmanager: {rpc: {address: demo}}}"), people},
		"JSON":                                     {file("config.yaml", `{"jobmanager":{"rpc":{"address":"demo"}}}`), people},
		"JSON with blanks":                         {file("config.yaml", `{ "a" : 1, "jobmanager" : {"rpc.address": "demo"} }`), people},
		"every line indented":                      {file("config.yaml", "  a: b\n  jobmanager.rpc.address: demo"), people},
		"a blank in front of the colon":            {file("config.yaml", "a: b\njobmanager : {rpc: {address: demo}}"), people},
		"a tab in front of the colon":              {file("config.yaml", "\"high-availability\"\t: {type: kubernetes}"), people},
		"a blank behind a quoted key":              {file("config.yaml", "'high-availability' : {type: kubernetes}"), people},
		"blanks in front of the colon":             {file("config.yaml", "a: b\njobmanager  : {rpc: {address: demo}}"), people},
		"comments above":                           {file("config.yaml", "# Flink\n---\njobmanager.rpc.address: demo"), people},
		"an anchor on the key":                     {file("config.yaml", "&a jobmanager: {rpc: {address: demo}}"), people},
		"a file that is no YAML":                   {file("config.yaml", "a: [\nhigh-availability.type: kubernetes"), people},
		"a file of more than 16 KiB":               {file("config.yaml", strings.Repeat("# comment\n", 4000)+nested), people},
		"a file that its author declares":          {file("config.yaml", "rest.port: 1", name, "name: a\n  annotations: {flink-ha.dev/configuration: \"true\"}"), people},
		"another key that its author declares":     {file("flink.yaml", "rest.port: 1", name, "name: a\n  annotations: {flink-ha.dev/configuration: \"true\"}"), people},
		"a name that resembles HA state":           {file("flink-conf.yaml", "a: b", name, "name: flink-config-map"), people},
		"a name like HA state, and nothing else":   {file("flink-conf.yaml", "a: b", name, "name: flink-cluster-config-map"), people},
		"no name yet":                              {file("flink-conf.yaml", "a: b", name, "generateName: flink-config-"), people},
		"owned by its Deployment":                  {file("config.yaml", nested, name, ownedBy), owned},
		"made by the native client":                {file("config.yaml", nested, name, madeNative), owned},
		"made by the operator":                     {file("flink-conf.yaml", "a: b", name, madeByOther), owned},
		"being deleted":                            {file("flink-conf.yaml", "a: b", name, goingAway), nobody},
		"disclaimed by its author":                 {file("flink-conf.yaml", "a: b", name, "name: a\n  annotations: {flink-ha.dev/configuration: \"false\"}"), nobody},
		"the operator's own":                       {file("flink-conf.yaml", "a: b", name, "name: flink-operator-config"), nobody},
		"the operator's own, declared":             {file("config.yaml", nested, name, "name: flink-operator-config\n  annotations: {flink-ha.dev/configuration: \"true\"}"), nobody},
		"in binaryData":                            {`{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, binaryData: {flink-conf.yaml: YTogYg==, config.yaml: YTogYg==}}`, nobody},
		"an empty config.yaml":                     {file("config.yaml", ""), nobody},
		"a config.yaml of something else":          {file("config.yaml", "server:\n  port: 8080\nhighAvailability: true"), nobody},
		"metrics of Flink in an adapter's rules":   {file("config.yaml", "rules:\n- seriesQuery: 'flink_taskmanager_job_task_idle{ns!=\"\"}'\n- seriesQuery: flink_jobmanager_job_uptime"), nobody},
		"the address of a JobManager":              {file("config.yaml", "flink: http://flink-jobmanager:8081\nother: http://flink-jobmanager.flink.svc:8081"), nobody},
		"the address of a Service named so":        {file("config.yaml", "flink: http://jobmanager:8081/"), nobody},
		"a scrape target":                          {file("config.yaml", "static_configs:\n- targets: ['flink-jobmanager:9249']\n  labels:\n    role: 'jobmanager'\n"), nobody},
		"a value that is the word":                 {file("config.yaml", "relabel:\n- regex: jobmanager\n  action: keep\n"), nobody},
		"a comment on high availability":           {file("config.yaml", "# for high-availability run three of them\nreplicas: 3"), nobody},
		"options in a key that is no file's":       {file("values.yaml", nested), nobody},
		"a logging configuration":                  {file("log4j-console.properties", "rootLogger.level = INFO"), nobody},
		"a pod template of the native client":      {file("taskmanager-pod-template.yaml", nested, name, "name: pod-template-demo\n  labels: {app: demo, type: flink-native-kubernetes}"), nobody},
		"a lock of another program's leader":       {`{apiVersion: v1, kind: ConfigMap, metadata: {name: controller-leader, annotations: {control-plane.alpha.kubernetes.io/leader: "{}"}}}`, nobody},
		"a CA bundle":                              {file("ca.crt", "-----BEGIN CERTIFICATE-----"), nobody},
		"the native client's, of an HA cluster-id": {file("config.yaml", nested, name, "name: flink-config-demo\n  labels: {app: demo, type: flink-native-kubernetes}"), owned},
	}
	selector := shippedSelector(t)
	for sentence, test := range tests {
		t.Run(sentence, func(t *testing.T) {
			if got := selected(t, selector, creation(t, test.configMap)); got != test.want {
				t.Errorf("created: selected by %q, want %q", got, test.want)
			}
			if got := selected(t, selector, update(t, test.configMap, test.configMap)); got != test.want {
				t.Errorf("updated: selected by %q, want %q", got, test.want)
			}
			if got := selected(t, selector, deletion(t, test.configMap)); got != nobody {
				t.Errorf("deleted: selected by %q", got)
			}
		})
	}
}
