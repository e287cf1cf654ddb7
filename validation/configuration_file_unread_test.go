package validation

import (
	"slices"
	"strings"
	"testing"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

func TestConfigurationFileUnread(t *testing.T) {
	const at = `spec.template.spec.containers[0].volumeMounts: the configuration file is `
	image := func(text, image string) string { return strings.Replace(text, "flink:2.0.0", image, 1) }
	alone := func(text string) string {
		return strings.Replace(text, "mountPath: /opt/flink/conf}", "mountPath: /opt/flink/conf/flink-conf.yaml, subPath: flink-conf.yaml}", 1)
	}
	const itemized = "            items:\n              - {key: flink-conf.yaml, path: flink-conf.yaml}\n"
	whole := strings.Replace(unreadFileExample("flink-conf.yaml"), itemized, "", 1)
	configMap := func(files ...string) string {
		text := "\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config, namespace: team}\ndata:\n"
		for _, file := range files {
			text += "  " + file + ": \"a: b\"\n"
		}
		return text
	}
	older, newer := unreadFileExample("flink-conf.yaml"), unreadFileExample("config.yaml")
	testRule(t, "configuration-file-unread", map[string]ruleCase{
		"the older file to 2.0": {
			subject: manifest(t, older),
			want:    []string{at + `"flink-conf.yaml" (in the ConfigMap "flink-config"); Flink 2.0.0 reads config.yaml only, and does not start; fix: mount it as config.yaml`},
		},
		"the newer file to 1.18": {
			subject: manifest(t, image(newer, "flink:1.18")),
			want:    []string{at + `"config.yaml" (in the ConfigMap "flink-config"); Flink 1.18 reads flink-conf.yaml only, and does not start; fix: mount it as flink-conf.yaml`},
		},
		"the older file into the directory of 2.0": {
			subject: manifest(t, alone(whole)),
			want:    []string{at + `"flink-conf.yaml" (in the ConfigMap "flink-config"); Flink 2.0.0 reads the image's own config.yaml instead; fix: mount it as config.yaml`},
		},
		"the whole ConfigMap, which has the older file": {
			subject: manifest(t, whole+configMap("flink-conf.yaml")),
			want:    []string{at + `"flink-conf.yaml" (in the ConfigMap "flink-config"); Flink 2.0.0 reads config.yaml only, and does not start; fix: mount it as config.yaml`},
		},
		"both to 1.20": {
			subject: manifest(t, image(whole, "flink:1.20")+configMap("flink-conf.yaml", "config.yaml")),
			want:    []string{at + `"config.yaml"; flink-conf.yaml is mounted too, and Flink 1.20 passes over config.yaml; fix: mount only one of them`},
		},
		"neither":                        {subject: manifest(t, strings.ReplaceAll(older, "flink-conf.yaml", "log4j.properties"))},
		"neither to 1.18":                {subject: manifest(t, image(strings.ReplaceAll(older, "flink-conf.yaml", "log4j.properties"), "flink:1.18"))},
		"only the older, whole, to 1.20": {subject: manifest(t, image(whole, "flink:1.20")+configMap("flink-conf.yaml"))},
		"only the newer, whole, to 1.20": {subject: manifest(t, image(whole, "flink:1.20")+configMap("config.yaml"))},
		"both to 2.0":                    {subject: manifest(t, whole+configMap("flink-conf.yaml", "config.yaml"))},
		"both to 1.18":                   {subject: manifest(t, image(whole, "flink:1.18")+configMap("flink-conf.yaml", "config.yaml"))},
		"the whole ConfigMap, unknown":   {subject: manifest(t, whole)},
		"the right one to 2.0":           {subject: manifest(t, newer)},
		"the right one to 1.18":          {subject: manifest(t, image(older, "flink:1.18"))},
		"the older file to 1.20":         {subject: manifest(t, image(older, "flink:1.20"))},
		"an image of who knows what":     {subject: manifest(t, image(older, "my/orders:2.0.0"))},
		"a configuration directory of its own": {
			subject: manifest(t, strings.Replace(older, "          env:\n", "          env:\n            - {name: FLINK_CONF_DIR, value: /etc/flink}\n", 1)),
		},
	})
}

func TestAnUnreadFileIsOneMistake(t *testing.T) {
	text := strings.Replace(unreadFileExample("flink-conf.yaml"), "mountPath: /opt/flink/conf}", "mountPath: /opt/flink/conf/flink-conf.yaml, subPath: flink-conf.yaml}", 1)
	var got []string
	for _, finding := range mustEvaluator(t).Evaluate(manifest(t, text)) {
		got = append(got, finding.Rule)
	}
	if want := []string{"configuration-file-unread"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnUnreadFileIsRefusedOnlyForWhatItTakesAway(t *testing.T) {
	text := strings.Replace(unreadFileExample("flink-conf.yaml"), "mountPath: /opt/flink/conf}", "mountPath: /opt/flink/conf/flink-conf.yaml, subPath: flink-conf.yaml}", 1)
	cases := map[string]struct {
		text    string
		changes []func(*Subject)
		want    policy.Level
	}{
		"high availability is gone": {text, nil, policy.LevelBaseline},
		"nobody wants any":          {text, []func(*Subject){notRequired}, policy.LevelStrict},
		"arguments turn it on":      {strings.Replace(text, "$(POD_IP)]", "$(POD_IP), -D, high-availability.type=kubernetes]", 1), nil, policy.LevelStrict},
		"a TaskManager":             {strings.Replace(text, "[jobmanager, $(POD_IP)]", "[taskmanager]", 1), nil, policy.LevelStrict},
		"Flink does not start":      {strings.Replace(unreadFileExample("flink-conf.yaml"), "[jobmanager, $(POD_IP)]", "[taskmanager]", 1), nil, policy.LevelBaseline},
	}
	for name, tc := range cases {
		var got []policy.Level
		for _, finding := range mustEvaluator(t).Evaluate(with(manifest(t, tc.text), tc.changes...)) {
			if finding.Rule == "configuration-file-unread" {
				got = append(got, finding.Level)
			}
		}
		if want := []policy.Level{tc.want}; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestAnImageOfOnesOwnMayBringItsFile(t *testing.T) {
	text := strings.Replace(unreadFileExample("flink-conf.yaml"), "mountPath: /opt/flink/conf}", "mountPath: /opt/flink/conf/flink-conf.yaml, subPath: flink-conf.yaml}", 1)
	for image, want := range map[string]policy.Level{"flink:2.0.0": policy.LevelBaseline, "registry.example.com/team/flink:2.0.0": policy.LevelStrict} {
		for _, finding := range mustEvaluator(t).Evaluate(manifest(t, strings.Replace(text, "flink:2.0.0", image, 1))) {
			if finding.Rule == "configuration-file-unread" && finding.Level != want {
				t.Errorf("%s: got level %s, want %s", image, finding.Level, want)
			}
		}
	}
}
