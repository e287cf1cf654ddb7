package flink

import "testing"

func TestPathsInConfigMapsArePartedAsTheyAreMade(t *testing.T) {
	at := InConfigMap("flink-config", `data["a b.yaml"]`)
	name, inside, ok := CutConfigMap(at)
	if name != "flink-config" || inside != `data["a b.yaml"]` || !ok {
		t.Errorf("%s: got %q, %q, %t", at, name, inside, ok)
	}
	for _, own := range []string{`data["config.yaml"]`, "spec.template", "configMap", "configMap x"} {
		if name, inside, ok := CutConfigMap(own); ok {
			t.Errorf("%s: got %q and %q", own, name, inside)
		}
	}
}

func TestLoaderAt(t *testing.T) {
	for at, want := range map[string]Loader{
		`data["config.yaml"]`: LoaderStandard, InConfigMap("c", `data["flink-conf.yaml"]`): LoaderLegacy, "conf/config.yaml": LoaderStandard,
		`data["other.yaml"]`: "", "spec.flinkConfiguration": "",
	} {
		if got, ok := LoaderAt(at); got != want || ok != (want != "") {
			t.Errorf("%s: got %q and %t, want %q", at, got, ok, want)
		}
	}
}
