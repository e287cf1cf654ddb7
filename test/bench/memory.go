package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Memory is the guard's resident memory, now and at most since it was started, in MB. It is read where Linux tells it.
func (g *Guard) Memory() (now, peak float64, err error) {
	processes, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		return 0, 0, err
	}
	for _, link := range processes {
		if target, err := os.Readlink(link); err != nil || target != g.binary {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(link), "status"))
		if err != nil {
			return 0, 0, err
		}
		now, err = megabytes(string(status), "VmRSS:")
		if err != nil {
			return 0, 0, err
		}
		peak, err = megabytes(string(status), "VmHWM:")
		return now, peak, err
	}
	return 0, 0, errors.New("the guard's process was not found")
}

// megabytes reads a line such as "VmRSS: 20480 kB".
func megabytes(status, name string) (float64, error) {
	for line := range strings.Lines(status) {
		fields := strings.Fields(line)
		if len(fields) == 3 && fields[0] == name {
			kilobytes, err := strconv.ParseFloat(fields[1], 64)
			return kilobytes / 1000, err
		}
	}
	return 0, fmt.Errorf("the status of the guard's process has no %s", name)
}
