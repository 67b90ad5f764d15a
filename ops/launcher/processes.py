"""Child processes that end with their parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A `preexec_fn` that makes the kernel send `number` to the child when the parent thread dies, even by SIGKILL.

    Runs after the change of user (the kernel clears the wish there). Outside Linux there is no such call: None.
    """
    libc = _LIBC
    if libc is None:
        return None
    parent = os.getpid()

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl: nobody will send the signal any more
            os._exit(1)

    return before_exec


def allow_many_files(wanted: int = 16384) -> None:
    """Raise the soft limit of open files, which children inherit: every listener of the events process is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
