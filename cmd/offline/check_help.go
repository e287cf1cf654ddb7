package offline

// describeCheck explains the command to somebody who has never used it, in a program that can ask a cluster or in one that cannot.
func describeCheck(withCluster bool) string {
	context := checkContext
	if withCluster {
		context += checkCluster
	}
	return checkDescription + context + checkOutcome
}

const checkDescription = `check says of every object in the files what the admission webhook would say if it were created in the cluster,
while all the other objects are there: the same rules, the same words, and the line to change.

VERDICTS
  deny    the object would be refused
  warn    it would be admitted with a warning
  allow   nothing is wrong with it, as far as the input says; -v lists what cannot be known
  skip    it is not Flink's, or the guard is not asked about it

INPUT
  Files, folders and - for standard input, in any number:
  - manifests in YAML or JSON: several documents, Lists, the output of kubectl get -o yaml;
  - folders, searched as kubectl apply -R does: for .yaml, .yml and .json;
  - flink-conf.yaml and config.yaml as Flink reads them, by their names, and any other file that is named itself and is no manifest;
  - folders with a kustomization or a Helm chart: rendered, without network, plugins and other programs, and each judged by itself;
    the small program renders nothing: it says what to type for a kustomization, and leaves templates;
  - what other tools render, through a pipe.
  What is in the input counts for all of it: ConfigMaps that workloads mount, namespaces with their labels, service accounts and
  RBAC, custom resources. Templates that are no YAML are left, and -v names them; --strict-input makes errors of them.
`

const checkContext = `
CONTEXT
  A cluster knows more than files: say it with --namespace, --namespace-labels, --policy, --as-user, --operator-config and
  --flink-version. What nobody says is unknown, and nothing is held against an object for what is unknown.
`

const checkCluster = `  --cluster takes it from the cluster, and changes nothing there: what is beside the files, their namespaces with labels, accounts
  and their rights, the policy. What your rights do not cover is unknown; of other namespaces than those of the files nothing is
  needed, but what clusters there share is not seen then. Without files it judges all that is there.
`

const checkOutcome = `
OUTPUT
  -o FORM writes to standard output, -o FORM=FILE to a file; it may be given several times, at most once without a file.
  --diff prints what --fix would change. Both mend only what needs no decision: a storage path is never invented.

EXIT CODES
  0  nothing would be refused, or nothing that --fail-on means
  1  something would be
  2  the question could not be answered: the command line is wrong, or some input is not there or malformed. The rest has been
     judged and printed all the same. 2 comes before 1.
  --diff, --fix and --write-baseline change none of this: --fix looks again at what it has written, and what a baseline has
  is not held against anybody.`

// checkExamples name the program as other commands do; SpeakAs puts the name in that it was started by.
const checkExamples = `  # All manifests below a folder.
  flink-ha-webhook check deploy/

  # What kustomize and Helm render; pipefail, so that a failure of theirs is one of the pipeline.
  set -o pipefail
  kubectl kustomize overlays/production | flink-ha-webhook check -n streaming -
  helm template orders charts/orders -n streaming | flink-ha-webhook check -n streaming -

  # The configuration in an image build, for one version of Flink.
  flink-ha-webhook check --flink-version 1.20 docker/flink-conf.yaml

  # With the policy of the cluster, in a namespace that enforces more.
  flink-ha-webhook check --policy policy.yaml --namespace-labels flink-ha.dev/enforce=strict deploy/

  # In CI: text in the log, SARIF for code scanning, JUnit for the test report.
  flink-ha-webhook check -o text -o sarif=flink-ha.sarif -o junit=flink-ha.xml deploy/

  # Annotations on a pull request on GitHub.
  flink-ha-webhook check -o github deploy/

  # See what can be mended without a decision, then mend it.
  flink-ha-webhook check --diff deploy/
  flink-ha-webhook check --fix deploy/

  # Begin where there are findings already: record them, and fail on new ones only.
  flink-ha-webhook check --write-baseline flink-ha-baseline.json deploy/
  flink-ha-webhook check --baseline flink-ha-baseline.json deploy/

  # The objects that would be refused, one a line.
  flink-ha-webhook check -o json deploy/ | jq -r '.objects[] | select(.verdict == "deny") | .kind + " " + .name'`
