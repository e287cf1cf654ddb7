package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// gcOptions is what state gc is told.
type gcOptions struct {
	surveyOptions
	olderThan   time.Duration
	delete, yes bool
}

// defaultAge is how long state is unused before it counts as forgotten: a week, so that what is down over a weekend does not.
const defaultAge = 7 * 24 * time.Hour

func newStateGCCommand() *cobra.Command {
	options := &gcOptions{olderThan: defaultAge}
	command := &cobra.Command{
		Use:   "gc [CLUSTER]...",
		Short: "Delete HA state that nobody uses",
		Long: `gc shows, and with --delete deletes, the HA ConfigMaps of Flink clusters that are orphaned (see state list) and have been
neither renewed nor written to for some time, and names the storage paths that are left to clean. It deletes nothing there.

State that is live, led or unknown is never touched; state list --help says what is looked at, and what cannot be seen. With
--delete, gc asks before it acts, unless told --yes; it looks at the cluster once more then, and at the namespace right before
the state of each Flink cluster in it is deleted. It deletes a ConfigMap only if nobody has written to it since. A storage path
that something else was seen to keep data under, above or below is said not to be cleaned. Where the guard runs it keeps what is
deleted, as from anybody, so that state restore can bring it back for some days.

Exit codes: 0 done, or nothing to do, also when only shown; 1 something that was asked for is not deleted; 2 the HA state
could not be read, or there is nobody to ask.`,
		Example: `  # What would be deleted?
  flink-ha-webhook state gc -A

  # Delete the state of one cluster that has been gone for an hour.
  flink-ha-webhook state gc -n streaming orders --older-than 1h --delete

  # In a nightly job.
  flink-ha-webhook state gc -A --older-than 720h --delete --yes`,
		RunE: func(command *cobra.Command, arguments []string) error {
			return options.run(command.Context(), arguments, streams{command.InOrStdin(), command.OutOrStdout(), command.ErrOrStderr()})
		},
	}
	flags := command.Flags()
	options.addFlags(flags)
	flags.DurationVar(&options.olderThan, "older-than", options.olderThan, "`time` since the last renewal of the leader's lock, or the last write, such as 36h")
	flags.BoolVar(&options.delete, "delete", options.delete, "delete, and not only show")
	flags.BoolVar(&options.yes, "yes", options.yes, "do not ask")
	return command
}

// streams are where a command that asks reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func (o *gcOptions) run(ctx context.Context, ids []string, s streams) error {
	if o.olderThan < 0 {
		return fmt.Errorf("--older-than is %s, needs zero or more", o.olderThan)
	}
	surveyor, asked, err := o.surveyor(s.err)
	if err != nil {
		return err
	}
	found, err := look(ctx, surveyor, asked, s.err)
	if err != nil {
		return err
	}
	plan, err := planGC(found, ids, o.olderThan)
	if err != nil {
		return err
	}
	if err := offline.Write(s.out, plan.text(o.allNamespaces)); err != nil {
		return err
	}
	if !o.delete {
		if err := offline.Write(s.out, plan.storageText(plan.doomed)); err != nil {
			return err
		}
		if len(plan.doomed) > 0 {
			fmt.Fprintln(s.out, "\nnothing was deleted; --delete does it")
		}
		return plan.refused()
	}
	if len(plan.doomed) > 0 && !o.yes {
		ok, err := confirm(s.in, s.err, fmt.Sprintf("Delete the %s?", plan.size()))
		if err != nil {
			return err
		}
		if !ok {
			return offline.Refuse(errors.New("nothing was deleted"))
		}
	}
	sweep := &sweep{surveyor: surveyor, asked: asked, olderThan: o.olderThan, streams: s}
	return sweep.run(ctx, plan)
}

// gcPlan is what is to be deleted, and what is not.
type gcPlan struct {
	found  *survey.Survey
	doomed []survey.Cluster
	// spared are clusters that were asked for, or are not known to be used, with the reason why they stay.
	spared []sparedCluster
	// named tells that clusters were asked for by their ids.
	named bool
}

type sparedCluster struct {
	survey.Cluster
	why string
}

// planGC chooses among all clusters, or those of some ids.
func planGC(found *survey.Survey, ids []string, olderThan time.Duration) (*gcPlan, error) {
	for _, id := range ids {
		if !slices.ContainsFunc(found.Clusters, func(c survey.Cluster) bool { return c.ID == id }) {
			return nil, fmt.Errorf("there is no HA state of a cluster %q\nsee %s state list", id, programName)
		}
	}
	plan := &gcPlan{found: found, named: len(ids) > 0}
	for _, c := range found.Clusters {
		if plan.named && !slices.Contains(ids, c.ID) {
			continue
		}
		switch why := sparedBecause(c, found.Taken, olderThan); {
		case why == "":
			plan.doomed = append(plan.doomed, c)
		case plan.named || c.Use == survey.Orphaned || c.Use == survey.Unknown:
			plan.spared = append(plan.spared, sparedCluster{c, why})
		}
	}
	return plan, nil
}

// sparedBecause says why state stays; "" if it need not.
func sparedBecause(c survey.Cluster, now time.Time, olderThan time.Duration) string {
	switch {
	case c.Use != survey.Orphaned:
		return string(c.Use) + ": " + c.Reason
	case max(0, now.Sub(c.LastUsed)) < olderThan: // two clocks do not agree to the second
		return fmt.Sprintf("last used %s ago, less than %s", age(c.LastUsed, now), olderThan)
	}
	return ""
}

// refused is an error if clusters that were asked for stay.
func (p *gcPlan) refused() error {
	if !p.named || len(p.spared) == 0 {
		return nil
	}
	names := make([]string, len(p.spared))
	for i, spared := range p.spared {
		names[i] = fullName(spared.Cluster)
	}
	return offline.Refuse(fmt.Errorf("to stay, for the reasons above: %s", strings.Join(names, ", ")))
}
