package admission

import (
	"slices"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func annotated(object, annotation string) string {
	return strings.Replace(object, "{name: flink-config}", "{name: flink-config, annotations: {"+annotation+"}}", 1)
}

func TestExemptions(t *testing.T) {
	strict := policy.Default()
	strict.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "argocd"}}
	strict.Exemptions.Namespaces = []policy.ExemptionEntry{{Name: "legacy", Until: exampleDay()}, {Name: "ended", Until: exampleDay().AddDate(0, 0, -1)}}
	strict.RestoreUsers = []string{"velero"}
	cases := map[string]struct {
		object, user, namespace string
		want                    Verdict
		wantExempt              string
	}{
		"nobody is exempt":                       {object: noStorage, want: VerdictDeny},
		"a user":                                 {object: noStorage, user: "argocd", want: VerdictAllow, wantExempt: "user"},
		"a namespace, on the last day":           {object: noStorage, namespace: "legacy", want: VerdictAllow, wantExempt: "namespace"},
		"a namespace, a day later":               {object: noStorage, namespace: "ended", want: VerdictDeny},
		"a backup tool":                          {object: noStorage, user: "velero", want: VerdictWarn},
		"the garbage collector":                  {object: noStorage, user: "system:serviceaccount:kube-system:generic-garbage-collector", want: VerdictAllow, wantExempt: "system"},
		"the namespace controller":               {object: noStorage, user: "system:serviceaccount:kube-system:namespace-controller", want: VerdictAllow, wantExempt: "system"},
		"somebody of nearly the same name":       {object: noStorage, user: "serviceaccount:kube-system:namespace-controller", want: VerdictDeny},
		"an object, until a day":                 {object: annotated(noStorage, `exempt.flink-ha.dev/storage-dir-missing: "2026-12-31 bucket comes in December"`), want: VerdictAllow, wantExempt: "storage-dir-missing"},
		"an object, until yesterday":             {object: annotated(noStorage, `exempt.flink-ha.dev/storage-dir-missing: "2026-11-01 bucket"`), want: VerdictDeny},
		"an object, from another rule":           {object: annotated(noStorage, `exempt.flink-ha.dev/cluster-id-missing: "2026-12-31 bucket"`), want: VerdictDeny},
		"an object, without a reason":            {object: annotated(noStorage, `exempt.flink-ha.dev/storage-dir-missing: "2026-12-31"`), want: VerdictDeny},
		"an object, for longer than is allowed":  {object: annotated(noStorage, `exempt.flink-ha.dev/storage-dir-missing: "2027-12-31 bucket"`), want: VerdictDeny},
		"an object, one of its two rules":        {object: annotated(strings.Replace(noStorage, "    kubernetes.cluster-id: demo\n", "", 1), `exempt.flink-ha.dev/storage-dir-missing: "2026-12-31 bucket"`), want: VerdictDeny, wantExempt: "storage-dir-missing"},
		"an opt-out from high availability":      {object: annotated(noHighAvailability, "flink-ha.dev/high-availability: not-required batch"), want: VerdictAllow},
		"an opt-out does not mend what is wrong": {object: annotated(noStorage, "flink-ha.dev/high-availability: not-required batch"), want: VerdictDeny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := create(t, tc.object)
			request.UserInfo.Username = tc.user
			if tc.namespace != "" {
				request.Namespace = tc.namespace
			}
			decision, err := reviewerUnder(t, strict, surroundings{}).Validate(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v", got, tc.want, messages(decision))
			}
			if got := strings.Join(decision.Exempted(), ","); got != tc.wantExempt {
				t.Errorf("got the exemption %q, want %q", got, tc.wantExempt)
			}
		})
	}
}

func TestNothingIsChangedWhereNothingIsEnforced(t *testing.T) {
	own := ownTaskManager
	owned := `
apiVersion: v1
kind: ConfigMap
metadata: {name: demo-cluster-config-map, labels: {app: demo, type: flink-native-kubernetes}, ownerReferences: [{apiVersion: v1, kind: X, name: x, uid: u}]}
`
	trial := amongAccounts(t)
	trial.labels = map[string]string{"flink-ha.dev/enforce": "off"}
	exempt := policy.Default()
	exempt.Exemptions.Usernames = []policy.ExemptionEntry{{Name: "somebody"}}
	for name, r := range map[string]*Reviewer{
		"a trial":          reviewer(t, trial),
		"a user is exempt": reviewerUnder(t, exempt, amongAccounts(t)),
	} {
		for object, review := range map[string]Review{own: r.Mutate, owned: r.StripOwnerReferences} {
			request := create(t, object)
			request.UserInfo.Username = "somebody"
			decision, err := review(request)
			if err != nil {
				t.Fatal(err)
			}
			if len(decision.Edits) != 0 || len(decision.Planned) != 1 || len(decision.Notes) != 1 {
				t.Errorf("%s: got %d edits, %d planned and the notes %q, want one planned and reported", name, len(decision.Edits), len(decision.Planned), decision.Notes)
			}
		}
	}
}

// nativeConfiguration is what Flink's native client creates for the Deployment "demo".
const nativeConfiguration = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: flink-config-demo
  labels: {app: demo, type: flink-native-kubernetes}
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: demo, uid: d1, controller: true}]
data: {config.yaml: "jobmanager.rpc.port: 6123"}
`

func TestTheNativeClientIsRefusedOnlyWhatItHasJustMade(t *testing.T) {
	deployment := func(uid, owner string, age time.Duration) string {
		return strings.NewReplacer("@UID@", uid, "@OWNER@", owner, "@CREATED@", exampleDay().Add(-age).Format(time.RFC3339)).Replace(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: demo, uid: "@UID@", creationTimestamp: "@CREATED@", labels: {app: demo, type: flink-native-kubernetes}@OWNER@}
spec:
  template:
    metadata: {labels: {app: demo, type: flink-native-kubernetes, component: jobmanager}}
    spec:
      containers:
      - name: flink-main-container
        image: flink:2.0
        command: [/docker-entrypoint.sh]
        args: [bash, -c, kubernetes-jobmanager.sh kubernetes-session]
`)
	}
	const byOperator = ", ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: demo, uid: f1}]"
	cases := map[string]struct {
		around string
		want   Verdict
	}{
		"the Deployment is as new as the request":          {deployment("d1", "", time.Second), VerdictDeny},
		"the Deployment was there before":                  {deployment("d1", "", time.Hour), VerdictWarn},
		"the Deployment is another one of that name":       {deployment("d2", "", time.Second), VerdictWarn},
		"the Deployment is not known":                      {"", VerdictWarn},
		"the operator called the client, and it is its to": {deployment("d1", byOperator, time.Second), VerdictWarn},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := reviewer(t, beside(t, tc.around))
			decision, err := r.Validate(create(t, nativeConfiguration))
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v", got, tc.want, messages(decision))
			}
			updated, err := r.Validate(update(t, strings.Replace(nativeConfiguration, "jobmanager", "high-availability.type: zookeeper\njobmanager", 1), nativeConfiguration))
			if err != nil || updated.Verdict() == VerdictDeny {
				t.Errorf("an update is refused: %v, %v", messages(updated), err)
			}
		})
	}
}

func TestScaleIsJudgedByWhatIsKnown(t *testing.T) {
	off := strings.Replace(bareJobManager, "args: [jobmanager]", "args: [standalone-job, -Dhigh-availability.type=NONE]", 1)
	off = strings.Replace(off, "@IMAGE@", "flink:2.0", 1)
	request := func(replicas string) *admissionv1.AdmissionRequest {
		scale := create(t, "{apiVersion: autoscaling/v1, kind: Scale, metadata: {name: jm}, spec: {replicas: "+replicas+"}}")
		scale.Operation, scale.SubResource = admissionv1.Update, "scale"
		scale.Resource.Group, scale.Resource.Version, scale.Resource.Resource = "apps", "v1", "deployments"
		return scale
	}
	cases := map[string]struct {
		around   surroundings
		replicas string
		want     Verdict
	}{
		"several without high availability": {beside(t, off), "3", VerdictWarn},
		"one, as it was":                    {beside(t, off), "1", VerdictAllow},
		"not known":                         {beside(t), "3", VerdictSkip},
		"nothing is known":                  {surroundings{}, "3", VerdictSkip},
	}
	for name, tc := range cases {
		decision, err := reviewer(t, tc.around).Validate(request(tc.replicas))
		if err != nil {
			t.Fatal(err)
		}
		if got := decision.Verdict(); got != tc.want {
			t.Errorf("%s: got %s, want %s: %v", name, got, tc.want, messages(decision))
		}
	}
}

func TestNamespaceLabels(t *testing.T) {
	namespace := func(labels string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: team, labels: {" + labels + "}}}"
	}
	weak := strings.Replace(goodConfiguration, "s3://b/ha", "/flink/ha", 1)
	cases := map[string]struct {
		before, after string
		around        []string
		want          Verdict
		wantNote      string
	}{
		"a good value":                            {"", "flink-ha.dev/enforce: strict", nil, VerdictAllow, ""},
		"an invalid value":                        {"", "flink-ha.dev/enforce: strikt", nil, VerdictDeny, ""},
		"an invalid value that was there":         {"flink-ha.dev/enforce: strikt", "flink-ha.dev/enforce: strikt, flink-ha.dev/warn: baseline", nil, VerdictWarn, ""},
		"a label that does not exist":             {"", "flink-ha.dev/enfroce: strict", nil, VerdictWarn, ""},
		"what is there would be refused":          {"", "flink-ha.dev/enforce: strict", []string{weak}, VerdictWarn, `under the new enforce level "strict", 1 object in this namespace would be refused if applied anew: ConfigMap flink-config`},
		"what is there would not be refused":      {"", "flink-ha.dev/enforce: strict", []string{goodConfiguration}, VerdictAllow, ""},
		"the level does not change":               {"flink-ha.dev/enforce: strict", "flink-ha.dev/enforce: strict, flink-ha.dev/warn: baseline", []string{weak}, VerdictAllow, ""},
		"the guard is turned off: nothing to say": {"flink-ha.dev/enforce: strict", `flink-ha.dev/enforce: "off"`, []string{weak}, VerdictAllow, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := update(t, namespace(tc.before), namespace(tc.after))
			request.Namespace, request.Name = "team", "team"
			decision, err := reviewer(t, beside(t, tc.around...)).Validate(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v %q", got, tc.want, messages(decision), decision.Notes)
			}
			if got := strings.Join(decision.Notes, "\n"); got != tc.wantNote {
				t.Errorf("got the notes %q, want %q", got, tc.wantNote)
			}
		})
	}
}

func TestTheAnnotationThatNamesAnAccount(t *testing.T) {
	namespace := func(metadata string) string {
		return "{apiVersion: v1, kind: Namespace, metadata: {name: team, " + metadata + "}}"
	}
	const good, bad = "annotations: {flink-ha.dev/service-account: jobs}", "annotations: {flink-ha.dev/service-account: My Jobs}"
	for name, tc := range map[string]struct {
		before, after string
		want          Verdict
	}{
		"a name":                         {"", good, VerdictAllow},
		"no name":                        {good, bad, VerdictDeny},
		"no name, as before":             {bad, bad + ", labels: {flink-ha.dev/warn: baseline}", VerdictWarn},
		"overruled by a label":           {"", good + ", labels: {flink-ha.dev/service-account: flink}", VerdictWarn},
		"the same as its label":          {"", good + ", labels: {flink-ha.dev/service-account: jobs}", VerdictAllow},
		"a level, which is a label":      {"", "annotations: {flink-ha.dev/enforce: strikt}", VerdictAllow},
		"removed, though it was no name": {bad, "", VerdictAllow},
	} {
		request := update(t, namespace(tc.before), namespace(tc.after))
		request.Namespace, request.Name = "team", "team"
		decision, err := reviewer(t, beside(t)).Validate(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := decision.Verdict(); got != tc.want {
			t.Errorf("%s: got %s, want %s: %v", name, got, tc.want, messages(decision))
		}
	}
}

func TestAPreviewIsBounded(t *testing.T) {
	var many []string
	for i := range maxPreviewed + 20 {
		many = append(many, strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config-"+strings.Repeat("x", i%200)+string(rune('a'+i/200))+"}", 1))
	}
	request := update(t, "{apiVersion: v1, kind: Namespace, metadata: {name: team, labels: {flink-ha.dev/enforce: baseline}}}",
		"{apiVersion: v1, kind: Namespace, metadata: {name: team, labels: {flink-ha.dev/enforce: strict}}}")
	request.Namespace, request.Name = "team", "team"
	decision, err := reviewer(t, beside(t, many...)).Validate(request)
	if err != nil {
		t.Fatal(err)
	}
	if len(decision.Notes) != 1 || !strings.Contains(decision.Notes[0], "at least 500 objects") || !strings.HasSuffix(decision.Notes[0], "and 497 more") {
		t.Errorf("got the notes %q", decision.Notes)
	}
}

func TestDecideMutatesFirst(t *testing.T) {
	decision, after, err := reviewer(t, amongAccounts(t)).Decide(create(t, ownTaskManager))
	if err != nil {
		t.Fatal(err)
	}
	if len(decision.Edits) != 1 || !strings.Contains(string(after), `"serviceAccountName":"flink"`) {
		t.Errorf("got %d edits and %s", len(decision.Edits), after)
	}
	if slices.Contains(decision.Rules(), "service-account-default") {
		t.Errorf("what was judged is not what the mutation makes: %v", messages(decision))
	}
}
