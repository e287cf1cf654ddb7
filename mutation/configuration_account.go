package mutation

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/edit"
)

// PlanConfigurationAccount names an account in the configuration of a native cluster, in the data key of a ConfigMap that Flink reads
// with a loader: as the account of all processes, and for a role where the role's own option says "default", which would count more.
// What names another account stays as it is.
//
// A native JobManager makes TaskManagers from this configuration, and takes their account from nowhere else
// (KubernetesTaskManagerParameters). The error says why the text cannot be edited, and holds nothing of it.
func PlanConfigurationAccount(text, dataKey string, loader flink.Loader, account string) ([]Edit, error) {
	if IsDefaultAccount(account) {
		return nil, nil
	}
	loaded := loader.Load(text, "")
	edited := text
	for _, key := range []string{flink.KeyServiceAccount, flink.KeyJobManagerServiceAccount, flink.KeyTaskManagerServiceAccount} {
		setting, written := loaded.Lookup(key)
		if written && (setting.Unknown != "" || !IsDefaultAccount(setting.Value)) || !written && key != flink.KeyServiceAccount {
			continue
		}
		next, err := edit.Set(edited, loader, key, account)
		if err != nil {
			return nil, err
		}
		edited = next
	}
	if edited == text {
		return nil, nil
	}
	return []Edit{{
		Operations: []Operation{set(true, below("/data", dataKey), edited)},
		Reason:     accountReason(account),
	}}, nil
}
