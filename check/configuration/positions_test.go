package configuration

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// configMapWith is a manifest with a flink-conf.yaml that is written in some way.
func configMapWith(scalar string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config}\ndata:\n  flink-conf.yaml: " + scalar
}

// readText reads a manifest that is not a file.
func readText(t *testing.T, text string, version flink.Version) []Reading {
	t.Helper()
	readings, problems := Configurations(manifest.Read([]string{"-"}, strings.NewReader(text)), version)
	if len(problems) > 0 {
		t.Fatalf("reading %q: %v", text, problems)
	}
	return readings
}

// byteOrderMark may stand before a text.
const byteOrderMark = "\uFEFF"

// pointedAt is the text at a place. LF, CR and CR LF end a line, and a byte order mark takes no column.
func pointedAt(text string, place manifest.Place) string {
	line, column := 1, 1
	for offset, r := range text {
		switch {
		case line == place.Line && column == place.Column && string(r) != byteOrderMark:
			return text[offset:]
		case r == '\n' || r == '\r' && !strings.HasPrefix(text[offset+1:], "\n"):
			line, column = line+1, 1
		case string(r) != byteOrderMark && r != '\r':
			column++
		}
	}
	return ""
}

func TestPlacesInScalars(t *testing.T) {
	for sentence, tc := range map[string]struct{ scalar, wantKey, wantValue string }{
		"literal":               {"|\n    # one\n    rest.port: 8081\n", "8:5", "8:16"},
		"literal, stripped":     {"|-\n    rest.port: 8081", "7:5", "7:16"},
		"literal, kept":         {"|+\n\n\n    rest.port: 8081\n\n", "9:5", "9:16"},
		"literal, indented":     {"|2\n      # deeper\n    rest.port: 8081\n", "8:5", "8:16"},
		"indented, then marked": {"|2-  # why\n      rest.port: 8081\n", "7:7", "7:18"},
		"literal, CR LF":        {"|\r\n    a: 1\r\n    rest.port: 8081\r\n", "8:5", "8:16"},
		"literal, wide":         {"|\n    é😀: x\n    rest.port: 8081\n", "8:5", "8:16"},
		"folded":                {">\n    # one\n\n    rest.port:\n    8081\n", "9:5", "10:5"},
		"folded, indented":      {">\n    a: 1\n      b: 2\n    rest.port: 8081\n", "9:5", "9:16"},
		"double quotes":         {`"a: \"1\"\nrest.port: 8081\n"`, "6:31", "6:42"},
		"escapes":               {`"\u00e9\x41\t\U0001F600: 1\n\x72est.port: \x38081\n"`, "6:48", "6:62"},
		"lines in quotes":       {"\"# a\n\n    rest.port:\n    80\\\n    81\"", "8:5", "9:5"},
		"a line that goes on":   {"\"rest.po\\\n    rt: 80\\\n    81\"", "6:21", "7:9"},
		"single quotes":         {"'# it''s\n\n    rest.port: 8081'", "8:5", "8:16"},
		"a tag":                 {"!!str |\n    rest.port: 8081\n", "7:5", "7:16"},
		"an anchor and a tag":   {"&a !!str \"rest.port: 8081\"", "6:30", "6:41"},
	} {
		t.Run(sentence, func(t *testing.T) {
			text := strings.Replace(configMapWith(tc.scalar), "metadata", "# é\nmetadata", 1)
			for _, reading := range readText(t, text, flink.Version{}) {
				for _, setting := range reading.Settings {
					if setting.Setting.Key != "rest.port" {
						continue
					}
					if got := fmt.Sprintf("%d:%d", setting.Key.Line, setting.Key.Column); got != tc.wantKey {
						t.Errorf("the key is at %s, want %s: %q", got, tc.wantKey, pointedAt(text, setting.Key))
					}
					if got := fmt.Sprintf("%d:%d", setting.Place.Line, setting.Place.Column); got != tc.wantValue {
						t.Errorf("the value is at %s, want %s: %q", got, tc.wantValue, pointedAt(text, setting.Place))
					}
					return
				}
			}
			if tc.wantKey != "" {
				t.Errorf("nothing is read from %q", text)
			}
		})
	}
}

// TestAByteOrderMarkTakesNoColumn has one before the file, and one before the text in it that Flink reads.
func TestAByteOrderMarkTakesNoColumn(t *testing.T) {
	text := byteOrderMark + "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {config.yaml: '" + byteOrderMark + "{rest.port: 1, jobmanager.rpc.address: x}'}}"
	readings := readText(t, text, flink.Version{})
	if len(readings) != 1 || len(readings[0].Settings) != 2 {
		t.Fatalf("got %+v", readings)
	}
	for _, setting := range readings[0].Settings {
		if !strings.HasPrefix(pointedAt(text, setting.Place), setting.Value) || !strings.HasPrefix(pointedAt(text, setting.Key), setting.Setting.Key) {
			t.Errorf("%s is not at %s, and %s not at %s", setting.Value, setting.Place, setting.Setting.Key, setting.Key)
		}
	}
	if got := readings[0].Place; got.Line != 1 || got.Column != 1 {
		t.Errorf("the object is at %s", got)
	}
}

// TestFlinksOlderLoaderCountsAByteOrderMark, which is a part of the first key for it.
func TestFlinksOlderLoaderCountsAByteOrderMark(t *testing.T) {
	text := configMapWith("'" + byteOrderMark + "rest.port: 8081'")
	setting := readText(t, text, flink.Version{})[0].Settings[0]
	if got := pointedAt(text, setting.Place); setting.Setting.Key != byteOrderMark+"rest.port" || !strings.HasPrefix(got, "8081") {
		t.Errorf("%q is at %q", setting.Setting.Key, got)
	}
}

// TestPairsOfSurrogates are a way of JSON's to write one character, which YAML does not have.
func TestPairsOfSurrogates(t *testing.T) {
	text := `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"flink-conf.yaml": "# \ud83d\ude00\nrest.port: 8081\n"}}`
	setting := readText(t, text, flink.Version{})[0].Settings[0]
	if got := pointedAt(text, setting.Place); !strings.HasPrefix(got, "8081") {
		t.Errorf("the value is at %q", got)
	}
}

// TestPlacesAreWhereTheTextIs writes configurations in every way that YAML and JSON have, and looks whether the key stands
// at the key's place and the value at the value's.
func TestPlacesAreWhereTheTextIs(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		lineBreak := []string{"\n", "\r\n"}[random.IntN(2)]
		var configuration strings.Builder
		for i := range 1 + random.IntN(6) {
			switch random.IntN(5) {
			case 0:
				configuration.WriteString("# it's \"é\" 😀\n")
			case 1:
				configuration.WriteString("\n")
			}
			fmt.Fprintf(&configuration, "%sparallelism.default%d: value%d\n", strings.Repeat(" ", random.IntN(3)), i, i)
		}
		text := manifestOf(t, random, configuration.String(), lineBreak)
		readings := readText(t, text, flink.Version{})
		if len(readings) != 1 {
			t.Fatalf("got %d readings of %q", len(readings), text)
		}
		for _, setting := range readings[0].Settings {
			if !strings.HasPrefix(pointedAt(text, setting.Key), setting.Setting.Key[:5]) {
				t.Fatalf("%s is not at %s, where %q is, in\n%s", setting.Setting.Key, setting.Key, pointedAt(text, setting.Key), text)
			}
			if !strings.HasPrefix(pointedAt(text, setting.Place), setting.Value[:5]) {
				t.Fatalf("%s is not at %s, where %q is, in\n%s", setting.Value, setting.Place, pointedAt(text, setting.Place), text)
			}
		}
	}
}

func manifestOf(t *testing.T, random *rand.Rand, configuration, lineBreak string) string {
	t.Helper()
	object := map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "é-flink"},
		"data": map[string]any{"flink-conf.yaml": configuration, "a": "😀\nb"},
	}
	if random.IntN(3) == 0 {
		indent := []string{"", " ", "\t"}[random.IntN(3)]
		text, err := json.MarshalIndent(object, "", indent)
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(text), "\n", lineBreak)
	}
	style := []yaml.Style{yaml.LiteralStyle, yaml.FoldedStyle, yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle, 0}[random.IntN(5)]
	var node yaml.Node
	if err := node.Encode(object); err != nil {
		t.Fatal(err)
	}
	restyle(&node, configuration, style)
	var text strings.Builder
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2 + random.IntN(4))
	if err := encoder.Encode(&node); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text.String(), "\n", lineBreak)
}

// restyle writes a scalar in another style.
func restyle(node *yaml.Node, value string, style yaml.Style) {
	if node.Kind == yaml.ScalarNode && node.Value == value {
		node.Style = style
	}
	for _, below := range node.Content {
		restyle(below, value, style)
	}
}

// FuzzConfigurations reads anything.
func FuzzConfigurations(f *testing.F) {
	for _, seed := range []string{
		configMapWith("|2\n      a\n    b: c\n"), configMapWith(">+\n    a: b\n\n    c\n\n"), "rest.port: 1\n",
		"{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{\"config.yaml\":\"\\ud83d\\ude00a\"}}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		Configurations(manifest.Read([]string{"-"}, strings.NewReader(text)), flink.Version{})
	})
}
