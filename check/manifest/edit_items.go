package manifest

import (
	"reflect"
	"slices"
)

// maxAligned bounds the lists that are compared item by item.
const maxAligned = 200

// itemByItem gives a list other items so that those which stay are left as they are, with their comments. It returns false where the
// edit is about something else, or is better made as a whole.
func (d *Document) itemByItem(edit *Edit, steps []step, content any) (*Document, bool) {
	if edit.Action != Set {
		return nil, false
	}
	for _, s := range steps {
		content = belowContent(content, s)
	}
	value, err := asContent(edit.Value)
	wanted, isList := value.([]any)
	there, wasList := content.([]any)
	if err != nil || !isList || !wasList || len(wanted) == 0 || len(there) == 0 || len(there) > maxAligned || len(wanted) > maxAligned {
		return nil, false
	}
	edited := d
	for _, next := range itemEdits(there, wanted) {
		next.Object, next.Path, next.Pointer, next.Names = edit.Object, edit.Path, edit.Pointer, edit.Names
		if edited, err = edited.with(&next); err != nil {
			return nil, false
		}
	}
	return edited, true
}

// itemEdits make one list of another, from its beginning on. What stays is the longest common part.
func itemEdits(there, wanted []any) []Edit {
	common := commonItems(there, wanted)
	var edits []Edit
	for i, j := 0, 0; i < len(there) || j < len(wanted); {
		isLeft, isMore := i < len(there), j < len(wanted)
		switch {
		case isLeft && isMore && reflect.DeepEqual(there[i], wanted[j]):
			i, j = i+1, j+1
		case isLeft && isMore && common[i+1][j+1] == common[i][j]:
			edits = append(edits, Edit{Action: Set, items: []int{j}, Value: wanted[j]})
			i, j = i+1, j+1
		case isMore && (!isLeft || common[i][j+1] == common[i][j]):
			edits = append(edits, Edit{Action: Add, items: []int{j}, Value: wanted[j]})
			j++
		default:
			edits = append(edits, Edit{Action: Remove, items: []int{j}})
			i++
		}
	}
	return edits
}

// commonItems tells of each pair of indices how many items two lists have in common from there on, in the same order.
func commonItems(one, other []any) [][]int {
	common := make([][]int, len(one)+1)
	for i := range common {
		common[i] = make([]int, len(other)+1)
	}
	for i, left := range slices.Backward(one) {
		for j, right := range slices.Backward(other) {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if reflect.DeepEqual(left, right) {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	return common
}
