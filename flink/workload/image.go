package workload

// flinkUser is the user that the official images have and that owns their files; their entry point changes to it from root.
const flinkUser = 9999

// writesImage tells whether the entry point may write files of the image: as root or as the user that owns them.
func (r *reading) writesImage() bool {
	for _, user := range r.users() {
		if user != nil {
			return *user == 0 || *user == flinkUser
		}
	}
	return true
}

func (r *reading) users() []*int64 {
	var users []*int64
	if own := r.process.container().SecurityContext; own != nil {
		users = append(users, own.RunAsUser)
	}
	if shared := r.process.template.Spec.SecurityContext; shared != nil {
		users = append(users, shared.RunAsUser)
	}
	return users
}
