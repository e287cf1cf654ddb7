package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
)

// stateTable has a row for each cluster; a wide one has a row for each job, and more columns.
func stateTable(clusters []survey.Cluster, now time.Time, withNamespaces, wide bool) string {
	table := newTable(withNamespaces)
	if wide {
		table.row("NAMESPACE", "CLUSTER", "USE", "USER", "JOB", "CHECKPOINT", "RENEWED", "OWNERS", "STORAGE", "LEADER", "CONFIGMAPS", "TRACKED", "REASON")
	} else {
		table.row("NAMESPACE", "CLUSTER", "USE", "USER", "JOBS", "CHECKPOINT", "RENEWED", "OWNERS", "STORAGE")
	}
	for _, c := range clusters {
		before := []string{c.Namespace, c.ID, string(c.Use), userOf(c)}
		after := []string{renewedOf(c, now), ownersOf(c), strings.Join(c.StoragePaths, ",")}
		if !wide {
			table.row(slices.Concat(before, []string{strconv.Itoa(len(c.Jobs)), checkpointsOf(c.Jobs)}, after)...)
			continue
		}
		after = append(after, leaderOf(c), strconv.Itoa(len(c.ConfigMaps)), trackingOf(c), c.Reason)
		for _, job := range orNone(c.Jobs) {
			table.row(slices.Concat(before, []string{job.ID, checkpointOf(job)}, after)...)
		}
	}
	return table.String()
}

// orNone has a row also for a cluster without jobs.
func orNone(jobs []survey.Job) []survey.Job {
	if len(jobs) == 0 {
		return []survey.Job{{}}
	}
	return jobs
}

func userOf(c survey.Cluster) string {
	switch {
	case c.User == nil:
		return ""
	case c.User.Namespace == c.Namespace:
		return c.User.Kind + "/" + c.User.Name
	}
	return c.User.Kind + "/" + c.User.Namespace + "/" + c.User.Name
}

// maxShownCheckpoints is how many jobs of a session cluster have their checkpoints in one row.
const maxShownCheckpoints = 3

func checkpointsOf(jobs []survey.Job) string {
	var ids []string
	for _, job := range jobs {
		if len(ids) == maxShownCheckpoints {
			return strings.Join(append(ids, "…"), ",")
		}
		ids = append(ids, cmp.Or(checkpointOf(job), "-"))
	}
	return strings.Join(ids, ",")
}

func checkpointOf(job survey.Job) string {
	if job.Checkpoint == nil {
		return ""
	}
	return strconv.FormatInt(job.Checkpoint.ID, 10)
}

func renewedOf(c survey.Cluster, now time.Time) string {
	if c.Leader == nil {
		return ""
	}
	return age(c.Leader.Renewed, now)
}

// age is never negative: two clocks do not agree to the second.
func age(since, now time.Time) string { return duration.HumanDuration(max(0, now.Sub(since))) }

func leaderOf(c survey.Cluster) string {
	if c.Leader == nil {
		return ""
	}
	return cmp.Or(c.Leader.Address, c.Leader.Holder)
}

func ownersOf(c survey.Cluster) string {
	var names []string
	for _, configMap := range c.ConfigMaps {
		for _, owner := range configMap.Owners {
			name := owner.Kind + "/" + owner.Name
			if owner.Presence != survey.Present {
				name += "(" + string(owner.Presence) + ")"
			}
			names = append(names, name)
		}
	}
	return distinct(names)
}

func trackingOf(c survey.Cluster) string {
	var keys []string
	for _, configMap := range c.ConfigMaps {
		for _, mark := range configMap.Tracking {
			key, _, _ := strings.Cut(mark, "=")
			keys = append(keys, key)
		}
	}
	return distinct(keys)
}

func distinct(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ",")
}

// table is columns of text, as kubectl prints them.
type table struct {
	withNamespaces bool
	text           strings.Builder
	columns        *tabwriter.Writer
}

// newTable makes a table whose first column is for namespaces, and is there only if they differ.
func newTable(withNamespaces bool) *table {
	t := &table{withNamespaces: withNamespaces}
	t.columns = tabwriter.NewWriter(&t.text, 0, 0, 3, ' ', 0)
	return t
}

func (t *table) row(cells ...string) {
	if !t.withNamespaces {
		cells = cells[1:]
	}
	shown := make([]string, len(cells))
	for i, cell := range cells {
		shown[i] = cmp.Or(printable(cell), "-")
	}
	_, _ = t.columns.Write([]byte(strings.Join(shown, "\t") + "\n")) // into memory
}

// String is the table so far.
func (t *table) String() string {
	_ = t.columns.Flush() // into memory
	return t.text.String()
}

// printable is a text without what would steer a terminal: addresses and names of leaders are data that anybody may have written.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
