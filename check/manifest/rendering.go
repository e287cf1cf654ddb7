package manifest

import (
	"errors"
	"fmt"
	"sync"
)

// Rendering names what makes manifests of a folder.
type Rendering string

// What a folder can be rendered by; the zero value is for what is read as it stands.
const (
	Kustomize Rendering = "kustomize"
	Helm      Rendering = "Helm"
)

// RenderedBy is the source with a function that makes its text. It is called at most once, when the source is loaded for the first
// time, and an error of it is a problem of the source: as it is if it is a ProblemError, which says where.
func (s Source) RenderedBy(render func() (string, error)) Source {
	s.rendered = sync.OnceValues(render)
	return s
}

// Failing is the source as one that cannot be read, for a reason.
func (s Source) Failing(reason error) Source {
	s.failure = failed(s.Name, reason)
	return s
}

// render loads a source that is rendered.
func (s Source) render() (*File, error) {
	text, err := s.rendered()
	if _, placed := errors.AsType[*ProblemError](err); err != nil && !placed {
		err = failed(s.Name, err)
	}
	if err == nil && len(text) > maxFileBytes {
		err = failed(s.Name, fmt.Errorf("it renders to more than the %d MiB that are read", maxFileBytes>>20))
	}
	if err != nil {
		return nil, err
	}
	return s.of(text), nil
}
