package hastate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestTakenForState(t *testing.T) {
	both := map[string]string{"app": "demo", "type": "flink-native-kubernetes"}
	cases := map[string]struct {
		name   string
		labels map[string]string
		owned  bool
		want   string // cluster-id, "" for one that is not taken for HA state
	}{
		"somebody's ConfigMap":              {name: "settings", labels: both, want: "demo"},
		"the name of HA state, nearly":      {name: "demo-config-map", labels: both, want: "demo"},
		"HA state":                          {name: "demo-cluster-config-map", labels: both},
		"the configuration of a cluster":    {name: "flink-config-demo", labels: both},
		"its pod template":                  {name: "pod-template-demo", labels: both},
		"its Hadoop configuration":          {name: "hadoop-config-demo", labels: both},
		"its Kerberos configuration":        {name: "kerberos-krb5conf-demo", labels: both},
		"owned":                             {name: "settings", labels: both, owned: true},
		"without the cluster":               {name: "settings", labels: map[string]string{"type": "flink-native-kubernetes"}},
		"without the type":                  {name: "settings", labels: map[string]string{"app": "demo"}},
		"of the operator's standalone mode": {name: "settings", labels: map[string]string{"app": "demo", "type": "flink-standalone-kubernetes"}},
		"of the operator's autoscaler":      {name: "autoscaler-demo", labels: map[string]string{"app": "demo", "type": "flink-native-kubernetes", "component": "autoscaler"}},
		"without labels":                    {name: "settings"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: tc.name, Labels: tc.labels}}
			if tc.owned {
				configMap.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "Pod", Name: "a", UID: "u"}}
			}
			if got, taken := TakenForState(configMap); got != tc.want || taken != (tc.want != "") {
				t.Errorf("got %q, %t, want %q", got, taken, tc.want)
			}
		})
	}
}
