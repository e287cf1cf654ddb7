package flink

import (
	"fmt"
	"os"
	"path/filepath"
)

// cached is the place in the user's cache folder for what takes long to fetch or to make.
func cached(words ...string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a place for Flink's libraries: %w", err)
	}
	return filepath.Join(append([]string{cache, "flink-ha-webhook", "flink"}, words...)...), nil
}
