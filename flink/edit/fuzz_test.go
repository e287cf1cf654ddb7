package edit

import (
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// FuzzEdit edits anything: an edit is right or refused, and nothing panics.
func FuzzEdit(f *testing.F) {
	f.Add("# c\nhigh-availability:\n  type: kubernetes # d\n", "high-availability.storageDir", "s3://b/ha", true)
	f.Add("a: &x {b: 1, c: [x, y]}\nd: *x\ne: |+\n  text\n\n", "a.b", "0123", true)
	f.Add("%YAML 1.2\n--- # c\na:\n- b\n...\n", "a", "x: y", true)
	f.Add("a: {\n  b: 1, # c\n  d: !!str 2\n}", "a.d", "", true)
	f.Add("a:\r\n  b:\r\n", "a.b.c", "x\ny", true)
	f.Add("? a\n: b\n? c\n", "c", "?", true)
	f.Add("{}", "a.b", "{x", true)
	f.Add("\ufeff~ # c", "null", "~", true)
	f.Add("a: 1#c\n a.b:2\r\na:: 3", "a.b", "4", false)
	for seed := range uint64(20) {
		for _, loader := range []flink.Loader{flink.LoaderLegacy, flink.LoaderStandard} {
			edit, _ := generateEdit(seed, loader, true)
			f.Add(edit.text, edit.key, edit.value, loader == flink.LoaderStandard)
		}
	}
	f.Fuzz(func(t *testing.T, text, key, value string, standard bool) {
		loader := flink.LoaderLegacy
		if standard {
			loader = flink.LoaderStandard
		}
		before := map[string]string{}
		for _, setting := range loader.Load(text, "").Settings {
			before[setting.Key] = setting.Value
		}
		if edited, err := Set(text, loader, key, value); err == nil {
			want := maps.Clone(before)
			want[key] = value
			checkFuzzed(t, loader, text, edited, want)
		}
		if edited, err := Remove(text, loader, key); err == nil {
			want := maps.Clone(before)
			delete(want, key)
			checkFuzzed(t, loader, text, edited, want)
		}
	})
}

func checkFuzzed(t *testing.T, loader flink.Loader, text, edited string, want map[string]string) {
	t.Helper()
	configuration := loader.Load(edited, "")
	if configuration.Err != nil || len(configuration.Gaps) > 0 {
		t.Fatalf("%q becomes %q, which Flink may refuse", text, edited)
	}
	got := map[string]string{}
	for _, setting := range configuration.Settings {
		got[setting.Key] = setting.Value
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%q becomes %q (-want,+got):\n%s", text, edited, diff)
	}
}
