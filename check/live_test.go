package check_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// liveObjects is a cluster with some objects.
type liveObjects struct {
	objects    []string
	unread     map[string]error
	fails      error
	namespaces []string
}

func (l *liveObjects) Objects(_ context.Context, namespaces []string, take func([]byte) error) (map[string]error, error) {
	l.namespaces = namespaces
	for _, object := range l.objects {
		raw, err := yaml.YAMLToJSON([]byte(object))
		if err != nil {
			return nil, err
		}
		if err := take(raw); err != nil {
			return nil, err
		}
	}
	return l.unread, l.fails
}

func inTeam(object string) string {
	return strings.Replace(object, "metadata: {name: ", "metadata: {namespace: team, name: ", 1)
}

func TestAClusterSaysWhatTheFilesDoNot(t *testing.T) {
	off := strings.Replace(configMapOf("flink-config", "orders", ""), ": kubernetes\n", ": none\n", 1)
	live := &liveObjects{objects: []string{inTeam(off), inTeam(jobManagerOf("jobmanager", "flink-config", ""))}}
	inFolder(t, map[string]string{"jobmanager.yaml": jobManagerOf("jobmanager", "flink-config", "")})
	options := defaults()
	options.Live = live
	report := run(t, options, nil, "jobmanager.yaml")
	if !says(report, "jobmanager.yaml", "Deployment", "high-availability-off") {
		t.Errorf("got %v, want what the ConfigMap in the cluster says", found(report))
	}
	if report.Summary.Objects != 1 || len(report.Objects) != 1 {
		t.Errorf("got %+v, want the one object of the file", report.Summary)
	}
	if diff := cmp.Diff([]string{"team"}, live.namespaces); diff != "" {
		t.Errorf("the namespaces that were asked for differ (-want +got):\n%s", diff)
	}
	// What is in a file replaces what is in the cluster.
	inFolder(t, map[string]string{"jobmanager.yaml": jobManagerOf("jobmanager", "flink-config", ""), "config.yaml": configMapOf("flink-config", "orders", "")})
	if report = run(t, options, nil, "."); says(report, "jobmanager.yaml", "Deployment", "high-availability-off") {
		t.Errorf("got %v, although a file has another ConfigMap", found(report))
	}
}

func TestAClusterIsJudgedByItself(t *testing.T) {
	live := &liveObjects{objects: []string{
		inTeam(jobManagerOf("jobmanager", "flink-config", "")), faultyConfigMap, "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n",
		strings.ReplaceAll(faultyConfigMap, "namespace: team", "namespace: a-team"),
	}}
	options := defaults()
	options.Live, options.JudgeLive = live, true
	report := run(t, options, nil)
	var got []string
	for i := range report.Objects {
		object := &report.Objects[i]
		got = append(got, object.Namespace+" "+object.Kind+" "+object.Name+" "+string(object.Verdict))
		places := []manifest.Place{object.Place}
		for _, finding := range object.Findings {
			places = append(places, finding.Place)
		}
		for _, place := range places {
			if place != (manifest.Place{File: "cluster"}) {
				t.Errorf("%s: got the place %v, want the cluster and no line", object.Name, place)
			}
		}
	}
	want := []string{"a-team ConfigMap flink-config deny", "team ConfigMap flink-config deny", "team Deployment jobmanager warn"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the objects differ (-want +got):\n%s", diff)
	}
	if report.Summary.Objects != 4 || report.Summary.Skip != 1 {
		t.Errorf("got %+v", report.Summary)
	}
	// What a file replaces is not there.
	inFolder(t, map[string]string{"f.yaml": strings.Replace(faultyConfigMap, "kubernets", "kubernetes", 1)})
	together := run(t, options, nil, ".")
	if together.Summary.Objects != 4 || together.Summary.Deny != 1 || len(together.Objects) != 3 {
		t.Errorf("with a file: got %+v, want one ConfigMap in place of the other", together.Summary)
	}
	// The order of a cluster means nothing.
	slices.Reverse(live.objects)
	if diff := cmp.Diff(said(report), said(run(t, options, nil))); diff != "" {
		t.Errorf("in another order something else is said (-first +now):\n%s", diff)
	}
}

func TestWhatAClusterLacksIsMissing(t *testing.T) {
	inFolder(t, map[string]string{"f.yaml": configMapOf("flink-config", "orders", "") + "---\n" + jobManagerOf("jobmanager", "flink-config", "")})
	options := defaults()
	if report := run(t, options, nil, "."); says(report, "f.yaml", "Deployment", rightsMissing) {
		t.Errorf("without a cluster: got %v, although rights are not known", found(report))
	}
	live := &liveObjects{}
	options.Live = live
	if report := run(t, options, nil, "."); !says(report, "f.yaml", "Deployment", rightsMissing) && !says(report, "f.yaml", "Deployment", "service-account-missing") {
		t.Errorf("with a cluster: got %v, want what the account lacks", found(report))
	}
	live.unread = map[string]error{"rolebindings": errors.New("forbidden"), "configmaps": errors.New("forbidden")}
	options.WithUnknown = true
	report := run(t, options, nil, ".")
	if says(report, "f.yaml", "Deployment", rightsMissing) || says(report, "f.yaml", "Deployment", "service-account-missing") {
		t.Errorf("without the right to read bindings: got %v, although rights are not known", found(report))
	}
	want := []check.Remark{{Place: manifest.Place{File: "cluster"}, Text: "configmaps could not be read: forbidden"}, {Place: manifest.Place{File: "cluster"}, Text: "rolebindings could not be read: forbidden"}}
	if diff := cmp.Diff(want, report.Left); diff != "" {
		t.Errorf("what was left differs (-want +got):\n%s", diff)
	}
	if last := report.Objects[len(report.Objects)-1]; !slices.Contains(last.Unknown, `what its account "flink" may do is not known, since rolebindings of the cluster could not be read`) {
		t.Errorf("got the questions %q", last.Unknown)
	}
}

func TestAClusterThatDoesNotAnswerIsAnError(t *testing.T) {
	options := defaults()
	options.Live = &liveObjects{fails: errors.New("connection refused")}
	if _, err := check.Run(context.Background(), nil, nil, options); err == nil || err.Error() != "connection refused" {
		t.Errorf("got the error %v, want that of the cluster", err)
	}
}
