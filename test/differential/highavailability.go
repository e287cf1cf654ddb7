package differential

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// What is compared of high availability, as if they were settings.
const (
	modeKey    = "mode"
	storageKey = "storage path"
	// refusedText stands for a mode or path that is refused.
	refusedText = "refused"
)

// OurHighAvailability reads the mode and the storage path off a map of settings.
func OurHighAvailability(settings Files, version flink.Version) Reading {
	configuration := flink.Configuration{}
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		configuration.Settings = append(configuration.Settings, flink.Setting{Key: key, Value: settings[key]})
	}
	return highAvailabilityOf(configuration, version)
}

// OurHighAvailabilityOfFiles reads the files of a configuration directory, and the mode and the storage path off what is in them.
func OurHighAvailabilityOfFiles(files Files, version flink.Version) Reading {
	configuration, ok := ourConfiguration(files, version)
	if reading := readingOf(configuration); !ok || reading.Refused != "" || reading.Unknown[""] != "" {
		return OurFiles(files, version)
	}
	for i, setting := range configuration.Settings {
		if hasTwoTexts(setting.Value) {
			configuration.Settings[i].Unknown = "Configuration.getValue has another text for it than Configuration.toMap"
		}
	}
	return highAvailabilityOf(configuration, version)
}

// hasTwoTexts tells whether a value may be one that Configuration.toMap, which our readings follow, writes as YAML and
// Configuration.getValue as Java writes it: .inf and Infinity, .nan and NaN, a set. No option of high availability has such a
// value on purpose.
func hasTwoTexts(value string) bool {
	return strings.HasSuffix(strings.ToLower(value), ".inf") || strings.EqualFold(value, ".nan") || strings.Contains(value, "!!set")
}

func highAvailabilityOf(configuration flink.Configuration, version flink.Version) Reading {
	reading := Reading{Settings: map[string]string{}, Unknown: map[string]string{}}
	mode := flink.ResolveHighAvailability(configuration, version)
	reading.Settings[modeKey] = constantOf(mode)
	if mode.Mode == flink.ModeUnknown {
		reading.Unknown[modeKey] = mode.Reading.Unknown
	}
	storage := flink.ResolveStorage(configuration, version)
	reading.Settings[storageKey] = storage.Path
	switch {
	case storage.Unknown != "":
		reading.Unknown[storageKey] = storage.Unknown
	case storage.Problem != "":
		reading.Settings[storageKey] = refusedText
	}
	return reading
}

// constantOf is the constant of org.apache.flink.runtime.jobmanager.HighAvailabilityMode. Flink takes whatever is no constant for
// a class, and finds out later whether there is one.
func constantOf(resolved flink.HighAvailability) string {
	switch resolved.Mode {
	case flink.ModeNone:
		return "NONE"
	case flink.ModeZooKeeper:
		return "ZOOKEEPER"
	case flink.ModeKubernetes:
		if strings.Contains(resolved.Setting.Value, ".") {
			return "FACTORY_CLASS"
		}
		return "KUBERNETES"
	case flink.ModeCustom, flink.ModeInvalid:
		return "FACTORY_CLASS"
	default:
		return string(resolved.Mode)
	}
}

// askHighAvailability asks what Flink makes of maps of settings, and puts it as settings.
func askHighAvailability(ctx context.Context, referee *Referee, settings []Files) ([]Answer, error) {
	answers, err := referee.HighAvailability(ctx, settings)
	return outcomesAsSettings(answers), err
}

func askHighAvailabilityOfFiles(ctx context.Context, referee *Referee, directories []Files) ([]Answer, error) {
	answers, err := referee.LoadHighAvailability(ctx, directories)
	return outcomesAsSettings(answers), err
}

func outcomesAsSettings(answers []Answer) []Answer {
	for i, answer := range answers {
		if answer.Settings != nil {
			answers[i].Settings = map[string]string{modeKey: outcomeText(answer.Mode), storageKey: outcomeText(answer.StoragePath)}
			answers[i].Refusal = answer.StoragePath.Refusal
		}
	}
	return answers
}

func outcomeText(outcome Outcome) string {
	if outcome.Refusal != nil {
		return refusedText
	}
	return outcome.Text
}

// HighAvailabilityCase makes settings that decide about high availability, the same for the same seed and number.
func HighAvailabilityCase(seed uint64, number int) Case {
	random := newRandom(seed, number)
	settings := Files{}
	for range random.IntN(4) {
		settings[pick(random, []string{"high-availability.type", "high-availability", "recovery.mode"})] = modeText(random)
	}
	for range random.IntN(4) {
		settings[pick(random, storageKeys())] = pathText(random)
	}
	for range random.IntN(2) {
		settings[pick(random, clusterIDKeys())] = clusterIDText(random)
	}
	if random.IntN(100) == 0 {
		settings[pick(random, storageKeys())] += pick(random, []string{"$(BUCKET)", "${X}", "$X", "{{ .Values.x }}"})
	}
	for key, value := range settings {
		settings[key] = strings.ToValidUTF8(value, "\ufffd") // a text of Java's cannot hold anything else
	}
	return Case{Name: fmt.Sprintf("high availability case %d of seed %d", number, seed), Files: settings, Generated: true}
}

func storageKeys() []string {
	return []string{
		"high-availability.storageDir", "high-availability.storageDir", "high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir",
		"high-availability.storage-dir", "high-availability.storagedir", "state.backend.fs.checkpointdir", "recovery.storageDir",
	}
}

func clusterIDKeys() []string {
	return []string{
		"high-availability.cluster-id", "high-availability.cluster-id", "high-availability.zookeeper.path.namespace", "recovery.zookeeper.path.namespace", "kubernetes.cluster-id",
	}
}

func modeText(random *rand.Rand) string {
	text := pick(random, []string{
		"kubernetes", "KUBERNETES", "Kubernetes", "zookeeper", "ZooKeeper", "none", "NONE", "standalone", "Standalone", "filesystem", "factory_class", "FACTORY_CLASS", "", " ", "null", "true", "k8s", "kubernetes.",
		"org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory", "org.apache.flink.kubernetes.highavailability.KubernetesMultipleComponentLeaderElectionHaServicesFactory",
		"com.example.Factory", "Factory", "ſtandalone", "ﬁlesystem", "zookeeperı", "kubernetes\u0130", "ZOOKEEPER\n", "kubernetes#", "KUBERNETE\u017f", "\u212aUBERNETES", "zoo\u212aeeper",
	})
	switch random.IntN(8) {
	case 0:
		return `"` + text + `"`
	case 1:
		return " " + text
	case 2:
		return text + pick(random, []string{" ", "\t", "\u00a0", "x"})
	}
	return text
}

func clusterIDText(random *rand.Rand) string {
	text := pick(random, []string{"demo", "/demo", "/", "", " ", "a/b", "/a/b/", "//a", "../a", ".", "..", "a b", "a:b", ":", "a:", "s3://x/y", "/default", "é", "a%20b", "a?b", "a#b", "a\\b", "C:/a", "/C:/a", "x/../y", "a//b", "[a]", "1:2", "a/:b", "file:/x", "-", "\x00", "a\x00", "😀"})
	if random.IntN(10) == 0 {
		return mutateBytes(random, text)
	}
	return text
}

// pathText is a storage directory, put together from a scheme, an authority and a path, each of which may be odd.
func pathText(random *rand.Rand) string {
	scheme := pick(random, []string{"s3:", "s3a:", "file:", "hdfs:", "gs:", "wasb:", "abfss:", "S3:", "FILE:", "oss:", "http:", "", "", "", "s 3:", "3s:", "s3+x:", "s3.x-y:", "s_3:", ":", "é:", "s3::", "C:", "c:", "-:", "file", "a%:", "jar:file:"})
	authority := pick(random, []string{
		"//bucket", "//bucket", "//", "///", "", "/", "//host:9000", "//host:", "//:80", "//user@host", "//user:pass@host", "//c@account.dfs.core.windows.net", "//b_c", "//-b", "//b-", "//1.2.3.4", "//[::1]", "//[::1]:80", "//[x", "//a b", "//é", "//a.b.", "//B", "////b", "//host:99999", "//h:x", "//<<BUCKET>>", "//a,b", "//a%20b", "//a..b", "//b\\c", "//a;b", "//ns1", "//h:-1", "//@h", "//a@b@c", "//%41", "//%", "//a^b", "//a|b",
	})
	path := pick(random, []string{
		"/ha", "/ha/", "/", "", "/flink/ha", "/a//b", "/a/./b", "/a/../b", "/..", "/../a", "/a b", "/é", "/a%20b", "/a?b=c", "/a#b", "/a:b", "/:a", "ha", "a/b", "./a", "../a", ".", "..", "/C:/x", "C:/x", "\\a\\b", "/a\\b", "/a\tb", " /a", "/a ", "/[a]", "/{a}", "/a;b", "//a", "///", "/😀", "/a\x00b", "/~", "/a%", "/a%2", "/%zz", "/a|b", "/\"a\"", "/'a'", "/<a>", "/a^b", "/a`b", "/.a", "/a/.", "/a/..", "/...", "/\u00a0", "/\u2028", "/\x7f", "/\ufffd",
	})
	text := scheme + authority + path
	switch random.IntN(14) {
	case 0:
		return `"` + text + `"`
	case 1:
		return mutateBytes(random, text)
	case 2:
		return pick(random, []string{"", " ", "\t", "/", "//", "///", ":", "://", "file:", "file:/", "file://", "s3:", "s3:/", "s3://", "s3:///", "\u00a0", "\u2003", "a", ".", "a:b", "a:/b", "null"})
	}
	return text
}
