# SPDX-License-Identifier: AGPL-3.0-or-later
"""One incarnation of the render process seen from the parent: spawn, talk, kill.

Decides: how the process starts (spawned with an empty environment, no inherited descriptor but its channel
and the shared slots) and that memory is anonymous (memfd_create(2)). Refuses: named shared memory and files.
Rules: every reply is decoded here, on a reader thread, before anyone sees it; the stream ends with exactly
one ``Lost``.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from client.errors import FormatRefused
from client.viewer import messages as m
from client.viewer.messages.channel import Channel, PipeChannel, SocketChannel

if sys.platform != "win32":
    import fcntl

EXIT_WAIT_S: Final = 2.0

_MALLOC: Final = {
    # Page pictures of 8 MB would otherwise be mapped, faulted in and returned for every page (mallopt(3)).
    "MALLOC_MMAP_THRESHOLD_": "67108864",
    "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MALLOC_ARENA_MAX": "1",
}


class Said(NamedTuple):
    """A decoded reply and its blob."""

    incarnation: int
    reply: m.Reply
    blob: bytes


class Lost(NamedTuple):
    """The process is gone: ``"died"`` or, when it broke the protocol, ``"protocol"``."""

    incarnation: int
    reason: str


class Slots:
    """The shared pictures: ``SLOTS`` areas of ``SLOT_BYTES`` each; absent where memfd is."""

    def __init__(self) -> None:
        self.descriptor: int | None = None
        if sys.platform == "linux":
            self.descriptor = os.memfd_create("pixels", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            os.ftruncate(self.descriptor, m.SLOT_BYTES * m.SLOTS)
            # a compromised worker must not shrink what we read from: that would be a SIGBUS here
            fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)

    def copy(self, slot: int, size: int) -> bytes:
        """A private copy of the first ``size`` bytes: the worker may still scribble over the original.

        Read, not sliced: pread(2) leaves the interpreter to the others while it copies, so that the pen, which
        writes at 240 Hz on the GUI thread, does not wait for a page of 10 MB.
        """
        assert self.descriptor is not None
        return os.pread(self.descriptor, size, slot * m.SLOT_BYTES)

    def close(self) -> None:
        """Gives the memory back."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


def sealed_copy(data: bytes) -> int | None:
    """An anonymous, sealed memory file holding ``data``; None where the system has none. Caller closes."""
    if sys.platform != "linux":
        return None
    descriptor = os.memfd_create("paper", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, seals)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


class WorkerProcess:
    """A running render process.

    Args:
        command: Program and arguments; the channel's arguments are appended.
        environment: Everything the process sees of ours.
        slots: Shared pictures, offered to the process.
        incarnation: Number that marks everything this process says.
        deliver: Called on the reader thread with each ``Said`` and at the end one ``Lost``.

    Raises:
        OSError: If it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        slots: Slots,
        incarnation: int,
        deliver: Callable[[Said | Lost], None],
    ) -> None:
        self._incarnation = incarnation
        self._deliver = deliver
        # An empty environment is not used on Windows: Python does not start without SYSTEMROOT, the caller gives it.
        self._process, self._channel = _spawn([*command], {**_MALLOC, **environment}, slots.descriptor)
        self._reader = threading.Thread(target=self._read, name=f"render-replies-{incarnation}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Process number."""
        return self._process.pid

    def send(self, message: m.Request, blob: bytes = b"", fds: tuple[int, ...] = ()) -> None:
        """Sends a request; a process that is already gone is reported by ``Lost``, not here."""
        try:
            self._channel.send(message, blob, fds)
        except OSError:
            return  # the reader thread sees the same end and delivers Lost

    def kill(self) -> None:
        """Ends the process at once and waits until it is gone."""
        self._process.kill()
        self._finish()

    def leave(self) -> None:
        """Asks the process to leave, kills it if it does not within ``EXIT_WAIT_S``."""
        self.send(m.Shutdown())
        try:
            self._process.wait(EXIT_WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._finish()

    def _finish(self) -> None:
        self._process.wait()
        self._channel.close()
        self._reader.join()

    def _read(self) -> None:
        reason = "died"
        try:
            while (frames := self._channel.receive(wait=True)) is not None:
                for header, blob in frames:
                    self._deliver(Said(self._incarnation, m.decode_reply(header), blob))
        except FormatRefused:
            reason = "protocol"
        self._deliver(Lost(self._incarnation, reason))


def _spawn(
    command: list[str], environment: dict[str, str], slots: int | None
) -> tuple[subprocess.Popen[bytes], Channel]:
    """Popen closes every other descriptor; stderr goes nowhere because MuPDF quotes papers there."""
    if sys.platform == "win32":
        process = subprocess.Popen(  # noqa: S603 - the command is the composition root's
            [*command, "--stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, bufsize=0,
        )  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        with process.stdin, process.stdout:  # the channel owns the descriptors from here on
            return process, PipeChannel(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
    ours, theirs = socket.socketpair()
    with theirs:
        passed = [theirs.fileno()]
        arguments = [f"--channel={theirs.fileno()}"]
        if slots is not None:
            passed.append(slots)
            arguments.append(f"--slots={slots}")
        try:
            process = subprocess.Popen(  # noqa: S603 - the command is the composition root's
                [*command, *arguments],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=environment, pass_fds=passed, start_new_session=True,
            )  # fmt: skip
        except OSError:
            ours.close()
            raise
    return process, SocketChannel(ours)
