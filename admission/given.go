package admission

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/flink/hastate"
	"github.com/flink-ha/flink-ha-webhook/flink/inventory"
	"github.com/flink-ha/flink-ha-webhook/flink/workload"
	"github.com/flink-ha/flink-ha-webhook/policy"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Given are surroundings made of objects that were handed over, such as those of the files that are checked. Those are all that is
// known. They are filled first and asked then: asking is safe for concurrent use.
type Given struct {
	*validation.GivenAccounts

	inventory *inventory.Inventory
	// version of Flink that all processes have, the zero value for what they say themselves.
	version flink.Version
	// labels that say something to the guard, by namespace, and preset for the namespaces that are not among the objects.
	labels map[string]map[string]string
	preset map[string]string
	// said are the labels of single namespaces that are not among the objects.
	said map[string]map[string]string
	// operators finds the operator's default configuration among the objects, nil where that was handed over apart.
	operators *inventory.OperatorConfigMaps
}

var _ validation.Surroundings = (*Given)(nil)

// NewGiven returns surroundings without objects. labels are those of the namespaces that will not be among them.
func NewGiven(labels map[string]string) *Given {
	known := inventory.New()
	return &Given{
		GivenAccounts: validation.NewGivenAccounts(), inventory: known, labels: map[string]map[string]string{}, said: map[string]map[string]string{},
		preset: policy.NamespaceMarks(labels, nil), operators: inventory.NewOperatorConfigMaps(known, nil),
	}
}

// NewLive is the same for all that a cluster has: accounts and rights that will not be among the objects are not there.
func NewLive(labels map[string]string) *Given {
	g := NewGiven(labels)
	g.GivenAccounts = validation.NewLiveAccounts()
	return g
}

// Piece is what matters of an object to those beside it: of nearly all objects nothing.
type Piece struct {
	// Judged tells whether the object itself may be the guard's to judge.
	Judged bool
	// Opaque is true for a workload that has something of Flink's and does not show what it starts: it is nobody's to judge.
	Opaque bool
	// put adds the piece to surroundings, at the time since when the object has been there, and drop removes it.
	put, drop func(*Given, time.Time)
}

// Matters tells whether the object is judged, or says anything to others.
func (p Piece) Matters() bool { return p.Judged || p.put != nil }

// Identified is an object of which it is known what and where it is.
type Identified struct {
	// Group and Kind as its apiVersion and kind say it; Namespace is where it is, or will be applied, "" where that is not known.
	Group, Kind, Namespace, Name string
}

// PieceOf reads what matters of an object. decode decodes it into the type of its kind, or into a map; its error is returned.
func PieceOf(object Identified, decode func(into any) error) (Piece, error) {
	switch object.Group + "/" + object.Kind {
	case "/ConfigMap":
		return configMapPiece(object, decode)
	case "apps/Deployment", "apps/StatefulSet", "batch/Job":
		return workloadPiece(object, decode)
	case "/Namespace":
		var namespace corev1.Namespace
		if err := decode(&namespace); err != nil {
			return Piece{}, err
		}
		marks := policy.NamespaceMarks(namespace.Labels, namespace.Annotations)
		return Piece{
			Judged: true,
			put:    func(g *Given, _ time.Time) { g.labels[object.Name] = marks },
			drop:   func(g *Given, _ time.Time) { delete(g.labels, object.Name) },
		}, nil
	case "/ServiceAccount", "rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole",
		"rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding":
		return accountPiece(object, decode)
	}
	if object.Group == workload.ResourceGroup {
		return resourcePiece(object, decode)
	}
	return Piece{}, nil
}

// accountPiece is decoded at once: what it was made of may be gone when it is put.
func accountPiece(object Identified, decode func(into any) error) (Piece, error) {
	add, err := validation.AccountPiece(object.Kind, object.Namespace, decode)
	if err != nil || add == nil {
		return Piece{}, err
	}
	return Piece{
		put:  func(g *Given, at time.Time) { add(g.GivenAccounts, at) },
		drop: func(g *Given, at time.Time) { g.Forget(object.Kind, object.Namespace, object.Name, at) },
	}, nil
}

func configMapPiece(object Identified, decode func(into any) error) (Piece, error) {
	var configMap corev1.ConfigMap
	if err := decode(&configMap); err != nil {
		return Piece{}, err
	}
	configMap.Namespace = object.Namespace
	if name, state := hastate.Recognize(&configMap); state {
		lock, _ := hastate.LockOf(configMap.Annotations)
		kept := &inventory.HAState{
			Namespace: configMap.Namespace, Name: configMap.Name, UID: configMap.UID, State: name, Owners: configMap.OwnerReferences, LedUntil: lock.Until(),
			Deleting: configMap.DeletionTimestamp != nil, Pointers: hastate.HasPointers(configMap.Data), Annotations: inventory.GuardAnnotations(configMap.Annotations),
		}
		return Piece{
			Judged: true,
			put:    func(g *Given, _ time.Time) { g.inventory.SetHAState(kept) },
			drop:   func(g *Given, _ time.Time) { g.inventory.DeleteHAState(kept.Namespace, kept.Name) },
		}, nil
	}
	_, taken := hastate.TakenForState(&configMap)
	declared, _ := policy.DeclaresConfiguration(configMap.Annotations)
	slim, ok := inventory.SlimConfigMap(&configMap, declared)
	if !ok {
		return Piece{Judged: taken}, nil
	}
	return Piece{
		Judged: true,
		put: func(g *Given, at time.Time) {
			g.replaceOperator(nil, slim, at)
			g.inventory.SetConfigMap(slim, at)
		},
		drop: func(g *Given, at time.Time) {
			g.replaceOperator(slim, nil, at)
			g.inventory.DeleteConfigMap(slim.Namespace, slim.Name, at)
		},
	}, nil
}

func workloadPiece(object Identified, decode func(into any) error) (Piece, error) {
	var running workloadObject
	if err := decode(&running); err != nil {
		return Piece{}, err
	}
	running.Namespace = object.Namespace
	member, ok := running.member(object.Kind)
	if !ok {
		return Piece{}, nil
	}
	piece := memberPiece(member, member.Role != "")
	piece.Opaque = member.Role == "" && !member.Client
	return piece, nil
}

func memberPiece(member *inventory.Member, judged bool) Piece {
	return Piece{
		Judged: judged,
		put:    func(g *Given, at time.Time) { g.inventory.SetMember(withVersion(member, g.version), at) },
		drop:   func(g *Given, at time.Time) { g.inventory.DeleteMember(member.Key, at) },
	}
}

func resourcePiece(object Identified, decode func(into any) error) (Piece, error) {
	var content map[string]any
	if err := decode(&content); err != nil {
		return Piece{}, err
	}
	if metadata, ok := content["metadata"].(map[string]any); ok && object.Namespace != "" {
		metadata["namespace"] = object.Namespace
	}
	member, ok := inventory.ResourceMember(content)
	if !ok {
		return Piece{Judged: true}, nil
	}
	return memberPiece(member, true), nil
}

// Put adds a piece of an object that has been there since a time. An object of the same kind, namespace and name is replaced.
func (g *Given) Put(piece Piece, at time.Time) {
	if piece.put != nil {
		piece.put(g, at)
	}
}

// Drop removes a piece that was put, and with it what it replaced.
func (g *Given) Drop(piece Piece, at time.Time) {
	if piece.drop != nil {
		piece.drop(g, at)
	}
}

// Assume has all processes run a version of Flink, whatever they say; objects are put afterwards.
func (g *Given) Assume(version flink.Version) { g.version = version }

// Provision has the guard make and bind accounts as it does in a cluster under a policy.
func (g *Given) Provision(current *policy.Policy, now time.Time) {
	g.GivenAccounts.Provision(func(namespace string) validation.AccountPlan {
		around, _ := g.Namespace(namespace)
		return validation.PlanAccounts(current, namespace, around.Labels, now)
	})
}

// Label says what labels a namespace has that is not among the objects.
func (g *Given) Label(namespace string, labels map[string]string) {
	g.said[namespace] = policy.NamespaceMarks(labels, nil)
}

// Inventory holds the objects.
func (g *Given) Inventory() (*inventory.Inventory, bool) { return g.inventory, true }

// ConfigMap is one of the objects.
func (g *Given) ConfigMap(namespace, name string) (*corev1.ConfigMap, time.Time, bool) {
	return g.inventory.ConfigMap(namespace, name)
}

// Namespace is one of the objects, or has the labels that were said of all others.
func (g *Given) Namespace(name string) (validation.Namespace, bool) {
	if labels, ok := g.labels[name]; ok {
		return validation.Namespace{Labels: labels}, true
	}
	if labels, ok := g.said[name]; ok {
		return validation.Namespace{Labels: labels}, true
	}
	return validation.Namespace{Labels: g.preset}, true
}

// Member is one of the objects.
func (g *Given) Member(key inventory.Key) (*inventory.Member, bool) { return g.inventory.Member(key) }
