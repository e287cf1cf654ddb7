package workload

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// projected is a volume of several sources.
func projected(sources ...corev1.VolumeProjection) corev1.VolumeSource {
	return corev1.VolumeSource{Projected: &corev1.ProjectedVolumeSource{Sources: sources}}
}

func projectedConfigMap(name string, pairs ...string) corev1.VolumeProjection {
	return corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Items: items(pairs...),
	}}
}

func emptyDir() corev1.VolumeSource {
	return corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}
}

func claim() corev1.VolumeSource {
	return corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{}}
}

func optional(source corev1.VolumeSource) corev1.VolumeSource {
	source.ConfigMap.Optional = new(true)
	return source
}

func subPathExpr(t *corev1.PodTemplateSpec, c *corev1.Container) {
	c.VolumeMounts[len(c.VolumeMounts)-1].SubPathExpr = "$(DIR)/config.yaml"
}

func TestFiles(t *testing.T) {
	const dir = DefaultConfDir
	task, other := args("taskmanager"), image("mine:7")
	around := cluster(map[string]map[string]string{
		"both":     {flink.LegacyFile: "from: legacy", flink.StandardFile: "from: standard", "renamed.yaml": "from: renamed"},
		"legacy":   {flink.LegacyFile: "from: legacy"},
		"standard": {flink.StandardFile: "from: standard"},
		"neither":  {"log4j.properties": "x"},
	})
	cases := map[string]struct {
		modify []modifier
		want   string // value of "from", "-" for none, "?" for an unknown one
		gap    bool
	}{
		"1.18 reads the legacy file":               {[]modifier{image("flink:1.18"), conf("both", dir, "")}, "legacy", false},
		"1.20 prefers the legacy file":             {[]modifier{conf("both", dir, "")}, "legacy", false},
		"1.20 reads config.yaml otherwise":         {[]modifier{conf("standard", dir, "")}, "standard", false},
		"2.0 reads config.yaml":                    {[]modifier{image("flink:2.0"), conf("both", dir+"/", "")}, "standard", false},
		"2.0 has no file":                          {[]modifier{image("flink:2.0"), conf("legacy", dir, "")}, "-", true},
		"an unknown version with one file":         {[]modifier{other, conf("legacy", dir, "")}, "legacy", false},
		"an unknown version with the other":        {[]modifier{other, conf("standard", dir, "")}, "standard", false},
		"an unknown version with both":             {[]modifier{other, conf("both", dir, "")}, "?", false},
		"an unknown version and one file of two":   {[]modifier{other, conf("legacy", dir+"/flink-conf.yaml", "flink-conf.yaml")}, "?", true},
		"2.0 passes over a legacy file":            {[]modifier{image("flink:2.0"), conf("legacy", dir+"/flink-conf.yaml", "flink-conf.yaml")}, "-", false},
		"items rename":                             {[]modifier{conf("both", dir, "", "renamed.yaml", "config.yaml")}, "renamed", false},
		"items leave the rest out":                 {[]modifier{conf("both", dir, "", "renamed.yaml", "log4j.properties")}, "-", true},
		"a subPath renames":                        {[]modifier{conf("both", dir+"/config.yaml", "renamed.yaml")}, "renamed", false},
		"a subPath of a directory":                 {[]modifier{conf("both", dir, "sub", "renamed.yaml", "sub/config.yaml")}, "renamed", false},
		"a subPath with a variable":                {[]modifier{env("DIR", "a"), conf("both", dir+"/config.yaml", "", "renamed.yaml", "a/config.yaml"), subPathExpr}, "renamed", false},
		"a subPath with an unknown one":            {[]modifier{envFrom("DIR", field("metadata.name")), conf("both", dir+"/config.yaml", ""), subPathExpr}, "-", true},
		"a directory and a file in it":             {[]modifier{conf("standard", dir, ""), conf("both", dir+"/config.yaml", "renamed.yaml")}, "renamed", false},
		"the same in the other order":              {[]modifier{conf("both", dir+"/config.yaml", "renamed.yaml"), conf("standard", dir, "")}, "renamed", false},
		"another file in the directory":            {[]modifier{conf("neither", dir+"/log4j.properties", "log4j.properties"), conf("both", dir, "")}, "legacy", false},
		"files of two ConfigMaps":                  {[]modifier{conf("standard", dir+"/config.yaml", "config.yaml"), conf("legacy", dir+"/flink-conf.yaml", "flink-conf.yaml")}, "legacy", false},
		"a mount above the directory":              {[]modifier{conf("both", "/opt/flink", "", "renamed.yaml", "conf/config.yaml")}, "renamed", false},
		"a claim above the directory":              {[]modifier{mount(claim(), "/opt/flink", "")}, "-", true},
		"a projected volume":                       {[]modifier{mount(projected(projectedConfigMap("standard")), dir, "")}, "standard", false},
		"the last source counts":                   {[]modifier{mount(projected(projectedConfigMap("standard"), projectedConfigMap("both", "renamed.yaml", "config.yaml")), dir, "")}, "renamed", false},
		"a Secret among the sources":               {[]modifier{mount(projected(projectedConfigMap("standard"), corev1.VolumeProjection{Secret: &corev1.SecretProjection{}}), dir, "")}, "-", true},
		"a Secret with other items":                {[]modifier{mount(projected(projectedConfigMap("standard"), corev1.VolumeProjection{Secret: &corev1.SecretProjection{Items: items("k", "x")}}), dir, "")}, "standard", false},
		"FLINK_CONF_DIR moves the directory":       {[]modifier{env("FLINK_CONF_DIR", "/conf"), conf("both", "/conf", "")}, "legacy", false},
		"so does a variable in it":                 {[]modifier{env("BASE", "/base"), env("FLINK_CONF_DIR", "$(BASE)/conf"), conf("both", "/base/conf", "")}, "legacy", false},
		"an unknown variable in it":                {[]modifier{env("FLINK_CONF_DIR", "$(BASE)/conf"), conf("both", dir, "")}, "-", true},
		"a script elsewhere has another directory": {[]modifier{command("/usr/flink/bin/taskmanager.sh", "start-foreground"), conf("both", "/usr/flink/conf", "")}, "legacy", false},
		"an entry point is told the directory":     {[]modifier{command("java", string(classTaskManager), "--configDir", "/conf"), conf("both", "/conf", "")}, "legacy", false},
		"a ConfigMap elsewhere is none of it":      {[]modifier{conf("both", "/etc/other", "")}, "-", false},
		"an official image sets nothing":           {nil, "-", false},
		"another image may":                        {[]modifier{image("registry/flink:1.20")}, "-", true},
		"a ConfigMap that does not exist":          {[]modifier{conf("absent", dir, "")}, "-", true},
		"an optional one that does not exist":      {[]modifier{mount(optional(configMapVolume("absent")), dir, "")}, "-", true},
		"an empty directory":                       {[]modifier{mount(emptyDir(), dir, "")}, "-", true},
		"a Secret":                                 {[]modifier{mount(corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{}}, dir, "")}, "-", true},
		"a volume that is not in the template": {[]modifier{func(_ *corev1.PodTemplateSpec, c *corev1.Container) {
			c.VolumeMounts = []corev1.VolumeMount{{Name: "claim", MountPath: dir}}
		}}, "-", true},
		"variables from a Secret change little":     {[]modifier{fromSecret, conf("both", dir, "")}, "legacy", false},
		"but may move a directory without a mount":  {[]modifier{fromSecret}, "-", true},
		"a file of a ConfigMap of 1 MiB and a byte": {[]modifier{conf("large", dir, "")}, "-", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			process := recognize(t, pod(append([]modifier{task}, tc.modify...)...))
			got := process.Configuration(around)
			if state := state(got, "from"); state != tc.want {
				t.Errorf("got %q, want %q", state, tc.want)
			}
			if (len(got.Gaps) > 0) != tc.gap {
				t.Errorf("got the gaps %v, want some: %t", got.Gaps, tc.gap)
			}
		})
	}
}

func fromSecret(_ *corev1.PodTemplateSpec, c *corev1.Container) {
	c.EnvFrom = []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{}}}
}

func TestConfigMapsThatAreNotAtHand(t *testing.T) {
	process := recognize(t, pod(args("taskmanager"), conf("c", DefaultConfDir, "")))
	if got := process.Configuration(Surroundings{}); len(got.Gaps) != 1 || len(got.Settings) != 0 {
		t.Errorf("got %+v, want nothing but one gap", got)
	}
	if got := process.ConfigMaps(); len(got) != 1 || got[0] != "c" {
		t.Errorf("got %q, want c", got)
	}
	data := map[string]string{flink.StandardFile: "from: standard"}
	partly := Surroundings{ConfigMap: func(string) (*corev1.ConfigMap, Knowledge) { return &corev1.ConfigMap{Data: data}, KnownInPart }}
	if got := state(process.Configuration(partly), "from"); got != "standard" {
		t.Errorf("got %q: the files are known where the ConfigMap is known in part", got)
	}
	renamed := recognize(t, pod(args("taskmanager"), conf("c", DefaultConfDir, "", "other", "flink-conf.yaml", "config.yaml", "config.yaml")))
	if got := renamed.Configuration(partly); got.Complete() || state(got, "from") != "-" {
		t.Errorf("got %+v: another key may be missing only here", got)
	}
	binary := Surroundings{ConfigMap: func(string) (*corev1.ConfigMap, Knowledge) {
		return &corev1.ConfigMap{Data: data, BinaryData: map[string][]byte{flink.LegacyFile: {0xff}}}, KnownWhole
	}}
	if got := process.Configuration(binary); got.Complete() || state(got, "from") != "-" {
		t.Errorf("got %+v: the file in binaryData counts and is not read", got)
	}
}

func TestPlacesOfFiles(t *testing.T) {
	process := recognize(t, pod(args("taskmanager"), conf("c", DefaultConfDir, "")))
	got := process.Configuration(cluster(map[string]map[string]string{"c": {flink.LegacyFile: "# x\na: b\n"}}))
	want := flink.Position{Path: `configMap c data["flink-conf.yaml"]`, Line: 2, Column: 4}
	if setting, _ := got.Lookup("a"); setting.Position != want || setting.Origin != flink.OriginFile {
		t.Errorf("got %+v, want it at %s", setting, want)
	}
	if file := process.Files(Surroundings{})[flink.LegacyFile]; file.Place != PlaceConfigMap || file.ConfigMap != "c" || file.Key != flink.LegacyFile || file.Read {
		t.Errorf("got %+v", file)
	}
}

func TestVolumesThatOthersWrite(t *testing.T) {
	const wantInit, wantOther = "an init container may write the configuration", "another container may write the configuration"
	mounts := []corev1.VolumeMount{{Name: "volume-0", MountPath: "/x"}}
	inInit := func(t *corev1.PodTemplateSpec, _ *corev1.Container) {
		t.Spec.InitContainers = []corev1.Container{{VolumeMounts: mounts}}
	}
	inOther := func(t *corev1.PodTemplateSpec, _ *corev1.Container) {
		t.Spec.Containers = append(t.Spec.Containers, corev1.Container{VolumeMounts: mounts})
	}
	for want, modify := range map[string]modifier{wantInit: inInit, wantOther: inOther} {
		process := recognize(t, pod(args("taskmanager"), mount(emptyDir(), DefaultConfDir, ""), modify))
		if got := process.Configuration(Surroundings{}).Gaps; len(got) == 0 || got[0].Reason != want {
			t.Errorf("got %v, want %q", got, want)
		}
	}
}

func TestAConfigMapIsAskedForOnce(t *testing.T) {
	asked := 0
	around := Surroundings{ConfigMap: func(string) (*corev1.ConfigMap, Knowledge) {
		asked++
		return nil, Unknown
	}}
	process := recognize(t, pod(args("jobmanager"), fromConfigMap("c", ""), envFrom("A", configMapKey("c", "a")), conf("c", DefaultConfDir, "")))
	if process.Configuration(around); asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
