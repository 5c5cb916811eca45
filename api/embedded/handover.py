"""The few lines between us and a server: give up root, ask to die with the parent, then become the server.

It runs as a program of its own (`python -I -S handover.py PARENT SIGNAL USER GROUP COMMAND...`) and imports nothing of
the project. Code between fork and exec could do the same, but it may deadlock in a parent that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def give_up_root(user_id: int, group_id: int) -> None:
    """For good: the supplementary groups go first, because afterwards we may no longer drop them."""
    os.setgroups([])
    os.setgid(group_id)
    os.setuid(user_id)


def die_with_parent(parent_pid: int, signal_number: int) -> None:
    """Linux forgets this wish when the user changes, so it comes after `give_up_root`; elsewhere it does not exist."""
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0) != 0:
        sys.exit("this kernel refuses the parent-death signal")
    if os.getppid() != parent_pid:
        sys.exit("the parent died before the server could start")


def main(parent_pid: str, signal_number: str, user_id: str, group_id: str, *command: str) -> None:
    if os.geteuid() == 0:
        try:
            give_up_root(int(user_id), int(group_id))
        except OSError as error:
            sys.exit(f"root could not become user {user_id}: {error.strerror}")
    die_with_parent(int(parent_pid), int(signal_number))
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
