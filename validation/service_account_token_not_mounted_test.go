package validation

import "testing"

func TestServiceAccountTokenNotMounted(t *testing.T) {
	const (
		off     = "pod.automountServiceAccountToken: false"
		mode    = "taskmanager, -Dhigh-availability.type=kubernetes"
		message = `spec.template.spec.automountServiceAccountToken is "false"; Flink asks the API server without credentials ` +
			`and exits at start; needs the token of its service account; fix: automountServiceAccountToken: true`
		official = `image: "flink:1.20"`
		token    = "pod.volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: token}}]}}]"
	)
	testRule(t, "service-account-token-not-mounted", map[string]ruleCase{
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
