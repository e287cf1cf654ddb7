package workload

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

const (
	testSpecPath = "spec.template.spec"
	testPath     = testSpecPath + ".containers[0]"
)

type modifier func(*corev1.PodTemplateSpec, *corev1.Container)

// pod returns a pod template with one container, changed by the modifiers.
func pod(modify ...modifier) *corev1.PodTemplateSpec {
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "flink:1.20"}}}}
	for _, m := range modify {
		m(template, &template.Spec.Containers[0])
	}
	return template
}

func args(words ...string) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) { c.Args = words }
}

func command(words ...string) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) { c.Command = words }
}

func image(reference string) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) { c.Image = reference }
}

func env(name, value string) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) {
		c.Env = append(c.Env, corev1.EnvVar{Name: name, Value: value})
	}
}

func envFrom(name string, from corev1.EnvVarSource) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) {
		c.Env = append(c.Env, corev1.EnvVar{Name: name, ValueFrom: &from})
	}
}

func field(path string) corev1.EnvVarSource {
	return corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

func secretKey() corev1.EnvVarSource {
	return corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{}}
}

func configMapKey(name, key string) corev1.EnvVarSource {
	return corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}}
}

// items are pairs of data key and path.
func items(pairs ...string) (found []corev1.KeyToPath) {
	for i := 0; i+1 < len(pairs); i += 2 {
		found = append(found, corev1.KeyToPath{Key: pairs[i], Path: pairs[i+1]})
	}
	return found
}

func configMapVolume(name string, pairs ...string) corev1.VolumeSource {
	return corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items(pairs...),
	}}
}

// mount mounts a volume of its own.
func mount(source corev1.VolumeSource, mountPath, subPath string) modifier {
	return func(t *corev1.PodTemplateSpec, c *corev1.Container) {
		name := fmt.Sprintf("volume-%d", len(t.Spec.Volumes))
		t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: name, VolumeSource: source})
		c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: name, MountPath: mountPath, SubPath: subPath})
	}
}

// conf mounts a ConfigMap.
func conf(name, mountPath, subPath string, pairs ...string) modifier {
	return mount(configMapVolume(name, pairs...), mountPath, subPath)
}

// cluster are surroundings with ConfigMaps of which all is known; there are no others.
func cluster(configMaps map[string]map[string]string) Surroundings {
	return Surroundings{Namespace: "ns", ConfigMap: func(name string) (*corev1.ConfigMap, Knowledge) {
		data, ok := configMaps[name]
		if !ok {
			return nil, KnownWhole
		}
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: data}, KnownWhole
	}}
}

func recognize(t *testing.T, template *corev1.PodTemplateSpec) Process {
	t.Helper()
	process, ok := Recognize(template, testSpecPath)
	if !ok {
		t.Fatal("not recognized")
	}
	return process
}

// state is a setting as tables write it: its value, "?" for an unknown value, "-" for none.
func state(configuration flink.Configuration, key string) string {
	setting, ok := configuration.Lookup(key)
	switch {
	case !ok:
		return "-"
	case setting.Unknown != "":
		return "?"
	}
	return setting.Value
}

func wantStates(t *testing.T, configuration flink.Configuration, want map[string]string) {
	t.Helper()
	for key, value := range want {
		if got := state(configuration, key); got != value {
			t.Errorf("%s: got %q, want %q", key, got, value)
		}
	}
}

func TestRecognize(t *testing.T) {
	const native = "org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint"
	cases := map[string]struct {
		template *corev1.PodTemplateSpec
		want     Role // "" for not Flink's
		wantForm Form
	}{
		"a session JobManager":                   {pod(args("jobmanager", "$(POD_IP)")), RoleJobManager, FormSession},
		"an application JobManager":              {pod(args("standalone-job", "--job-classname", "Main")), RoleJobManager, FormApplication},
		"a TaskManager":                          {pod(args("taskmanager")), RoleTaskManager, ""},
		"the entry point written out":            {pod(command("/docker-entrypoint.sh"), args("jobmanager")), RoleJobManager, FormSession},
		"the entry point with its word":          {pod(command("/docker-entrypoint.sh", "taskmanager")), RoleTaskManager, ""},
		"the native client's session":            {pod(command("/docker-entrypoint.sh"), args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-session ")), RoleJobManager, FormSession},
		"the native client's application":        {pod(command("/docker-entrypoint.sh"), args("bash", "-c", "kubernetes-jobmanager.sh kubernetes-application -Da=b")), RoleJobManager, FormApplication},
		"the native client's TaskManager":        {pod(args("bash", "-c", "kubernetes-taskmanager.sh -Dx='y'")), RoleTaskManager, ""},
		"the native client of 1.12":              {pod(args("native-k8s", "$JAVA_HOME/bin/java -classpath $FLINK_CLASSPATH "+native+" 1> out")), RoleJobManager, FormApplication},
		"a start script of the distribution":     {pod(command("/opt/flink/bin/jobmanager.sh", "start-foreground")), RoleJobManager, FormSession},
		"a start script in the background":       {pod(command("bash", "-c", "bin/taskmanager.sh start; tail -f log/*")), RoleTaskManager, ""},
		"the class of an entry point":            {pod(command("java", "-cp", "lib/*", string(classTaskManager), "--configDir", "/conf")), RoleTaskManager, ""},
		"a shell line that ends in the entry":    {pod(command("sh", "-c"), args("cp a b\nexec /docker-entrypoint.sh taskmanager")), RoleTaskManager, ""},
		"a shell with many options":              {pod(command("bash", "-euo", "pipefail", "-c"), args("/docker-entrypoint.sh standalone-job")), RoleJobManager, FormApplication},
		"a shell whose line follows two hyphens": {pod(command("bash", "-c", "--", "/docker-entrypoint.sh jobmanager")), RoleJobManager, FormSession},
		"a shell line with an if":                {pod(command("sh", "-c", `if [ "$A" ]; then /docker-entrypoint.sh jobmanager; fi`)), RoleJobManager, FormSession},
		"an init process":                        {pod(command("tini", "-s", "--", "/docker-entrypoint.sh", "jobmanager")), RoleJobManager, FormSession},
		"a wrapper of somebody's":                {pod(command("/wait-for.sh", "/docker-entrypoint.sh", "taskmanager")), RoleTaskManager, ""},
		"a custom image":                         {pod(image("registry/x/my-job:7"), args("taskmanager")), RoleTaskManager, ""},

		"a client that submits a job":           {pod(command("/opt/flink/bin/flink", "run", "-m", "flink-jobmanager:8081")), "", ""},
		"a client in a shell line":              {pod(command("sh", "-c", "/opt/flink/bin/flink run -m flink-jobmanager:8081")), "", ""},
		"a client through the entry point":      {pod(args("flink", "run", "-Djobmanager.rpc.address=x", "job.jar")), "", ""},
		"a SQL gateway":                         {pod(command("/opt/flink/bin/sql-gateway.sh", "start-foreground", "-Djobmanager.rpc.address=jm")), "", ""},
		"a SQL client":                          {pod(args("/opt/flink/bin/sql-client.sh", "embedded")), "", ""},
		"a history server":                      {pod(args("history-server")), "", ""},
		"the operator":                          {pod(image("apache/flink-kubernetes-operator:1.13"), command("/docker-entrypoint.sh", "operator")), "", ""},
		"a container that sleeps":               {pod(command("sleep", "infinity")), "", ""},
		"a Python program":                      {pod(command("python", "jobmanager.py")), "", ""},
		"a script that is shown and not run":    {pod(command("cat", "/opt/flink/bin/jobmanager.sh")), "", ""},
		"a script that is shown by a shell":     {pod(command("sh", "-c", "cat /opt/flink/bin/jobmanager.sh")), "", ""},
		"a script that stops a process":         {pod(command("/opt/flink/bin/taskmanager.sh", "stop")), "", ""},
		"another command with the word in args": {pod(command("/usr/bin/metrics"), args("jobmanager")), "", ""},
		"another script of a like name":         {pod(command("/opt/my-jobmanager.sh", "start")), "", ""},
		"the image's own command":               {pod(), "", ""},
		"nothing at all":                        {&corev1.PodTemplateSpec{}, "", ""},
		"the word in an init container": {pod(command("sleep"), func(t *corev1.PodTemplateSpec, _ *corev1.Container) {
			t.Spec.InitContainers = []corev1.Container{{Args: []string{"jobmanager"}}}
		}), "", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, ok := Recognize(tc.template, testSpecPath)
			if got.Role != tc.want || ok != (tc.want != "") || got.Form != tc.wantForm {
				t.Errorf("got %q %q, want %q %q", got.Role, got.Form, tc.want, tc.wantForm)
			}
		})
	}
}

func TestRecognizeLooksPastSidecars(t *testing.T) {
	template := pod(args("jobmanager"))
	template.Spec.Containers = append([]corev1.Container{{Name: "log-shipper", Args: []string{"run"}}}, template.Spec.Containers...)
	got := recognize(t, template)
	if want := testSpecPath + ".containers[1]"; got.Path != want || got.Container != 1 {
		t.Errorf("got %s, %d, want %s", got.Path, got.Container, want)
	}
}

func TestTheDeployerIsRead(t *testing.T) {
	for label, want := range map[string]Deployer{
		"": DeployerStandalone, "flink-native-kubernetes": DeployerNative, "flink-standalone-kubernetes": DeployerOperator,
	} {
		template := pod(args("jobmanager"))
		template.Labels = map[string]string{"type": label}
		if got := recognize(t, template).Deployer; got != want {
			t.Errorf("%q: got %q, want %q", label, got, want)
		}
	}
}

func TestAPodIsRecognized(t *testing.T) {
	template := pod(args("taskmanager"))
	got, ok := RecognizePod(&corev1.Pod{Spec: template.Spec})
	if !ok || got.Role != RoleTaskManager || got.Path != "spec.containers[0]" {
		t.Errorf("got %q at %s", got.Role, got.Path)
	}
}

// TestNestedWrappersAreBounded builds what takes long if every program that runs another one is followed without end.
func TestNestedWrappersAreBounded(t *testing.T) {
	words := strings.Fields(strings.Repeat("/docker-entrypoint.sh java ", 20000))
	if _, ok := Recognize(pod(command(words...)), testSpecPath); ok {
		t.Error("recognized")
	}
}
