package check

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/flink-ha/flink-ha-webhook/check/manifest"
)

// LiveName is what stands for a file where an object, or what is said, is of a cluster. Such places have no line.
const LiveName = "cluster"

// readLive reads what a cluster has. The error is that of the cluster or of the context; a single object that cannot be read is a
// problem of the content.
func (c *checker) readLive(ctx context.Context, files []*content) (*content, error) {
	live := &content{source: manifest.Source{Name: LiveName}, live: true}
	taken := 0
	unread, err := c.options.Live.Objects(ctx, namespacesOf(files, c.options.Namespace), func(object []byte) error {
		taken++
		c.takeLive(live, object)
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	resources := slices.Sorted(maps.Keys(unread))
	if c.options.JudgeLive && taken == 0 && len(resources) > 0 {
		return nil, fmt.Errorf("nothing of the cluster may be read: %w", cmp.Or(unread["configmaps"], unread[resources[0]]))
	}
	for _, resource := range resources {
		live.left = append(live.left, Remark{manifest.Place{File: LiveName}, resource + " could not be read: " + unread[resource].Error()})
	}
	c.doubt = doubtOf(resources)
	live.sort()
	return live, nil
}

// namespacesOf are the namespaces of what is in files.
func namespacesOf(files []*content, preset string) []string {
	found := map[string]bool{preset: preset != ""}
	for _, file := range files {
		for _, c := range file.candidates {
			found[c.Namespace] = true
			if c.Kind == "Namespace" && c.Group == "" {
				found[c.Name] = true
			}
		}
	}
	delete(found, "")
	return slices.Sorted(maps.Keys(found))
}

func (c *checker) takeLive(live *content, object []byte) {
	defer onBug(func(bug error) {
		live.problems = append(live.problems, &manifest.ProblemError{Place: manifest.Place{File: LiveName}, Reason: "an object of the cluster cannot be read: " + bug.Error()})
	})
	document, err := manifest.FromCluster(LiveName, object)
	if err != nil {
		live.problems = append(live.problems, err)
		return
	}
	before := len(live.candidates)
	c.take(live, document)
	if !c.options.JudgeLive {
		// Nothing of it is listed, and nothing in it has a place that could be shown.
		live.objects, live.skipped = nil, 0
		for _, kept := range live.candidates[before:] {
			kept.document = nil
		}
	}
}

// covered are the objects of a cluster that were not judged, by their place among those that are listed: a file has another definition.
func (r *content) covered() map[int]bool {
	if !r.live {
		return nil
	}
	covered := map[int]bool{}
	for _, c := range r.candidates {
		if c.piece.Judged && c.judged == 0 {
			covered[c.listed] = true
		}
	}
	return covered
}

// sort orders what the cluster handed over in whatever order it has: by namespace, kind and name.
func (r *content) sort() {
	order := make([]int, len(r.objects))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		one, other := &r.objects[a], &r.objects[b]
		return cmp.Or(strings.Compare(one.Namespace, other.Namespace), strings.Compare(one.Kind, other.Kind), strings.Compare(one.Name, other.Name))
	})
	sorted, now := make([]Object, len(order)), make([]int, len(order))
	for i, was := range order {
		sorted[i], now[was] = r.objects[was], i
	}
	r.objects = sorted
	if len(order) > 0 {
		for _, c := range r.candidates {
			c.listed = now[c.listed]
		}
	}
	slices.SortStableFunc(r.candidates, func(a, b *candidate) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
}

// doubtOf says why accounts and rights are not known where some kinds of objects could not be read, "" if they are.
func doubtOf(unread []string) string {
	var about []string
	for _, resource := range unread {
		switch resource {
		case "serviceaccounts", "roles", "clusterroles", "rolebindings", "clusterrolebindings":
			about = append(about, resource)
		}
	}
	if len(about) == 0 {
		return ""
	}
	return fmt.Sprintf("%s of the cluster could not be read", strings.Join(about, ", "))
}
