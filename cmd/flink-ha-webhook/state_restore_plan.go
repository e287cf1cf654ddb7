package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// restore says what is to be done about each ConfigMap, asks, and does it: all of it or, where one is refused, nothing.
func (r *restoring) restore(ctx context.Context, records []undelete.Record) error {
	plans := make([]hastate.Restoration, len(records))
	var refused, writes int
	for i := range records {
		plan, err := r.plan(ctx, &records[i], records)
		if err != nil {
			return err
		}
		if plans[i] = plan; plan.Refused != "" {
			refused++
		} else if !plan.Nothing {
			writes++
		}
		fmt.Fprintf(r.out, "%s: %s\n", describe(&records[i]), describePlan(plan))
	}
	switch {
	case refused > 0:
		fmt.Fprintln(r.out, r.startFrom(ctx, records))
		return offline.Refuse(errors.New("nothing was restored"))
	case writes == 0:
		return nil
	case r.options.dryRun:
		fmt.Fprintln(r.out, "nothing was restored: --dry-run")
		return nil
	case !r.options.yes:
		if ok, err := confirm(r.in, r.err, "Restore?"); err != nil {
			return err
		} else if !ok {
			return offline.Refuse(errors.New("nothing was restored"))
		}
	}
	return r.write(ctx, records)
}

// plan plans how one ConfigMap comes back, with all that are restored.
func (r *restoring) plan(ctx context.Context, record *undelete.Record, all []undelete.Record) (hastate.Restoration, error) {
	plan, err := undelete.Plan(ctx, r.client, record.Content)
	if err != nil || plan.Nothing || plan.Refused != "" {
		return plan, err
	}
	if record.Deletion.Deleter == validation.DeleterFlink {
		fmt.Fprintf(r.err, "warning: ConfigMap %q was deleted by %s, which may be Flink's account: if the job had ended, it is back then\n", record.ConfigMap, record.Deletion.User)
	}
	jobs, err := undelete.JobsWithoutCheckpoints(ctx, r.client, record.Content, all)
	switch {
	case err != nil:
		return plan, err
	case len(jobs) == 0:
	case r.options.withoutCheckpoints:
		fmt.Fprintf(r.err, "warning: job %s starts from its beginning: its checkpoints are not there\n", strings.Join(jobs, ", "))
	default:
		plan = hastate.Restoration{Refused: fmt.Sprintf(
			"job %s would start from its beginning: the ConfigMap with its checkpoints is neither there nor among what is to be restored; "+
				"--without-checkpoints restores it all the same", strings.Join(jobs, ", "))}
	}
	return plan, nil
}

// write restores what was planned, each with a fresh look at what is there.
func (r *restoring) write(ctx context.Context, records []undelete.Record) error {
	var written []restoredRecord
	for i := range records {
		record := &records[i]
		done, err := undelete.Restore(ctx, r.client, record.Content)
		switch {
		case err != nil:
			return offline.Refuse(fmt.Errorf("ConfigMap %q is not restored: %w", record.ConfigMap, err))
		case done.Refused != "":
			return offline.Refuse(fmt.Errorf("ConfigMap %q is not restored: %s", record.ConfigMap, done.Refused))
		case done.Nothing:
			continue
		}
		fmt.Fprintf(r.out, "ConfigMap %q is restored\n", record.ConfigMap)
		if record.Secret != "" {
			if err := r.archive.MarkRestored(ctx, record.UID, r.now()); err != nil {
				fmt.Fprintf(r.err, "warning: it will be listed as not restored: %v\n", err)
			}
		}
		written = append(written, restoredRecord{record, done})
	}
	return r.advise(ctx, written, r.now())
}

// restoredRecord is what was restored, and how.
type restoredRecord struct {
	*undelete.Record
	done hastate.Restoration
}

const (
	// adviceTime is how long it is waited until it shows whether a JobManager that has the lock comes up or is gone: more than the usual
	// lease, and adviceInterval how often that is looked at.
	adviceTime     = 20 * time.Second
	adviceInterval = time.Second
)

// advise says whether a JobManager has to be restarted to bring back what was restored.
func (r *restoring) advise(ctx context.Context, written []restoredRecord, added time.Time) error {
	restart, err := r.needsRestart(ctx, written, added)
	for deadline := time.Now().Add(adviceTime); err == nil && restart == hastate.RestartUnclear && time.Now().Before(deadline); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(adviceInterval):
		}
		restart, err = r.needsRestart(ctx, written, added)
	}
	switch {
	case err != nil:
		fmt.Fprintf(r.err, "warning: the leader's lock cannot be read: %v\n", err)
		fallthrough
	case restart == hastate.RestartUnclear:
		fmt.Fprintln(r.out, "Look whether the jobs are there. If they are not, restart the JobManager: it reads them when it becomes the leader.")
	case restart == hastate.RestartNeeded:
		fmt.Fprintln(r.out, "A JobManager leads without these jobs: restart it, for example by deleting its pod. It reads them when it becomes the leader again.")
	default:
		fmt.Fprintln(r.out, "The next leader recovers what they point to. Nothing else is to be done; if no JobManager runs, start one.")
	}
	return nil
}

// needsRestart is the gravest answer about any of the ConfigMaps.
func (r *restoring) needsRestart(ctx context.Context, written []restoredRecord, added time.Time) (hastate.Restart, error) {
	worst := hastate.RestartNone
	for _, one := range written {
		restart, err := undelete.NeedsRestart(ctx, r.client, one.done, one.Record, added, r.now())
		switch {
		case err != nil || restart == hastate.RestartNeeded:
			return restart, err
		case restart == hastate.RestartUnclear:
			worst = restart
		}
	}
	return worst, nil
}

// describe names a ConfigMap and what became of it.
func describe(record *undelete.Record) string {
	text := fmt.Sprintf("ConfigMap %q", record.ConfigMap)
	if jobs := contents(hastateOf(record)); jobs != "" {
		text += " (" + jobs + ")"
	}
	if record.DeletedAt.IsZero() {
		return text
	}
	text += ", deleted " + record.DeletedAt.Local().Format(time.DateTime)
	if record.Deletion.Known() {
		text += " by " + printable(record.Deletion.User)
	}
	return text
}

// contents says what the pointers of a ConfigMap are.
func contents(state hastate.State) string {
	var parts []string
	if n := len(state.Graphs); n > 0 {
		parts = append(parts, flink.Count(n, "job"))
	}
	if n := len(state.Checkpoints); n > 0 {
		parts = append(parts, fmt.Sprintf("%s, the last is %d", flink.Count(n, "checkpoint"), state.Checkpoints[n-1].ID))
	}
	return strings.Join(parts, "; ")
}

func describePlan(plan hastate.Restoration) string {
	switch {
	case plan.Refused != "":
		return "refused: " + plan.Refused
	case plan.Create != nil:
		return fmt.Sprintf("to be created, with %s", flink.Count(len(plan.Create.Data), "key"))
	case len(plan.Add) > 0:
		return fmt.Sprintf("%s to be added to the one that is there", flink.Count(len(plan.Add), "key"))
	}
	return "nothing to do, all of it is there"
}
