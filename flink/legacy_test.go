package flink

import (
	"reflect"
	"testing"
)

func TestLoadLegacy(t *testing.T) {
	const source = `data["flink-conf.yaml"]`
	at := func(line, column int) Position { return Position{Path: source, Line: line, Column: column} }
	cases := map[string]struct {
		text        string
		wantSet     []Setting
		wantIgnored []Ignored
	}{
		"a plain line": {
			text:    "high-availability.type: kubernetes\n",
			wantSet: []Setting{{Key: "high-availability.type", Value: "kubernetes", Position: at(1, 25)}},
		},
		"a hash cuts the line anywhere, quotes or not": {
			text:    `high-availability.storageDir: "s3://b/x#y"`,
			wantSet: []Setting{{Key: "high-availability.storageDir", Value: `"s3://b/x`, Cut: true, Position: at(1, 31)}},
		},
		"a comment behind a blank cuts nothing": {
			text:    "high-availability.type: kubernetes # on",
			wantSet: []Setting{{Key: "high-availability.type", Value: "kubernetes", Position: at(1, 25)}},
		},
		"quotes are part of the value": {
			text:    `high-availability: "kubernetes"`,
			wantSet: []Setting{{Key: "high-availability", Value: `"kubernetes"`, Position: at(1, 20)}},
		},
		"indentation means nothing": {
			text:        "high-availability:\n  type: kubernetes\n",
			wantSet:     []Setting{{Key: "type", Value: "kubernetes", Position: at(2, 9)}},
			wantIgnored: []Ignored{{Key: "high-availability", Reason: "there is no value", Position: at(1, 1)}},
		},
		"a colon without a space is passed over": {
			text:        "high-availability:kubernetes",
			wantIgnored: []Ignored{{Key: "high-availability", Reason: "no space follows the colon", Position: at(1, 1)}},
		},
		"a tab is no space": {
			text:        "high-availability:\tkubernetes",
			wantIgnored: []Ignored{{Key: "high-availability", Reason: "no space follows the colon", Position: at(1, 1)}},
		},
		"the first colon with a space splits": {
			text:    "a:b: c: d",
			wantSet: []Setting{{Key: "a:b", Value: "c: d", Position: at(1, 6)}},
		},
		"a properties file is passed over, and no value is kept": {
			text:        "s3.secret-key=hunter2",
			wantIgnored: []Ignored{{Key: "s3.secret-key", Reason: "there is no colon", Position: at(1, 1)}},
		},
		"Windows and old Mac line ends, comments and blank lines": {
			text:    "# first\r\n\r\na: 1\rb: 2\r\n",
			wantSet: []Setting{{Key: "a", Value: "1", Position: at(3, 4)}, {Key: "b", Value: "2", Position: at(4, 4)}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := LoadLegacy(tc.text, source)
			for i := range got.Settings {
				got.Settings[i].Origin, got.Settings[i].KeyLine, got.Settings[i].KeyColumn = "", 0, 0
			}
			if !reflect.DeepEqual(got.Settings, tc.wantSet) {
				t.Errorf("settings: got %+v, want %+v", got.Settings, tc.wantSet)
			}
			if !reflect.DeepEqual(got.Ignored, tc.wantIgnored) {
				t.Errorf("ignored: got %+v, want %+v", got.Ignored, tc.wantIgnored)
			}
		})
	}
}

func TestTheLastOfSeveralSettingsCounts(t *testing.T) {
	configuration := LoadLegacy("kubernetes.cluster-id: one\nkubernetes.cluster-id: two\n", "f")
	if got, _ := configuration.Lookup(KeyClusterID); got.Value != "two" {
		t.Errorf("got %q, want the later value", got.Value)
	}
}

func TestLegacyPositionsCountCharacters(t *testing.T) {
	got := LoadLegacy("a: 1\n  é: ü: é # x\n", "f").Settings[1]
	want := Setting{Key: "é", Value: "ü: é", Origin: OriginFile, KeyLine: 2, KeyColumn: 3, Position: Position{Path: "f", Line: 2, Column: 6}}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestALegacyKeyIsFoundBehindItsOwnText(t *testing.T) {
	got := LoadLegacy("ab: a: ab", "f").Settings[0]
	if got.KeyColumn != 1 || got.Column != 5 {
		t.Errorf("got the key at %d and the value at %d, want 1 and 5", got.KeyColumn, got.Column)
	}
}
