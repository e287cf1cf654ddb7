package admission

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/validation"
)

// patience is many times what a verdict takes on a slow machine, and less than it took where its time grew with the
// square of its input.
const patience = 30 * time.Second

// Whoever may create an object may make it as big as the API server takes it. One verdict must not keep the others waiting.
func TestAVerdictIsBounded(t *testing.T) {
	numbered := func(count int, line string) string {
		var b strings.Builder
		for i := range count {
			fmt.Fprintf(&b, line, i)
		}
		return b.String()
	}
	pod := func(inner string) string {
		return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: jm}\nspec: {template: {spec: {" + inner + "}}}\n"
	}
	container := func(inner string) string { return pod(`containers: [{name: m, image: "flink:1.18.1", ` + inner + "}]") }
	ignored := "jobmanager.rpc.address: jm\n" + strings.TrimSpace(numbered(20000, "high-availability.storageDir %d\n"))
	var readers []string
	for i := range 100 {
		readers = append(readers, reading(fmt.Sprintf("w%d", i), "flink:1.18.1", "jobmanager"))
	}
	cases := map[string]struct {
		object string
		around []string
	}{
		"lines that Flink ignores":                {files("flink-conf.yaml", ignored), nil},
		"the same, which many read":               {files("flink-conf.yaml", ignored), readers},
		"the same in the environment":             {container(`args: [jobmanager], env: [{name: FLINK_PROPERTIES, value: "` + numbered(20000, `high-availability.storagedir %d\n`) + `"}]`), nil},
		"keys that are almost right":              {files("config.yaml", strings.TrimSpace(numbered(20000, "high-availability.storag%d: x\n"))), nil},
		"arguments":                               {container("args: [standalone-job" + numbered(15000, ", -D, high-availability.storag%d=x") + "]"), nil},
		"volumes":                                 {container("args: [jobmanager], volumeMounts: [" + numbered(4000, "{name: v%d, mountPath: /opt/flink/conf, subPath: flink-conf.yaml},") + "]"), nil},
		"containers":                              {pod("containers: [" + numbered(500, `{name: m%d, image: "flink:1.18.1", args: [jobmanager]},`) + "]"), nil},
		"annotations":                             {strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config, annotations: {"+numbered(5000, "exempt.flink-ha.dev/x%d: a,")+"}}", 1), nil},
		"labels of a namespace with many objects": {enforcing("strict"), append(readers, enforcing("baseline"), files("flink-conf.yaml", ignored))},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := worldWith(t, append([]string{enforcing("strict")}, tc.around...)...)
			for range 2 { // a create, then an update
				object := w.read(tc.object)[0]
				started := time.Now()
				decision := w.submit(object, true)
				told := len(decision.Message()) + len(decision.Warnings())
				if took := time.Since(started); took > patience {
					t.Errorf("it took %s", took)
				}
				if len(decision.Findings) > 4*validation.MaxPerRule || told > 1<<18 {
					t.Errorf("%d findings, told in %d bytes", len(decision.Findings), told)
				}
				w.put(w.born(object))
			}
		})
	}
}
