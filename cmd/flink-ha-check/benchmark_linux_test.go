package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The limits that the program owes are about processes: what is measured here are those, built as they are shipped. The input is made
// anew each time, and is the same each time.

// BenchmarkColdStart starts the program for one small file: ms/start is the median, and MB-resident the most memory that one took.
func BenchmarkColdStart(b *testing.B) {
	file := write(b, filepath.Join(b.TempDir(), "cluster.yaml"), yamlGenerator().cluster[0])
	for name, start := range map[string]string{"flink-ha-check": ".", "flink-ha-webhook": "../flink-ha-webhook"} {
		program := built(b, start)
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			most := 0.0
			for b.Loop() {
				once := measure(b, program, 0, file)
				took, most = append(took, once.wall), max(most, once.resident)
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/start")
			b.ReportMetric(most, "MB-resident")
		})
	}
}

// BenchmarkClusters judges clusters, ten objects each, in one file each: objects/s stays what it is where the time is linear.
func BenchmarkClusters(b *testing.B) {
	program := built(b, ".")
	for _, clusters := range []int{100, 1_000, 10_000} {
		path := folder(b, clusters, true)
		for _, processors := range []int{1, 2} {
			b.Run(fmt.Sprintf("objects=%d/processors=%d", clusters*objectsInTen, processors), func(b *testing.B) {
				report(b, program, processors, path, clusters*objectsInTen)
			})
		}
	}
}

// BenchmarkIrrelevant judges objects of which two in a hundred belong to Flink: as files of ten objects, as one stream, and as one List.
func BenchmarkIrrelevant(b *testing.B) {
	program := built(b, ".")
	for _, tens := range []int{1_000, 10_000} {
		for _, form := range []struct{ name, path string }{
			{"files", folder(b, tens, false)}, {"stream", stream(b, tens)}, {"List", list(b, tens)},
		} {
			for _, processors := range []int{1, 2} {
				b.Run(fmt.Sprintf("%s/objects=%d/processors=%d", form.name, tens*objectsInTen, processors), func(b *testing.B) {
					report(b, program, processors, form.path, tens*objectsInTen)
				})
			}
		}
	}
}

// report measures the program with some objects. CPU-s is what all processors worked together, which other programs beside it
// change less than the time that passed.
func report(b *testing.B, program string, processors int, path string, objects int) {
	b.Helper()
	var all measured
	for b.Loop() {
		once := measure(b, program, processors, path)
		all.wall += once.wall
		all.worked += once.worked
		all.resident = max(all.resident, once.resident)
	}
	b.ReportMetric(float64(objects*b.N)/all.wall.Seconds(), "objects/s")
	b.ReportMetric(all.worked.Seconds()/float64(b.N), "CPU-s")
	b.ReportMetric(all.resident, "MB-resident")
}

// measured is what one process took.
type measured struct {
	wall, worked time.Duration
	// resident is the most memory that it had, in megabytes.
	resident float64
}

// measure runs the program once, on so many processors, 0 for all.
func measure(b *testing.B, program string, processors int, path string) measured {
	b.Helper()
	command := exec.Command(program, "check", path)
	if processors > 0 {
		command.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", processors))
	}
	start := time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	ended, peak := make(chan struct{}), make(chan float64)
	go func() { peak <- peakOf(command.Process.Pid, ended) }()
	err := command.Wait()
	took := measured{wall: time.Since(start)}
	close(ended)
	took.resident = <-peak
	if failed, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || failed.ExitCode() != 1) {
		b.Fatalf("%s: %v", command, err)
	}
	took.worked = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	return took
}

// peakOf watches the most memory that a process had, in megabytes. What the system says of it in the end (ru_maxrss) would not do: it is
// never less than what the process had that started it.
func peakOf(process int, ended <-chan struct{}) float64 {
	peak := 0.0
	for {
		// Until the program takes the place of what it was started from, its memory is that of the benchmark.
		if name, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", process)); err == nil && filepath.Base(name) == programFile {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
			_, rest, _ := strings.Cut(string(status), "VmHWM:")
			kilobytes := 0.0
			if n, _ := fmt.Sscan(rest, &kilobytes); n == 1 {
				peak = max(peak, kilobytes/1024)
			}
		}
		select {
		case <-ended:
			return peak
		case <-time.After(time.Millisecond):
		}
	}
}

// programFile is the name under which programs are built here.
const programFile = "program"

// built builds a program as it is shipped.
func built(b *testing.B, source string) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), programFile)
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, source).CombinedOutput(); err != nil {
		b.Fatalf("building %s: %v\n%s", source, err, out)
	}
	return path
}
