package webhook

import (
	"bytes"
	"encoding/json"

	"k8s.io/apimachinery/pkg/types"
)

// maxUIDSearch bounds how far into a body its UID is looked for. The API server writes it before the object; the rest of a
// mebibyte is for those who write it behind, so that a body of any size is answered in milliseconds.
const maxUIDSearch = 1 << 20

// findUID finds request.uid in a body that is not understood as a whole: cut off, too large, of another version, followed by
// something else. It returns "" where there is none.
func findUID(body []byte) types.UID {
	decoder := json.NewDecoder(bytes.NewReader(body[:min(len(body), maxUIDSearch)]))
	if !enterObject(decoder) || !seekKey(decoder, "request") || !enterObject(decoder) || !seekKey(decoder, "uid") {
		return ""
	}
	value, err := decoder.Token()
	uid, ok := value.(string)
	if err != nil || !ok {
		return ""
	}
	return types.UID(uid)
}

func enterObject(decoder *json.Decoder) bool {
	token, err := decoder.Token()
	return err == nil && token == json.Delim('{')
}

// seekKey moves on to the value of a key in the object that was entered.
func seekKey(decoder *json.Decoder, key string) bool {
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if token == key {
			return true
		}
		var skipped json.RawMessage
		if decoder.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}
