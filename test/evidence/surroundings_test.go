package evidence

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/test/flink"
)

// noToken is about a pod into which no token is mounted: the API server takes its JobManager for anybody.
func noToken(t *testing.T) []trial {
	t.Helper()
	const rule = "service-account-token-not-mounted"
	address, err := url.Parse(shared.RESTConfig().Host)
	if err != nil {
		t.Fatal(err)
	}
	inPod := func(token string) start {
		given := session(kubernetesMode + storageDir + clusterID)
		given.program.Common = slices.DeleteFunc(given.program.Common, func(argument string) bool {
			return strings.HasPrefix(argument, "-Dkubernetes.config.file=")
		})
		// Kubernetes sets the first two in every container. The CA comes with the token, so it is done without here.
		given.variables = map[string]string{
			"KUBERNETES_SERVICE_HOST": address.Hostname(), "KUBERNETES_SERVICE_PORT": address.Port(), "KUBERNETES_TRUST_CERTIFICATES": "true",
		}
		if token != "" {
			given.variables["KUBERNETES_AUTH_TOKEN"] = token
		}
		return given
	}
	anonymous := dies("Could not create the ha services", `configmaps "demo-cluster-config-map" is forbidden: User "system:anonymous" cannot`)
	var trials []trial
	for _, of := range []flink.Release{flink.Release118, flink.Release23} {
		trials = append(trials, trial{
			rule: rule, release: of, what: "no token",
			wrong: inPod(""), fails: anonymous,
			right: inPod(shared.RESTConfig().BearerToken), works: leads(leaderState),
		})
	}
	return trials
}

// electionTimings is about the three options of the leader election.
func electionTimings() []trial {
	const rule = "leader-election-timing"
	const whole = kubernetesMode + storageDir + clusterID
	var trials []trial
	for _, tc := range []struct {
		release flink.Release
		option  string
	}{
		{flink.Release118, "lease-duration"}, {flink.Release118, "retry-period"}, {flink.Release23, "lease-duration"}, {flink.Release23, "renew-deadline"},
	} {
		key := "high-availability.kubernetes.leader-election." + tc.option
		trials = append(trials, trial{
			rule: rule, release: tc.release, what: tc.option,
			wrong: session(whole + key + ": soon\n"), fails: dies("Could not parse value 'soon' for key '" + key + "'."),
			right: session(whole + key + ": 5 s\n"), works: leads(leaderState),
		})
	}
	return trials
}
