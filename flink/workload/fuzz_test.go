package workload

import (
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// FuzzProcess reads containers of any words and variables. Words are lines of a text, the image's version is free.
func FuzzProcess(f *testing.F) {
	f.Add("1.20", "", "jobmanager\n$(A)\n-D\na=$(B)", "x", "a: $B\nb:c", "/opt/flink/conf/config.yaml", "")
	f.Add("2.0", "bash\n-c", "/docker-entrypoint.sh standalone-job -Da='b' --job c", "$(B)", ":", "/opt/flink/conf", "config.yaml")
	f.Add("", "/opt/flink/bin/taskmanager.sh", "start-foreground\n-D\n\"a=b\"\n--\n-=\n-nX", "$$(A)", "", "/", "$(A)")
	f.Add("1.14", "tini\n--\n/docker-entrypoint.sh", "jobmanager\n-D\n\n-jidX\n--jars=a,b", "${A}", "a::", "/opt", "x/y")
	f.Fuzz(func(t *testing.T, version, command, arguments, a, properties, mountPath, subPath string) {
		words := func(text string) []string {
			if text == "" {
				return nil
			}
			return strings.Split(text, "\n")
		}
		template := pod(image("flink:"+version), conf("c", mountPath, subPath), env("A", a), env("B", "$(A)b"), envFrom("C", field("status.podIP")),
			env(VariableProperties, properties))
		container := &template.Spec.Containers[0]
		container.Command, container.Args = words(command), words(arguments)
		process, ok := Recognize(template, testSpecPath)
		if !ok {
			return
		}
		for _, around := range []Surroundings{{}, cluster(map[string]map[string]string{"c": {flink.LegacyFile: a, flink.StandardFile: properties}})} {
			got := process.Configuration(around)
			for _, setting := range got.Settings {
				if setting.Origin == "" || setting.Path == "" {
					t.Errorf("%+v has no origin or no place", setting)
				}
				if hidden := strings.ContainsRune(setting.Key+setting.Value, firstHole); hidden && !strings.ContainsRune(a+arguments+properties+command, firstHole) {
					t.Errorf("%q shows what stands for an unknown part", setting.Key)
				}
			}
			process.Refusal(around)
			process.Files(around)
		}
		process.ConfigMaps()
	})
}

// FuzzShell takes shell lines apart. What is taken apart is nothing but words of the line.
func FuzzShell(f *testing.F) {
	f.Add(`exec /docker-entrypoint.sh jobmanager -Da="b c" 'd' # e`)
	f.Add("a && b; c\n\\\nd \"\" '")
	f.Fuzz(func(t *testing.T, line string) {
		commands, plain := splitCommands(word{text: line})
		if !plain {
			return
		}
		length := 0
		drop := strings.NewReplacer("'", "", `"`, "", "\\\n", "")
		for _, command := range commands {
			if len(command) == 0 {
				t.Error("a command without words")
			}
			for _, w := range command {
				length += len(w.text)
				if !strings.Contains(drop.Replace(line), drop.Replace(w.text)) {
					t.Errorf("%q is not in %q", w.text, line)
				}
			}
		}
		if length > len(line) {
			t.Errorf("%d bytes became %d", len(line), length)
		}
	})
}
