package validation

import (
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
)

// RightsUnknown names the accounts of the subject's processes of which it is not known what they may do, each with why, "" for no
// reason worth saying.
func (s *Subject) RightsUnknown() map[string]string {
	unknown := map[string]string{}
	if s.Around == nil {
		return unknown
	}
	for _, role := range []workload.Role{workload.RoleJobManager, workload.RoleTaskManager} {
		found, ok := s.tenantOf(role)
		if !ok {
			continue
		}
		needed := rights.Needed(found.process)
		if len(needed) == 0 {
			continue
		}
		if answer := found.lacks(s.Around, needed); !answer.Known {
			unknown[found.account.Name] = answer.Unknown
		}
	}
	return unknown
}
