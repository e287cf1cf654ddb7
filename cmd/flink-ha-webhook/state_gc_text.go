package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/flink"
)

// text shows the plan.
func (p *gcPlan) text(withNamespaces bool) string {
	var text strings.Builder
	if len(p.doomed) == 0 {
		text.WriteString("there is no HA state to delete\n")
	} else {
		table := newTable(withNamespaces)
		table.row("NAMESPACE", "CLUSTER", "UNUSED", "CONFIGMAPS", "JOBS", "CHECKPOINT", "STORAGE")
		for _, c := range p.doomed {
			table.row(c.Namespace, c.ID, age(c.LastUsed, p.found.Taken), strconv.Itoa(len(c.ConfigMaps)),
				strconv.Itoa(len(c.Jobs)), checkpointsOf(c.Jobs), strings.Join(c.StoragePaths, ","))
		}
		text.WriteString(table.String())
	}
	if len(p.spared) > 0 {
		text.WriteString("\nthese stay:\n")
		for _, spared := range p.spared {
			fmt.Fprintf(&text, "  %s: %s\n", fullName(spared.Cluster), printable(spared.why))
		}
	}
	return text.String()
}

// storageText says what is left in storage of clusters whose ConfigMaps are gone.
func (p *gcPlan) storageText(gone []survey.Cluster) string {
	var clean, kept, unknown []string
	for _, c := range gone {
		if len(c.StoragePaths) == 0 {
			unknown = append(unknown, "  "+fullName(c))
		}
		for _, path := range c.StoragePaths {
			keepers := p.found.KeptBy(path, gone)
			if len(keepers) == 0 {
				clean = append(clean, "  "+printable(path))
				continue
			}
			kept = append(kept, fmt.Sprintf("  %s: %s", printable(path), strings.Join(keepers, ", ")))
		}
	}
	var text strings.Builder
	section := func(title string, lines []string) {
		if len(lines) > 0 {
			slices.Sort(lines)
			fmt.Fprintf(&text, "\n%s:\n%s\n", title, strings.Join(slices.Compact(lines), "\n"))
		}
	}
	section("left to clean in storage, once the ConfigMaps are gone; nothing else was seen to keep data there", clean)
	section("not to be cleaned, since others keep data there", kept)
	section("where these kept their data is not known", unknown)
	return text.String()
}

func fullName(c survey.Cluster) string { return c.Namespace + "/" + c.ID }

// size says how much is to be deleted.
func (p *gcPlan) size() string {
	configMaps := 0
	for _, c := range p.doomed {
		configMaps += len(c.ConfigMaps)
	}
	return flink.Count(configMaps, "ConfigMap") + " of " + flink.Count(len(p.doomed), "cluster")
}
