package flink

import (
	"strings"
	"testing"
)

func TestVersionOfImage(t *testing.T) {
	cases := map[string]string{
		"flink:1.20":                             "1.20",
		"flink:1.20.1-scala_2.12-java17":         "1.20.1",
		"flink:1.18.0":                           "1.18.0",
		"flink:v1.20.2":                          "1.20.2",
		"apache/flink:2.3.0":                     "2.3.0",
		"registry:5000/x/flink:2.0":              "2.0",
		"registry:5000/x/flink":                  "unknown",
		"docker.io/library/flink:1.18@sha256:00": "1.18",
		"flink:2.1.0-java17@sha256:" + strings.Repeat("0", 64): "2.1.0",
		"flink@sha256:00":                        "unknown",
		"flink":                                  "unknown",
		"flink:latest":                           "unknown",
		"flink:1":                                "unknown",
		"flink:1.20-stream-scala_2.12":           "1.20",
		"flink:2.0-SNAPSHOT":                     "2.0",
		"flink:1.20rc1x":                         "unknown",
		"flink:20.1":                             "unknown",
		"flink:1.25":                             "unknown", // 2.0 came after 1.20
		"flink:3.0":                              "unknown",
		"flink:1.9.1":                            "1.9.1",
		"registry.example.com/team/flink:1.0.3":  "unknown", // the releases of a team's own image begin there
		"registry.example.com/team/flink:1.17.2": "1.17.2",
		"flink:2024.1":                           "unknown",
		"my-flink:1.20":                          "unknown",
		"flink/my-job:1.20":                      "unknown",
		"ghcr.io/apache/flink-kubernetes-operator:1": "unknown",
		"registry:5000/flink-job":                    "unknown",
		"":                                           "unknown",
		":":                                          "unknown",
		"@":                                          "unknown",
	}
	for image, want := range cases {
		if got := VersionOfImage(image).String(); got != want {
			t.Errorf("%q: got %s, want %s", image, got, want)
		}
	}
}

func TestIsOfficialImage(t *testing.T) {
	cases := map[string]bool{
		"flink": true, "flink:1.20": true, "library/flink@sha256:00": true, "docker.io/apache/flink:2.0": true,
		"registry:5000/flink:1.20": false, "apache/flink-kubernetes-operator": false, "quay.io/apache/flink": false, "": false,
	}
	for image, want := range cases {
		if got := IsOfficialImage(image); got != want {
			t.Errorf("%q: got %t", image, got)
		}
	}
}

func TestVersionOfOperator(t *testing.T) {
	cases := map[string]string{
		"v1_20": "1.20", "v1_13": "1.13", "v2_0": "2.0", "v2_4": "2.4",
		"v1.17": "unknown", "1_17": "unknown", "V1_17": "unknown", "v1_25": "unknown", "v2_00": "unknown", "v1_017": "unknown", "v3_0": "unknown", "": "unknown",
	}
	for text, want := range cases {
		if got := VersionOfOperator(text).String(); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

func TestVersionOfLabels(t *testing.T) {
	cases := map[string]struct{ name, version, want string }{
		"Flink's":                        {"flink", "1.20.1", "1.20.1"},
		"the version of another program": {"my-job", "1.20.1", "unknown"},
		"nobody's":                       {"", "1.20.1", "unknown"},
		"the releases of a chart":        {"flink", "0.3.0", "unknown"},
		"a program's own first release":  {"flink", "1.0.0", "unknown"},
		"no version":                     {"flink", "latest", "unknown"},
	}
	for name, tc := range cases {
		if got := VersionOfLabels(map[string]string{labelName: tc.name, labelVersion: tc.version}).String(); got != tc.want {
			t.Errorf("%s: got %s, want %s", name, got, tc.want)
		}
	}
}

func TestParseVersion(t *testing.T) {
	cases := map[string]struct{ want, wantErr string }{
		"1.20":                  {want: "1.20"},
		"1.18.0":                {want: "1.18.0"},
		"v2.3":                  {want: "2.3"},
		"v1_20":                 {want: "1.20"},
		"1.21":                  {wantErr: "there is no Flink 1.21"},
		"3.0":                   {wantErr: "there is no Flink 3.0"},
		"1":                     {wantErr: "write major.minor"},
		"latest":                {wantErr: `"latest" is not a version of Flink`},
		"":                      {wantErr: `"" is not a version of Flink`},
		"1.20-java17":           {wantErr: "write major.minor"},
		" 1.20":                 {wantErr: "write major.minor"}, //nolint:gocritic // the blank is the case
		strings.Repeat("1", 99): {wantErr: "…"},
	}
	for text, tc := range cases {
		got, err := ParseVersion(text)
		switch {
		case tc.wantErr != "":
			if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
				t.Errorf("%q: got %v, want an error with %q", text, err, tc.wantErr)
			}
		case err != nil || got.String() != tc.want:
			t.Errorf("%q: got %s, %v, want %s", text, got, err, tc.want)
		}
	}
}

// TestComparisonsAreTrueOnlyWhereCertain compares each kind of version with 1.19 in both directions.
func TestComparisonsAreTrueOnlyWhereCertain(t *testing.T) {
	both, _ := VersionFrom(1, 15).And(VersionBefore(2, 0))
	cases := map[string]struct {
		version         Version
		atLeast, before bool
	}{
		"unknown":             {version: Version{}},
		"older":               {version: Version{Major: 1, Minor: 18}, before: true},
		"the same":            {version: Version{Major: 1, Minor: 19}, atLeast: true},
		"newer":               {version: Release(2, 0, 1), atLeast: true},
		"from 1.18":           {version: VersionFrom(1, 18)},
		"from 1.19":           {version: VersionFrom(1, 19), atLeast: true},
		"from 2.0":            {version: VersionFrom(2, 0), atLeast: true},
		"before 1.19":         {version: VersionBefore(1, 19), before: true},
		"before 1.18":         {version: VersionBefore(1, 18), before: true},
		"before 2.0":          {version: VersionBefore(2, 0)},
		"from 1.15 up to 2.0": {version: both},
	}
	for name, tc := range cases {
		if got := tc.version.AtLeast(1, 19); got != tc.atLeast {
			t.Errorf("%s: at least 1.19: got %t", name, got)
		}
		if got := tc.version.Before(1, 19); got != tc.before {
			t.Errorf("%s: before 1.19: got %t", name, got)
		}
		if tc.version.AtLeast(1, 15) && tc.version.Before(1, 15) {
			t.Errorf("%s: cannot be both", name)
		}
	}
}

func TestAnd(t *testing.T) {
	cases := map[string]struct {
		a, b Version
		want string // "" for a contradiction
	}{
		"the files of both names":     {VersionOfFile(LegacyFile), VersionOfFile(StandardFile), "1.19 to before 2.0"},
		"an image and its file":       {Release(1, 20, 1), VersionOfFile(StandardFile), "1.20.1"},
		"an image and a foreign file": {Release(2, 0, 0), VersionOfFile(LegacyFile), ""},
		"an image and nothing":        {Release(2, 0, 0), Version{}, "2.0.0"},
		"nothing":                     {Version{}, Version{}, "unknown"},
		"a line and its patch level":  {Version{Major: 1, Minor: 20}, Release(1, 20, 3), "1.20.3"},
		"two patch levels":            {Release(1, 20, 1), Release(1, 20, 3), ""},
		"two lines":                   {Version{Major: 1, Minor: 20}, Version{Major: 1, Minor: 19}, ""},
		"two lower bounds":            {VersionFrom(1, 17), VersionFrom(1, 19), "1.19 or later"},
		"two upper bounds":            {VersionBefore(1, 17), VersionBefore(2, 0), "before 1.17"},
		"an empty range":              {VersionBefore(1, 17), VersionFrom(1, 17), ""},
	}
	for name, tc := range cases {
		for _, pair := range [][2]Version{{tc.a, tc.b}, {tc.b, tc.a}} {
			got, ok := pair[0].And(pair[1])
			if ok != (tc.want != "") || ok && got.String() != tc.want {
				t.Errorf("%s: got %s, %t, want %q", name, got, ok, tc.want)
			}
		}
	}
}

func TestPatch(t *testing.T) {
	if patch, ok := Release(1, 18, 0).Patch(); patch != 0 || !ok {
		t.Errorf("1.18.0: got %d, %t", patch, ok)
	}
	if _, ok := (Version{Major: 1, Minor: 18}).Patch(); ok {
		t.Error("1.18: the patch level is not known")
	}
	if (Version{Major: 1, Minor: 18}) == Release(1, 18, 0) {
		t.Error("an unknown patch level is not 0")
	}
}
