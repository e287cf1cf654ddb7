package validation

import "os"

func sourceExists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}
