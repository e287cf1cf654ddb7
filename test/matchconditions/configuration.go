package matchconditions

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// Configuration is what the API server is told about the guard's webhooks, and what it is to look at by itself.
type Configuration struct {
	Mutating   admissionregistrationv1.MutatingWebhookConfiguration
	Validating admissionregistrationv1.ValidatingWebhookConfiguration
	// Policies and Bindings by their names.
	Policies map[string]*admissionregistrationv1.ValidatingAdmissionPolicy
	Bindings map[string]*admissionregistrationv1.ValidatingAdmissionPolicyBinding
}

// Load reads the configuration from the YAML files of a folder, strictly: a misspelt field is an error.
func Load(files fs.FS) (Configuration, error) {
	configuration := Configuration{
		Policies: map[string]*admissionregistrationv1.ValidatingAdmissionPolicy{},
		Bindings: map[string]*admissionregistrationv1.ValidatingAdmissionPolicyBinding{},
	}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return configuration, err
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err == nil {
			err = configuration.read(content)
		}
		if err != nil {
			return configuration, fmt.Errorf("reading %s: %w", name, err)
		}
	}
	if configuration.Validating.Name == "" {
		return configuration, errors.New("there is no MutatingWebhookConfiguration or no ValidatingWebhookConfiguration")
	}
	return configuration, nil
}

// read takes the configuration out of a file of YAML documents.
func (c *Configuration) read(content []byte) error {
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(content)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var object struct {
			Kind string `json:"kind"`
		}
		if err := yaml.Unmarshal(document, &object); err != nil {
			return err
		}
		switch object.Kind {
		case "MutatingWebhookConfiguration":
			err = yaml.UnmarshalStrict(document, &c.Mutating)
		case "ValidatingWebhookConfiguration":
			err = yaml.UnmarshalStrict(document, &c.Validating)
		case "ValidatingAdmissionPolicy":
			var policy admissionregistrationv1.ValidatingAdmissionPolicy
			err = yaml.UnmarshalStrict(document, &policy)
			c.Policies[policy.Name] = &policy
		case "ValidatingAdmissionPolicyBinding":
			var binding admissionregistrationv1.ValidatingAdmissionPolicyBinding
			err = yaml.UnmarshalStrict(document, &binding)
			c.Bindings[binding.Name] = &binding
		}
		if err != nil {
			return err
		}
	}
}
