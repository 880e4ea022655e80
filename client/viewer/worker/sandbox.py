# SPDX-License-Identifier: AGPL-3.0-or-later
"""Confines the render process: after ``confine()`` it can compute, and talk on descriptors it already has.

Decides: the Landlock rule set (no path, no TCP, no signals outside) and the system-call allow-list. Refuses:
to claim more than it did; the name it returns is what the parent's policy and the doctor show. Rules:

1. Everything needed is imported before; afterwards no file opens, so no module loads.
2. A call that is not listed fails with EPERM, it does not kill: a library that probes for something falls
   back instead of taking the page down.
3. No memory becomes executable, no thread, no process, no descriptor by name.
4. If the parent dies the process dies too (prctl(2), PR_SET_PDEATHSIG).

Sources: landlock(7), seccomp(2), syscalls(2). Windows and macOS have no confinement here yet and say so.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

Sandbox = Literal["landlock+seccomp", "landlock", "seccomp", "none"]

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_DUMPABLE: Final = 4
_PROT_EXEC: Final = 4

ALLOWED: Final = (
    # the channel and the shared slots
    "read", "write", "readv", "writev", "recvfrom", "recvmsg", "sendto", "sendmsg", "shutdown", "poll", "ppoll",
    "close", "fstat", "fcntl", "lseek",
    # memory
    "brk", "munmap", "mremap", "madvise",
    # threads of this process waiting for each other (none is ever started), signals to itself
    "futex", "rt_sigreturn", "rt_sigprocmask", "rt_sigaction", "sigaltstack", "restart_syscall", "sched_yield",
    # time and randomness
    "clock_gettime", "clock_getres", "gettimeofday", "time", "getrandom",
    # who am I
    "getpid", "gettid", "getrusage",
    "exit", "exit_group",
)  # fmt: skip
"""Allowed with any arguments. ``mmap`` and ``mprotect`` are allowed too, without PROT_EXEC."""


def confine() -> Sandbox:
    """Gives up everything that reading a paper does not need; cannot be undone.

    Returns:
        What is in force. ``"none"`` when the system offers neither mechanism.
    """
    if sys.platform != "linux":
        return "none"
    _die_with_parent()
    with _known_libraries():
        rules = _call_rules()  # loads a library, so before the paths are gone
        landlock = _restrict_paths()
    seccomp = rules is not None and _restrict_calls(rules)
    if landlock and seccomp:
        return "landlock+seccomp"
    if landlock:
        return "landlock"
    return "seccomp" if seccomp else "none"


def _die_with_parent() -> None:
    """Kill follows the thread that spawned us; also hides our memory from other processes of the user."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _restrict_paths() -> bool:
    """Landlock with an empty rule set: every path and every TCP port is denied."""
    try:
        from py_landlock import Landlock, LandlockError
    except ImportError:
        return False
    try:
        Landlock(strict=False).apply()
    except (LandlockError, OSError):
        return False
    return True


def _call_rules() -> Any:
    """A seccomp filter with the allow-list; None without ``libseccomp.so.2`` (Debian package libseccomp2)."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError, TypeError):
        return None  # pyseccomp raises any of these when a library is absent
    rules = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    for name in ALLOWED:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:  # `time` is not on ARM64
            rules.add_rule(pyseccomp.ALLOW, name)
    no_exec = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, _PROT_EXEC, 0)
    for name in ("mmap", "mprotect"):
        rules.add_rule(pyseccomp.ALLOW, name, no_exec)
    return rules


def _restrict_calls(rules: Any) -> bool:
    try:
        rules.load()
    except OSError:
        return False
    return True


@contextmanager
def _known_libraries() -> Iterator[None]:
    """``find_library`` starts ldconfig and gcc (50 ms, absent on members' machines); we know the names."""
    original = ctypes.util.find_library
    known = {"c": "libc.so.6", "seccomp": "libseccomp.so.2"}

    def find(name: str) -> str | None:
        return known.get(name)

    ctypes.util.find_library = find
    try:
        yield
    finally:
        ctypes.util.find_library = original
