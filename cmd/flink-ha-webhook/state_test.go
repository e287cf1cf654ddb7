package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
)

var surveyed = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// live, led, orphan, young and unknown are clusters of all uses.
func someClusters() []survey.Cluster {
	day := 24 * time.Hour
	return []survey.Cluster{
		{
			Namespace: "a", ID: "busy", Use: survey.Live, Reason: "FlinkDeployment busy is there", User: &survey.Object{Kind: "FlinkDeployment", Namespace: "a", Name: "busy"},
			LastUsed: surveyed, Leader: &survey.Leader{Address: "http://10.0.0.1:8081\x1b[2J", Renewed: surveyed.Add(3 * time.Second), Held: true},
			Jobs:         []survey.Job{{ID: "1", Graph: true, Checkpoint: &survey.Checkpoint{ID: 42}}, {ID: "2"}, {ID: "3"}, {ID: "4"}},
			StoragePaths: []string{"s3://bucket/ha"},
			ConfigMaps: []survey.ConfigMap{{
				Name: "live-cluster-config-map", Kind: hastate.KindCluster, Tracking: []string{"app.kubernetes.io/instance=prod"},
				Owners: []survey.Owner{{Kind: "Deployment", Name: "jm", Presence: survey.Present}, {Kind: "Deployment", Name: "old", Presence: survey.Absent}},
			}},
		},
		{Namespace: "a", ID: "away", Use: survey.Led, Reason: "its leader renews", LastUsed: surveyed, Leader: &survey.Leader{Holder: "jm-1", Renewed: surveyed, Held: true}},
		{
			Namespace: "b", ID: "orphan", Use: survey.Orphaned, Reason: "nobody leads", LastUsed: surveyed.Add(-30 * day), StoragePaths: []string{"s3://bucket/ha/orphan"},
			ConfigMaps: []survey.ConfigMap{{Name: "orphan-cluster-config-map"}, {Name: "orphan-1-config-map"}}, Jobs: []survey.Job{{ID: "1", Checkpoint: &survey.Checkpoint{ID: 7}}},
		},
		{Namespace: "b", ID: "bare", Use: survey.Orphaned, LastUsed: surveyed.Add(-8 * day), ConfigMaps: []survey.ConfigMap{{Name: "bare-cluster-config-map"}}},
		{Namespace: "b", ID: "young", Use: survey.Orphaned, Reason: "nobody leads", LastUsed: surveyed.Add(-day)},
		{Namespace: "b", ID: "unknown", Use: survey.Unknown, Reason: "nobody leads, and deployments were not read", LastUsed: surveyed.Add(-30 * day)},
	}
}

func TestTheTableOfHAState(t *testing.T) {
	want := strings.TrimPrefix(`
NAMESPACE   CLUSTER   USE        USER                   JOBS   CHECKPOINT   RENEWED   OWNERS                              STORAGE
a           busy      live       FlinkDeployment/busy   4      42,-,-,…     0s        Deployment/jm,Deployment/old(absent)   s3://bucket/ha
a           away      led        -                      0      -            0s        -                                   -
b           orphan    orphaned   -                      1      7            -         -                                   s3://bucket/ha/orphan
`, "\n")
	got := stateTable(someClusters()[:3], surveyed, true, false)
	if squeeze(got) != squeeze(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wide := stateTable(someClusters()[:2], surveyed, false, true)
	if strings.Contains(wide, "NAMESPACE") || strings.Contains(wide, "\x1b") {
		t.Errorf("got a namespace or a control character:\n%s", wide)
	}
	for _, part := range []string{"app.kubernetes.io/instance", "FlinkDeployment busy is there", "http://10.0.0.1:8081", "jm-1"} {
		if !strings.Contains(wide, part) {
			t.Errorf("got no %q:\n%s", part, wide)
		}
	}
	if rows := strings.Count(wide, "\n"); rows != 1+4+1 {
		t.Errorf("got %d lines, want a row for each job and one for a cluster without jobs:\n%s", rows, wide)
	}
}

// squeeze makes one blank of several.
func squeeze(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.Fields(line), " ")
	}
	return strings.Join(lines, "\n")
}

func TestThePlanOfGC(t *testing.T) {
	for sentence, tc := range map[string]struct {
		ids           []string
		doomed, stays []string
		refused       bool
	}{
		"all that is orphaned and old":   {doomed: []string{"orphan", "bare"}, stays: []string{"young", "unknown"}},
		"one by its id":                  {ids: []string{"orphan"}, doomed: []string{"orphan"}},
		"one that is live":               {ids: []string{"busy", "bare"}, doomed: []string{"bare"}, stays: []string{"busy"}, refused: true},
		"one that is led":                {ids: []string{"away"}, stays: []string{"away"}, refused: true},
		"one of which nothing is known":  {ids: []string{"unknown"}, stays: []string{"unknown"}, refused: true},
		"one that is not old enough yet": {ids: []string{"young"}, stays: []string{"young"}, refused: true},
	} {
		t.Run(sentence, func(t *testing.T) {
			plan, err := planGC(&survey.Survey{Taken: surveyed, Clusters: someClusters()}, tc.ids, defaultAge)
			if err != nil {
				t.Fatal(err)
			}
			var doomed, stays []string
			for _, c := range plan.doomed {
				doomed = append(doomed, c.ID)
			}
			for _, c := range plan.spared {
				stays = append(stays, c.ID)
			}
			if strings.Join(doomed, " ") != strings.Join(tc.doomed, " ") || strings.Join(stays, " ") != strings.Join(tc.stays, " ") {
				t.Errorf("got %q deleted and %q kept, want %q and %q", doomed, stays, tc.doomed, tc.stays)
			}
			if (plan.refused() != nil) != tc.refused {
				t.Errorf("got %v", plan.refused())
			}
		})
	}
	if _, err := planGC(&survey.Survey{Clusters: someClusters()}, []string{"none"}, 0); err == nil {
		t.Error("a cluster that is not there is planned for")
	}
}

func TestTheTextOfGC(t *testing.T) {
	plan, err := planGC(&survey.Survey{Taken: surveyed, Clusters: someClusters()}, nil, defaultAge)
	if err != nil {
		t.Fatal(err)
	}
	text := plan.text(true) + plan.storageText(plan.doomed)
	for _, part := range []string{
		"b orphan 30d 2 1 7 s3://bucket/ha/orphan\n", "b/young: last used 24h ago, less than 168h0m0s\n", "b/unknown: unknown: nobody leads, and deployments were not read\n",
		"left to clean in storage, once the ConfigMaps are gone; nothing else was seen to keep data there:\ns3://bucket/ha/orphan\n", "not known:\nb/bare\n",
	} {
		if !strings.Contains(squeeze(text), part) {
			t.Errorf("got no %q:\n%s", part, text)
		}
	}
	if plan.size() != "3 ConfigMaps of 2 clusters" {
		t.Errorf("got %q", plan.size())
	}
	if nothing := (&gcPlan{found: &survey.Survey{}}).text(true); !strings.Contains(nothing, "there is no HA state to delete") {
		t.Errorf("got %q", nothing)
	}
}

// TestNobodyIsAskedWithoutATerminal: a pipe that happens to say yes is nobody.
func TestNobodyIsAskedWithoutATerminal(t *testing.T) {
	if ok, err := confirm(strings.NewReader("yes\n"), &bytes.Buffer{}, "Delete?"); ok || !errors.Is(err, errNobodyToAsk) {
		t.Errorf("got %t, %v", ok, err)
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if ok, err := confirm(null, &bytes.Buffer{}, "Delete?"); ok || !errors.Is(err, errNobodyToAsk) {
		t.Errorf("got %t, %v from %s", ok, err, os.DevNull)
	}
}

func TestAnswers(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, "Yes\r\n": true, "\n": false, "n\n": false, "yesterday\n": false} {
		var out bytes.Buffer
		if ok, err := ask(strings.NewReader(answer), &out, "Delete?"); ok != want || err != nil || out.String() != "Delete? [y/N] " {
			t.Errorf("%q: got %t, %v, asking %q", answer, ok, err, &out)
		}
	}
}

// TestStateWithoutAnAnswer asks an API server that has none.
func TestStateWithoutAnAnswer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	kubeconfig := filepath.Join(t.TempDir(), "config")
	text := "{apiVersion: v1, kind: Config, current-context: x, clusters: [{name: x, cluster: {server: '" + server.URL + "'}}], contexts: [{name: x, context: {cluster: x, namespace: here}}]}"
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for sentence, arguments := range map[string][]string{
		"an API server that has none": {"list"},
		"gc of it":                    {"gc"},
		"a form that there is not":    {"list", "-o", "xml"},
		"an age below zero":           {"gc", "--older-than", "-1h"},
		"contradictory namespaces":    {"list", "-A", "-n", "x"},
		"all, and no other":           {"gc", "-A", "--ignore-other-namespaces"},
		"another context":             {"list", "--context", "none"},
		"no such file":                {"list", "--kubeconfig", kubeconfig + ".none"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), append([]string{"state", arguments[0], "--kubeconfig", kubeconfig}, arguments[1:]...), &stdout, &stderr)
			if code != offline.ExitUnanswered || !strings.HasPrefix(stderr.String(), "error: ") || stdout.Len() > 0 {
				t.Errorf("got %d\nstdout: %s\nstderr: %s", code, &stdout, &stderr)
			}
		})
	}
}

func TestKubectlsNameInTheHelp(t *testing.T) {
	if !isPlugin("/usr/local/bin/kubectl-flink_ha") || !isPlugin("kubectl-flink_ha.exe") || isPlugin("/usr/bin/flink-ha-webhook") {
		t.Error("the plugin is not known by its name")
	}
	command := newCommand()
	speakAsPlugin(command)
	var out bytes.Buffer
	command.SetOut(&out)
	command.SetArgs([]string{"state", "list", "--help"})
	if err := command.Execute(); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "  kubectl flink-ha state list [flags]") || !strings.Contains(text, "  kubectl flink-ha state list -A -o wide") || strings.Contains(text, programName+" ") {
		t.Errorf("got\n%s", text)
	}
}
