package validation

import (
	"strings"
	"testing"
)

func TestStorageDirNotExpanded(t *testing.T) {
	const (
		literal = `nothing replaces it, and Flink takes it literally; needs a path without variables; fix: high-availability.storageDir: s3://<bucket>/<path>`
		file    = `
apiVersion: v1
kind: ConfigMap
metadata: {name: flink-config, namespace: shop}
data:
  flink-conf.yaml: |
    high-availability.type: kubernetes
    high-availability.storageDir: s3://${BUCKET}/ha
    kubernetes.cluster-id: orders
`
		jobManager = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: jm, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: jobmanager
          image: flink:1.18.1
          args: [jobmanager]
          volumeMounts: [{name: c, mountPath: /opt/flink/conf}]
      volumes: [{name: c, configMap: {name: flink-config}}]
`
	)
	custom := func(lines ...string) Subject {
		return customResource(t, flinkDeployment("stateless", append(lines, "high-availability.type: kubernetes")...))
	}
	written := func(path, value string) []string {
		return []string{path + ` is "` + value + `"; ` + literal}
	}
	inCustom := `spec.flinkConfiguration["high-availability.storageDir"]`
	testRule(t, "storage-dir-not-expanded", map[string]ruleCase{
		"a workload with its ConfigMap": {
			subject: manifest(t, jobManager+"\n---\n"+file),
			want:    written(`configMap flink-config data["flink-conf.yaml"]:2:31: high-availability.storageDir`, "s3://${BUCKET}/ha"),
		},
		"braces in a custom resource":               {customResource(t, notExpandedExample("s3://${BUCKET}/ha")), written(inCustom, "s3://${BUCKET}/ha")},
		"the kubelet's form":                        {custom("high-availability.storageDir: s3://$(BUCKET)/ha"), written(inCustom, "s3://$(BUCKET)/ha")},
		"the shell's short form":                    {custom("high-availability.storageDir: s3://$BUCKET/ha"), written(inCustom, "s3://$BUCKET/ha")},
		"a template that nobody rendered":           {custom(`high-availability.storageDir: "s3://{{ .Values.bucket }}/ha"`), written(inCustom, "s3://{{ .Values.bucket }}/ha")},
		"the operator's defaults not at hand":       {custom("high-availability.storageDir: s3://$BUCKET/ha"), written(inCustom, "s3://$BUCKET/ha")},
		"a container of Azure":                      {subject: custom("high-availability.storageDir: abfss://$root@account.dfs.core.windows.net/ha")},
		"no variable":                               {subject: custom("high-availability.storageDir: s3://b/ha")},
		"a ConfigMap that nobody is known to mount": {subject: manifest(t, file)},
		"a workload whose ConfigMap is not at hand": {subject: manifest(t, jobManager)},
		"a command that comes first may do it": {
			subject: manifest(t, strings.Replace(jobManager, "args: [jobmanager]", "args: [bash, -c, 'envsubst < a > b; /docker-entrypoint.sh jobmanager']", 1)+"\n---\n"+file),
		},
		"a pod template may bring another file": {
			subject: customResource(t, flinkDeployment("stateless", "high-availability.type: kubernetes", "high-availability.storageDir: s3://$BUCKET/ha")+
				"  podTemplate: {spec: {containers: [{name: flink-main-container, volumeMounts: [{name: c, mountPath: /opt/flink/conf}]}]}}\n"),
		},
		"high availability is off": {subject: customResource(t, flinkDeployment("stateless", "high-availability.type: NONE", "high-availability.storageDir: s3://$BUCKET/ha"))},
	})
}

func TestHAClusterIDNotExpanded(t *testing.T) {
	example := strings.Replace(notExpandedExample("s3://b/ha"), "    execution.", "    high-availability.cluster-id: $CLUSTER\n    execution.", 1)
	subject := customResource(t, example)
	subject.Configuration.Settings = subject.Configuration.Settings[:4] // without what the operator sets itself
	var got []string
	for _, violation := range checkStorageDirNotExpanded(&subject) {
		got = append(got, violation.Setting+" is wrong, fix: "+violation.Remedy)
	}
	if want := "high-availability.cluster-id is wrong, fix: high-availability.cluster-id: <name>"; strings.Join(got, "\n") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
