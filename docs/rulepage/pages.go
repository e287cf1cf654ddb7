package rulepage

import "github.com/flink-ha/flink-ha-webhook/validation"

// notice stands above what is generated.
const notice = "<!-- Generated from the rule catalogue by `make generate`; edit the rule instead. -->\n\n"

// Pages are the files of docs/rules by their names: a page for each rule, and README.md, the index.
func Pages(rules []validation.Rule) (map[string]string, error) {
	pages := map[string]string{
		"README.md": notice + Index(rules, func(id string) string { return id + ".md" }),
	}
	for _, rule := range rules {
		sheet, err := Explain(rule)
		if err != nil {
			return nil, err
		}
		pages[rule.ID+".md"] = notice + sheet.Markdown()
	}
	return pages, nil
}
