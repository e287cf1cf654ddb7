package admission

import (
	"strings"
	"testing"
	"time"
)

// named is an object under another name, with the ConfigMap that it mounts under another name too.
func named(manifest string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(manifest)
}

// enforcing labels the namespace.
func enforcing(level string) string {
	return "apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {flink-ha.dev/enforce: " + level + "}}\n"
}

// everyLevel runs a scenario in a namespace that enforces the baseline and in one that enforces everything.
func everyLevel(t *testing.T, scenario func(t *testing.T, namespace string)) {
	t.Helper()
	for _, level := range []string{"baseline", "strict"} {
		t.Run(level, func(t *testing.T) { scenario(t, enforcing(level)) })
	}
}

// mistaken are clusters that somebody ran before there was a guard: wrong by themselves, or only together.
func mistaken() map[string]string {
	jobManager := reading("jm", "flink:1.20", "jobmanager")
	return map[string]string{
		"no storage directory":         noStorage + "---" + jobManager,
		"no high availability":         noHighAvailability + "---" + jobManager,
		"seen only together":           files("flink-conf.yaml", unclear) + "---" + jobManager,
		"a file that cannot be read":   files("config.yaml", "jobmanager: {rpc: {address: }}\nhigh-availability: kubernetes\n  a: b") + "---" + jobManager,
		"a file that the image passes": files("config.yaml", haKeys) + "---" + reading("jm", "flink:1.18", "jobmanager"),
		"no role to be seen":           noHighAvailability + "---" + strings.Replace(reading("jm", "my/flink:1", ""), ", args: []", "", 1),
		"default account, local disk": strings.Replace(files("config.yaml", strings.ReplaceAll(haKeys, "s3://b", "/tmp")), "cluster-id: demo", "cluster-id: Demo", 1) +
			"---" + strings.Replace(jobManager, "      serviceAccountName: flink\n", "", 1),
	}
}

// everyMistake runs a scenario for every mistake at every level.
func everyMistake(t *testing.T, scenario func(t *testing.T, namespace, configMap, workload string)) {
	t.Helper()
	for name, manifests := range mistaken() {
		t.Run(name, func(t *testing.T) {
			everyLevel(t, func(t *testing.T, namespace string) {
				configMap, workload, _ := strings.Cut(manifests, "---")
				scenario(t, namespace, configMap, workload)
			})
		})
	}
}

const settled = time.Minute

func TestHelmUpgradesWhatWasWrongBefore(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		w := worldWith(t, namespace, configMap, workload)
		w.apply(configMap, strings.Replace(workload, "replicas: 1", "replicas: 2", 1))
		w.wait(settled)
		upgraded := strings.Replace(workload, "metadata: {name: jm}", "metadata: {name: jm, labels: {helm.sh/chart: flink-2}}", 1)
		w.apply(upgraded, configMap)
		w.wait(settled)
		w.apply(workload, configMap) // helm rollback
		w.remove(configMap, workload)
		w.wait(settled)
		w.apply(configMap) // helm uninstall, helm install
		w.wait(settled)
		w.apply(workload)
		w.remove(workload, configMap)
		w.wait(settled)
		w.apply(workload)
		w.wait(settled)
		w.apply(configMap)
	})
}

func TestKustomizeRollsHashes(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		at := func(hash string) (string, string) {
			return named(configMap, "flink-config", "flink-config-"+hash), named(workload, "flink-config", "flink-config-"+hash)
		}
		for _, pause := range []time.Duration{0, settled} {
			oldMap, oldWorkload := at("8f7k2m9tbc")
			newMap, newWorkload := at("5d4ghh27kt")
			w := worldWith(t, namespace, oldMap, oldWorkload)
			w.apply(newMap)
			w.wait(pause)
			w.apply(newWorkload)
			w.wait(pause)
			w.remove(oldMap)

			w = worldWith(t, namespace, oldMap, oldWorkload)
			w.apply(newWorkload)
			w.wait(pause)
			w.apply(newMap)
			w.wait(pause)
			w.remove(oldMap)
		}
	})
}

func TestArgoDryRunsFirstAndPrunesLast(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		oldMap, oldWorkload := named(configMap, "flink-config", "flink-config-8f7k2m9tbc"), named(workload, "flink-config", "flink-config-8f7k2m9tbc")
		newMap, newWorkload := named(configMap, "flink-config", "flink-config-5d4ghh27kt"), named(workload, "flink-config", "flink-config-5d4ghh27kt")
		w := worldWith(t, namespace, oldMap, oldWorkload)
		for _, manifest := range []string{newMap, newWorkload} {
			if decision := w.submit(w.read(manifest)[0], true); decision.Verdict() == VerdictDeny {
				t.Errorf("the dry run is refused: %v", messages(decision))
			}
		}
		w.wait(settled)
		w.apply(newMap)
		w.wait(settled)
		w.apply(newWorkload)
		w.remove(oldMap)
		w.remove(newWorkload) // Replace=true
		w.wait(settled)
		w.apply(newWorkload)
	})
}

func TestJobsAreReplaced(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		job := strings.NewReplacer("apps/v1", "batch/v1", "Deployment", "Job", "args: [jobmanager]", "args: [standalone-job]", "spec:\n      serv", "spec:\n      restartPolicy: OnFailure\n      serv").Replace(workload)
		w := worldWith(t, namespace, configMap, job)
		w.remove(job)
		w.wait(settled)
		w.apply(job)
		w.remove(configMap)
		w.remove(job)
		w.wait(settled)
		w.apply(configMap)
		w.wait(settled)
		w.apply(job)
		hashed := func(hash string) (string, string) {
			return named(configMap, "flink-config", "flink-config-"+hash), named(job, "name: jm", "name: jm-"+hash, "flink-config", "flink-config-"+hash)
		}
		oldMap, oldJob := hashed("8f7k2m9tbc")
		newMap, newJob := hashed("5d4ghh27kt")
		w = worldWith(t, namespace, oldMap, oldJob)
		w.remove(oldMap, oldJob)
		w.wait(settled)
		w.apply(newMap)
		w.wait(settled)
		w.apply(newJob)
		generated := named(job, "name: jm", "generateName: jm-")
		w = worldWith(t, namespace, configMap, generated)
		w.wait(settled)
		w.apply(generated)
	})
}

func TestNamespacesAreRestored(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		for _, order := range [][]string{{configMap, workload}, {workload, configMap}} {
			w := worldWith(t, namespace, configMap, workload)
			w.remove(order...)
			w.wait(10 * time.Minute)
			for _, manifest := range order {
				w.apply(manifest)
				w.wait(settled)
			}
			w.remove(order...)
			w.wait(24 * time.Hour)
			w.policy.RestoreUsers = []string{"velero"}
			w.user = "velero"
			for _, manifest := range order {
				w.apply(manifest)
				w.wait(settled)
			}
		}
	})
}

func TestStatefulSetsAreRolled(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		set := strings.Replace(workload, "Deployment", "StatefulSet", 1)
		w := worldWith(t, namespace, configMap, set)
		w.apply(strings.Replace(set, "metadata: {name: jm}", "metadata: {name: jm, labels: {a: b}}", 1))
		w.remove(set) // kubectl delete --cascade=orphan, for a field that cannot be changed
		w.wait(settled)
		w.apply(set)
	})
}

// A mistake that changes its number or its build is no new one.
func TestStandingMistakesStay(t *testing.T) {
	run := func(image, arguments, rest string) string {
		text := strings.NewReplacer("@IMAGE@", image, "args: [jobmanager]", "args: ["+arguments+"]").Replace(bareJobManager)
		return strings.Replace(text, "spec: {template", "spec: {"+rest+"template", 1)
	}
	const live = "standalone-job, -D, high-availability.type=kubernetes, -D, high-availability.storageDir=s3://b/ha, -D, kubernetes.cluster-id=x"
	const off = "standalone-job, -D, high-availability.type=NONE"
	everyLevel(t, func(t *testing.T, namespace string) {
		w := worldWith(t, namespace, run("registry/flink:1.18.1-b1", live, ""))
		w.apply(run("registry/flink:1.18.1-b2", live, ""), run("registry/flink:1.18.1-b3", live, "replicas: 2, "))
		w = worldWith(t, namespace, run("flink:1.20.1", off, "replicas: 3, "))
		w.apply(run("flink:1.20.1", off, "replicas: 2, "), run("flink:1.20.1", off, "replicas: 4, "), run("flink:1.20.1", off, ""))
		w.refused(run("flink:1.20.1", off, "replicas: 2, "))
	})
}

// More is wrong with a file than is told: what is told for the first time when something is mended was there before.
func TestMendingOneOfVeryManyMistakes(t *testing.T) {
	lines := strings.Repeat("high-availability.storageDir\n", 300)
	numbered := func(from int) string {
		var b strings.Builder
		for i, line := range strings.SplitAfter(strings.TrimSpace(lines), "\n")[from:] {
			b.WriteString("high-availability.x" + strings.Repeat("y", i+from) + " " + line)
		}
		return b.String()
	}
	w := worldWith(t, enforcing("strict"), files("flink-conf.yaml", haKeys+"\n"+numbered(0)))
	w.apply(files("flink-conf.yaml", haKeys+"\n"+numbered(50)))
}

func TestWhatTheOperatorMakesIsNeverRefused(t *testing.T) {
	const byOperator = ", ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkDeployment, name: demo, uid: uid-2, controller: true}]"
	resource := func(image, owner string) string {
		return "apiVersion: flink.apache.org/v1beta1\nkind: FlinkDeployment\nmetadata: {name: demo" + owner + "}\nspec: {image: '" + image +
			"', flinkVersion: v1_20, flinkConfiguration: {jobmanager.rpc.port: '6123', high-availability.type: kubernetes}, jobManager: {replicas: 1}, job: {jarURI: 'local:///a.jar', upgradeMode: last-state}}\n"
	}
	deployment := func(image string) string {
		text := strings.NewReplacer("@IMAGE@", image, "name: jm}", "name: demo"+byOperator+"}", "args: [jobmanager]", "args: [standalone-job, -D, high-availability.type=NONE]")
		return text.Replace(bareJobManager)
	}
	configMap := strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config-demo"+byOperator+"}", 1)
	everyLevel(t, func(t *testing.T, namespace string) {
		w := worldWith(t, namespace, resource("flink:1.19", ""))
		w.apply(resource("flink:1.20", "")) // what was wrong before
		for _, upgraded := range []string{"flink:1.19", "flink:1.20"} {
			w.apply(deployment(upgraded), configMap, strings.Replace(configMap, "demo\n", "demo\n    parallelism.default: 2\n", 1))
			w.remove(deployment(upgraded))
			w.wait(time.Hour) // a suspended job is resumed
			w.apply(configMap, deployment(upgraded))
		}
		child := ", ownerReferences: [{apiVersion: flink.apache.org/v1beta1, kind: FlinkBlueGreenDeployment, name: bg, uid: u, controller: true}]"
		w.apply(strings.Replace(resource("flink:1.20", child), "name: demo,", "name: bg-green,", 1))
	})
}

func TestTheNativeClientRunsAgain(t *testing.T) {
	const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: demo, labels: {app: demo, type: flink-native-kubernetes}}
spec: {template: {spec: {containers: [{name: flink-main-container, image: "flink:2.0", command: [/docker-entrypoint.sh], args: [bash, -c, kubernetes-jobmanager.sh kubernetes-session]}]}}}
`
	everyLevel(t, func(t *testing.T, namespace string) {
		w := worldWith(t, namespace, deployment)
		owned := strings.Replace(nativeConfiguration, "uid: d1", "uid: uid-2", 1)
		w.apply(owned, owned) // somebody deleted the ConfigMap of a cluster that runs
		w.remove(owned, deployment)
		w.wait(time.Hour)
		w.apply(deployment)
		w.wait(time.Second)
		w.refused(strings.Replace(nativeConfiguration, "uid: d1", "uid: uid-4", 1))
	})
}

// What a ConfigMap and a workload are excused from holds for what the two are together, whichever of them says it.
func TestExcusesHoldForBoth(t *testing.T) {
	const off = "jobmanager.rpc.address: jm"
	optedOut := func(manifest, name string) string {
		return strings.Replace(manifest, "{name: "+name+"}", "{name: "+name+", annotations: {flink-ha.dev/high-availability: not-required nightly batch}}", 1)
	}
	configMap, jobManager := files("flink-conf.yaml", off), reading("jm", "flink:1.20.1", "jobmanager")
	everyLevel(t, func(t *testing.T, namespace string) {
		w := worldWith(t, namespace, optedOut(configMap, "flink-config"))
		w.apply(jobManager)
		w = worldWith(t, namespace, optedOut(jobManager, "jm"))
		w.apply(configMap)
		w = worldWith(t, namespace, optedOut(jobManager, "jm"), optedOut(configMap, "flink-config"))
		w.apply(configMap)
		w.refused(strings.Replace(jobManager, "args: [jobmanager]", "args: [standalone-job, -D, high-availability.type=NONE]", 1))

		exempted := strings.Replace(noStorage, "{name: flink-config}", `{name: flink-config, annotations: {exempt.flink-ha.dev/storage-dir-missing: "2026-11-09 the bucket comes"}}`, 1)
		w = worldWith(t, namespace)
		w.apply(exempted) // it ends soon, which refuses nothing
		w.wait(settled)
		passing := strings.Replace(reading("jm", "my/flink:2.0", "jobmanager, $(POD_IP)"), "$(POD_IP)]",
			"$(POD_IP)], env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]", 1)
		w.apply(passing)
		w.wait(30 * 24 * time.Hour) // it ends while the objects live
		w.apply(strings.Replace(exempted, "{name: flink-config,", "{name: flink-config, labels: {a: b},", 1), strings.Replace(passing, "{name: jm}", "{name: jm, labels: {a: b}}", 1))
		w.apply(strings.Replace(goodConfiguration, "{name: flink-config}", `{name: flink-config, annotations: {exempt.flink-ha.dev/storage-dir-missing: "2026-11-09 the bucket comes"}}`, 1))
	})
}

func TestAnUpdateThatChangesNothingOfItIsNeverRefused(t *testing.T) {
	labelled := func(manifest string) string {
		return strings.NewReplacer("{name: flink-config}", "{name: flink-config, labels: {a: b}}", "{name: jm}", "{name: jm, labels: {a: b}}").Replace(manifest)
	}
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		shared := strings.Replace(workload, "name: jm", "name: other", 1)
		w := worldWith(t, configMap, workload, shared)
		w.apply(namespace, labelled(configMap), labelled(workload), labelled(shared))
		w.policy.Storage.AllowedPrefixes = []string{"s3://flink-ha/{namespace}/"} // a policy that came between two requests
		w.apply(configMap, workload, strings.Replace(configMap, "\ndata:", "\nimmutable: true\ndata:", 1))
		w.remove(configMap)
		w.apply(labelled(workload)) // its ConfigMap is gone
		w.apply(enforcing("baseline"), enforcing("strict"), workload)
	})
}

func TestNothingThatIsBeingDeletedIsHeldBack(t *testing.T) {
	going := `, deletionTimestamp: "2026-11-02T12:00:00Z", finalizers: [a/b]}`
	right := strings.Replace(strings.Replace(bareJobManager, "@IMAGE@", "flink:2.0", 1), "args: [jobmanager]", "args: [standalone-job, -D, high-availability.type=com.example.Factory]", 1)
	wrong := strings.Replace(right, "com.example.Factory", "NONE", 1)
	w := worldWith(t, right, goodConfiguration)
	w.refused(wrong)
	w.refused(noStorage)
	w.apply(strings.Replace(wrong, "{name: jm}", "{name: jm"+going, 1), strings.Replace(noStorage, "{name: flink-config}", "{name: flink-config"+going, 1))
}

func TestAnotherFileIsNoNewMistake(t *testing.T) {
	broken := "jobmanager: {rpc: {address: }}\nhigh-availability: kubernetes\n  a: b"
	jobManager := reading("jm", "flink:1.20", "jobmanager")
	everyLevel(t, func(t *testing.T, namespace string) {
		w := worldWith(t, namespace, files("config.yaml", broken), jobManager)
		w.apply(files("config.yaml", broken, "flink-conf.yaml", haKeys), files("config.yaml", broken+"\nc: d: e"), files("config.yaml", broken))
		w = worldWith(t, namespace, files("flink-conf.yaml", "jobmanager.rpc.port: 6123", "config.yaml", haKeys), jobManager)
		w.apply(files("flink-conf.yaml", "jobmanager.rpc.port: 6123"))

		// TaskManagers alone read it, until a JobManager does too: what is refused then is the JobManager, if anything.
		w = worldWith(t, namespace, files("flink-conf.yaml", "jobmanager.rpc.address: jm"), reading("tm", "flink:1.20", "taskmanager"), jobManager)
		w.apply(files("flink-conf.yaml", "jobmanager.rpc.address: jm\nparallelism.default: 3"))
	})
}

func TestWhatIsKnownOfBeforeExcusesAlsoWhenItIsStale(t *testing.T) {
	everyMistake(t, func(t *testing.T, namespace, configMap, workload string) {
		w := worldWith(t, namespace, configMap, workload)
		w.stale()
		w.remove(workload, configMap)
		w.wait(settled)
		w.apply(configMap, workload)
	})
}

func TestNamespacesThatAreRestoredKeepTheirLabels(t *testing.T) {
	const invalid = "{apiVersion: v1, kind: Namespace, metadata: {name: other, labels: {flink-ha.dev/enforce: strikt}}}"
	w := worldWith(t)
	w.refused(invalid)
	w.policy.RestoreUsers, w.user = []string{"velero"}, "velero"
	w.apply(invalid)
	w.remove(invalid)
	w.user = "system:serviceaccount:kube-system:namespace-controller"
	w.apply(invalid)
}
