package flink

import (
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// tag is what a scalar is in the core schema of YAML 1.2, which snakeyaml-engine applies. yaml.v3 knows more kinds of plain
// scalars, such as dates and 1_000, which are text to Flink.
type tag int

const (
	tagText tag = iota
	tagNull
	tagBool
	tagNumber
)

var (
	coreInteger = regexp.MustCompile(`^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$`)
	coreFloat   = regexp.MustCompile(`^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$`)
)

// coreTag tells what a scalar is. Only a plain one without a tag of its own is anything but text.
func coreTag(node *yaml.Node) tag {
	if node.Style != 0 {
		return tagText
	}
	switch node.Value {
	case "", "~", "null", "Null", "NULL":
		return tagNull
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return tagBool
	}
	if coreInteger.MatchString(node.Value) || coreFloat.MatchString(node.Value) {
		return tagNumber
	}
	return tagText
}

// number is the text that Flink has for a number: decimal, without leading zeros; a float as java.lang.Double.toString
// writes it where that uses no exponent.
func number(written string) string {
	if whole, err := strconv.ParseInt(strings.TrimPrefix(written, "+"), decimalOr(written), 64); err == nil && coreInteger.MatchString(written) {
		return strconv.FormatInt(whole, 10)
	}
	float, err := strconv.ParseFloat(written, 64)
	if err != nil || coreInteger.MatchString(written) || float >= 1e7 || float <= -1e7 || float != 0 && float < 1e-3 && float > -1e-3 {
		return written
	}
	text := strconv.FormatFloat(float, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// decimalOr is the base to parse with: 0 lets 0x and 0o decide.
func decimalOr(written string) int {
	if strings.HasPrefix(written, "0x") || strings.HasPrefix(written, "0o") {
		return 0
	}
	return 10
}
