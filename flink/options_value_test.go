package flink

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	cases := map[string]struct {
		text    string
		version Version
		want    time.Duration
		wantErr error
	}{
		"milliseconds without a unit":            {text: "1500", want: 1500 * time.Millisecond},
		"blanks around and between":              {text: " 15 \t s ", want: 15 * time.Second},
		"long units in any case":                 {text: "2 MinuteS", want: 2 * time.Minute},
		"days":                                   {text: "1d", want: 24 * time.Hour},
		"micro sign":                             {text: "7 µs", want: 7 * time.Microsecond},
		"the Greek letter instead":               {text: "7 μs", wantErr: errUnitOfTime},
		"m, since 1.15":                          {text: "5 m", version: exact(1, 15), want: 5 * time.Minute},
		"m, before":                              {text: "5m", version: exact(1, 14), wantErr: errUnitOfTime},
		"m, who knows":                           {text: "5m", wantErr: ErrVersionOfUnit},
		"an unknown unit":                        {text: "5 weeks", wantErr: errUnitOfTime},
		"a fraction":                             {text: "1.5 s", wantErr: errUnitOfTime},
		"a sign":                                 {text: "-5 s", wantErr: errNoNumber},
		"blank":                                  {text: " \t", wantErr: errBlankDuration},
		"a no-break space, which is no blank":    {text: "5\u00a0s", wantErr: errUnitOfTime},
		"an I with a dot, which Java lets be":    {text: "5 mİn", wantErr: errUnitOfTime},
		"ISO, since 2.1":                         {text: "pt1h2m3.5s", version: exact(2, 1), want: time.Hour + 2*time.Minute + 3500*time.Millisecond},
		"ISO, before":                            {text: "PT15S", version: exact(2, 0), wantErr: errNoNumber},
		"ISO, who knows":                         {text: "PT15S", wantErr: ErrVersionOfUnit},
		"ISO, negative":                          {text: "PT-15S", version: exact(2, 3), wantErr: errNegativeDuration},
		"ISO, twice negative":                    {text: "-PT-15S", version: exact(2, 3), want: 15 * time.Second},
		"ISO, negative fraction":                 {text: "PT1M-0.5S", version: exact(2, 3), want: time.Minute - 500*time.Millisecond},
		"ISO, nothing in it":                     {text: "PT", version: exact(2, 3), wantErr: errNoNumber},
		"ISO, days only":                         {text: "P1D", version: exact(2, 3), want: 24 * time.Hour},
		"longer than Go has":                     {text: "300000 days", want: math.MaxInt64},
		"a number of more than 64 bits":          {text: "9223372036854775808 ns", version: exact(1, 20), wantErr: errDurationTooLarge},
		"a number of more than 64 bits, 2.0":     {text: "9223372036854775808 ns", version: exact(2, 0), want: math.MaxInt64},
		"a number of more than 64 bits, unknown": {text: "9223372036854775808 ns", wantErr: ErrVersionOfUnit},
		"more seconds than 64 bits":              {text: "9223372036854775807 d", wantErr: errDurationTooLarge},
		"digits without end":                     {text: strings.Repeat("9", 1<<20), wantErr: errDurationTooLarge},
		"zeros without end":                      {text: strings.Repeat("0", 1<<20) + "5s", want: 5 * time.Second},
	}
	for name, tc := range cases {
		got, err := ParseDuration(tc.text, tc.version)
		if got != tc.want || !errors.Is(err, tc.wantErr) {
			t.Errorf("%s: got %s, %v, want %s, %v", name, got, err, tc.want, tc.wantErr)
		}
	}
}

func TestParseBoolean(t *testing.T) {
	cases := map[string]struct{ value, ok bool }{
		"true": {true, true}, "TRUE": {true, true}, "tRuE": {true, true}, "False": {false, true},
		"yes": {}, "on": {}, "1": {}, "": {}, " true": {}, `"true"`: {}, //nolint:gocritic // the blank is the case
	}
	for text, want := range cases {
		if got, err := ParseBoolean(text); got != want.value || (err == nil) != want.ok {
			t.Errorf("%q: got %t, %v", text, got, err)
		}
	}
}

func TestParseInteger(t *testing.T) {
	cases := map[string]struct {
		value int
		ok    bool
	}{
		"0": {0, true}, "+7": {7, true}, "-7": {-7, true}, "007": {7, true},
		"2147483647": {math.MaxInt32, true}, "-2147483648": {math.MinInt32, true}, "٣": {3, true}, "１２": {12, true},
		"2147483648": {}, "-2147483649": {}, "": {}, "-": {}, "+-1": {}, "1_000": {}, " 1": {}, "1.0": {}, "0x1": {}, "𝟏": {}, //nolint:gocritic // the blank is the case
		strings.Repeat("9", 1<<20): {},
	}
	for text, want := range cases {
		if got, err := ParseInteger(text); got != want.value || (err == nil) != want.ok {
			t.Errorf("%.20q: got %d, %v", text, got, err)
		}
	}
}

func TestIsBlank(t *testing.T) {
	cases := map[string]bool{
		"": true, " \t\r\n\v\f": true, "\u2003\u3000\u2028": true, "\x1c\x1f": true,
		"\u00a0": false, "\u2007": false, "\u202f": false, "\u0085": false, "\x00": false, "\u200b": false, " x ": false,
	}
	for text, want := range cases {
		if got := IsBlank(text); got != want {
			t.Errorf("%q: got %t", text, got)
		}
	}
}
