package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// residentMemory is that of the process that runs an executable, in MB. It is read where Linux tells it.
func residentMemory(executable string) (float64, error) {
	processes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return 0, err
	}
	for _, link := range processes {
		if target, err := os.Readlink(link); err != nil || target != executable {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(status)) {
			fields := strings.Fields(line)
			if len(fields) == 3 && fields[0] == "VmRSS:" {
				kilobytes, err := strconv.ParseFloat(fields[1], 64)
				return kilobytes / 1000, err
			}
		}
		return 0, fmt.Errorf("%s does not tell the resident memory", filepath.Dir(link))
	}
	return 0, errors.New("the guard's process was not found")
}
