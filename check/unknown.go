package check

import (
	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/admission"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// unknown are the questions about an object that the input does not answer, each with what would answer it.
func (j *judge) unknown(c *candidate, request *admissionv1.AdmissionRequest) []string {
	questions, err := j.reviewer.Questions(request)
	if err != nil {
		return nil // the verdict says it
	}
	var sentences []string
	for _, question := range questions {
		if sentence := j.sentence(question); sentence != "" {
			sentences = joined(sentences, []string{sentence})
		}
	}
	if named, _ := j.around.given.Namespace(request.Namespace); request.Namespace != "" && len(named.Labels) == 0 && !j.knowsNamespace(request.Namespace) {
		sentences = append(sentences, "the labels of the namespace "+validation.Show(request.Namespace)+" are not known and taken for absent: add the Namespace, or name them with --namespace-labels")
	}
	if c.partly {
		sentences = append(sentences, "it was judged together with some of the folders that are alternatives, since they are too many for all")
	}
	return sentences
}

// knowsNamespace tells whether a namespace is among the objects.
func (j *judge) knowsNamespace(name string) bool {
	return j.around.at(admission.Identified{Kind: "Namespace", Name: name}) != nil || j.options.NamespaceLabels.Everywhere != nil ||
		j.options.NamespaceLabels.In[name] != nil
}

func (j *judge) sentence(question admission.Question) string {
	name, where := validation.Show(question.Name), "is not among the files, or has no Flink configuration: add it"
	if j.options.Live != nil {
		where = "is neither among the files nor in the cluster, or has no Flink configuration"
	}
	switch question.Topic {
	case admission.TopicNamespace:
		return "its namespace is not known: name it with --namespace, or in the object"
	case admission.TopicVersion:
		if question.Reason != "" {
			return "its version of Flink is not known exactly (" + question.Reason + "): name it with --flink-version"
		}
		return "its version of Flink is not known: name it with --flink-version"
	case admission.TopicConfigMap:
		return "the ConfigMap " + name + " that it reads " + where
	case admission.TopicOperatorDefaults:
		return "the default configuration of the Flink Kubernetes Operator is not known: add its ConfigMap, or name it with --operator-config"
	case admission.TopicRights:
		if question.Reason == "" {
			return "what its account " + name + " may do is not known: add its Role and RoleBinding"
		}
		return "what its account " + name + " may do is not known, since " + question.Reason
	case admission.TopicConfiguration:
		if question.Reason == operatorsGap {
			return "" // said already, with what to add
		}
		if question.Name != "" {
			return question.Name + " is not known: " + question.Reason
		}
		return "its configuration is not known in full: " + question.Reason
	}
	return ""
}

// operatorsGap is how a custom resource says that the operator's defaults are not known (flink/workload).
const operatorsGap = "the operator's default configuration is not known"

// opaque is said of a workload that has something of Flink's and does not show what it starts.
const opaque = "it has Flink's image or files, and what it starts does not show: write the command of the image into the manifest " +
	"(jobmanager, taskmanager or standalone-job in args), or it is not judged"
