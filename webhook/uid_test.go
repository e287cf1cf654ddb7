package webhook

import (
	"strings"
	"testing"
)

func TestUIDsAreFoundInWhatCannotBeRead(t *testing.T) {
	for sentence, tc := range map[string]struct {
		body string
		want string
	}{
		"first in the request":                {body: `{"request":{"uid":"u-1","object":{`, want: "u-1"},
		"behind an object":                    {body: `{"kind":"AdmissionReview","request":{"object":{"a":[{"uid":"no"}]},"uid":"u-1"`, want: "u-1"},
		"not the object's":                    {body: `{"request":{"object":{"metadata":{"uid":"no"}}}}`, want: ""},
		"not outside of the request":          {body: `{"uid":"no","request":{}}`, want: ""},
		"not what is no string":               {body: `{"request":{"uid":7}}`, want: ""},
		"not in a list":                       {body: `{"request":["uid","no"]}`, want: ""},
		"not behind what is no JSON":          {body: `{"a":tru,"request":{"uid":"no"}}`, want: ""},
		"not when its own text is cut off":    {body: `{"request":{"uid":"u-`, want: ""},
		"not in nothing":                      {body: ``, want: ""},
		"not behind the part that is read":    {body: `{"a":"` + strings.Repeat("x", maxUIDSearch) + `","request":{"uid":"no"}}`, want: ""},
		"with escapes":                        {body: `{"request":{"uid":"u\u002d1"`, want: "u-1"},
		"whatever the nesting in front of it": {body: `{"a":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `,"request":{"uid":"u-1"}`, want: "u-1"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := findUID([]byte(tc.body)); string(got) != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
