package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/flink-ha/flink-ha-webhook/cluster/undelete"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// choose finds what is to be restored: the last that was deleted of each name, unless that is done with.
func (r *restoring) choose(ctx context.Context) ([]undelete.Record, error) {
	if r.options.fromFile != "" {
		return r.chooseFromFile()
	}
	entries, err := r.archive.Entries(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w; the guard's namespace is %q, --guard-namespace names another one", err, r.options.guardNamespace)
	}
	wanted := r.latest(entries)
	if len(wanted) == 0 {
		return nil, r.nothingKept(ctx)
	}
	var records []undelete.Record
	for _, entry := range wanted { // the latest first
		if because := r.doneWith(&entry, wanted[0].DeletedAt); because != "" {
			fmt.Fprintf(r.err, "ConfigMap %q is passed over: %s; --uid %s restores it all the same\n", entry.ConfigMap, because, entry.UID)
			continue
		}
		record, err := r.archive.Read(ctx, entry)
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return jobsFirst(records), nil
}

// latest are the entries that were asked for, the last one of each name.
func (r *restoring) latest(entries []undelete.Entry) []undelete.Entry {
	var wanted []undelete.Entry
	for _, entry := range entries { // the latest first
		if r.wants(&entry) && !slices.ContainsFunc(wanted, func(later undelete.Entry) bool { return later.ConfigMap == entry.ConfigMap }) {
			wanted = append(wanted, entry)
		}
	}
	return wanted
}

// sameIncident is how long before the last deletion of a cluster another one may be that belongs to it.
const sameIncident = time.Hour

// doneWith says why an entry is history; "" if it is not, or was named. last is when the last one of the cluster was deleted.
func (r *restoring) doneWith(entry *undelete.Entry, last time.Time) string {
	switch {
	case r.options.uid != "" || r.options.configMap != "":
		return ""
	case !entry.RestoredAt.IsZero():
		return "it was brought back " + entry.RestoredAt.Local().Format(time.DateTime)
	case entry.Ended():
		return "Flink itself deleted it, because the job had ended"
	case entry.Deletion.Deleter == validation.DeleterOperator:
		return "the operator deleted it"
	case last.Sub(entry.DeletedAt) >= sameIncident:
		return "it was deleted " + entry.DeletedAt.Local().Format(time.DateTime) + ", long before the last one"
	}
	return ""
}

// wants tells whether an entry is among those that were asked for.
func (r *restoring) wants(entry *undelete.Entry) bool {
	o := r.options
	return entry.Namespace == o.namespace &&
		(r.cluster == "" || entry.Cluster == r.cluster) &&
		(o.configMap == "" || entry.ConfigMap == o.configMap) &&
		(o.uid == "" || entry.UID == types.UID(o.uid))
}

func (r *restoring) nothingKept(ctx context.Context) error {
	what := "HA ConfigMap"
	if r.cluster != "" {
		what += fmt.Sprintf(" of a cluster %q", r.cluster)
	}
	text := fmt.Sprintf("no deleted %s in namespace %q is kept; see %s state restore --list", what, r.options.namespace, programName)
	if r.cluster != "" {
		text += "\n" + r.startByHand(ctx)
	}
	return errors.New(text)
}

// jobsFirst puts the ConfigMaps of jobs before those with the job graphs: a leader that found the graph of a job without its
// checkpoints would start it from nothing.
func jobsFirst(records []undelete.Record) []undelete.Record {
	slices.SortStableFunc(records, func(a, b undelete.Record) int {
		return len(hastateOf(&a).Graphs) - len(hastateOf(&b).Graphs)
	})
	return records
}

func hastateOf(record *undelete.Record) hastate.State {
	state, _ := hastate.Read(record.Content)
	return state
}

// chooseFromFile finds the HA ConfigMaps in a file.
func (r *restoring) chooseFromFile() ([]undelete.Record, error) {
	text, err := r.readFile()
	if err != nil {
		return nil, fmt.Errorf("reading --from-file %s: %w", r.options.fromFile, err)
	}
	configMaps, err := configMapsIn(text)
	if err != nil {
		return nil, fmt.Errorf("reading --from-file %s: %w", r.options.fromFile, err)
	}
	var records []undelete.Record
	for _, configMap := range configMaps {
		name, ok := hastate.Recognize(configMap)
		if configMap.Namespace == "" {
			configMap.Namespace = r.options.namespace
		}
		record := undelete.Record{Content: configMap, Entry: undelete.Entry{
			Namespace: configMap.Namespace, ConfigMap: configMap.Name, Cluster: name.Cluster, UID: configMap.UID,
		}}
		if ok && r.wants(&record.Entry) {
			records = append(records, record)
		}
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("--from-file %s has no HA ConfigMap that was asked for, of namespace %q", r.options.fromFile, r.options.namespace)
	}
	return jobsFirst(records), nil
}

func (r *restoring) readFile() ([]byte, error) {
	if r.options.fromFile == "-" {
		return readAll(r.in)
	}
	file, err := os.Open(r.options.fromFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file)
}

// configMapsIn reads the ConfigMaps of a stream of documents, which may be lists, and passes over everything else.
func configMapsIn(text []byte) ([]*corev1.ConfigMap, error) {
	decoder := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	var found []*corev1.ConfigMap
	take := func(object runtime.Object) error {
		document, ok := object.(*unstructured.Unstructured)
		if !ok || document.GetKind() != "ConfigMap" || document.GetAPIVersion() != "v1" {
			return nil
		}
		var configMap corev1.ConfigMap
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(document.Object, &configMap); err != nil {
			return fmt.Errorf("ConfigMap %q: %w", document.GetName(), err)
		}
		found = append(found, &configMap)
		return nil
	}
	for {
		document := &unstructured.Unstructured{}
		err := decoder.Decode(&document.Object)
		switch {
		case errors.Is(err, io.EOF):
			return found, nil
		case err != nil:
			return nil, err
		case document.IsList() && strings.HasSuffix(document.GetKind(), "List"):
			err = document.EachListItem(take)
		default:
			err = take(document)
		}
		if err != nil {
			return nil, err
		}
	}
}

func rawExtension(object runtime.Object) runtime.RawExtension {
	return runtime.RawExtension{Object: object}
}
