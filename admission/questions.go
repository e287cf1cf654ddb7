package admission

import (
	"maps"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"

	"github.com/flink-ha/flink-ha-webhook/flink"
	"github.com/flink-ha/flink-ha-webhook/validation"
)

// Topic is what a question is about.
type Topic string

// The topics of questions.
const (
	TopicNamespace        Topic = "namespace"
	TopicVersion          Topic = "version"
	TopicConfigMap        Topic = "configMap"
	TopicOperatorDefaults Topic = "operatorDefaults"
	TopicRights           Topic = "rights"
	TopicConfiguration    Topic = "configuration"
)

// Question is something that matters to a verdict and is not known.
type Question struct {
	Topic Topic
	// Name of the ConfigMap, the account or the option that it is about; "" for none. Reason says why it is not known, "" where
	// that goes without saying.
	Name, Reason string
}

// maxQuestions bounds the questions about one object: nobody reads more.
const maxQuestions = 50

// Questions are what is not known about the object of a request, each once: none where it is nobody's to judge. The error says what is
// wrong with the request.
func (r *Reviewer) Questions(request *admissionv1.AdmissionRequest) ([]Question, error) {
	if isNamespace(request) || !isWrite(request) {
		return nil, nil
	}
	ruling := r.rule(request.Namespace, request.UserInfo)
	t, err := r.recognize(request, request.Object.Raw, "object", ruling)
	if err != nil || t == nil || len(t.alone) == 0 || t.alone[0].Kind == validation.OfHAState {
		return nil, err
	}
	var a asked
	if request.Namespace == "" {
		a.ask(Question{Topic: TopicNamespace})
	}
	if t.member != nil && t.member.Resource == nil {
		for _, name := range t.member.Process.ConfigMaps() {
			if _, _, known := r.options.Surroundings.ConfigMap(request.Namespace, name); !known {
				a.ask(Question{Topic: TopicConfigMap, Name: name})
			}
		}
	}
	views, _ := r.views(t, ruling)
	if len(views) == 0 {
		for _, subject := range t.alone {
			views = append(views, view{Subject: subject})
		}
	}
	for i := range views {
		a.askAbout(&views[i].Subject)
	}
	return a.questions, nil
}

// asked collects questions.
type asked struct{ questions []Question }

func (a *asked) ask(question Question) {
	if len(a.questions) < maxQuestions && !slices.Contains(a.questions, question) {
		a.questions = append(a.questions, question)
	}
}

// askAbout asks what is not known of one reading of an object.
func (a *asked) askAbout(subject *validation.Subject) {
	if !subject.Version.Known() {
		reason := ""
		if subject.Version != (flink.Version{}) {
			reason = subject.Version.String()
		}
		a.ask(Question{Topic: TopicVersion, Reason: reason})
	}
	if subject.Kind == validation.OfResource && subject.Around != nil {
		if around, known := subject.Around.Inventory(); known && around.OperatorDefaults() == nil {
			a.ask(Question{Topic: TopicOperatorDefaults})
		}
	}
	for _, gap := range subject.Configuration.Gaps {
		a.ask(Question{Topic: TopicConfiguration, Reason: gap.Reason})
	}
	for _, setting := range subject.Configuration.Settings {
		if setting.Unknown != "" && mattersToHA(setting.Key) {
			a.ask(Question{Topic: TopicConfiguration, Name: setting.Key, Reason: setting.Unknown})
		}
	}
	unknown := subject.RightsUnknown()
	for _, account := range slices.Sorted(maps.Keys(unknown)) {
		a.ask(Question{Topic: TopicRights, Name: account, Reason: unknown[account]})
	}
}

// mattersToHA tells whether an option decides about high availability. What else is put in when a pod starts, such as its address, is
// nobody's question.
func mattersToHA(key string) bool {
	return strings.HasPrefix(key, "high-availability") || key == flink.KeyClusterID || key == flink.KeyNamespace
}
