package admission

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

func TestWhoDeletesState(t *testing.T) {
	const (
		other     = validation.DeleterOther
		flinks    = validation.DeleterFlink
		operator  = validation.DeleterOperator
		collector = validation.DeleterGarbageCollector
		cleaner   = validation.DeleterNamespaceController
		account   = "system:serviceaccount:"
	)
	owned := strings.Replace(leaderState, "namespace: team", "namespace: team, ownerReferences: [{apiVersion: v1, kind: X, name: x, uid: u}]", 1)
	resource := func(fields string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: orders, namespace: team}\nspec: {flinkVersion: v1_20, " + fields +
			"flinkConfiguration: {high-availability.type: kubernetes, 'high-availability.storageDir': 's3://b/ha'}}\n"
	}
	const defaults = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-operator-config, namespace: flink}\ndata: {flink-conf.yaml: 'a: b'}\n"
	ours, theirs, open := jobManagerOf("flink", "orders"), jobManagerOf("other", "payments"), jobManagerOf("open", "")
	for name, tc := range map[string]struct {
		user   string
		object string
		around []string
		want   validation.Deleter
	}{
		"a person":                                        {"alice", leaderState, []string{ours}, other},
		"the account of its JobManager":                   {account + "team:flink", leaderState, []string{ours}, flinks},
		"the same name elsewhere":                         {account + "elsewhere:flink", leaderState, []string{ours}, other},
		"another account of the namespace":                {account + "team:ci", leaderState, []string{ours, theirs}, other},
		"the account of another JobManager":               {account + "team:other", leaderState, []string{ours, theirs}, other},
		"that of one which shows no id":                   {account + "team:open", leaderState, []string{ours, open}, flinks},
		"any, where its JobManager is not known":          {account + "team:ci", leaderState, []string{theirs}, flinks},
		"one elsewhere, where its JobManager is unknown":  {account + "elsewhere:ci", leaderState, []string{theirs}, other},
		"the account of a TaskManager":                    {account + "team:tm", leaderState, []string{ours, strings.Replace(jobManagerOf("tm", "orders"), "[jobmanager", "[taskmanager", 1)}, other},
		"the account of a resource":                       {account + "team:flink", leaderState, []string{defaults, resource("serviceAccount: flink, ")}, flinks},
		"another than that of a resource":                 {account + "team:ci", leaderState, []string{defaults, resource("serviceAccount: flink, ")}, other},
		"any, where the operator may say it":              {account + "team:ci", leaderState, []string{resource("serviceAccount: flink, ")}, flinks},
		"any, where a resource does not say it":           {account + "team:ci", leaderState, []string{resource("")}, flinks},
		"a JobManager of another namespace":               {account + "apps:flink", leaderState, []string{strings.Replace(ours, "namespace: team}", "namespace: apps}", 1)}, flinks},
		"another account there":                           {account + "apps:ci", leaderState, []string{strings.Replace(ours, "namespace: team}", "namespace: apps}", 1)}, other},
		"any, where nothing is known":                     {account + "team:ci", leaderState, nil, flinks},
		"the operator":                                    {account + "flink:flink-operator", leaderState, []string{ours}, operator},
		"an operator by policy":                           {"our-operator", leaderState, []string{ours}, operator},
		"the garbage collector":                           {userGarbageCollector, leaderState, []string{ours}, collector},
		"the namespace controller":                        {userNamespaceController, owned, []string{ours}, cleaner},
		"the controller manager, of what is owned":        {userControllerManager, owned, []string{ours}, collector},
		"the controller manager, of what is not":          {userControllerManager, leaderState, []string{ours}, cleaner},
		"somebody of a namespace named like a controller": {account + "default:generic-garbage-collector", leaderState, []string{ours}, other},
	} {
		t.Run(name, func(t *testing.T) {
			around := surroundings{}
			if tc.around != nil {
				around = beside(t, tc.around...)
			}
			p := guarding(policy.GuardDeletesWarn, func(p *policy.Policy) { p.HAConfigMaps.Operators = []string{"our-operator"} })
			request := deletion(t, tc.object)
			request.UserInfo.Username = tc.user
			decision, err := reviewerUnder(t, p, around).ValidateDeletion(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.HAState.Deleter; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if silent := tc.want == flinks || tc.want == operator || tc.want == cleaner; silent != (decision.Verdict() == VerdictAllow) && tc.want != collector {
				t.Errorf("got the verdict %s and %q", decision.Verdict(), decision.Notes)
			}
		})
	}
}

func TestTheControllerManagerInANamespaceThatEnds(t *testing.T) {
	request := deletion(t, ownedState())
	request.UserInfo.Username = userControllerManager
	decision, err := reviewer(t, standing{beside(t), true, true}).ValidateDeletion(request)
	if err != nil || decision.HAState.Deleter != validation.DeleterNamespaceController || decision.Verdict() != VerdictAllow {
		t.Errorf("got %+v, %v", decision.HAState, err)
	}
}
