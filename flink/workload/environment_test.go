package workload

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

func properties(text string) modifier { return env(VariableProperties, text) }

// TestProperties holds what docker-entrypoint.sh makes of FLINK_PROPERTIES. What it does was found by running its functions, and
// BashJavaUtils of 1.20.5 and 2.3.0, which it calls.
func TestProperties(t *testing.T) {
	const newer, older = "flink:2.0", "flink:1.18"
	readOnly := func(_ *corev1.PodTemplateSpec, c *corev1.Container) {
		c.SecurityContext = &corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)}
	}
	asUser := func(id int64) modifier {
		return func(t *corev1.PodTemplateSpec, _ *corev1.Container) {
			t.Spec.SecurityContext = &corev1.PodSecurityContext{RunAsUser: &id}
		}
	}
	cases := map[string]struct {
		image       string
		modify      []modifier
		want        map[string]string
		wantIgnored string
	}{
		"no space is needed from 1.19 on":     {newer, []modifier{properties("a:b\n  c : d e\n")}, map[string]string{"a": "b", "c": "de"}, ""},
		"it is needed up to 1.18":             {older, []modifier{properties("a:b\nc: d\n")}, map[string]string{"a": "-", "c": "d"}, "a"},
		"a number sign is no comment":         {newer, []modifier{properties("a: b#c\n#d: e")}, map[string]string{"a": "b#c", "d": "-"}, ""},
		"it is up to 1.18":                    {older, []modifier{properties("a: b#c\n")}, map[string]string{"a": "b"}, ""},
		"quotes stay":                         {newer, []modifier{properties(`a: "b"`)}, map[string]string{"a": `"b"`}, ""},
		"the first colon ends the key":        {newer, []modifier{properties("a: s3://b:80/c")}, map[string]string{"a": "s3://b:80/c"}, ""},
		"one colon at the end is lost":        {newer, []modifier{properties("a: b:\nc: d:e:\nf::")}, map[string]string{"a": "b", "c": "d:e:", "f": ""}, ""},
		"what echo takes for an option":       {newer, []modifier{properties("a: -n\nb: -x")}, map[string]string{"a": "", "b": "-x"}, ""},
		"no colon":                            {newer, []modifier{properties("a\nb=c")}, map[string]string{"a": "", "b": "c="}, "a"},
		"no key":                              {newer, []modifier{properties(":a\n:b=c")}, map[string]string{"a": "true", "b": "c"}, ""},
		"they lie below -D":                   {newer, []modifier{properties("a: 1\nb: 1"), args("taskmanager", "-Da=2")}, map[string]string{"a": "2", "b": "1"}, ""},
		"both grammars of an unknown version": {"flink", []modifier{properties("a: b\nc: d # e\nf:g")}, map[string]string{"a": "b", "c": "?", "f": "?"}, "f"},
		"one key that begins another":         {newer, []modifier{properties("high-availability: kubernetes\nhigh-availability.storageDir: s3://x")}, map[string]string{"high-availability": "?", "high-availability.storageDir": "?"}, ""},
		"is nothing to the legacy file":       {older, []modifier{properties("high-availability: kubernetes\nhigh-availability.storageDir: s3://x")}, map[string]string{"high-availability": "kubernetes"}, ""},

		"a mounted directory is not written":        {newer, []modifier{properties("a: b"), conf("c", DefaultConfDir, "")}, map[string]string{"a": "-"}, VariableProperties},
		"nor a mounted file":                        {newer, []modifier{properties("a: b"), conf("c", DefaultConfDir+"/config.yaml", "config.yaml")}, map[string]string{"a": "-"}, VariableProperties},
		"the other file may be mounted":             {newer, []modifier{properties("a: b"), conf("c", DefaultConfDir+"/flink-conf.yaml", "flink-conf.yaml")}, map[string]string{"a": "b"}, ""},
		"nor a read-only file system":               {newer, []modifier{properties("a: b"), readOnly}, map[string]string{"a": "-"}, VariableProperties},
		"nothing reads it behind a command":         {newer, []modifier{properties("a: b"), command("/opt/flink/bin/taskmanager.sh", "start-foreground")}, map[string]string{"a": "-"}, VariableProperties},
		"nor with another directory":                {newer, []modifier{properties("a: b"), env("FLINK_CONF_DIR", "/conf")}, map[string]string{"a": "-"}, VariableProperties},
		"a directory that the entry point fills":    {older, []modifier{properties("a: b"), mount(emptyDir(), DefaultConfDir, "")}, map[string]string{"a": "b"}, ""},
		"a claim may be written":                    {older, []modifier{properties("a: b"), mount(claim(), DefaultConfDir, "")}, map[string]string{"a": "?"}, ""},
		"another user may write the image's files":  {newer, []modifier{properties("a: b"), asUser(1000)}, map[string]string{"a": "?"}, ""},
		"their owner does":                          {newer, []modifier{properties("a: b"), asUser(flinkUser)}, map[string]string{"a": "b"}, ""},
		"the entry point sets some by itself":       {newer, nil, map[string]string{keyAddress: "?", "blob.server.port": "6124", "taskmanager.numberOfTaskSlots": "-"}, ""},
		"and some from variables":                   {newer, []modifier{env("JOB_MANAGER_RPC_ADDRESS", "jm"), env("TASK_MANAGER_NUMBER_OF_TASK_SLOTS", "4")}, map[string]string{keyAddress: "jm", "taskmanager.numberOfTaskSlots": "4"}, ""},
		"the shell's variables, if they are known":  {newer, []modifier{env("B", "b"), properties("a: $B-${B}\nc: ${IMAGE}")}, map[string]string{"a": "b-b", "c": "?"}, ""},
		"the shell's variables up to 1.18":          {older, []modifier{env("B", "b"), properties("a: ${B}\nc: ${IMAGE}")}, map[string]string{"a": "b", "c": "?"}, ""},
		"the kubelet's variables":                   {newer, []modifier{env("B", "b"), properties("a: $(B)\nc: $$(B)")}, map[string]string{"a": "b", "c": "$(B)"}, ""},
		"a part that is not known":                  {newer, []modifier{envFrom("IP", field("status.podIP")), properties("a: x-$(IP)\nb: c")}, map[string]string{"a": "?", "b": "c"}, ""},
		"a key with such a part is no setting":      {newer, []modifier{envFrom("IP", field("status.podIP")), properties("a$(IP): x")}, map[string]string{"a$(IP)": "-"}, ""},
		"the whole from a ConfigMap":                {newer, []modifier{envFrom(VariableProperties, configMapKey("c", "flink-conf.yaml"))}, map[string]string{"a": "b"}, ""},
		"the whole from a ConfigMap's variables":    {newer, []modifier{fromConfigMap("variables", "FLINK_")}, map[string]string{"a": "c"}, ""},
		"which a variable of its own counts before": {newer, []modifier{fromConfigMap("variables", "FLINK_"), properties("a: d")}, map[string]string{"a": "d"}, ""},
		"a Secret": {newer, []modifier{envFrom(VariableProperties, secretKey())}, map[string]string{"a": "-"}, ""},
	}
	around := cluster(map[string]map[string]string{"c": {"flink-conf.yaml": "a: b", "config.yaml": ""}, "variables": {"PROPERTIES": "a: c"}})
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := recognize(t, pod(append([]modifier{args("taskmanager"), image(tc.image)}, tc.modify...)...)).Configuration(around)
			if name == "nor a mounted file" || name == "a mounted directory is not written" {
				got.Settings = nil // the file says the same
			}
			wantStates(t, got, tc.want)
			if len(got.Ignored) > 0 && got.Ignored[0].Key != tc.wantIgnored || len(got.Ignored) == 0 && tc.wantIgnored != "" {
				t.Errorf("got ignored %+v, want %q", got.Ignored, tc.wantIgnored)
			}
		})
	}
}

func fromConfigMap(name, prefix string) modifier {
	return func(_ *corev1.PodTemplateSpec, c *corev1.Container) {
		c.EnvFrom = append(c.EnvFrom, corev1.EnvFromSource{
			Prefix: prefix, ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: name}},
		})
	}
}

func TestHiddenPropertiesAreAGap(t *testing.T) {
	for name, modify := range map[string]modifier{"a Secret": envFrom(VariableProperties, secretKey()), "variables of a Secret": fromSecret} {
		got := recognize(t, pod(args("taskmanager"), modify)).Configuration(Surroundings{})
		if got.Complete() {
			t.Errorf("%s: nothing is said to be missing", name)
		}
		mounted := recognize(t, pod(args("taskmanager"), modify, conf("c", DefaultConfDir, "")))
		if got := mounted.Configuration(cluster(map[string]map[string]string{"c": {flink.LegacyFile: "a: b"}})); !got.Complete() {
			t.Errorf("%s: got %v over a mounted directory, where nothing reads them", name, got.Gaps)
		}
	}
}

// TestReferences holds what the kubelet makes of references in arguments.
func TestReferences(t *testing.T) {
	modify := []modifier{
		env("A", "a"), env("B", "$(A)b"), env("C", "$(D)"), env("D", "d"), env("A2", "x"), env("A2", "y"),
		envFrom("NAMESPACE", field("metadata.namespace")), envFrom("NAME", field("metadata.name")),
		envFrom("LABEL", field("metadata.labels['app']")), envFrom("NOLABEL", field("metadata.labels['other']")),
		envFrom("SECRET", secretKey()), envFrom("KEY", configMapKey("c", "key")), envFrom("NOKEY", configMapKey("c", "none")),
		func(t *corev1.PodTemplateSpec, _ *corev1.Container) { t.Labels = map[string]string{"app": "demo"} },
	}
	cases := map[string]string{
		"$(A)": "a", "$(B)": "ab", "$(A2)": "y", "x$(A)y$(A)": "xaya",
		"$(C)":   "$(D)", // a later variable is none yet
		"$(E)":   "$(E)", // no variable at all
		"$$(A)":  "$(A)",
		"$$$(A)": "$a",
		"$(A":    "$(A", "$A": "$A", "${A}": "${A}", "$": "$", "$()": "$()",
		"$(NAMESPACE)": "ns", "$(LABEL)": "demo", "$(KEY)": "value",
		"$(NAME)": "?", "$(NOLABEL)": "?", "$(SECRET)": "?", "$(NOKEY)": "?", "$(MY_SERVICE_HOST)": "?",
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			template := pod(append(modify, args("taskmanager", "-Dkey="+text))...)
			got := recognize(t, template).Configuration(cluster(map[string]map[string]string{"c": {"key": "value"}}))
			wantStates(t, got, map[string]string{"key": want})
			if setting, _ := got.Lookup("key"); want == "?" && setting.Value != text {
				t.Errorf("got %q, want what is written", setting.Value)
			}
		})
	}
}

func TestAWordThatMayBeAnything(t *testing.T) {
	got := recognize(t, pod(envFrom("SECRET", secretKey()), args("taskmanager", "-Da=b", "$(SECRET)", "-Dc=d"))).Configuration(Surroundings{})
	wantStates(t, got, map[string]string{"a": "b", "c": "-"})
	if got.Complete() {
		t.Error("the word may set anything")
	}
	got = recognize(t, pod(envFrom("IP", field("status.podIP")), args("jobmanager", "$(IP)", "-D", "c=d"))).Configuration(Surroundings{})
	wantStates(t, got, map[string]string{keyAddress: "?", "c": "d"})
	if !got.Complete() {
		t.Errorf("got the gaps %v: an address is only an address", got.Gaps)
	}
}

// TestExpansionIsBounded doubles a value with every variable.
func TestExpansionIsBounded(t *testing.T) {
	modify := []modifier{env("V0", strings.Repeat("x", 100)), args("taskmanager", "-Da=$(V60)")}
	for i := 1; i <= 60; i++ {
		name := func(i int) string { return "V" + strings.Repeat("I", i) }
		previous := name(i - 1)
		if i == 1 {
			previous = "V0"
		}
		modify = append(modify, env(name(i), "$("+previous+")$("+previous+")"))
	}
	modify = append(modify, env("V60", "$(V"+strings.Repeat("I", 60)+")"))
	got := recognize(t, pod(modify...)).Configuration(Surroundings{})
	if state := state(got, "a"); state != "?" {
		t.Errorf("got %d bytes, want it unknown", len(state))
	}
}
