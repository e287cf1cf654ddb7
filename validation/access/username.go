package access

import "strings"

// AccountOf is the service account that a user is, false for any other user.
func AccountOf(username string) (Account, bool) {
	full, ok := strings.CutPrefix(username, accountUsers)
	if !ok {
		return Account{}, false
	}
	namespace, name, ok := strings.Cut(full, ":")
	return Account{Namespace: namespace, Name: name}, ok
}
