package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/check"
	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// JUnit writes the report as a test report, as GitLab and Jenkins show it: a suite for every file, and a test for every object, which
// fails if the object would be refused. What would be warned about is the output of its test. What could not be read is a test with
// an error.
//
// There is no standard. The elements and attributes are those that both parse (lib/gitlab/ci/parsers/test/junit.rb in
// https://gitlab.com/gitlab-org/gitlab, and https://github.com/testmoapp/junitxml for others). GitLab takes tests with equal names for
// one, and shows of a failure its text alone: names are told apart by number, and the text has everything. No library is used:
// github.com/jstemmer/go-junit-report, the one with types for it, lacks the attribute by which GitLab links a test to its file, and
// the rest is encoding/xml there too.
//
// The error is that of writing.
func JUnit(out io.Writer, report *check.Report, _ Options) error {
	document := junitReport{Name: "flink-ha check"}
	suites := map[string]*junitSuite{}
	suite := func(file string) *junitSuite {
		if suites[file] == nil {
			suites[file] = &junitSuite{Name: flink.RedactURI(cmp.Or(shownFile(file), "input")), names: map[string]int{}}
			document.Suites = append(document.Suites, suites[file])
		}
		return suites[file]
	}
	for i := range report.Objects {
		suite(report.Objects[i].File).object(&report.Objects[i])
	}
	for _, problem := range report.Problems {
		place, reason := placeOfProblem(problem)
		suite(place.File).problem(place, reason)
	}
	for _, of := range document.Suites {
		document.junitCounts.add(of.junitCounts)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

type junitReport struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []*junitSuite
}

// junitCounts count tests by outcome.
type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func (c *junitCounts) add(more junitCounts) {
	c.Tests += more.Tests
	c.Failures += more.Failures
	c.Errors += more.Errors
	c.Skipped += more.Skipped
}

type junitSuite struct {
	XMLName xml.Name `xml:"testsuite"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Cases []junitCase

	// names of the tests so far, with how often they were given.
	names map[string]int
}

type junitCase struct {
	XMLName   xml.Name     `xml:"testcase"`
	Name      string       `xml:"name,attr"`
	ClassName string       `xml:"classname,attr"`
	File      string       `xml:"file,attr,omitempty"`
	Line      int          `xml:"line,attr,omitempty"`
	Time      string       `xml:"time,attr"`
	Failure   *junitResult `xml:"failure"`
	Error     *junitResult `xml:"error"`
	Skipped   *struct{}    `xml:"skipped"`
	SystemOut string       `xml:"system-out,omitempty"`
}

type junitResult struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// test adds a test. No time is taken for one by itself; some readers want the attribute.
func (s *junitSuite) test(name string, place manifest.Place) *junitCase {
	s.Tests++
	s.names[name]++
	if again := s.names[name]; again > 1 {
		name = fmt.Sprintf("%s (%d)", name, again)
	}
	test := junitCase{Name: name, ClassName: s.Name, Line: place.Line, Time: "0"}
	if isInRepository(place) {
		test.File = flink.RedactURI(inRepository(place))
	}
	s.Cases = append(s.Cases, test)
	return &s.Cases[len(s.Cases)-1]
}

func (s *junitSuite) problem(place manifest.Place, reason string) {
	s.Errors++
	s.test("can be read", place).Error = &junitResult{Message: reason, Type: "unreadable", Text: junitPlace(place) + reason}
}

func (s *junitSuite) object(object *check.Object) {
	test := s.test(printable(object.Title()), object.Place)
	switch object.Verdict {
	case admission.VerdictSkip:
		s.Skipped++
		test.Skipped = &struct{}{}
		return
	case admission.VerdictDeny:
		s.Failures++
		test.Failure = failureOf(object)
	case admission.VerdictAllow, admission.VerdictWarn:
	}
	warnings := slices.Clone(object.Notes)
	for i := range object.Findings {
		if object.Findings[i].Action == policy.ActionWarn {
			warnings = append(warnings, junitLine(&object.Findings[i]))
		}
	}
	test.SystemOut = strings.Join(warnings, "\n")
}

// failureOf has all for which an object would be refused.
func failureOf(object *check.Object) *junitResult {
	var rules, messages, lines []string
	if object.Refusal != "" {
		rules, messages, lines = []string{"refused"}, []string{object.Refusal}, []string{object.Refusal}
	}
	for i := range object.Findings {
		finding := &object.Findings[i]
		if finding.Action != policy.ActionDeny {
			continue
		}
		if !slices.Contains(rules, finding.Rule) {
			rules = append(rules, finding.Rule)
		}
		messages = append(messages, "["+finding.Rule+"] "+messageOf(finding))
		lines = append(lines, junitLine(finding))
	}
	if len(messages) == 0 {
		return &junitResult{Message: "would be refused", Type: "refused"}
	}
	message, _, _ := strings.Cut(messages[0], "\n")
	if more := len(messages) - 1; more > 0 {
		message += fmt.Sprintf(" (and %d more)", more)
	}
	return &junitResult{Message: message, Type: strings.Join(rules, ","), Text: strings.Join(lines, "\n")}
}

// junitLine is a finding with its place and its page.
func junitLine(finding *check.Finding) string {
	return fmt.Sprintf("%s[%s] %s\nsee %s", junitPlace(finding.Place), finding.Rule, messageOf(finding), validation.DocsURL(finding.Rule))
}

// junitPlace is a place in front of what is said of it.
func junitPlace(place manifest.Place) string {
	if place.File == "" {
		return ""
	}
	return flink.RedactURI(place.String()) + ": "
}
