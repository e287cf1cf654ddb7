package differential

import (
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// entryPointClasses are what a container runs to get to an entry point without a start script.
func entryPointClasses() map[EntryPoint]string {
	return map[EntryPoint]string{
		SessionJobManager:     "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
		ApplicationJobManager: "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint",
		TaskManager:           "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
	}
}

// TestArgumentsAreReadAsFlinkReadsThem gives the same words to Flink's entry points and to a container that runs them.
func TestArgumentsAreReadAsFlinkReadsThem(t *testing.T) {
	cases := int(setting(t, casesVariable, 10_000))
	for _, release := range Releases() {
		t.Run(string(release), func(t *testing.T) {
			t.Parallel()
			referee := appointed(t, release)
			for entryPoint := range entryPointClasses() {
				askArguments(t, referee, entryPoint, cases/len(entryPointClasses()))
			}
		})
	}
}

// askArguments compares many command lines of one entry point.
func askArguments(t *testing.T, referee *Referee, entryPoint EntryPoint, cases int) {
	t.Helper()
	seed := setting(t, seedVariable, 1)
	refused := 0
	for start := 0; start < cases && !t.Failed(); start += chunk {
		lists := make([][]string, min(chunk, cases-start))
		for i := range lists {
			lists[i] = argumentWords(newRandom(seed, start+i))
		}
		answers, err := referee.Arguments(t.Context(), entryPoint, lists)
		if err != nil {
			t.Fatal(err)
		}
		for i, theirs := range answers {
			if theirs.Unsupported {
				t.Logf("%c: not at hand", entryPoint)
				return
			}
			if theirs.Refusal != nil {
				refused++
			}
			compareArguments(t, referee.Release, entryPoint, lists[i], theirs)
		}
	}
	t.Logf("%c: %d cases, of which Flink refuses %d", entryPoint, cases, refused)
}

func compareArguments(t *testing.T, release Release, entryPoint EntryPoint, words []string, theirs Arguments) {
	t.Helper()
	template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
		Image: "flink:" + string(release), Command: []string{"java", entryPointClasses()[entryPoint]}, Args: words,
	}}}}
	process, ok := workload.Recognize(template, "spec")
	if !ok {
		t.Fatalf("the entry point %c is not recognized", entryPoint)
	}
	if refusal := process.Refusal(workload.Surroundings{}); (refusal != nil) != (theirs.Refusal != nil) {
		t.Errorf("%c %q: we say %+v, Flink says %s", entryPoint, words, refusal, theirs.Refusal)
		return
	}
	if theirs.Refusal != nil {
		return
	}
	ours := map[string]string{}
	for _, setting := range process.Configuration(workload.Surroundings{}).Settings {
		if setting.Origin == flink.OriginArgument {
			ours[setting.Key] = setting.Value
		}
	}
	want := theirs.Properties
	if port, err := strconv.Atoi(theirs.Further["RestPort"]); err == nil && port >= 0 {
		want["rest.port"] = strconv.Itoa(port)
	}
	if host, ok := theirs.Further["Hostname"]; ok {
		want["jobmanager.rpc.address"] = host
	}
	if port, err := strconv.Atoi(ours["rest.port"]); err == nil && theirs.Further["RestPort"] != "-1" {
		ours["rest.port"] = strconv.Itoa(port)
	}
	if !maps.Equal(ours, want) {
		t.Errorf("%c %q: got %q, want %q", entryPoint, words, ours, want)
	}
}

// argumentWords makes a command line of pieces that mean something to an entry point, or almost. There is no dollar sign in them,
// which would mean something to the kubelet.
func argumentWords(random *rand.Rand) []string {
	var words []string
	if random.IntN(6) > 0 {
		words = append(words, pick(random, []string{"--configDir", "-c"}), "/conf")
	}
	for range random.IntN(7) {
		words = append(words, argumentWord(random))
	}
	return words
}

func argumentWord(random *rand.Rand) string {
	name := pick(random, []string{
		"D", "D", "D", "c", "configDir", "r", "webui-port", "h", "host", "x", "executionMode", "j", "job-classname", "jid", "job-id", "jars", "s", "fromSavepoint", "n",
		"allowNonRestoredState", "rm", "restoreMode", "é", "",
	})
	if random.IntN(6) == 0 {
		name = strings.ToValidUTF8(name[:random.IntN(len(name)+1)], "")
	}
	value := pick(random, []string{
		"", "a", "a=b", "a=b=c", "=", "=b", `"a=b"`, `"a"`, `"`, `""`, `"a"b"`, "'a'", "8081", "-1", "+7", "Main", "a,b", "a b", " ", "é=ü", "0123456789abcdef0123456789ABCDEF", "\U0001f600", "-", "--",
	})
	switch random.IntN(8) {
	case 0, 1:
		return value
	case 2, 3:
		return "-" + name
	case 4:
		return "--" + name
	case 5:
		return "-" + name + value
	case 6:
		return "-" + name + "=" + value
	}
	return "--" + name + "=" + value
}
