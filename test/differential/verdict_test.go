package differential

import "testing"

func TestCompare(t *testing.T) {
	loaded := func(pairs ...string) Answer {
		answer := Answer{Settings: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			answer.Settings[pairs[i]] = pairs[i+1]
		}
		return answer
	}
	refusal := Answer{Refusal: Refusal{"java.lang.RuntimeException", "Error parsing YAML configuration."}}
	settings := func(pairs ...string) map[string]string { return loaded(pairs...).Settings }
	cases := map[string]struct {
		ours   Reading
		flinks Answer
		want   Verdict
	}{
		"the same settings":                   {Reading{Settings: settings("a", "b")}, loaded("a", "b"), Agreed},
		"no settings":                         {Reading{}, loaded(), Agreed},
		"both refuse":                         {Reading{Refused: "no"}, refusal, Agreed},
		"we refuse":                           {Reading{Refused: "no"}, loaded(), OnlyWeRefuse},
		"Flink refuses":                       {Reading{}, refusal, OnlyWeLoad},
		"another value":                       {Reading{Settings: settings("a", "b")}, loaded("a", "c"), OtherSettings},
		"another key":                         {Reading{Settings: settings("a", "b")}, loaded("c", "b"), OtherSettings},
		"one more":                            {Reading{Settings: settings("a", "b", "c", "d")}, loaded("a", "b"), OtherSettings},
		"one less":                            {Reading{}, loaded("a", "b"), OtherSettings},
		"unknown, and Flink loads":            {Reading{Unknown: settings("", "why")}, loaded("a", "b"), NotClaimed},
		"unknown, and Flink refuses":          {Reading{Unknown: settings("", "why")}, refusal, NotClaimed},
		"refused beats unknown":               {Reading{Refused: "no", Unknown: settings("", "why")}, loaded(), OnlyWeRefuse},
		"a value that is unknown":             {Reading{Settings: settings("a", "b"), Unknown: settings("a", "why")}, loaded("a", "c"), NotClaimed},
		"an unknown value beside a wrong one": {Reading{Settings: settings("a", "b", "c", "d"), Unknown: settings("a", "why")}, loaded("a", "x", "c", "y"), OtherSettings},
		"an unknown value, and Flink refuses": {Reading{Settings: settings("a", "b"), Unknown: settings("a", "why")}, refusal, OnlyWeLoad},
		"no answer":                           {Reading{}, Answer{Silent: true}, NoAnswer},
		"no answer to what is unknown":        {Reading{Unknown: settings("", "why")}, Answer{Silent: true}, NotClaimed},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Compare(tc.ours, tc.flinks); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
