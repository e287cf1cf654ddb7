package inventory

import (
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func TestIdentityOf(t *testing.T) {
	version := flink.Version{Major: 1, Minor: 20}
	cases := map[string]struct {
		text string
		want Identity
	}{
		"Kubernetes": {
			"high-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha/\nhigh-availability.cluster-id: a\nkubernetes.cluster-id: b\nkubernetes.namespace: ns\n",
			Identity{flink.ModeKubernetes, "ns", "b", "s3://b/ha/a"},
		},
		"the defaults of Flink": {
			"high-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha\nkubernetes.cluster-id: b\n",
			Identity{flink.ModeKubernetes, "default", "b", "s3://b/ha/default"},
		},
		"ZooKeeper": {
			"high-availability: zookeeper\nhigh-availability.storageDir: s3://b/ha\n",
			Identity{flink.ModeZooKeeper, "default", "", "s3://b/ha/default"},
		},
		"none, with a directory that nobody reads": {
			"high-availability.storageDir: s3://b/ha\nkubernetes.cluster-id: b\n",
			Identity{flink.ModeNone, "default", "b", ""},
		},
		"a factory of somebody's": {
			"high-availability.type: org.example.Factory\nhigh-availability.storageDir: s3://b/ha\n",
			Identity{flink.ModeCustom, "default", "", ""},
		},
		"what something will replace": {
			"high-availability.type: kubernetes\nhigh-availability.storageDir: s3://${B}/ha\nkubernetes.cluster-id: $ID\nkubernetes.namespace: '{{ns}}'\n",
			Identity{flink.ModeKubernetes, "", "", ""},
		},
		"a directory that is refused": {
			"high-availability.type: kubernetes\nhigh-availability.storageDir: 's3:'\n",
			Identity{flink.ModeKubernetes, "default", "", ""},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := IdentityOf(flink.LoadLegacy(tc.text, "x"), version); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
	gap := flink.Configuration{Gaps: []flink.Gap{{Reason: "it is in a Secret"}}}
	if got := IdentityOf(gap, version); got != (Identity{Mode: flink.ModeUnknown}) {
		t.Errorf("got %+v, want nothing to be known", got)
	}
}

func TestBaseName(t *testing.T) {
	cases := []struct{ kind, name, want string }{
		{"ConfigMap", "flink-config", "flink-config"},
		{"ConfigMap", "flink-config-7b8mt5d2gk", "flink-config"},
		{"ConfigMap", "flink-config-bghkmbcdtf", "flink-config"},
		{"ConfigMap", "flink-config-0123abcd", "flink-config"},
		{"ConfigMap", "flink-config-3f9a1c02d", "flink-config"},
		{"ConfigMap", "flink-config-3f9a1c02de", "flink-config"},
		{"ConfigMap", "flink-config-20260101", "flink-config"},
		{"ConfigMap", "flink-jobmanager", "flink-jobmanager"},
		{"Deployment", "flink-feedface", "flink-feedface"},
		{"ConfigMap", "flink-kx7qz", "flink-kx7qz"},
		{"Job", "flink-kx7qz", "flink"},
		{"Job", "ingest-kafka", "ingest-kafka"},
		{"Job", "ingest-redis", "ingest-redis"},
		{"Job", "-kx7qz", "-kx7qz"},
		{"Job", "", ""},
	}
	for _, tc := range cases {
		if got := baseName(tc.kind, tc.name); got != tc.want {
			t.Errorf("%s %s: got %q, want %q", tc.kind, tc.name, got, tc.want)
		}
	}
}
