package process

import "syscall"

// attributes keep a terminal's Ctrl-C from the programs, which are
// stopped in order instead, and have the kernel kill them when the process that
// started them is gone.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
