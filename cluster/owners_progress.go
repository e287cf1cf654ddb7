package cluster

import (
	"sync"

	"github.com/go-logr/logr"
)

// ownerProgress is how far the controller has come since it last told. The zero value has nothing to tell.
type ownerProgress struct {
	mu            sync.Mutex
	freed, failed int
	failure       error
}

func (p *ownerProgress) countFreed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.freed++
}

func (p *ownerProgress) countFailed(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failed++
	p.failure = err
}

// report tells of it in the log, if there is anything to tell, and begins anew.
func (p *ownerProgress) report(log logr.Logger, left int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.freed > 0 {
		log.Info("HA ConfigMaps were freed of their owner references", "freed", p.freed, "left", left)
	}
	if p.failed > 0 {
		log.Error(p.failure, "HA ConfigMaps could not be freed of their owner references, trying again"+remedyOfOwners(p.failure), "failed", p.failed, "left", left)
	}
	p.freed, p.failed, p.failure = 0, 0, nil
}
