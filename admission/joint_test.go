package admission

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flink-ha/flink-ha-webhook/policy"
)

// strictNamespace enforces everything.
const strictNamespace = `
apiVersion: v1
kind: Namespace
metadata: {name: team, labels: {flink-ha.dev/enforce: strict}}
`

// reading is a Deployment whose process reads the ConfigMap flink-config.
func reading(name, image, arguments string) string {
	return strings.NewReplacer("@NAME@", name, "@IMAGE@", image, "@ARGS@", arguments).Replace(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: @NAME@}
spec:
  template:
    spec:
      serviceAccountName: flink
      containers: [{name: main, image: "@IMAGE@", args: [@ARGS@], volumeMounts: [{name: c, mountPath: /opt/flink/conf}]}]
      volumes: [{name: c, configMap: {name: flink-config}}]
`)
}

// files is the ConfigMap flink-config.
func files(keyed ...string) string {
	text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flink-config}\ndata:\n"
	for i := 0; i < len(keyed); i += 2 {
		text += "  " + keyed[i] + ": |\n    " + strings.ReplaceAll(keyed[i+1], "\n", "\n    ") + "\n"
	}
	return text
}

const (
	haKeys = "high-availability.type: kubernetes\nhigh-availability.storageDir: s3://b/ha\nkubernetes.cluster-id: demo\nkubernetes.namespace: team\n" +
		"high-availability.cluster-id: demo\nexecution.checkpointing.dir: s3://b/cp"
	// unclear shows neither a JobManager nor a client.
	unclear = "parallelism.default: 2"
)

func TestAConfigMapIsJudgedAsThoseThatMountItReadIt(t *testing.T) {
	cases := map[string]struct {
		object, around string
		want           Verdict
		wantRule       string
	}{
		"nobody mounts it, and it shows no JobManager":            {object: files("flink-conf.yaml", unclear), want: VerdictAllow},
		"a JobManager mounts it":                                  {object: files("flink-conf.yaml", unclear), around: reading("jm", "flink:1.18", "jobmanager"), want: VerdictWarn, wantRule: "high-availability-off"},
		"only a TaskManager mounts it":                            {object: files("flink-conf.yaml", "jobmanager.rpc.address: jm"), around: reading("tm", "flink:1.18", "taskmanager"), want: VerdictAllow},
		"a JobManager, too, mounts what it knows it needs":        {object: files("flink-conf.yaml", "jobmanager.rpc.port: 6123"), around: reading("jm", "flink:1.18", "jobmanager"), want: VerdictDeny, wantRule: "high-availability-off"},
		"the JobManager is told by its arguments":                 {object: files("flink-conf.yaml", "jobmanager.rpc.port: 6123"), around: reading("jm", "flink:1.18", `standalone-job, -D, high-availability=com.example.Factory`), want: VerdictAllow},
		"a history server mounts it":                              {object: files("flink-conf.yaml", "jobmanager.rpc.address: jm"), around: reading("hs", "flink:1.18", "history-server"), want: VerdictAllow},
		"what mounts it starts in its own way":                    {object: files("flink-conf.yaml", "jobmanager.rpc.address: jm"), around: strings.Replace(reading("own", "my/flink:1", ""), ", args: []", "", 1), want: VerdictDeny, wantRule: "high-availability-off"},
		"a JobManager without a role and a TaskManager mount it":  {object: files("flink-conf.yaml", "jobmanager.rpc.address: jm"), around: strings.Replace(reading("own", "my/flink:1", ""), ", args: []", "", 1) + "---" + reading("tm", "flink:1.18", "taskmanager"), want: VerdictWarn, wantRule: "high-availability-off"},
		"it is not read by the version of the one that mounts it": {object: files("config.yaml", "jobmanager.rpc.port: 6123", "flink-conf.yaml", haKeys), around: reading("jm", "flink:1.20", "jobmanager, $(POD_IP)"), want: VerdictWarn},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			decision, err := reviewer(t, beside(t, tc.around)).Validate(create(t, tc.object))
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v", got, tc.want, messages(decision))
			}
			if tc.wantRule != "" && !slices.Contains(decision.Rules(), tc.wantRule) {
				t.Errorf("got the rules %v, want %s", decision.Rules(), tc.wantRule)
			}
		})
	}
}

func messages(decision Decision) []string {
	var all []string
	for _, finding := range decision.Findings {
		all = append(all, string(finding.Action)+" ["+finding.Rule+"] "+finding.Message())
	}
	return all
}

func TestJointFindingsRefuseOnlyWhatIsNewBesideWhatIsSettled(t *testing.T) {
	configMap := files("flink-conf.yaml", unclear)
	jobManager := reading("jm", "flink:1.18", "jobmanager")
	settled := func() surroundings { return beside(t, strictNamespace, configMap) }
	fresh := func() surroundings {
		around := settled()
		around.inventory.DeleteConfigMap("team", "flink-config", exampleDay())
		objects, err := readManifests(configMap)
		if err != nil {
			t.Fatal(err)
		}
		if err := around.addAt(objects[0], exampleDay().Add(-2*time.Second)); err != nil {
			t.Fatal(err)
		}
		return around
	}
	cases := map[string]struct {
		around surroundings
		update bool
		want   Verdict
	}{
		"a create beside what has been there": {settled(), false, VerdictDeny},
		"a create beside what has just come":  {fresh(), false, VerdictWarn},
		"an update":                           {settled(), true, VerdictWarn},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := create(t, jobManager)
			if tc.update {
				request = update(t, reading("jm", "flink:1.18", "taskmanager"), jobManager)
			}
			decision, err := reviewer(t, tc.around).Validate(request)
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want || !slices.Contains(decision.Rules(), "high-availability-off") {
				t.Errorf("got %s, want %s for high-availability-off: %v", got, tc.want, messages(decision))
			}
		})
	}
}

func TestWhatAFreshConfigMapShowsIsNotSaidAgain(t *testing.T) {
	wrong := files("flink-conf.yaml", "jobmanager.rpc.port: 6123")
	for name, tc := range map[string]struct {
		age  time.Duration
		want Verdict
	}{
		"in one folder with it": {2 * time.Second, VerdictAllow},
		"an hour after it":      {time.Hour, VerdictWarn},
	} {
		around := beside(t)
		objects, err := readManifests(wrong)
		if err != nil {
			t.Fatal(err)
		}
		if err := around.addAt(objects[0], exampleDay().Add(-tc.age)); err != nil {
			t.Fatal(err)
		}
		decision, err := reviewer(t, around).Validate(create(t, reading("jm", "flink:1.18", "jobmanager")))
		if err != nil {
			t.Fatal(err)
		}
		if got := decision.Verdict(); got != tc.want || !slices.Contains(decision.Rules(), "high-availability-off") {
			t.Errorf("%s: got %s for %v, want %s and the audit log to have it", name, got, messages(decision), tc.want)
		}
	}
}

// Upgrades come as several requests, the ConfigMap first or the workloads first. Whatever a namespace enforces, no order may get
// stuck half way.
func TestUpgradesPassInBothOrders(t *testing.T) {
	type state struct{ configMap, jobManager, taskManager string }
	at := func(version string, keyed ...string) state {
		return state{files(keyed...), reading("jm", "flink:"+version, "jobmanager, $(POD_IP)"), reading("tm", "flink:"+version, "taskmanager")}
	}
	const off = "jobmanager.rpc.address: jm"
	legacy := func(version string) state { return at(version, "flink-conf.yaml", haKeys) }
	standard := func(version string) state { return at(version, "config.yaml", haKeys) }
	notRequired := func(s state) state {
		const annotated = `, annotations: {flink-ha.dev/high-availability: not-required development}}`
		s.configMap = strings.Replace(s.configMap, "{name: flink-config}", "{name: flink-config"+annotated, 1)
		s.jobManager = strings.Replace(s.jobManager, "{name: jm}", "{name: jm"+annotated, 1)
		return s
	}
	steps := map[string][2]state{
		"1.18 to 1.20 with the old file":        {legacy("1.18.1"), legacy("1.20.1")},
		"1.18 to 1.20 with the new file":        {legacy("1.18.1"), standard("1.20.1")},
		"1.20 to 2.0, and the file with it":     {legacy("1.20.1"), standard("2.0.0")},
		"1.20 to 2.0, the new file was there":   {standard("1.20.1"), standard("2.0.0")},
		"2.0 to 2.3":                            {standard("2.0.0"), standard("2.3.0")},
		"back to 1.20":                          {standard("2.0.0"), legacy("1.20.1")},
		"high availability is switched on":      {notRequired(at("1.20.1", "config.yaml", off)), standard("1.20.1")},
		"high availability is switched off":     {standard("1.20.1"), notRequired(at("1.20.1", "config.yaml", off))},
		"the storage directory moves":           {standard("1.20.1"), at("1.20.1", "config.yaml", strings.ReplaceAll(haKeys, "s3://b/", "s3://c/"))},
		"the cluster gets another id":           {standard("1.20.1"), at("1.20.1", "config.yaml", strings.ReplaceAll(haKeys, "demo", "other"))},
		"from a mistake that was there to none": {at("1.20.1", "config.yaml", "high-availability.type: kubernetes"), standard("1.20.1")},
	}
	for name, step := range steps {
		for order, indexes := range map[string][]int{"ConfigMap first": {0, 1, 2}, "workloads first": {2, 1, 0}, "JobManager first": {1, 0, 2}} {
			t.Run(name+", "+order, func(t *testing.T) {
				before, after := step[0], step[1]
				from, to := []string{before.configMap, before.jobManager, before.taskManager}, []string{after.configMap, after.jobManager, after.taskManager}
				around := beside(t, append([]string{strictNamespace}, from...)...)
				r := reviewer(t, around)
				for _, i := range indexes {
					decision, err := r.Validate(update(t, from[i], to[i]))
					if err != nil {
						t.Fatal(err)
					}
					if decision.Verdict() == VerdictDeny {
						t.Errorf("step %d is refused: %v", i, messages(decision))
					}
					objects, err := readManifests(to[i])
					if err != nil {
						t.Fatal(err)
					}
					if err := around.add(objects[0]); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	}
}

func TestPredecessorsExcuseWhatTheyHad(t *testing.T) {
	job := strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job").Replace(bareJobManager)
	job = strings.Replace(job, "@IMAGE@", "flink:1.20", 1)
	hashed := func(suffix string) string {
		return strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config-"+suffix+"}", 1)
	}
	later := exampleDay()
	cases := map[string]struct {
		was, now string
		gone     time.Duration // since when the predecessor is gone; 0 if it is there
		want     Verdict
	}{
		"a Job is replaced":                        {job, job, time.Minute, VerdictWarn},
		"a Job is replaced after an hour":          {job, job, time.Hour, VerdictDeny},
		"a ConfigMap with a hash is rolled":        {hashed("8f7k2m9tbc"), hashed("5d4ghh27kt"), 0, VerdictWarn},
		"a namespace is restored within minutes":   {noStorage, noStorage, 10 * time.Minute, VerdictWarn},
		"what comes is worse than what was":        {goodConfiguration, noStorage, time.Minute, VerdictDeny},
		"another cluster with the same mistake":    {strings.Replace(noStorage, "demo", "other", 1), strings.Replace(noStorage, "{name: flink-config}", "{name: else}", 1), 0, VerdictDeny},
		"the same cluster under a different name":  {noStorage, strings.Replace(noStorage, "{name: flink-config}", "{name: else}", 1), 0, VerdictWarn},
		"nothing was there before it (a baseline)": {"", noStorage, 0, VerdictDeny},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			around := beside(t, tc.was)
			if tc.gone > 0 {
				objects, err := readManifests(tc.was)
				if err != nil {
					t.Fatal(err)
				}
				around.remove(objects[0], later.Add(-tc.gone))
			}
			decision, err := reviewer(t, around).Validate(create(t, tc.now))
			if err != nil {
				t.Fatal(err)
			}
			if got := decision.Verdict(); got != tc.want {
				t.Errorf("got %s, want %s: %v", got, tc.want, messages(decision))
			}
		})
	}
}

// remove takes an object away at a time.
func (s surroundings) remove(object exampleObject, at time.Time) {
	if object.Kind == "ConfigMap" {
		s.inventory.DeleteConfigMap(object.Namespace, object.Name, at)
		return
	}
	s.inventory.DeleteMember(keyOf(object), at)
}

func TestStrictLabelCountsOnlyWhereItIs(t *testing.T) {
	weak := strings.Replace(goodConfiguration, "s3://b/ha", "/flink/ha", 1)
	for name, tc := range map[string]struct {
		labels string
		want   Verdict
	}{
		"strict":                       {"{flink-ha.dev/enforce: strict}", VerdictDeny},
		"strict of the first rule set": {"{flink-ha.dev/enforce: strict, flink-ha.dev/enforce-version: v0.1}", VerdictDeny},
		"baseline":                     {"{flink-ha.dev/enforce: baseline}", VerdictWarn},
		"off, and warn off":            {`{flink-ha.dev/enforce: "off", flink-ha.dev/warn: "off"}`, VerdictAllow},
		"a value that is not right":    {"{flink-ha.dev/enforce: stric}", VerdictWarn},
		"no label":                     {"{}", VerdictWarn},
	} {
		around := beside(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: "+tc.labels+"}")
		decision, err := reviewerUnder(t, policy.Default(), around).Validate(create(t, weak))
		if err != nil {
			t.Fatal(err)
		}
		if got := decision.Verdict(); got != tc.want {
			t.Errorf("%s: got %s, want %s: %v", name, got, tc.want, messages(decision))
		}
	}
}
