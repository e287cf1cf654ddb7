package workload

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// DefaultAccount is the service account of a pod that names none.
const DefaultAccount = "default"

// Account is the service account that the pods of a role get.
type Account struct {
	// Name as far as it can be seen: DefaultAccount where nothing names one, "" where what names one cannot be read.
	Name string
	// Named is false where nothing names one.
	Named bool
	// Setting is the field or the option that names it, or that may, and Position where it stands or belongs.
	Setting  string
	Position flink.Position
	// Unknown says why the pods may get another one, "" if they do not.
	Unknown string
}

// AccountOfPods is the account that a pod spec names, which is at a path in its object. The API server keeps the deprecated field
// equal to the other one, which wins where both are written; a manifest may have the deprecated one alone.
func AccountOfPods(spec *corev1.PodSpec, path string) Account {
	account := Account{Name: spec.ServiceAccountName, Setting: "serviceAccountName"}
	if account.Name == "" && spec.DeprecatedServiceAccount != "" {
		account.Name, account.Setting = spec.DeprecatedServiceAccount, "serviceAccount"
	}
	account.Position.Path = path + "." + account.Setting
	if account.Named = account.Name != ""; !account.Named {
		account.Name = DefaultAccount
	}
	return account
}

// AccountOfNative is the account that Flink gives to the pods of a role which it makes itself, by the configuration that it makes
// them with: the option of the role, else the general one, else what a pod template names, else the default one
// (KubernetesUtils.resolveUserDefinedValue, KubernetesConfigOptions). The pods of TaskManagers are made by the JobManager, from
// its configuration file.
func AccountOfNative(role Role, configuration flink.Configuration, version flink.Version) Account {
	reading := configuration.Get(AccountOption(role), version)
	account := Account{
		Name: reading.Value(), Named: reading.Set, Setting: flink.KeyServiceAccount,
		Position: flink.Position{Path: configuration.Source}, Unknown: reading.Unknown,
	}
	switch {
	case reading.Set:
		account.Setting = reading.Setting.Key
		if reading.Setting.Path != "" {
			account.Position = reading.Setting.Position
		}
		if reading.Setting.Unknown != "" {
			account.Name = ""
		} else if flink.IsExpanded(account.Name) {
			account.Name, account.Unknown = "", "something may replace parts of "+account.Setting
		}
	case account.Unknown == "" && hasPodTemplate(role, configuration):
		account.Unknown = "a pod template may name it"
	}
	return account
}

// Account is the account of the pods of a role, by the resource's configuration over the operator's defaults. The operator makes
// spec.serviceAccount the general option (FlinkConfigBuilder), in standalone mode too, and refuses a resource without it.
func (r *Resource) Account(role Role, configuration flink.Configuration) Account {
	account := AccountOfNative(role, configuration, r.Version)
	field := flink.Position{Path: r.Path + ".serviceAccount"}
	switch {
	case !account.Named:
		account.Setting, account.Position = "serviceAccount", field
		account.Unknown = "the resource names no account"
	case account.Position == field:
		account.Setting = "serviceAccount"
	}
	return account
}

// AccountOption is the option that names the account of a role in native mode.
func AccountOption(role Role) string {
	if role == RoleTaskManager {
		return flink.KeyTaskManagerServiceAccount
	}
	return flink.KeyJobManagerServiceAccount
}

// PodTemplateOption begins the options that name a file with a pod template (KubernetesConfigOptions): for both roles, or for the
// one whose name ends them.
const PodTemplateOption = "kubernetes.pod-template-file"

func hasPodTemplate(role Role, configuration flink.Configuration) bool {
	other := PodTemplateOption + ".jobmanager"
	if role == RoleJobManager {
		other = PodTemplateOption + ".taskmanager"
	}
	for i := range configuration.Settings {
		if key := configuration.Settings[i].Key; strings.HasPrefix(key, PodTemplateOption) && key != other {
			return true
		}
	}
	return false
}
