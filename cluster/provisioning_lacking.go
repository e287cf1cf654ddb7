package cluster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/rights"
	"github.com/flink-ha/flink-ha-webhook/validation"
	"github.com/flink-ha/flink-ha-webhook/validation/access"
)

// lackingPatience is how long an account may lack a right before people are told: they apply a workload and its roles together, in
// any order.
const lackingPatience = time.Minute

// reportLacking tells of processes whose account lacks what they need although it has all that the guard binds to it: nothing, if
// people made it, or what is left of the shipped ClusterRoles. What a custom resource owns is told of with the other findings about it.
func (p *provisioner) reportLacking(ctx context.Context, s *scene) error {
	var failures []error
	for i := range s.needs {
		need := &s.needs[i]
		if need.namespace == "" || s.accounts[need.account] == nil || need.member.Resource != nil || ownedByResource(need.member) {
			continue
		}
		needed := rights.Needed(need.process)
		if len(needed) == 0 {
			continue
		}
		answer := p.surroundings.Access(access.Account{Namespace: s.namespace, Name: need.account}, need.namespace, needed)
		if !answer.Lacking() {
			continue
		}
		since := need.member.Changed
		if answer.Changed.After(since) {
			since = answer.Changed
		}
		if left := lackingPatience - p.now().Sub(since); left > 0 {
			s.lookAgain(left)
			continue
		}
		if !p.isHeldAgainst(need.member) {
			continue
		}
		remedy := fmt.Sprintf("Bind a role that has it to the account, such as the guard's ClusterRoles (%s)", strings.Join(clusterRoles(), ", "))
		if s.binds(need.account) {
			remedy = "The guard binds its ClusterRoles to the account, and they are missing or changed: apply the guard's manifests again"
		}
		note := describe(need.account, fmt.Sprintf("the %s lacks %s in namespace %s. %s", need.process.Role, rights.Describe(answer.Missing), need.namespace, remedy))
		event := planAccountEvent(actionInsufficient, p.regardingMember(need.member), corev1.EventTypeWarning, note)
		if !p.events.wrote(event) {
			p.surroundings.options.Metrics.countAccountAction(actionInsufficient)
		}
		failures = append(failures, p.events.send(ctx, event))
	}
	return errors.Join(failures...)
}

// isHeldAgainst tells whether the rules say it, too: the policy may have turned them off, or the object be exempt.
func (p *provisioner) isHeldAgainst(member *inventory.Member) bool {
	judge := p.surroundings.options.Judge
	return judge != nil && slices.ContainsFunc(judge(member), func(f validation.Finding) bool {
		return f.Rule == validation.JobManagerRightsMissing || f.Rule == validation.TaskManagerRightsMissing
	})
}
