package matchconditions

import (
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// TestPoliciesCompileWherePoliciesAre tries the oldest API server that has them for good, with the libraries of the release before it.
func TestPoliciesCompileWherePoliciesAre(t *testing.T) {
	for name, policy := range shipped(t).Policies {
		if _, err := NewPolicy(policy, version.MajorMinor(1, 29), environment.NewExpressions); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPoliciesHaveNoErrors is TestConditionsHaveNoErrors for policies, whose expressions see what they match only: here, ConfigMaps.
func TestPoliciesHaveNoErrors(t *testing.T) {
	objects := map[string]*corev1.ConfigMap{"there is none": nil}
	for name, text := range poorObjects() {
		if configMap, ok := object(t, text).(*corev1.ConfigMap); ok {
			objects[name] = configMap
		}
	}
	for name, shipped := range shipped(t).Policies {
		policy, err := NewPolicy(shipped, nil, environment.StoredExpressions)
		if err != nil {
			t.Fatal(err)
		}
		for what, now := range objects {
			for previously, before := range objects {
				if now == nil {
					continue
				}
				for _, user := range []string{"", "system:serviceaccount:a:b", "system:serviceaccount:flink-ha-system:flink-ha-webhook"} {
					for _, request := range bothWays(t, now, before) {
						request.User = user
						if _, err := policy.evaluate(request); err != nil {
							t.Errorf("%s: %s (%T), and before, %s: %v", name, what, request.Object, previously, err)
						}
					}
				}
			}
		}
	}
}

// bothWays are a creation or an update as older and newer API servers show it.
func bothWays(t testing.TB, now, before *corev1.ConfigMap) []Request {
	t.Helper()
	if before == nil {
		return []Request{change(t, admissionv1.Create, now, nil), change(t, admissionv1.Create, asUnstructured(t, now), nil)}
	}
	return []Request{
		change(t, admissionv1.Update, now, before), change(t, admissionv1.Update, asUnstructured(t, now), asUnstructured(t, before)),
	}
}
