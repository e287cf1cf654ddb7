package offline

import (
	"fmt"
	"os"
	"slices"
)

// spareInputs says early that a file is to be written over one that was named as input. What was judged would be lost.
func (r *checkRun) spareInputs(outputs []output) error {
	o := r.options
	inputs := slices.Concat(r.arguments, []string{o.policyFile, o.operatorConfig, o.baseline}, o.helmValues)
	for _, written := range outputs {
		if err := spare("--output", written.file, inputs); err != nil {
			return err
		}
	}
	return spare("--write-baseline", o.writeBaseline, inputs)
}

// spare returns an error if a file that is to be written is one of those that are read, by whatever name. What is no file, such as a
// terminal, may well be both.
func spare(flag, file string, inputs []string) error {
	if file == "" {
		return nil
	}
	there, err := os.Stat(file)
	if err != nil || !there.Mode().IsRegular() {
		return nil //nolint:nilerr // what is not there is no input, and writing says what else is wrong
	}
	for _, input := range inputs {
		if info, err := os.Stat(input); err == nil && os.SameFile(there, info) {
			return fmt.Errorf("%s: %s is an input as well, and would be lost; needs another file", flag, file)
		}
	}
	return nil
}
