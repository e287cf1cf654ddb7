package access

import "testing"

func TestAccountOf(t *testing.T) {
	for username, want := range map[string]Account{
		"system:serviceaccount:shop:flink": {Namespace: "shop", Name: "flink"},
		"system:serviceaccount:shop":       {},
		"system:serviceaccounts:shop:x":    {},
		"system:admin":                     {},
		"":                                 {},
	} {
		got, ok := AccountOf(username)
		if ok != (want != Account{}) || ok && got != want {
			t.Errorf("%q: got %v, %t", username, got, ok)
		}
	}
}
