package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// list shows what is kept.
func (r *restoring) list(ctx context.Context) error {
	entries, err := r.archive.Entries(ctx)
	if err != nil {
		return fmt.Errorf("%w; the guard's namespace is %q, --guard-namespace names another one", err, r.options.guardNamespace)
	}
	rows := newTable(false)
	rows.row("", "CLUSTER", "CONFIGMAP", "DELETED", "BY", "AS", "IN USE", "RESTORED", "BYTES", "UID")
	found := false
	for i := range entries {
		entry := &entries[i]
		if !r.wants(entry) {
			continue
		}
		found = true
		rows.row("", entry.Cluster, entry.ConfigMap, age(entry.DeletedAt, r.now()), entry.Deletion.User, string(entry.Deletion.Deleter), inUse(entry),
			agoOrNever(entry.RestoredAt, r.now()), strconv.Itoa(entry.Bytes), string(entry.UID))
	}
	if !found {
		fmt.Fprintf(r.err, "no deleted HA ConfigMap in namespace %q is kept\n", r.options.namespace)
		return nil
	}
	return offline.Write(r.out, rows.String())
}

func inUse(entry *undelete.Entry) string {
	switch {
	case !entry.Deletion.Known():
		return ""
	case entry.Deletion.Live:
		return "yes"
	}
	return "no"
}

func agoOrNever(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return age(at, now)
}
