package inventory

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func replaceIn(text string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(text)
}

func TestSiblings(t *testing.T) {
	const unlabelled = "labels: {}"
	cases := map[string]struct {
		jobManager, taskManager []string
		unseen                  bool // the inventory has no ConfigMap
		want                    bool
	}{
		"one ConfigMap, one label":                {want: true},
		"one ConfigMap":                           {jobManager: []string{"labels: {app: flink, component: jobmanager}", unlabelled}, want: true},
		"one ConfigMap that was not seen":         {jobManager: []string{"labels: {app: flink, component: jobmanager}", unlabelled}, unseen: true, want: true},
		"one label":                               {jobManager: []string{"flink-config", "of-job-manager"}, want: true},
		"other labels, other ConfigMaps":          {jobManager: []string{"flink-config", "other", "app: flink", "app: other"}},
		"another namespace":                       {jobManager: []string{"namespace: team", "namespace: other"}},
		"one release":                             {jobManager: []string{"flink-config", "other", "app: flink", "app.kubernetes.io/instance: a"}, taskManager: []string{"app: flink", "app.kubernetes.io/instance: a"}, want: true},
		"two releases with one label":             {jobManager: []string{"app: flink", "app: flink, app.kubernetes.io/instance: a"}, taskManager: []string{"app: flink", "app: flink, app.kubernetes.io/instance: b"}},
		"a common ConfigMap without Flink's":      {jobManager: []string{"flink-config", "logging", "app: flink", "app: a", "/opt/flink/conf", "/etc/logging"}, taskManager: []string{"flink-config", "logging", "/opt/flink/conf", "/etc/logging"}},
		"what is no process, with one label":      {taskManager: []string{"args: [taskmanager]", "args: [history-server]"}},
		"one release, of which one is unlabelled": {jobManager: []string{"app: flink", "app: flink, app.kubernetes.io/instance: a"}, want: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			jobManager, taskManager := memberOf(t, replaceIn(sessionJobManager, tc.jobManager...)), memberOf(t, replaceIn(sessionTaskManager, tc.taskManager...))
			known := New()
			if !tc.unseen {
				known.SetConfigMap(configMap(team, "flink-config", "config.yaml", sessionConfiguration), at(0))
			}
			known.SetMember(taskManager, at(0))
			for _, there := range []string{"not seen yet", "seen"} {
				want := []string{}
				if tc.want {
					want = append(want, "team/Deployment/flink-taskmanager")
				}
				if diff := cmp.Diff(want, names(known.Siblings(jobManager))); diff != "" {
					t.Errorf("%s (-want,+got):\n%s", there, diff)
				}
				known.SetMember(jobManager, at(0))
			}
		})
	}
}

func TestAResourceHasNoSiblings(t *testing.T) {
	known := New()
	known.SetMember(memberOf(t, sessionJobManager), at(0))
	if got := known.Siblings(resourceOf(t, flinkDeployment)); len(got) > 0 {
		t.Errorf("got %v", names(got))
	}
}
