package inventory

import (
	"fmt"
	"sync"
	"testing"
)

// TestManyAskWhileManyChange is for the race detector.
func TestManyAskWhileManyChange(t *testing.T) {
	known := New()
	jobManager, taskManager, owned, resource := memberOf(t, sessionJobManager), memberOf(t, sessionTaskManager), memberOf(t, ownedDeployment), resourceOf(t, flinkDeployment)
	defaults := operatorDefaults(t, "a: b")
	change := func(round int) {
		id := fmt.Sprint("id-", round%3)
		known.SetConfigMap(configMap(team, "flink-config", "config.yaml", replaceIn(sessionConfiguration, "demo", id)), at(round))
		for _, member := range []*Member{jobManager, taskManager, owned, resource} {
			known.SetMember(member, at(round))
		}
		known.SetHAState(state(team, id+"-cluster-config-map", id))
		known.SetOperatorDefaults(defaults, at(round))
		known.DeleteMember(taskManager.Key, at(round))
		known.DeleteConfigMap(team, "flink-config", at(round))
		known.DeleteHAState(team, id+"-cluster-config-map")
		known.SetOperatorDefaults(nil, at(round))
	}
	ask := func(round int) {
		for _, list := range [][]*Member{
			known.Mounting(team, "flink-config"), known.WithStoragePath("s3://state/ha/id-1"), known.WithClusterID(team, "id-1"),
			known.Siblings(jobManager), known.PreviousMembers(jobManager, at(round)),
		} {
			for _, member := range list {
				if member.Template != nil {
					_ = member.Process.ConfigMaps()
				}
			}
		}
		known.PreviousConfigMaps(configMap(team, "flink-config", "config.yaml", sessionConfiguration), at(round))
		known.ConfigMap(team, "flink-config")
		known.ConfigMapsIn(team, 5)
		known.InNamespace(team, 5)
		known.HAState(team, "id-1")
		known.Member(resource.Key)
		known.OperatorDefaults()
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for round := range 40 {
				change(round)
			}
		})
		group.Go(func() {
			for round := range 40 {
				ask(round)
			}
		})
	}
	group.Wait()
}
