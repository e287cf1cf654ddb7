package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check"
)

// The finger prints of a result: ours, and the one that GitHub reads.
const (
	ownFingerprint    = "flinkHaFinding/v1"
	gitHubFingerprint = "primaryLocationLineHash"
)

// counted is a result among those of its file that cannot be told apart by what stays the same.
type counted struct{ file, digest string }

// ruleOnLine is what GitHub takes for one alert, unless its finger prints differ.
type ruleOnLine struct {
	file, rule string
	line       int
}

// fingerprints makes the finger prints of results, which have to come in their order.
type fingerprints struct {
	counted map[counted]int
	onLine  map[ruleOnLine]bool
}

// of makes the finger prints of a finding from its rule, its object, and the option or the field that it is about, but not from the
// line and the value, which are what people change. Findings of one file that are the same in all of that are numbered.
func (f *fingerprints) of(object *check.Object, finding *check.Finding) map[string]string {
	about := finding.Option
	if about == "" {
		about = finding.Setting
	}
	field, _, _ := strings.Cut(finding.Position.Path, "[") // numbers of items change when others come and go
	if strings.HasPrefix(finding.Position.Path, "data[") {
		field = finding.Position.Path
	}
	prints := f.numbered(finding.File, finding.Rule, object, about, field)
	// GitHub computes its own from the text of the line, so that several options that are missing in one place were one alert. Only
	// where that happens it is given another: it complains of each that differs from what it computes.
	here := ruleOnLine{finding.File, finding.Rule, finding.Place.Line}
	if f.onLine[here] {
		prints[gitHubFingerprint] = prints[ownFingerprint]
	}
	f.onLine[here] = true
	return prints
}

// ofRemark makes the finger print of what admission says without a rule.
func (f *fingerprints) ofRemark(object *check.Object, rule string) map[string]string {
	return f.numbered(object.File, rule, object, "", "")
}

func (f *fingerprints) numbered(file, rule string, object *check.Object, about, field string) map[string]string {
	group, _, hasGroup := strings.Cut(object.APIVersion, "/")
	if !hasGroup {
		group = ""
	}
	hash := sha256.New()
	for _, part := range []string{rule, group, object.Kind, object.Namespace, object.Name, about, field} {
		hash.Write([]byte(strconv.Quote(part))) // so that no two lists of parts are the same text
	}
	// As many bytes as tell the findings of any input apart.
	digest := hex.EncodeToString(hash.Sum(nil)[:16])
	this := counted{file, digest}
	f.counted[this]++
	return map[string]string{ownFingerprint: digest + ":" + strconv.Itoa(f.counted[this])}
}
