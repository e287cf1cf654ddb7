package cluster

import (
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/types"
)

// ownWriteLag is how long the provisioner believes what it wrote rather than what the caches have. A watch event takes milliseconds;
// without this the provisioner would make a thing twice, or take for lost what is on its way.
const ownWriteLag = 2 * time.Second

// provisionerMemory is what the provisioner remembers of each namespace that it looks after, so that it knows what is its own doing.
// A new leader begins without it, and only the time of grace begins again with that. The zero value remembers nothing.
type provisionerMemory struct {
	mu         sync.Mutex
	namespaces map[string]*namespaceMemory
}

type namespaceMemory struct {
	made    madeAccount
	written map[string]writtenBinding
	// seen are the accounts that had a role when all was right.
	seen map[string][]string
	idle map[roleOfAccount]time.Time
	// looked are the accounts of which it is known whether pods are older.
	looked map[types.UID]bool
}

type (
	madeAccount struct {
		account *corev1.ServiceAccount
		at      time.Time
	}
	writtenBinding struct {
		binding *rbacv1.RoleBinding
		at      time.Time
	}
	roleOfAccount struct{ role, account string }
)

// of returns what is remembered of a namespace. The lock is held.
func (m *provisionerMemory) of(namespace string) *namespaceMemory {
	if m.namespaces == nil {
		m.namespaces = map[string]*namespaceMemory{}
	}
	found := m.namespaces[namespace]
	if found == nil {
		found = &namespaceMemory{
			written: map[string]writtenBinding{}, seen: map[string][]string{}, idle: map[roleOfAccount]time.Time{}, looked: map[types.UID]bool{},
		}
		m.namespaces[namespace] = found
	}
	return found
}

// forgetBindings forgets what was done in a namespace in which nothing is done any more.
func (m *provisionerMemory) forgetBindings(namespace string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if had := m.namespaces[namespace]; had != nil {
		looked := had.looked
		delete(m.namespaces, namespace)
		m.of(namespace).looked = looked
	}
}

func (m *provisionerMemory) forget(namespace string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.namespaces, namespace)
}

func (m *provisionerMemory) noteMade(account *corev1.ServiceAccount, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of(account.Namespace).made = madeAccount{account, now}
}

// hasMade tells whether an account of that name was the latest that was made in a namespace.
func (m *provisionerMemory) hasMade(namespace, name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	made := m.of(namespace).made
	return made.account != nil && made.account.Name == name
}

// justMade returns an account that the cache may not have yet, and for how long that is believed.
func (m *provisionerMemory) justMade(namespace, name string, now time.Time) (*corev1.ServiceAccount, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	made := m.of(namespace).made
	left := ownWriteLag - now.Sub(made.at)
	if made.account == nil || made.account.Name != name || left <= 0 {
		return nil, 0
	}
	return made.account, left
}

func (m *provisionerMemory) noteWritten(binding *rbacv1.RoleBinding, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of(binding.Namespace).written[binding.Name] = writtenBinding{binding, now}
}

func (m *provisionerMemory) noteRemoved(namespace, name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.of(namespace).written, name)
}

// justWritten returns a binding that the cache may not have yet, and for how long that is believed.
func (m *provisionerMemory) justWritten(namespace, name string, now time.Time) (*rbacv1.RoleBinding, time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	written := m.of(namespace).written
	left := ownWriteLag - now.Sub(written[name].at)
	if left <= 0 {
		delete(written, name)
		return nil, 0
	}
	return written[name].binding, left
}

// noteSeen takes note of which accounts have a role, now that all is right.
func (m *provisionerMemory) noteSeen(namespace, role string, accounts []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	memory := m.of(namespace)
	memory.seen[role] = accounts
	for idle := range memory.idle {
		if idle.role == role && !slices.Contains(accounts, idle.account) {
			delete(memory.idle, idle)
		}
	}
}

// hasSeen tells whether an account had a role.
func (m *provisionerMemory) hasSeen(namespace, role, account string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Contains(m.of(namespace).seen[role], account)
}

// isStranger tells whether an account has got into the binding of a role since all was right.
func (m *provisionerMemory) isStranger(namespace, role, account string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	seen, known := m.of(namespace).seen[role]
	return known && !slices.Contains(seen, account)
}

// idleSince is since when nobody needs the role of an account: since now, if it was needed when somebody last asked.
func (m *provisionerMemory) idleSince(namespace, role, account string, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	idle, key := m.of(namespace).idle, roleOfAccount{role, account}
	if _, ok := idle[key]; !ok {
		idle[key] = now
	}
	return idle[key]
}

// idleFrom begins the time anew in which nobody needs the role of an account.
func (m *provisionerMemory) idleFrom(namespace, role, account string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.of(namespace).idle[roleOfAccount{role, account}] = now
}

// needed takes note of that somebody needs the role of an account.
func (m *provisionerMemory) needed(namespace, role, account string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.of(namespace).idle, roleOfAccount{role, account})
}

// hasLookedAt tells whether the pods of an account were looked at. Only accounts that are young are asked about; few of a namespace.
func (m *provisionerMemory) hasLookedAt(namespace string, account types.UID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of(namespace).looked[account]
}

// maxLooked bounds what is remembered of accounts that are deleted and made again without end.
const maxLooked = 100

func (m *provisionerMemory) noteLookedAt(namespace string, account types.UID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	memory := m.of(namespace)
	if len(memory.looked) >= maxLooked {
		memory.looked = map[types.UID]bool{}
	}
	memory.looked[account] = true
}
