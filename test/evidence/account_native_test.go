package evidence

import (
	"regexp"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// TestANativeClusterIsGivenAnAccount has Flink's native client create a cluster, and starts the cluster's JobManager from the
// configuration that came of it, with a token of the injected account. Nothing here runs the pods that it then makes.
func TestANativeClusterIsGivenAnAccount(t *testing.T) {
	s := shared
	for _, of := range clientReleases() {
		t.Run(string(of), func(t *testing.T) {
			t.Parallel()
			namespace := s.namespace(t)
			s.try(t, namespace, of, client(kubernetesMode+storageDir), creates(cluster("demo", true)))
			if got := s.accountOf(t, namespace, "demo"); got != [2]string{injected, injected} {
				t.Errorf("the Deployment has the accounts %q, want %s", got, injected)
			}
			s.awaitRights(t, namespace, needs(t, of, workload.RoleJobManager, true))
			s.awaitRights(t, namespace, needs(t, of, workload.RoleTaskManager, true))
			made, err := s.client.CoreV1().ConfigMaps(namespace).Get(t.Context(), "flink-config-demo", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			s.makesTaskManagers(t, namespace, of, made.Data[of.File()])
		})
	}
}

// makesTaskManagers starts a native JobManager, submits a job and looks at the pods that it asks the API server for.
func (s *suite) makesTaskManagers(t *testing.T, namespace string, of flink.Release, configuration string) {
	t.Helper()
	<-s.free
	defer func() { s.free <- struct{}{} }()
	leader := s.under(t, t.TempDir(), namespace, injected, of, start{
		program: flink.NativeJobManager(), text: configuration, variables: map[string]string{"_POD_IP_ADDRESS": "127.0.0.1"},
	})
	submit(t, of, restPort(t, leader))
	var pods []corev1.Pod
	eventually(t, "the JobManager makes a TaskManager", func() bool {
		list, err := s.client.CoreV1().Pods(namespace).List(t.Context(), metav1.ListOptions{LabelSelector: "component=taskmanager"})
		if err != nil {
			t.Fatal(err)
		}
		pods = list.Items
		if _, ended := leader.Exit(); ended {
			t.Fatalf("the JobManager has ended:\n%s", flink.Problems(leader.said(t)))
		}
		return len(pods) > 0
	})
	if got := pods[0].Spec.ServiceAccountName; got != injected {
		t.Errorf("the TaskManager has the account %q, want %s", got, injected)
	}
	// What GlobalConfiguration, Flink's own reader, says of the file that the guard edited.
	read := regexp.MustCompile(`Loading configuration property: kubernetes\.(taskmanager\.)?service-account, ` + injected + `\n`)
	if missing := unsaid(leader.said(t), []*regexp.Regexp{read}); len(missing) > 0 {
		t.Errorf("the JobManager does not say %q", missing)
	}
}
