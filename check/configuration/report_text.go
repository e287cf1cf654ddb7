package configuration

import (
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// TextOptions say how readings are written for people.
type TextOptions struct {
	// Colour uses the escape sequences of terminals.
	Colour bool
	// ShowSecrets writes the values of sensitive keys and the passwords in URIs.
	ShowSecrets bool
}

// The colours, as terminals know them.
const (
	bold   = "\x1b[1m"
	faint  = "\x1b[2m"
	yellow = "\x1b[33m"
	red    = "\x1b[31m"
	normal = "\x1b[0m"
)

// row is one line about a place.
type row struct {
	manifest.Place
	text, colour string
}

// WriteText writes readings for people: one block each, with what Flink takes and what it passes over in the order of the
// lines.
func WriteText(out io.Writer, readings []Reading, options TextOptions) error {
	for i := range readings {
		var block strings.Builder
		if i > 0 {
			block.WriteByte('\n')
		}
		options.write(&block, &readings[i])
		if _, err := io.WriteString(out, block.String()); err != nil {
			return err
		}
	}
	return nil
}

func (o TextOptions) write(block *strings.Builder, reading *Reading) {
	block.WriteString(o.paint(headline(reading), bold) + "\n")
	if about := about(reading); about != "" {
		block.WriteString("  " + o.paint(about, faint) + "\n")
	}
	rows := o.rows(reading)
	if len(rows) == 0 {
		block.WriteString("  nothing is set\n")
	}
	width := 0
	for i := range rows {
		width = max(width, len(lineAndColumn(rows[i].Place)))
	}
	file := reading.File
	for i := range rows {
		if of := rows[i].File; of != file && of != "" {
			fmt.Fprintf(block, "  %s\n", o.paint("in "+printable(of)+":", faint))
			file = of
		}
		fmt.Fprintf(block, "  %-*s  %s\n", width, lineAndColumn(rows[i].Place), o.paint(rows[i].text, rows[i].colour))
	}
}

func (o TextOptions) paint(text, colour string) string {
	if !o.Colour || colour == "" {
		return text
	}
	return colour + text + normal
}

func headline(reading *Reading) string {
	parts := []string{printable(reading.Place.String())}
	for _, part := range []string{reading.Object, reading.Part} {
		if part != "" {
			parts = append(parts, printable(part))
		}
	}
	return strings.Join(parts, " ")
}

// about says how it is read, by which version.
func about(reading *Reading) string {
	var parts []string
	switch reading.Loader {
	case flink.LoaderLegacy:
		parts = append(parts, "legacy loader (flink-conf.yaml)")
	case flink.LoaderStandard:
		parts = append(parts, "standard loader (config.yaml)")
	case loaderNone:
	}
	switch {
	case reading.Version.Known():
		parts = append(parts, "Flink "+reading.Version.String())
	case reading.Loader == loaderNone:
		parts = append(parts, "version of Flink unknown")
	}
	return strings.Join(append(parts, reading.Notes...), "; ")
}

func lineAndColumn(place manifest.Place) string {
	if place.Line == 0 {
		return "-"
	}
	return strconv.Itoa(place.Line) + ":" + strconv.Itoa(place.Column)
}

func (o TextOptions) rows(reading *Reading) []row {
	var rows []row
	if refused := reading.Refusal; refused != nil {
		rows = append(rows, row{refused.Place, "REFUSED: Flink does not start with this: " + refused.Reason, red})
	}
	for i := range reading.Settings {
		rows = append(rows, o.settingRow(reading, &reading.Settings[i]))
	}
	for _, ignored := range reading.Ignored {
		text := "ignored: " + ignored.Reason
		if key := shownKey(ignored.Key); key != "" {
			text += " (" + key + ")"
		}
		rows = append(rows, row{ignored.Place, text, yellow})
	}
	if reading.Loader != loaderNone {
		slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	}
	for _, gap := range reading.Unknown {
		rows = append(rows, row{gap.Place, "unknown: more may be set here: " + gap.Reason, yellow})
	}
	return rows
}

func (o TextOptions) settingRow(reading *Reading, setting *Setting) row {
	value := setting.Value
	if !o.ShowSecrets {
		value = Redact(setting.Setting.Key, value)
	}
	written := row{Place: setting.Place, text: printable(setting.Setting.Key) + " = " + printable(value)}
	if setting.Unknown != "" {
		written.text, written.colour = printable(setting.Setting.Key)+" is unknown: "+setting.Unknown, yellow
		if value != "" {
			written.text += "; written is " + printable(value)
		}
	}
	if setting.Origin != reading.Origin && setting.Origin != "" {
		written.text += "  [" + string(setting.Origin) + "]"
	}
	if !setting.Counts {
		written.colour = faint
		again := setting.ReplacedBy.String()
		if setting.ReplacedBy.File == setting.File {
			again = lineAndColumn(setting.ReplacedBy)
		}
		written.text += "  (does not count: set again at " + printable(again) + ")"
	}
	return written
}

// printable puts a text between quotes if it could be misread: one that is empty or has blanks at its ends, and one with
// characters that move the cursor or cannot be seen.
func printable(text string) string {
	strange := text == "" || text != strings.TrimSpace(text) || !utf8.ValidString(text) ||
		strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
	if strange {
		return strconv.Quote(text)
	}
	return text
}

// optionName is how Flink's options are called. What stands where a key would be is shown only if it looks like one: on a line
// that Flink ignores it may as well be a part of a password.
var optionName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*$`)

const maxOptionName = 100

func shownKey(text string) string {
	if len(text) > maxOptionName || !strings.ContainsAny(text, ".-") || !optionName.MatchString(text) {
		return ""
	}
	return text
}
