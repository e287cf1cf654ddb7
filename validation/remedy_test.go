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

func TestNearly(t *testing.T) {
	const key = "high-availability.storageDir"
	cases := map[string]bool{
		"high-availabilitx.storageDir":    true,
		"high-availability.storageDirs":   true,
		"high-availability.stroageDir":    true,
		"high-availability.storageDirect": false,
		"high-availability":               false,
		"":                                false,
		"igh-availability.storageDi":      false, // two places
	}
	for written, want := range cases {
		if got := nearly(written, key); got != want {
			t.Errorf("%q: got %t, want %t", written, got, want)
		}
	}
	if nearly("rest.port", "rest.post") {
		t.Error("short keys are close to each other without being slips")
	}
}
