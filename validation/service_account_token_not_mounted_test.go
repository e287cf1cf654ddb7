package validation

import (
	"strings"
	"testing"
)

func TestServiceAccountTokenNotMounted(t *testing.T) {
	const (
		off     = "pod.automountServiceAccountToken: false"
		mode    = "taskmanager, -Dhigh-availability.type=kubernetes"
		message = `spec.template.spec.automountServiceAccountToken is "false"; Flink asks the API server without credentials ` +
			`and exits at start; needs the token of its service account; fix: automountServiceAccountToken: true`
		official = `image: "flink:1.20"`
		token    = "pod.volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}]"
	)
	account := func(name, automount string) string {
		return "kind: ServiceAccount\nmetadata: {name: " + name + ", namespace: team}\nautomountServiceAccountToken: " + automount
	}
	mine := flinkWorkload("Deployment", mode, official, "pod.serviceAccountName: mine")
	byAccount := strings.Replace(message, `is "false"`, `is not set (the account "mine" says false)`, 1)
	custom := func(rest string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\nspec:\n" +
			"  serviceAccount: mine\n  flinkVersion: v1_20\n  flinkConfiguration: {high-availability.type: kubernetes}\n" + rest
	}
	inCustom := func(field string) string { return strings.Replace(message, "spec.template.spec.", field, 1) }
	// read reads a custom resource over the operator's defaults, with what is around it.
	read := func(lines string, documents ...string) Subject {
		subject := manifest(t, together(documents...))
		around := subject.Around
		operatorDefaults(lines)(&subject)
		if around != nil {
			subject.Around = around
		}
		return subject
	}
	testRule(t, "service-account-token-not-mounted", map[string]ruleCase{
		"switched off for the account":                          {subject: manifest(t, together(mine, account("mine", "false"))), want: []string{byAccount}},
		"switched off for the account, on for the pods":         {subject: manifest(t, together(flinkWorkload("Deployment", mode, official, "pod.serviceAccountName: mine", "pod.automountServiceAccountToken: true"), account("mine", "false")))},
		"switched on for the account":                           {subject: manifest(t, together(mine, account("mine", "true")))},
		"switched off for another account":                      {subject: manifest(t, together(mine, account("other", "false")))},
		"switched off for the account, a token by other ways":   {subject: manifest(t, together(flinkWorkload("Deployment", mode, official, "pod.serviceAccountName: mine", "env: [{name: KUBECONFIG, value: /c}]"), account("mine", "false")))},
		"a custom resource":                                     {subject: read("a: b", custom("  podTemplate: {spec: {automountServiceAccountToken: false}}")), want: []string{inCustom("spec.podTemplate.spec.")}},
		"a custom resource, the JobManager's template":          {subject: read("a: b", custom("  jobManager: {podTemplate: {spec: {automountServiceAccountToken: false}}}")), want: []string{inCustom("spec.jobManager.podTemplate.spec.")}},
		"a custom resource, the JobManager's template mends it": {subject: read("a: b", custom("  podTemplate: {spec: {automountServiceAccountToken: false}}\n  jobManager: {podTemplate: {spec: {automountServiceAccountToken: true}}}"))},
		"a custom resource, the account":                        {subject: read("a: b", custom(""), account("mine", "false")), want: []string{strings.Replace(byAccount, "spec.template.spec.", "spec.podTemplate.spec.", 1)}},
		"a custom resource, the defaults are not known":         {subject: manifest(t, custom("  podTemplate: {spec: {automountServiceAccountToken: false}}"))},
		"a custom resource with a kubeconfig of its own":        {subject: read("containerized.master.env.KUBECONFIG: /c", custom("  podTemplate: {spec: {automountServiceAccountToken: false}}"))},
		"a custom resource with a Secret":                       {subject: read("kubernetes.secrets: s:/var/run/secrets/kubernetes.io/serviceaccount", custom("  podTemplate: {spec: {automountServiceAccountToken: false}}"))},
		"a custom resource with a variable": {
			subject: read("a: b", custom("  podTemplate: {spec: {automountServiceAccountToken: false, containers: [{name: flink-main-container, env: [{name: KUBECONFIG, value: /c}]}]}}")),
		},
		"switched off":                      {subject: manifest(t, flinkWorkload("Deployment", mode, off, official)), want: []string{message}},
		"switched off, the file is mounted": {subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig(off)...), flinkConfig(goodLines()...))), want: []string{message}},
		"left alone":                        {subject: manifest(t, flinkWorkload("Deployment", mode, official))},
		"switched on":                       {subject: manifest(t, flinkWorkload("Deployment", mode, "pod.automountServiceAccountToken: true", official))},
		"a projected token":                 {subject: manifest(t, flinkWorkload("Deployment", mode, off, official, token, "volumeMounts: [{name: t, mountPath: /tokens}]"))},
		"a secret in its place": {
			subject: manifest(t, flinkWorkload("Deployment", mode, off, official, "pod.volumes: [{name: t, secret: {secretName: t}}]",
				"volumeMounts: [{name: t, mountPath: /var/run/secrets/kubernetes.io/serviceaccount}]")),
		},
		"a projected token that Flink's container does not mount": {subject: manifest(t, flinkWorkload("Deployment", mode, off, official, token)), want: []string{message}},
		"a kubeconfig by option":                                  {subject: manifest(t, flinkWorkload("Deployment", mode+", -Dkubernetes.config.file=/c", off, official))},
		"a kubeconfig by a system property":                       {subject: manifest(t, flinkWorkload("Deployment", mode+", -Denv.java.opts.all=-Dkubeconfig=/c", off, official))},
		"other system properties":                                 {subject: manifest(t, flinkWorkload("Deployment", mode+", -Denv.java.opts.all=-Xss2m", off, official)), want: []string{message}},
		"a token by a system property":                            {subject: manifest(t, flinkWorkload("Deployment", mode, off, official, "env: [{name: FLINK_ENV_JAVA_OPTS, value: -Dkubernetes.auth.tokenFile=/t}]"))},
		"a kubeconfig by variable":                                {subject: manifest(t, flinkWorkload("Deployment", mode, off, official, "env: [{name: KUBECONFIG, value: /c}]"))},
		"variables from a Secret": {
			subject: manifest(t, together(flinkWorkload("Deployment", "taskmanager", mountsConfig(off, "envFrom: [{secretRef: {name: s}}]")...), flinkConfig(goodLines()...))),
		},
		"a volume over the directory of secrets": {
			subject: manifest(t, flinkWorkload("Deployment", mode, off, official, "pod.volumes: [{name: t, csi: {driver: d}}]", "volumeMounts: [{name: t, mountPath: /var/run/secrets}]")),
		},
		"the file may name a config": {subject: manifest(t, flinkWorkload("Deployment", mode, mountsConfig(off)...))},
		"ZooKeeper":                  {subject: manifest(t, flinkWorkload("Deployment", "taskmanager, -Dhigh-availability.type=zookeeper", off, official))},
	})
}
