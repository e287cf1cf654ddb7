package flink

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"
)

const testSpecPath = "spec.template.spec"

// pod returns a pod template with one container, changed by the modifiers.
func pod(modify ...func(*corev1.PodSpec, *corev1.Container)) *corev1.PodTemplateSpec {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flink:1.20"}}}}
	for _, m := range modify {
		m(&template.Spec, &template.Spec.Containers[0])
	}
	return template
}

func args(words ...string) func(*corev1.PodSpec, *corev1.Container) {
	return func(_ *corev1.PodSpec, c *corev1.Container) { c.Args = words }
}

func command(words ...string) func(*corev1.PodSpec, *corev1.Container) {
	return func(_ *corev1.PodSpec, c *corev1.Container) { c.Command = words }
}

func image(reference string) func(*corev1.PodSpec, *corev1.Container) {
	return func(_ *corev1.PodSpec, c *corev1.Container) { c.Image = reference }
}

func env(name, value string) func(*corev1.PodSpec, *corev1.Container) {
	return func(_ *corev1.PodSpec, c *corev1.Container) {
		c.Env = append(c.Env, corev1.EnvVar{Name: name, Value: value})
	}
}

// confFrom mounts a ConfigMap; items are pairs of data key and path.
func confFrom(configMap, mountPath, subPath string, items ...string) func(*corev1.PodSpec, *corev1.Container) {
	return func(s *corev1.PodSpec, c *corev1.Container) {
		source := &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: configMap}}
		for i := 0; i+1 < len(items); i += 2 {
			source.Items = append(source.Items, corev1.KeyToPath{Key: items[i], Path: items[i+1]})
		}
		volume := fmt.Sprintf("conf-%d", len(s.Volumes))
		s.Volumes = append(s.Volumes, corev1.Volume{Name: volume, VolumeSource: corev1.VolumeSource{ConfigMap: source}})
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: volume, MountPath: mountPath, SubPath: subPath})
	}
}

func TestRecognizeWorkload(t *testing.T) {
	cases := map[string]struct {
		template *corev1.PodTemplateSpec
		want     Role // "" for not Flink's
	}{
		"a session JobManager":                  {pod(args("jobmanager", "$(POD_IP)")), RoleJobManager},
		"an application JobManager":             {pod(args("standalone-job", "--job-classname", "Main")), RoleJobManager},
		"a TaskManager":                         {pod(args("taskmanager")), RoleTaskManager},
		"the entry point written out":           {pod(command("/docker-entrypoint.sh"), args("jobmanager")), RoleJobManager},
		"the entry point with its word":         {pod(command("/docker-entrypoint.sh", "taskmanager")), RoleTaskManager},
		"native mode":                           {pod(command("/docker-entrypoint.sh"), args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-session ")), RoleJobManager},
		"a native TaskManager":                  {pod(args("bash", "-c", "kubernetes-taskmanager.sh -Dx=y")), RoleTaskManager},
		"a start script of the distribution":    {pod(command("/opt/flink/bin/jobmanager.sh", "start-foreground")), RoleJobManager},
		"a shell line that ends in the entry":   {pod(command("sh", "-c"), args("cp a b\nexec /docker-entrypoint.sh taskmanager")), RoleTaskManager},
		"a custom image":                        {pod(image("registry/x/my-job:7"), args("taskmanager")), RoleTaskManager},
		"a client that submits a job":           {pod(command("/opt/flink/bin/flink", "run", "-m", "flink-jobmanager:8081")), ""},
		"a client in a shell line":              {pod(command("sh", "-c", "/opt/flink/bin/flink run -m flink-jobmanager:8081")), ""},
		"a SQL gateway":                         {pod(command("/opt/flink/bin/sql-gateway.sh", "start-foreground", "-Djobmanager.rpc.address=jm")), ""},
		"a history server":                      {pod(args("history-server")), ""},
		"another command with the word in args": {pod(command("/usr/bin/metrics"), args("jobmanager")), ""},
		"another script of a like name":         {pod(command("/opt/my-jobmanager.sh")), ""},
		"nothing at all":                        {&corev1.PodTemplateSpec{}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, ok := RecognizeWorkload(tc.template, testSpecPath)
			if got.Role != tc.want || ok != (tc.want != "") {
				t.Errorf("got %q, want %q", got.Role, tc.want)
			}
		})
	}
}

func TestRecognizeWorkloadLooksPastSidecars(t *testing.T) {
	template := pod(args("jobmanager"))
	template.Spec.Containers = append([]corev1.Container{{Name: "log-shipper", Args: []string{"run"}}}, template.Spec.Containers...)
	got, ok := RecognizeWorkload(template, testSpecPath)
	if want := testSpecPath + ".containers[1].args"; !ok || got.Configuration.Source != want {
		t.Errorf("got %s, %t, want %s", got.Configuration.Source, ok, want)
	}
}

func TestOwnConfiguration(t *testing.T) {
	const arg = "spec.template.spec.containers[0].args"
	cases := map[string]struct {
		template       *corev1.PodTemplateSpec
		want           map[string]string // key -> value, "" for not set
		wantAt         map[string]string // key -> path
		wantIncomplete bool
		wantIgnored    string // key
	}{
		"both forms of -D for an application": {
			template: pod(args("standalone-job", "-Dhigh-availability.type=kubernetes", "-D", "kubernetes.cluster-id=x", "--job-classname", "Main", "-D", "a=b")),
			want:     map[string]string{KeyHighAvailabilityType: "kubernetes", KeyClusterID: "x", "a": "b"},
			wantAt:   map[string]string{KeyHighAvailabilityType: arg + "[1]", KeyClusterID: arg + "[3]"},
		},
		"nothing counts after the first word of the job": {
			template: pod(args("standalone-job", "--job-classname", "Main", "input.txt", "-Da=b")),
			want:     map[string]string{"a": ""},
		},
		"--host ends the options of Flink 2": {
			template: pod(image("flink:2.0"), args("standalone-job", "--host", "$(POD_IP)", "-Da=b")),
			want:     map[string]string{"a": ""},
		},
		"--host is an option up to 1.20": {
			template: pod(args("standalone-job", "--host", "$(POD_IP)", "-Da=b")),
			want:     map[string]string{"a": "b"},
		},
		"a session JobManager takes -D after its host": {
			template: pod(args("jobmanager", "$(POD_IP)", "-D", "a=b")),
			want:     map[string]string{"a": "b"},
		},
		"a session JobManager takes -D after host and port": {
			template: pod(args("jobmanager", "host", "8081", "-Da=b")),
			want:     map[string]string{"a": "b"},
		},
		"arguments follow a role in the command": {
			template: pod(command("/docker-entrypoint.sh", "standalone-job"), args("-D", "a=b")),
			want:     map[string]string{"a": "b"},
			wantAt:   map[string]string{"a": arg + "[1]"},
		},
		"an option that is not known here leaves the rest unknown": {
			template:       pod(args("standalone-job", "-x1", "-Da=b")),
			want:           map[string]string{"a": ""},
			wantIncomplete: true,
		},
		"FLINK_PROPERTIES of an unknown version are what both grammars read": {
			template:       pod(image("flink"), args("taskmanager"), env("FLINK_PROPERTIES", "a: b\nc: d # e\n")),
			want:           map[string]string{"a": "b", "c": ""},
			wantIncomplete: true,
		},
		"a volume above the configuration directory": {
			template:       pod(args("taskmanager"), confFrom("c", "/opt/flink", "")),
			wantIncomplete: true,
		},
		"FLINK_CONF_DIR from a variable": {
			template:       pod(args("taskmanager"), env("FLINK_CONF_DIR", "$(DIR)")),
			wantIncomplete: true,
		},
		"a session JobManager takes -D alone": {
			template: pod(args("jobmanager", "-D", "a=b", "-Dc=d")),
			want:     map[string]string{"a": "b", "c": "d"},
		},
		"a session JobManager loses the one-word form": {
			template:    pod(args("jobmanager", "-Dhigh-availability.type=kubernetes")),
			want:        map[string]string{KeyHighAvailabilityType: ""},
			wantIgnored: KeyHighAvailabilityType,
		},
		"a session JobManager up to 1.14 loses both": {
			template:    pod(image("flink:1.14"), args("jobmanager", "-D", "a=b")),
			want:        map[string]string{"a": ""},
			wantIgnored: "a",
		},
		"a TaskManager takes both": {
			template: pod(args("taskmanager", "-Da=b", "-D", "c=d")),
			want:     map[string]string{"a": "b", "c": "d"},
		},
		"FLINK_PROPERTIES lie below -D": {
			template: pod(args("standalone-job", "-Da=arg"), env("FLINK_PROPERTIES", "a: env\nb: env\n")),
			want:     map[string]string{"a": "arg", "b": "env"},
			wantAt:   map[string]string{"b": "spec.template.spec.containers[0].env[0].value"},
		},
		"FLINK_PROPERTIES need no space from 1.19 on": {
			template: pod(args("taskmanager"), env("FLINK_PROPERTIES", "a:b\n  c : d\n")),
			want:     map[string]string{"a": "b", "c": "d"},
		},
		"FLINK_PROPERTIES need it up to 1.18": {
			template:    pod(image("flink:1.18"), args("taskmanager"), env("FLINK_PROPERTIES", "a:b\nc: d\n")),
			want:        map[string]string{"a": "", "c": "d"},
			wantIgnored: "a",
		},
		"FLINK_PROPERTIES have no effect over a mounted directory": {
			template:       pod(args("taskmanager"), env("FLINK_PROPERTIES", "a: b\n"), confFrom("c", "/opt/flink/conf/", "")),
			want:           map[string]string{"a": ""},
			wantIncomplete: true,
		},
		"another image may bring its own configuration": {
			template:       pod(image("registry/flink:1.20"), args("taskmanager")),
			wantIncomplete: true,
		},
		"a shell line is not taken apart": {
			template:       pod(command("sh", "-c", "/docker-entrypoint.sh standalone-job -Da=b")),
			want:           map[string]string{"a": ""},
			wantIncomplete: true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			workload, ok := RecognizeWorkload(tc.template, testSpecPath)
			if !ok {
				t.Fatal("not recognized")
			}
			for key, want := range tc.want {
				if got, _ := workload.Configuration.Lookup(key); got.Value != want {
					t.Errorf("%s: got %q, want %q", key, got.Value, want)
				}
			}
			for key, want := range tc.wantAt {
				if got, _ := workload.Configuration.Lookup(key); got.Path != want {
					t.Errorf("%s: got the place %q, want %q", key, got.Path, want)
				}
			}
			if got := workload.Configuration.Gaps; (len(got) > 0) != tc.wantIncomplete {
				t.Errorf("got the gaps %v, want incomplete: %t", got, tc.wantIncomplete)
			}
			if tc.wantIgnored != "" && (len(workload.Configuration.Ignored) == 0 || workload.Configuration.Ignored[0].Key != tc.wantIgnored) {
				t.Errorf("got ignored %+v, want %q", workload.Configuration.Ignored, tc.wantIgnored)
			}
		})
	}
}

func TestMountedConfiguration(t *testing.T) {
	both := map[string]string{LegacyFile: "from: legacy", StandardFile: "from: standard", "renamed.yaml": "from: renamed"}
	cases := map[string]struct {
		template *corev1.PodTemplateSpec
		data     map[string]string
		want     string // value of "from", "" for no configuration
	}{
		"1.20 prefers the legacy file":      {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), both, "legacy"},
		"1.20 reads config.yaml otherwise":  {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), map[string]string{StandardFile: "from: standard"}, "standard"},
		"2.0 reads config.yaml only":        {pod(image("flink:2.0"), args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), both, "standard"},
		"2.0 does not read the legacy file": {pod(image("flink:2.0"), args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), map[string]string{LegacyFile: "from: legacy"}, ""},
		"1.18 reads the legacy file only":   {pod(image("flink:1.18"), args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), both, "legacy"},
		"items rename":                      {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf", "", "renamed.yaml", "config.yaml")), both, "renamed"},
		"items leave the rest out":          {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf", "", "log4j.properties", "log4j.properties")), both, ""},
		"a subPath mounts one file":         {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf/config.yaml", "config.yaml")), both, "standard"},
		"a subPath renames":                 {pod(args("taskmanager"), confFrom("c", "/opt/flink/conf/config.yaml", "renamed.yaml")), both, "renamed"},
		"two subPaths mount both files": {
			pod(args("taskmanager"), confFrom("c", "/opt/flink/conf/config.yaml", "config.yaml"), confFrom("c", "/opt/flink/conf/flink-conf.yaml", "flink-conf.yaml")), both, "legacy",
		},
		"files of two ConfigMaps are not taken apart": {
			pod(args("taskmanager"), confFrom("c", "/opt/flink/conf/config.yaml", "config.yaml"), confFrom("d", "/opt/flink/conf/flink-conf.yaml", "flink-conf.yaml")), both, "",
		},
		"FLINK_CONF_DIR moves the directory":          {pod(args("taskmanager"), env("FLINK_CONF_DIR", "/conf"), confFrom("c", "/conf", "")), both, "legacy"},
		"a ConfigMap mounted elsewhere is none of it": {pod(args("taskmanager"), confFrom("c", "/etc/other", "")), both, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			workload, ok := RecognizeWorkload(tc.template, testSpecPath)
			if !ok {
				t.Fatal("not recognized")
			}
			got := ""
			if workload.ConfigMap != "" {
				configuration, _ := workload.MountedConfiguration(&corev1.ConfigMap{Data: tc.data})
				setting, _ := configuration.Lookup("from")
				got = setting.Value
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAFileInBinaryDataIsUnknown(t *testing.T) {
	workload, _ := RecognizeWorkload(pod(args("taskmanager"), confFrom("c", "/opt/flink/conf", "")), testSpecPath)
	configMap := &corev1.ConfigMap{Data: map[string]string{StandardFile: "a: b"}, BinaryData: map[string][]byte{LegacyFile: {0xff}}}
	if got, known := workload.MountedConfiguration(configMap); known {
		t.Errorf("got %+v, want it unknown which file counts", got)
	}
}

func TestAVolumeThatIsNoConfigMapIsUnknown(t *testing.T) {
	workload, _ := RecognizeWorkload(pod(args("jobmanager"), func(s *corev1.PodSpec, c *corev1.Container) {
		s.Volumes = []corev1.Volume{{Name: "conf", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
		c.VolumeMounts = []corev1.VolumeMount{{Name: "conf", MountPath: "/opt/flink/conf"}}
	}), testSpecPath)
	if workload.ConfigMap != "" || workload.Configuration.Complete() {
		t.Errorf("got %+v, want an incomplete configuration", workload)
	}
}
