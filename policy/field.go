package policy

import (
	"maps"
	"regexp"
)

// What the first two fields of a policy file say.
const (
	fileAPIVersion = "flink-ha.dev/v1alpha1"
	fileKind       = "Policy"
)

// field is what the schema of the policy file and its decoder have to know of a field besides its Go type.
type field struct {
	// about describes the field in the schema.
	about string
	// enum are the words that are right, if only some are.
	enum []string
	// pattern is what a text looks like. It has nothing in it that Go and ECMA, whose expressions JSON schema has, read differently.
	pattern *regexp.Regexp
	// needs says in words what pattern and maxLength ask for.
	needs     string
	maxLength int
	// minimum and maximum bound a number.
	minimum, maximum int
	// required fields must be there if what they are in is.
	required bool
	// short is the member of an object that a plain text stands for.
	short string
	// keys are those that a map may have; any that the pattern allows if it is nil.
	keys []string
}

var (
	anyText       = regexp.MustCompile(`\S`)
	ruleName      = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	namespaceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	userName      = regexp.MustCompile(`^[^\s*]([^*]*[^\s*])?$`)
	lastDay       = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	prefixPattern = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://([^\s{}]|[{]namespace[}])*$`)
	flinkVersion  = regexp.MustCompile(`^([0-9]{1,3}[.][0-9]{1,3}([.][0-9]{1,3})?)?$`)
	objectName    = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
)

// fields is the table of all fields by path: [] is an element of a list, * an entry of a map. rules are the ids of the catalogue, nil
// if any will do.
func fields(rules []string) map[string]field {
	table := map[string]field{
		"":           {about: "The policy of flink-ha-webhook. A file with nothing in it means the defaults."},
		"apiVersion": {about: "The version of this format.", enum: []string{fileAPIVersion}, required: true},
		"kind":       {about: "What this file is.", enum: []string{fileKind}, required: true},

		"rules":          {about: "Moves rules to another level, by their id. `flink-ha-webhook rules` lists them.", pattern: ruleName, needs: "the id of a rule", keys: rules},
		"rules.*":        {about: "Where one rule goes, and why."},
		"rules.*.level":  {about: "The level from which on the rule counts; off if it never does.", enum: levels(), required: true},
		"rules.*.reason": {about: "Why the rule is moved, for whoever reads the policy later.", pattern: anyText, needs: "a reason", required: true},

		"storage":                   {about: "Where HA data may lie."},
		"storage.allowedPrefixes":   {about: "The paths below which storage directories must lie. Anywhere, if there are none."},
		"storage.allowedPrefixes[]": {about: "A path with its scheme. {namespace} stands for the namespace of the object, for example s3://flink-ha/{namespace}/.", pattern: prefixPattern, needs: "a path with its scheme, such as s3://bucket/{namespace}/, and nothing in braces but {namespace}"},

		"restoreUsers":   {about: "Backup tools: what they write is warned about, never refused."},
		"restoreUsers[]": user(),
	}
	for _, more := range []map[string]field{defaultsFields(), exemptionsFields(), objectsFields(), clustersFields()} {
		maps.Copy(table, more)
	}
	return table
}

func defaultsFields() map[string]field {
	table := map[string]field{"defaults": {about: "The modes of a namespace that has no labels of ours. A mode says what a violation does, its level which rules count."}}
	for mode, does := range map[string]string{"enforce": "is refused", "warn": "is warned about", "audit": "is noted in the audit log"} {
		table["defaults."+mode] = field{about: "What violates a rule of this level " + does + ".", enum: levels()}
		table["defaults."+mode+"-version"] = field{about: "The rule set for " + mode + ": rules that came later do not count.", enum: versions()}
	}
	return table
}

func exemptionsFields() map[string]field {
	table := map[string]field{
		"exemptions":                 {about: "For whom and what nothing is refused and nothing changed."},
		"exemptions.namespaces":      {about: "Namespaces that are exempt."},
		"exemptions.usernames":       {about: "Users that are exempt, as the API server names them, for example system:serviceaccount:backup:restorer."},
		"exemptions.objects":         {about: "What authors of objects may exempt with the annotation exempt.flink-ha.dev/<rule-id>: YYYY-MM-DD reason."},
		"exemptions.objects.allowed": {about: "Whether they may exempt anything."},
		"exemptions.objects.maxDays": {about: "How many days ahead the last day of an exemption may lie.", minimum: 1, maximum: 36500},

		"exemptions.namespaces[].name": {about: "The name of the namespace.", pattern: namespaceName, maxLength: 63, needs: "the exact name of a namespace", required: true},
		"exemptions.usernames[].name":  user(),
	}
	for _, list := range []string{"exemptions.namespaces[]", "exemptions.usernames[]"} {
		table[list] = field{about: "A name, or a name with a reason and a last day.", short: "name"}
		table[list+".reason"] = field{about: "Why it is exempt.", pattern: anyText, needs: "a reason"}
		table[list+".until"] = field{about: "The last day on which the exemption holds, in UTC. Without it, it holds for good.", pattern: lastDay, needs: "a day, as YYYY-MM-DD"}
	}
	return table
}

// user is a field with a name as the API server knows it. A star is not a wildcard there, and would match nobody.
func user() field {
	return field{about: "The exact name of a user.", pattern: userName, needs: "the exact name of a user, without wildcards", required: true}
}

func objectsFields() map[string]field {
	return map[string]field{
		"serviceAccounts":           {about: "The account that Flink's processes get."},
		"serviceAccounts.inject":    {about: "Whether an account is written into workloads that name none."},
		"serviceAccounts.name":      {about: "The account to inject.", pattern: dnsSubdomain, maxLength: maxName, needs: "the name of a service account"},
		"serviceAccounts.provision": {about: "Whether the guard makes the account, and binds it to the rights that Flink needs, where it is named and missing."},

		"serviceAccounts.bindExisting":           {about: "Whether it binds those rights also to an account of that name that people made."},
		"serviceAccounts.defaultCredentials":     {about: "What happens where pods get image pull secrets or the identity of a cloud with the account default: warn leaves them on it, copy gives them the other account with a copy of those, bind leaves them on it and binds it to the rights that Flink needs.", enum: []string{string(DefaultCredentialsWarn), string(DefaultCredentialsCopy), string(DefaultCredentialsBind)}},
		"serviceAccounts.mountToken":             {about: "Whether automountServiceAccountToken: false is mended in the pods of Flink processes that need the token."},
		"serviceAccounts.labelledNamespacesOnly": {about: "Whether accounts are injected and made only in namespaces with the label flink-ha.dev/service-account."},

		"haConfigMaps":                      {about: "The ConfigMaps in which Flink keeps its HA state."},
		"haConfigMaps.stripOwnerReferences": {about: "Whether owner references are removed, so that the state outlives the Deployment."},
		"haConfigMaps.guardDeletes":         {about: "What happens to a deletion that would lose the state of jobs.", enum: []string{string(GuardDeletesWarn), string(GuardDeletesDeny), string(GuardDeletesOff)}},
		"haConfigMaps.operators":            {about: "Users that manage Flink clusters as the Flink Kubernetes Operator does: what they do to HA state is part of it. The operator itself is known without this."},
		"haConfigMaps.operators[]":          user(),
		"haConfigMaps.undelete":             {about: "Who brings back HA state that was deleted under a live cluster: manual leaves it to people, with flink-ha-webhook state restore, auto to the guard.", enum: []string{string(UndeleteManual), string(UndeleteAuto)}},
		"haConfigMaps.keepDeletedDays":      {about: "For how many days deleted HA state is kept, so that it can be brought back; 0 keeps none.", minimum: 0, maximum: 365},

		"optOut":                  {about: "What the author of an object may switch off with an annotation on it."},
		"optOut.highAvailability": {about: "flink-ha.dev/high-availability: not-required reason."},
		"optOut.ownerReferences":  {about: "flink-ha.dev/keep-owner-references: YYYY-MM-DD reason."},
		"optOut.configuration":    {about: "flink-ha.dev/configuration: \"false\"."},
	}
}

func clustersFields() map[string]field {
	return map[string]field{
		"clusters":                     {about: "What the guard is told of Flink clusters since it cannot see it."},
		"clusters.defaultFlinkVersion": {about: "The version of a Flink that shows none, for example \"1.20\". Unknown, if this is empty.", pattern: flinkVersion, needs: "a version of Flink, such as \"1.20\" or \"2.0.1\""},
		"clusters.operatorDefaults":    {about: "ConfigMaps with the default configuration of the Flink Kubernetes operator. They are found without this where possible."},
		"clusters.operatorDefaults[]":  {about: "A ConfigMap as namespace/name.", pattern: objectName, needs: "a ConfigMap as namespace/name"},
	}
}
