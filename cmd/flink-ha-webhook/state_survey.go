package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/flink-ha/flink-ha-webhook/cluster/survey"
	"github.com/flink-ha/flink-ha-webhook/cmd/offline"
)

// surveyOptions say which HA state is asked for.
type surveyOptions struct {
	connection
	allNamespaces bool
	// alone takes it that what other namespaces run keeps no HA state here.
	alone bool
}

func (o *surveyOptions) addFlags(flags *pflag.FlagSet) {
	o.connection.addFlags(flags)
	flags.BoolVarP(&o.allNamespaces, "all-namespaces", "A", o.allNamespaces, "the HA state of all namespaces")
	flags.BoolVar(&o.alone, "ignore-other-namespaces", o.alone, "take it that no JobManager of another namespace keeps its HA state in this one, and read no other; needs no rights there")
}

func (o *surveyOptions) validate() error {
	switch {
	case o.allNamespaces && o.namespace != "":
		return errors.New("--all-namespaces and --namespace contradict each other: leave one out")
	case o.allNamespaces && o.alone:
		return errors.New("--all-namespaces and --ignore-other-namespaces contradict each other: leave one out")
	}
	return nil
}

// surveyor makes a surveyor, and what it is to be asked.
func (o *surveyOptions) surveyor(stderr io.Writer) (*survey.Surveyor, survey.Options, error) {
	if err := o.validate(); err != nil {
		return nil, survey.Options{}, err
	}
	apiServer, err := o.open()
	if err != nil {
		return nil, survey.Options{}, err
	}
	asked := survey.Options{Namespace: o.namespace, Alone: o.alone}
	if o.allNamespaces {
		asked.Namespace = ""
	}
	if offline.IsTerminal(stderr) {
		asked.Progress = func(resource string, read int) { fmt.Fprintf(stderr, "%sreading %s: %d", clearLine, resource, read) }
	}
	surveyor, err := survey.New(apiServer)
	return surveyor, asked, err
}

// clearLine goes back to the beginning of a terminal's line and empties it.
const clearLine = "\r\033[K"

// surveyReader reads a cluster.
type surveyReader interface {
	Survey(ctx context.Context, asked survey.Options) (*survey.Survey, error)
}

// look reads the cluster, and says what could not be read.
func look(ctx context.Context, surveyor surveyReader, asked survey.Options, stderr io.Writer) (*survey.Survey, error) {
	found, err := surveyor.Survey(ctx, asked)
	if asked.Progress != nil {
		fmt.Fprint(stderr, clearLine)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the HA state: %w", err)
	}
	for _, unread := range found.Unread {
		where := "of all namespaces"
		if unread.Namespace != "" {
			where = "of namespace " + unread.Namespace
		}
		fmt.Fprintf(stderr, "warning: %s %s could not be read: %s\n", unread.Resource, where, unread.Message)
	}
	return found, nil
}
