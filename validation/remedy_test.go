package validation

import "testing"

func TestResembles(t *testing.T) {
	const key = "high-availability.storageDir"
	cases := map[string]bool{
		"high-availability.storage-dir":  true,
		"high_availability.storageDir":   true,
		"highAvailability.STORAGEDIR":    true,
		"high-availability.storageDir.":  true,
		"high-availability.storageDirs":  false,
		"high-availability":              false,
		"":                               false,
		"x-high-availability.storageDir": false,
	}
	for written, want := range cases {
		if got := resembles(written, key); got != want {
			t.Errorf("%q: got %t, want %t", written, got, want)
		}
	}
}
