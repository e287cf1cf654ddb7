package flink

import (
	"strings"
	"testing"
)

func TestResolveHighAvailability(t *testing.T) {
	v := func(major, minor int) Version { return Version{Major: major, Minor: minor} }
	cases := map[string]struct {
		text    string
		version Version
		want    Mode
	}{
		"nothing is set":                                  {text: "", want: ModeNone},
		"the mode in any case":                            {text: "high-availability.type: KuberneteS", want: ModeKubernetes},
		"the old key":                                     {text: "high-availability: kubernetes", want: ModeKubernetes},
		"the old key in the newest version":               {text: "high-availability: zookeeper", version: v(2, 3), want: ModeZooKeeper},
		"standalone is none":                              {text: "high-availability.type: standalone", want: ModeNone},
		"the new key is nothing to 1.16":                  {text: "high-availability.type: kubernetes", version: v(1, 16), want: ModeNone},
		"recovery.mode beats the old key from 1.17":       {text: "high-availability: kubernetes\nrecovery.mode: zookeeper", version: v(1, 17), want: ModeZooKeeper},
		"the old key beats recovery.mode before":          {text: "high-availability: kubernetes\nrecovery.mode: zookeeper", version: v(1, 16), want: ModeKubernetes},
		"kubernetes is a class to 1.15":                   {text: "high-availability: kubernetes", version: v(1, 15), want: ModeInvalid},
		"the Kubernetes factory":                          {text: "high-availability: org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory", version: v(1, 13), want: ModeKubernetes},
		"the factory that 1.18 removed":                   {text: "high-availability.type: " + multipleElectionFactory, version: v(1, 18), want: ModeInvalid},
		"both orders of the keys differ, unknown version": {text: "recovery.mode: standalone\nhigh-availability: kubernetes", want: ModeUnknown},
		"the newer key switches it off, unknown version":  {text: "high-availability.type: NONE\nhigh-availability: kubernetes", want: ModeUnknown},
		"the newer key switches it off in 1.20":           {text: "high-availability.type: NONE\nhigh-availability: kubernetes", version: v(1, 20), want: ModeNone},
		"a variable of the kubelet":                       {text: "high-availability.type: $(HA)", want: ModeUnknown},
		"a variable of the entry point":                   {text: "high-availability.type: ${HA}", want: ModeUnknown},
		"the same factory with an unknown version":        {text: "high-availability.type: " + multipleElectionFactory, want: ModeKubernetes},
		"somebody's own factory":                          {text: "high-availability.type: com.example.Factory", want: ModeCustom},
		"a word that is no mode":                          {text: "high-availability.type: kubernets", want: ModeInvalid},
		"quotes in the legacy file":                       {text: `high-availability.type: "kubernetes"`, want: ModeInvalid},
		"a file system, which is no mode":                 {text: "high-availability.type: filesystem", want: ModeInvalid},
		"a sentence with a full stop":                     {text: "high-availability.type: yes. please", want: ModeInvalid},
		"the Kubernetes factory before it was there":      {text: "high-availability: " + kubernetesFactory, version: v(1, 11), want: ModeInvalid},
		"the Kubernetes factory in another case":          {text: "high-availability.type: " + strings.ToLower(kubernetesFactory), want: ModeCustom},
		"the factory of 1.15 to 1.17 in a range":          {text: "high-availability.type: " + multipleElectionFactory, version: VersionFrom(1, 18), want: ModeInvalid},
		"a class with a no-break space":                   {text: "high-availability.type: com.example.Factory\u00a0", want: ModeInvalid},
		"a class of letters of another script":            {text: "high-availability.type: com.例え.工場", want: ModeCustom},
		"a long s counts as an s to Java":                 {text: "high-availability.type: ſtandalone", want: ModeNone},
		"the sign of the kelvin is no k to Java":          {text: "high-availability.type: \u212aubernetes", want: ModeInvalid},
		"both orders differ, and the file is config.yaml": {text: "recovery.mode: standalone\nhigh-availability: kubernetes", version: VersionOfFile(StandardFile), want: ModeNone},
		"the name of the enum constant for factories":     {text: "high-availability.type: FACTORY_CLASS", want: ModeInvalid},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := ResolveHighAvailability(LoadLegacy(tc.text, "f"), tc.version).Mode; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestIntendedModeForgivesQuotes(t *testing.T) {
	got := ResolveHighAvailability(LoadLegacy(`high-availability.type: "kubernetes"`, "f"), Version{}).Intended()
	if got != ModeKubernetes {
		t.Errorf("got %s, want kubernetes", got)
	}
}

func TestResolveHighAvailabilityKeepsBlanks(t *testing.T) {
	cases := map[string]Mode{"": ModeInvalid, " ": ModeInvalid, "kubernetes ": ModeInvalid, "kubernetes": ModeKubernetes}
	for value, want := range cases {
		configuration := Configuration{Settings: []Setting{{Key: KeyHighAvailabilityType, Value: value}}}
		if got := ResolveHighAvailability(configuration, exact(1, 20)).Mode; got != want {
			t.Errorf("%q: got %s, want %s", value, got, want)
		}
	}
}

func TestResolveHighAvailabilitySaysWhyItIsUnknown(t *testing.T) {
	hidden := Configuration{Gaps: []Gap{{Reason: "the ConfigMap is not at hand"}}}
	cases := map[string]struct {
		configuration Configuration
		want          string
	}{
		"nothing is set that can be seen": {hidden, "the ConfigMap is not at hand"},
		"a variable":                      {LoadLegacy("high-availability.type: $(HA)", "f"), "something may replace parts of high-availability.type"},
		"the versions differ":             {LoadLegacy("recovery.mode: none\nhigh-availability: kubernetes", "f"), "the version is not known"},
		"a value from elsewhere":          {Configuration{Settings: []Setting{{Key: KeyHighAvailabilityType, Unknown: "it comes from a Secret"}}}, "it comes from a Secret"},
	}
	for name, tc := range cases {
		got := ResolveHighAvailability(tc.configuration, Version{})
		if got.Mode != ModeUnknown || !strings.Contains(got.Reading.Unknown, tc.want) {
			t.Errorf("%s: got %s, %q, want %q", name, got.Mode, got.Reading.Unknown, tc.want)
		}
	}
}
