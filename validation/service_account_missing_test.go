package validation

import "testing"

func TestServiceAccountMissing(t *testing.T) {
	const (
		account = "kind: ServiceAccount\nmetadata: {name: flink, namespace: team}"
		tail    = `is "flnik" (there is no such account); Kubernetes makes no pod with it; needs an account that exists; ` +
			`fix: kubectl -n team create serviceaccount flnik, and give it rights on ConfigMaps`
		custom = "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: x, namespace: team}\nspec: {serviceAccount: flnik}"
	)
	wrong := flinkWorkload("Deployment", "jobmanager", "pod.serviceAccountName: flnik")
	testRule(t, "service-account-missing", map[string]ruleCase{
		"a workload":        {subject: manifest(t, together(wrong, account)), want: []string{"spec.template.spec.serviceAccountName " + tail}},
		"a custom resource": {subject: manifest(t, together(custom, account)), want: []string{"spec.serviceAccount " + tail}},
		"it exists":         {subject: manifest(t, together(flinkWorkload("Deployment", "jobmanager", "pod.serviceAccountName: flink"), account))},
		"no account at all": {subject: manifest(t, together(flinkWorkload("Deployment", "jobmanager"), account))},
		"by itself":         {subject: manifest(t, wrong)},
		"accounts are not known": {
			subject: manifest(t, together(wrong, flinkConfig("a: b"))),
		},
		"no namespace": {subject: with(manifest(t, together(wrong, account)), func(s *Subject) { s.Namespace = "" })},
	})
}
