package admission

import (
	"errors"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/mutation"
)

// clientConfiguration is the configuration that Flink's native client made for a Deployment.
type clientConfiguration struct {
	configMap *corev1.ConfigMap
	// dataKey is the file of it that Flink reads.
	dataKey string
	// jobManager is the Deployment, configuration what its JobManager reads, version and account what it is and has.
	jobManager    *inventory.Member
	configuration flink.Configuration
	version       flink.Version
	account       string
}

// mutateConfiguration names the account in the configuration of a native cluster, from which its JobManager makes TaskManagers.
func (r *Reviewer) mutateConfiguration(request *admissionv1.AdmissionRequest, decision *Decision) error {
	var configMap corev1.ConfigMap
	if err := decode(request.Object.Raw, "object", &configMap); err != nil {
		return err
	}
	if configMap.DeletionTimestamp != nil || !flink.MadeByFlink(configMap.Labels) || len(configMap.OwnerReferences) != 1 {
		return nil
	}
	configMap.Namespace = request.Namespace
	ruling := r.rule(request.Namespace, request.UserInfo)
	native, ok := r.clientConfiguration(&configMap, ruling)
	if !ok {
		return nil
	}
	decision.Recognized, decision.Exempt = true, ruling.exempt
	if ruling.exempt == exemptSystem || !ruling.policy.ServiceAccounts.Inject {
		return nil
	}
	chosen, note := r.chooseNative(native, ruling)
	if note != "" {
		decision.Notes = append(decision.Notes, note)
	}
	if chosen.Outcome != AccountInjected {
		decision.Account = chosen
		return nil
	}
	return native.plan(request, chosen, ruling, decision)
}

// clientConfiguration finds the Deployment that owns a configuration, which the client made a moment before it. A Deployment that
// something else owns, as the operator does, takes its account from there. One that is not known may be such a one.
func (r *Reviewer) clientConfiguration(configMap *corev1.ConfigMap, ruling ruling) (*clientConfiguration, bool) {
	owner := configMap.OwnerReferences[0]
	if owner.Kind != "Deployment" {
		return nil, false
	}
	t, ok := r.configuration(configMap, configMap.Namespace, ruling)
	if !ok {
		return nil, false
	}
	member, ok := r.options.Surroundings.Member(inventory.Key{Kind: owner.Kind, Namespace: configMap.Namespace, Name: owner.Name})
	if !ok || member.UID != owner.UID || member.Owner != (inventory.Owner{}) || member.Role != workload.RoleJobManager ||
		member.Process.Deployer != workload.DeployerNative || !slices.Contains(member.ConfigMaps, configMap.Name) {
		return nil, false
	}
	native := &clientConfiguration{configMap: configMap, jobManager: member, version: ruling.versionOr(member.Process.Version)}
	seen := &lookup{around: r.options.Surroundings, namespace: configMap.Namespace, fresh: t}
	native.dataKey = fileRead(member.Process.Files(seen.surroundings()), configMap.Name, native.version)
	native.configuration = member.Process.Configuration(seen.surroundings())
	native.account = workload.AccountOfPods(&member.Template.Spec, "").Name
	return native, native.configuration.Err == nil
}

// fileRead is the data key of a ConfigMap that Flink reads among the files that a process finds, "" if that is not known. What the
// version of a custom image is does not matter as long as the client made one file only.
func fileRead(files map[string]workload.File, configMap string, version flink.Version) string {
	choice := flink.ChooseFile(version, func(name string) bool {
		return files[name].Place == workload.PlaceConfigMap && files[name].ConfigMap == configMap && files[name].Text != ""
	})
	if len(choice.Candidates) == 1 {
		choice.Name = choice.Candidates[0]
	}
	if file := files[choice.Name]; file.Key == choice.Name {
		return file.Key
	}
	return ""
}

// chooseNative chooses the account that a configuration is to name. Where the Deployment runs under the account of the namespace and
// the configuration leaves its JobManager on "default", the guard gave it that account, and the configuration follows. Else what the
// TaskManagers need decides.
func (r *Reviewer) chooseNative(native *clientConfiguration, ruling ruling) (Account, string) {
	of := func(role workload.Role) workload.Account {
		return workload.AccountOfNative(role, native.configuration, native.version)
	}
	jobManager, taskManager := of(workload.RoleJobManager), of(workload.RoleTaskManager)
	namespace := native.configMap.Namespace
	needed, needs := claimOf(native.configuration, native.version, namespace, true, workload.RoleTaskManager)
	chosen, note := Account{}, ""
	switch {
	case taskManager.Unknown != "" && !native.sharesTemplate(taskManager):
		return Account{Outcome: AccountUnknown}, ""
	case needs && !mutation.IsDefaultAccount(taskManager.Name):
		chosen = r.judgeNamed(needed, taskManager.Name)
	case needs:
		chosen, note = r.chooseAccount(needed, ruling)
	}
	follows := jobManager.Unknown == "" && mutation.IsDefaultAccount(jobManager.Name) && native.account == r.accountFor(namespace, ruling) &&
		!mutation.IsDefaultAccount(native.account)
	switch chosen.Outcome {
	case "", AccountSufficient, AccountAlreadySet:
		if follows && (!needs || r.access(needed, native.account).Covered()) {
			return Account{AccountInjected, native.account}, ""
		}
	default:
	}
	return chosen, note
}

// keyPodTemplates are the options that name a pod template for both roles, under the names that they have had
// (KubernetesConfigOptions.KUBERNETES_POD_TEMPLATE).
func keyPodTemplates() []string {
	return []string{workload.PodTemplateOption, workload.PodTemplateOption + ".default"}
}

// sharesTemplate tells of TaskManagers, whose account a pod template may name, that the template can name none but the one that the
// Deployment has: it is the template of both roles, no other one is named, and no option takes its place for the JobManager.
func (n *clientConfiguration) sharesTemplate(taskManager workload.Account) bool {
	if taskManager.Named {
		return false
	}
	shared := false
	for i := range n.configuration.Settings {
		key := n.configuration.Settings[i].Key
		switch {
		case slices.Contains(keyPodTemplates(), key):
			shared = true
		case strings.HasPrefix(key, workload.PodTemplateOption), key == flink.KeyJobManagerServiceAccount:
			return false
		}
	}
	return shared && n.configuration.Complete()
}

const (
	// maxConfigMap is how many bytes the data of a ConfigMap may have: the API server refuses more (ValidateConfigMap in
	// k8s.io/kubernetes/pkg/apis/core/validation).
	maxConfigMap = 1 << 20
	// roomForAccounts is more than three options with names of accounts take.
	roomForAccounts = 4 << 10
)

var errTooLarge = errors.New("the ConfigMap would be too large")

func sizeOf(configMap *corev1.ConfigMap) (bytes int) {
	for _, value := range configMap.Data {
		bytes += len(value)
	}
	for _, value := range configMap.BinaryData {
		bytes += len(value)
	}
	return bytes
}

// plan edits the file that Flink reads. A change of it restarts nothing, and takes effect with the next start of the JobManager: it is
// left to requests that make the file or change it.
func (n *clientConfiguration) plan(request *admissionv1.AdmissionRequest, chosen Account, ruling ruling, decision *Decision) error {
	text := n.configMap.Data[n.dataKey]
	loader, ok := flink.LoaderOf(n.dataKey)
	if !ok {
		decision.Account = Account{Outcome: AccountUnknown}
		return nil
	}
	edits, err := mutation.PlanConfigurationAccount(text, n.dataKey, loader, chosen.Name)
	if sizeOf(n.configMap) > maxConfigMap-roomForAccounts {
		err = errTooLarge
	}
	if err != nil {
		decision.Account = Account{AccountDeferred, chosen.Name}
		decision.Notes = append(decision.Notes, noteConfiguration(chosen.Name, n.dataKey, err.Error()))
		return nil
	}
	later := ""
	previous, err := previousOf[corev1.ConfigMap](request)
	if err != nil {
		return err
	}
	if previous != nil && previous.Data[n.dataKey] == text {
		later = noteConfiguration(chosen.Name, n.dataKey, "the request leaves the file as it is")
	}
	decision.settle(chosen, edits, later, ruling)
	return nil
}
