package survey

import (
	"context"
	"fmt"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/flink-ha/flink-ha-webhook/cluster"
)

// Surveyor reads a cluster.
type Surveyor struct {
	client client.Client
	now    func() time.Time
}

// New makes a surveyor that asks an API server. It sends no request yet.
func New(apiServer *rest.Config) (*Surveyor, error) {
	scheme, err := cluster.Scheme()
	if err != nil {
		return nil, fmt.Errorf("putting the scheme together: %w", err)
	}
	listening, now := Clocked(apiServer)
	asking, err := client.New(listening, client.Options{Scheme: scheme})
	if err != nil {
		return nil, fmt.Errorf("setting up a client of the API server: %w", err)
	}
	return &Surveyor{client: asking, now: now}, nil
}

// Options say what is asked.
type Options struct {
	// Namespace of the HA ConfigMaps that are asked for; "" asks for those of all namespaces.
	Namespace string
	// Alone takes it for granted that nobody in another namespace keeps HA state in this one, so that no other one is read.
	Alone bool
	// Progress hears how many objects of a resource were read so far; nil hears nothing.
	Progress func(resource string, read int)
}

// Survey is what was found.
type Survey struct {
	// Taken is when the last object was read, by the clock of the API server.
	Taken time.Time
	// Clusters with HA state, by namespace and cluster-id.
	Clusters []Cluster
	// Unread is what could not be read, for want of rights.
	Unread []Unread

	// keepers are all that keep HA data under a path.
	keepers []keeper
}

// Survey reads the cluster. What may not be read is in Unread, except for the HA ConfigMaps themselves, without which there is no
// answer.
func (s *Surveyor) Survey(ctx context.Context, options Options) (*Survey, error) {
	read := &reading{client: s.client, options: options, loader: cluster.NewLoader()}
	if err := read.all(ctx); err != nil {
		return nil, err
	}
	taken := s.now()
	found := &Survey{Taken: taken, Unread: read.unread}
	members := read.settledMembers()
	judge := &judge{now: taken, members: members, unread: read.unread}
	owners := &owners{client: s.client, known: map[ownerKey]Presence{}}
	for _, held := range read.clusters() {
		surveyed := held.describe(taken)
		judge.rule(&surveyed)
		found.keepers = append(found.keepers, keeperOfCluster(surveyed))
		if options.Namespace != "" && surveyed.Namespace != options.Namespace {
			continue
		}
		if err := owners.lookUp(ctx, &surveyed); err != nil {
			return nil, err
		}
		found.Clusters = append(found.Clusters, surveyed)
	}
	for _, member := range members {
		if member.Identity.StoragePath != "" {
			found.keepers = append(found.keepers, keeperOfMember(member))
		}
	}
	return found, nil
}
