package configuration

import (
	"encoding/json"
	"io"

	"github.com/flink-ha/flink-ha-webhook/flink"
)

// jsonReading is one line of the output as JSON.
type jsonReading struct {
	File         string        `json:"file"`
	Line         int           `json:"line,omitempty"`
	Object       string        `json:"object,omitempty"`
	Part         string        `json:"part,omitempty"`
	Loader       flink.Loader  `json:"loader"`
	FlinkVersion string        `json:"flinkVersion"`
	Error        *jsonRefusal  `json:"error"`
	Settings     []jsonSetting `json:"settings"`
	Overridden   []jsonSetting `json:"overridden,omitempty"`
	Ignored      []jsonRemark  `json:"ignored"`
	Unknown      []jsonRemark  `json:"unknown,omitempty"`
	Notes        []string      `json:"notes,omitempty"`
}

type jsonSetting struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Origin string `json:"origin"`
	// File is left out where it is that of the reading.
	File      string `json:"file,omitempty"`
	KeyLine   int    `json:"keyLine,omitempty"`
	KeyColumn int    `json:"keyColumn,omitempty"`
	// Path of the field that the setting is written in, in its object.
	Path    string `json:"path,omitempty"`
	Unknown string `json:"unknown,omitempty"`
}

type jsonRemark struct {
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
	File   string `json:"file,omitempty"`
	Key    string `json:"key,omitempty"`
	Reason string `json:"reason"`
}

type jsonRefusal struct {
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	File    string `json:"file,omitempty"`
}

// WriteJSON writes readings as JSON Lines. The settings are those that count, in the order in which Flink takes them; what
// they replace is listed apart. Values are the text that Configuration.toMap has, those of passwords too: programs compare them.
func WriteJSON(out io.Writer, readings []Reading) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for i := range readings {
		if err := encoder.Encode(asJSON(&readings[i])); err != nil {
			return err
		}
	}
	return nil
}

func asJSON(reading *Reading) jsonReading {
	line := jsonReading{
		File: reading.File, Line: reading.Line, Object: reading.Object, Part: reading.Part, Loader: reading.Loader,
		Settings: []jsonSetting{}, Ignored: []jsonRemark{}, Notes: reading.Notes,
	}
	if reading.Version.Known() {
		line.FlinkVersion = reading.Version.String()
	}
	elsewhere := func(file string) string {
		if file == reading.File {
			return ""
		}
		return file
	}
	if refused := reading.Refusal; refused != nil {
		line.Error = &jsonRefusal{refused.Reason, refused.Line, refused.Column, elsewhere(refused.File)}
	}
	for _, setting := range reading.Settings {
		written := jsonSetting{
			Key: setting.Setting.Key, Value: setting.Value, Line: setting.Place.Line, Column: setting.Place.Column,
			Origin: string(setting.Origin), File: elsewhere(setting.File), KeyLine: setting.Key.Line, KeyColumn: setting.Key.Column,
			Path: setting.Path, Unknown: setting.Unknown,
		}
		if setting.Counts {
			line.Settings = append(line.Settings, written)
		} else {
			line.Overridden = append(line.Overridden, written)
		}
	}
	remarks := func(remarks []Remark) []jsonRemark {
		written := make([]jsonRemark, 0, len(remarks))
		for _, remark := range remarks {
			written = append(written, jsonRemark{remark.Line, remark.Column, elsewhere(remark.File), shownKey(remark.Key), remark.Reason})
		}
		return written
	}
	line.Ignored, line.Unknown = remarks(reading.Ignored), remarks(reading.Unknown)
	return line
}
