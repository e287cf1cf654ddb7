package e2e

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/flink-ha/flink-ha-webhook/cluster"
)

// TestCheckSaysWhatTheAPIServerSays about the creation of an object among others that have been there: with what is in the cluster,
// and from files alone but for what depends on service accounts, of which files never tell all.
func TestCheckSaysWhatTheAPIServerSays(t *testing.T) {
	s := shared
	all := scenes(t)
	s.set(t, all)
	live, err := cluster.NewLive(s.QuietConfig())
	if err != nil {
		t.Fatal(err)
	}
	var others []*unstructured.Unstructured
	for _, scene := range all {
		others = append(others, scene.others...)
	}
	around, judged := write(t, others), 0
	for i, scene := range all {
		t.Run(scene.name, func(t *testing.T) {
			told, ok := s.tells(t, scene.judged)
			if !ok {
				return
			}
			judged++
			file := writeText(t, "judged.yaml", scene.manifest)
			compare(t, told, scene.within(t, live, file).about(file).reply(t, scene.judged))
			if i%throughTheCommand == 0 {
				compare(t, told, s.checks(t, "--cluster", "-n", scene.namespace, file).about(file).reply(t, scene.judged))
			}
			compare(t, told.withoutAccounts(), scene.within(t, nil, file, around).about(file).reply(t, scene.judged).withoutAccounts())
		})
	}
	if judged < 100 {
		t.Errorf("%d of %d scenes were judged, want nearly all", judged, len(all))
	}
	s.judgesAll(t, all, around)
}

// throughTheCommand says of how many scenes one is also checked by the command itself. It is odd, since every other scene is one with
// nothing to find.
const throughTheCommand = 7

// compare compares two replies. Of what is refused nobody sees what it would have become.
func compare(t *testing.T, told, checked reply) {
	t.Helper()
	checked.Warned = shortened(checked.Warned)
	told.Warned = asShort(told.Warned, checked.Warned)
	if told.Edited == nil || checked.Edited == nil {
		told.Edited, checked.Edited = nil, nil
	}
	if diff := cmp.Diff(told, checked, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-API server +check):\n%s", diff)
	}
}

// judgesAll has check judge all that is in the cluster, as it judges the same objects in files.
func (s *suite) judgesAll(t *testing.T, all []scene, others string) {
	t.Helper()
	ours := map[string]bool{}
	for _, scene := range all {
		ours[scene.namespace] = true
	}
	verdicts := func(report checkReport) map[string][]string {
		found := map[string][]string{}
		for _, object := range report.Objects {
			if ours[object.Namespace] && object.Verdict != "skip" {
				found[object.Kind+" "+object.Namespace+"/"+object.Name] = append([]string{object.Verdict}, object.rules()...)
			}
		}
		return found
	}
	want, got := verdicts(s.checks(t, "--cluster", others)), verdicts(s.checks(t, "--cluster"))
	if diff := cmp.Diff(want, got); diff != "" || len(got) < 10 {
		t.Errorf("%d objects (-in files +in the cluster):\n%s", len(got), diff)
	}
}

// TestCheckTellsWhatItMayNotRead to somebody with the rights of an application team, who gets an answer from the rest.
func TestCheckTellsWhatItMayNotRead(t *testing.T) {
	s := shared
	namespace := s.namespace(t, "flink-ha.dev/enforce=strict")
	s.apply(t, namespace, `
apiVersion: v1
kind: ServiceAccount
metadata: {name: viewer}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: nobody}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: viewer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: viewer, namespace: `+namespace+`}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data: {flink-conf.yaml: "parallelism.default: 2"}
`)
	file := writeText(t, "jobmanager.yaml", strings.Replace(jobManagerManifest, "NAME", "conf", 1))
	// The label and the ConfigMap are in the cluster alone, and make a strict rule refuse the Deployment.
	stdout, stderr, code := s.check(t, s.accountOf(t, namespace, "viewer"), "--cluster", "-v", file)
	if code != 1 || !strings.Contains(stdout, "high-availability-off") || !strings.Contains(stdout+stderr, "roles") {
		t.Errorf("as a viewer: got %d, want it refused, and to be told that roles may not be read\n%s%s", code, stdout, stderr)
	}
	stdout, stderr, code = s.check(t, s.accountOf(t, namespace, "nobody"), "--cluster", "-v", file)
	if code != 0 || !strings.Contains(stdout+stderr, "configmaps") {
		t.Errorf("as nobody: got %d, want nothing held against the file, and to be told what may not be read\n%s%s", code, stdout, stderr)
	}
	stdout, stderr, code = s.check(t, s.accountOf(t, namespace, "nobody"), "--cluster")
	if code != 2 || !strings.Contains(stderr, "configmaps is forbidden") {
		t.Errorf("as nobody, of the cluster: got %d, want no answer\n%s%s", code, stdout, stderr)
	}
}

func (s *suite) accountOf(t *testing.T, namespace, name string) (kubeconfig string) {
	t.Helper()
	kubeconfig, err := s.ServiceAccountKubeconfig(t.Context(), namespace, name)
	if err != nil {
		t.Fatal(err)
	}
	return kubeconfig
}

// jobManagerManifest reads its configuration from the ConfigMap NAME.
const jobManagerManifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: demo-jobmanager}
spec:
  selector: {matchLabels: {app: demo}}
  template:
    metadata: {labels: {app: demo}}
    spec:
      serviceAccountName: flink
      containers:
      - {name: jobmanager, image: "registry.example.com/flink:1.19", args: [jobmanager], volumeMounts: [{name: conf, mountPath: /opt/flink/conf}]}
      volumes: [{name: conf, configMap: {name: NAME}}]
`

func TestCheckSaysThatThereIsNoCluster(t *testing.T) {
	s := shared
	nowhere := writeText(t, "kubeconfig", `{apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}], contexts: [{name: c, context: {cluster: c}}]}`)
	stdout, stderr, code := s.check(t, nowhere, "--cluster")
	if code != 2 || stdout != "" || !strings.HasPrefix(stderr, "error: reading the cluster: ") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("got %d, %s%s, want one line that says so", code, stdout, stderr)
	}
}
