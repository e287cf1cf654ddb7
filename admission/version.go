package admission

import (
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
)

// withVersion is a member that has a version of Flink, whatever its image or its resource says, or as it is where the version is the
// zero value. Which configuration file a process reads goes by its version.
func withVersion(member *inventory.Member, version flink.Version) *inventory.Member {
	if version == (flink.Version{}) {
		return member
	}
	again := *member
	again.Process.Version = version
	if member.Resource != nil {
		resource := *member.Resource
		resource.Version = version
		again.Resource = &resource
	}
	return &again
}
