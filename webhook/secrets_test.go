package webhook

import (
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

// A configuration may hold passwords, and logs and answers are read by many.
func TestPasswordsAppearNowhere(t *testing.T) {
	const password = "hunter2-correct-horse"
	update := func(review *admissionv1.AdmissionReview) {
		review.Request.Operation = admissionv1.Update
		review.Request.OldObject = review.Request.Object
	}
	lines := "jobmanager.rpc.address: jm\ns3.secret-key: " + password + "\nhigh-availability.storageDir: s3:/user:" + password + "@bucket/ha\n"
	withURI := "jobmanager.rpc.address: jm\nhigh-availability.type: kubernetes\nhigh-availability.storageDir: \"s3://user:" + password + "@bucket/ha\"\n"
	workload := strings.Replace(jobManagerDeployment, `"args":[`,
		`"env":[{"name":"FLINK_PROPERTIES","value":"s3.secret-key: `+password+`"},{"name":"TOKEN","value":"`+password+`"}],"args":[`, 1)
	workload = strings.Replace(workload, `"-Dkubernetes.cluster-id=orders"`, `"-Ds3.secret-key=`+password+`","--password","`+password+`"`, 1)
	for sentence, body := range map[string][]byte{
		"as an option of config.yaml":           reviewOf(t, configMapOf("config.yaml", lines)),
		"as an option of flink-conf.yaml":       reviewOf(t, configMapOf("flink-conf.yaml", lines)),
		"in a URI":                              reviewOf(t, configMapOf("flink-conf.yaml", withURI)),
		"in a URI of config.yaml":               reviewOf(t, configMapOf("config.yaml", withURI)),
		"in an update":                          reviewOf(t, configMapOf("flink-conf.yaml", lines), update),
		"in a file that is no YAML":             reviewOf(t, configMapOf("config.yaml", "jobmanager.rpc.address: jm\ns3.secret-key: [ "+password+"\n")),
		"in a file whose root is a text":        reviewOf(t, configMapOf("config.yaml", "jobmanager.password is "+password)),
		"on a line that Flink ignores":          reviewOf(t, configMapOf("flink-conf.yaml", "high-availability.type="+password+"\nhigh-availability.storageDir:"+password+"\n")),
		"as a value twice":                      reviewOf(t, configMapOf("config.yaml", "jobmanager.a: 1\npassword: "+password+"\npassword: "+password+"\n")),
		"in arguments and environment":          reviewOf(t, workload, deployment),
		"in a workload that is changed":         reviewOf(t, workload, deployment, update),
		"in an annotation":                      reviewOf(t, strings.Replace(ownedHAConfigMap, `"annotations":{`, `"annotations":{"password":"`+password+`",`, 1)),
		"in an object of another shape":         reviewOf(t, `{"metadata":{"name":"c"},"data":"`+password+`"}`),
		"in a body that is cut off":             []byte(`{"request":{"uid":"` + testUID + `","object":{"data":{"password":"` + password),
		"in a body of another shape":            []byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"` + testUID + `","operation":{"` + password + `":1}}}`),
		"in a body that is an object, not ours": []byte(configMapOf("password", password)),
	} {
		t.Run(sentence, func(t *testing.T) {
			for _, path := range paths {
				handlers, logs, _ := newHandlers(t)
				_, answer := post(handlers[path], body)
				responseIn(t, answer)
				if strings.Contains(answer, password) {
					t.Errorf("%s: the answer holds it: %s", path, answer)
				}
				if strings.Contains(logs.String(), password) {
					t.Errorf("%s: the log holds it: %s", path, logs)
				}
			}
		})
	}
}
