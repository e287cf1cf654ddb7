package flink

import "testing"

func TestVersionOfImage(t *testing.T) {
	cases := map[string]string{
		"flink:1.20":                             "1.20",
		"flink:1.20.1-scala_2.12-java17":         "1.20",
		"apache/flink:2.3.0":                     "2.3",
		"registry:5000/x/flink:2.0":              "2.0",
		"docker.io/library/flink:1.18@sha256:00": "1.18",
		"flink@sha256:00":                        "unknown",
		"flink":                                  "unknown",
		"flink:latest":                           "unknown",
		"flink:1":                                "unknown",
		"flink:1.20rc1x":                         "unknown",
		"flink:20.1":                             "unknown",
		"my-flink:1.20":                          "unknown",
		"registry:5000/flink-job":                "unknown",
		"":                                       "unknown",
	}
	for image, want := range cases {
		if got := VersionOfImage(image).String(); got != want {
			t.Errorf("%q: got %s, want %s", image, got, want)
		}
	}
}

func TestUnknownVersionIsNeverOlderOrNewer(t *testing.T) {
	var unknown Version
	if unknown.AtLeast(1, 0) || unknown.Before(99, 0) {
		t.Error("an unknown version must compare false with everything")
	}
}
