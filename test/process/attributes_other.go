//go:build unix && !linux

package process

import "syscall"

// attributes keep a terminal's Ctrl-C from the programs, which are
// stopped in order instead. Only Linux can kill children with their parent: here
// they outlive a process that is killed before it calls Stop.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
