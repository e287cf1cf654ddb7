package matchconditions

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
)

// TestTheGuardTakesOffOwnersAndNothingElse holds what own-writes.flink-ha.dev lets the guard do to HA ConfigMaps, with the rights that
// are shipped and with that to create them, which haConfigMaps.undelete: auto asks for.
func TestTheGuardTakesOffOwnersAndNothingElse(t *testing.T) {
	policy, err := NewPolicy(shipped(t).Policies["own-writes.flink-ha.dev"], nil, environment.StoredExpressions)
	if err != nil {
		t.Fatal(err)
	}
	const (
		owned   = `labels: {type: flink-native-kubernetes}, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: u}]`
		free    = `labels: {type: flink-native-kubernetes}`
		another = `labels: {type: flink-native-kubernetes, mine: x}`
		noted   = `labels: {type: flink-native-kubernetes}, annotations: {mine: x}`
	)
	pointing := haState(free)[:len(haState(free))-1] + `, data: {checkpointID-1: x}}`
	for name, tc := range map[string]struct {
		before, now          string
		shipped, mayCreateIt bool
	}{
		"owner references removed": {haState(owned), haState(free), true, true},
		"a pointer added":          {haState(free), pointing, false, true},
		"a pointer removed":        {pointing, haState(free), false, true},
		"a label added":            {haState(free), haState(another), false, true},
		"an annotation added":      {haState(free), haState(noted), false, true},
	} {
		request := update(t, tc.before, tc.now)
		request.User = "system:serviceaccount:flink-ha-system:flink-ha-webhook"
		for _, may := range []bool{false, true} {
			policy.May = func(asked authorizer.Attributes) bool {
				return may && asked.GetVerb() == "create" && asked.GetResource() == "configmaps" && asked.GetNamespace() == request.subject().(*corev1.ConfigMap).Namespace
			}
			objection, err := policy.Objection(request)
			if want := map[bool]bool{false: tc.shipped, true: tc.mayCreateIt}[may]; err != nil || (objection == "") != want {
				t.Errorf("%s, may create %t: %q, %v", name, may, objection, err)
			}
		}
		request.User = "system:serviceaccount:team:flink"
		if objection, err := policy.Objection(request); err != nil || objection != "" {
			t.Errorf("%s, by somebody else: %q, %v", name, objection, err)
		}
	}
}
