package validation

import "testing"

func TestConfigMapTakenForHAState(t *testing.T) {
	const rest = `; the Flink Kubernetes Operator deletes it along with the HA state of that cluster; fix: give it another value`
	configMap := func(metadata string) Subject { return byItsLabels(t, `{metadata: {`+metadata+`}}`) }
	testRule(t, "configmap-taken-for-ha-state", map[string]ruleCase{
		"somebody's settings": {
			configMap(`name: settings, labels: {app: orders, type: flink-native-kubernetes}`),
			[]string{`metadata.labels: type is "flink-native-kubernetes" (beside app: orders)` + rest},
		},

		"HA state":              {subject: configMap(`name: orders-cluster-config-map, labels: {app: orders, type: flink-native-kubernetes}`)},
		"Flink's configuration": {subject: configMap(`name: flink-config-orders, labels: {app: orders, type: flink-native-kubernetes}`)},
		"another type":          {subject: configMap(`name: settings, labels: {app: orders, type: settings}`)},
		"no cluster":            {subject: configMap(`name: settings, labels: {type: flink-native-kubernetes}`)},
	})
}
