package validation

import "testing"

const multipleElection = "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory"

func TestHighAvailabilityTypeInvalid(t *testing.T) {
	testRule(t, "high-availability-type-invalid", map[string]ruleCase{
		"a misspelt mode": {
			subject: cluster("high-availability.type: kubernets"),
			want:    []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "kubernets"; Flink takes it for the name of a class and does not start; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`},
		},
		"quotes": {
			subject: cluster(`high-availability: "kubernetes"`),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "\"kubernetes\"" (the quotes are part of the value); ` +
				`Flink does not start; needs kubernetes or zookeeper; fix: high-availability: kubernetes`},
		},
		"the short name in 1.15": {
			subject: with(cluster("high-availability: Kubernetes"), version(1, 15)),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "Kubernetes" (the short name came with Flink 1.16); ` +
				`Flink does not start; needs zookeeper or the class of Kubernetes high availability; fix: high-availability: ` + operatorsFactory},
		},
		"the class of 1.15 to 1.17 in 1.18": {
			subject: with(cluster("high-availability.type: "+multipleElection), version(1, 18)),
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "` + multipleElection + `" (Flink has this class from 1.15 to 1.17); ` +
				`Flink does not start; needs kubernetes or zookeeper; fix: high-availability.type: kubernetes`},
		},
		"that class in 1.14": {
			subject: with(cluster("high-availability: "+multipleElection), version(1, 14)),
			want: []string{`data["flink-conf.yaml"]:1:20: high-availability is "` + multipleElection + `" (Flink has this class from 1.15 to 1.17); ` +
				`Flink does not start; needs zookeeper or the class of Kubernetes high availability; fix: high-availability: ` + operatorsFactory},
		},
		"ZooKeeper in quotes": {
			subject: cluster("high-availability.type: 'zookeeper'"),
			want: []string{`data["flink-conf.yaml"]:1:25: high-availability.type is "'zookeeper'" (the quotes are part of the value); ` +
				`Flink does not start; needs kubernetes or zookeeper; fix: high-availability.type: zookeeper`},
		},
		"that class in 1.16":       {subject: with(cluster("high-availability: "+multipleElection), version(1, 16))},
		"the short name in 1.16":   {subject: with(cluster("high-availability: kubernetes"), version(1, 16))},
		"something may replace it": {subject: cluster("high-availability.type: ${MODE}")},
		"its value is not known":   {subject: with(cluster("high-availability.type: kubernets"), unknownLast)},
		"the version is not known": {subject: cluster("high-availability: " + multipleElection)},
		"quotes in YAML are none":  {subject: standard(`high-availability.type: "kubernetes"`)},
		"a class":                  {subject: cluster("high-availability.type: com.example.Factory")},
	})
}
