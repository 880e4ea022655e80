# SPDX-License-Identifier: AGPL-3.0-or-later
"""The byte channel between the program and the render process, the same class at both ends.

Decides: how frames and file descriptors travel. Refuses: nothing of their content, that is
``client.viewer.messages``. Rules: one reader and one writer per end; a closed peer reads as ``None``; at most
``MAX_FDS`` descriptors come with one read, and nobody ever opens one by name.

Linux and macOS use a socket pair, so descriptors can be passed (unix(7), SCM_RIGHTS). Where there is none
the two standard pipes carry the same frames and papers travel as blobs.
"""

from __future__ import annotations

import array
import os
import socket
from collections import deque
from contextlib import suppress
from typing import Protocol

from client.viewer.messages import FrameReader, Reply, Request, encode

MAX_FDS = 4
READ_BYTES = 256 * 1024

Frame = tuple[bytes, bytes]


class Channel(Protocol):
    """One end."""

    def send(self, message: Request | Reply, blob: bytes | memoryview = b"", fds: tuple[int, ...] = ()) -> None:
        """Sends one frame; blocks while the peer does not read.

        Raises:
            OSError: If the peer is gone.
            LimitExceeded: If the message is larger than a frame may be; nothing was sent.
        """
        ...

    def receive(self, *, wait: bool) -> list[Frame] | None:
        """Complete frames, oldest first; None when the peer is gone.

        Args:
            wait: Block for the first bytes. Otherwise return at once, possibly with nothing.

        Raises:
            LimitExceeded: If the peer announced too large a frame; close the channel.
        """
        ...

    def take_fd(self) -> int | None:
        """The oldest received descriptor not yet taken; the caller closes it."""
        ...

    def close(self) -> None:
        """Closes this end and every descriptor nobody took; a second call does nothing."""
        ...


class SocketChannel:
    """A connected ``AF_UNIX`` stream socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._reader = FrameReader()
        self._fds: deque[int] = deque()

    def send(self, message: Request | Reply, blob: bytes | memoryview = b"", fds: tuple[int, ...] = ()) -> None:
        """See :meth:`Channel.send`. Descriptors ride on the first byte of the frame."""
        head = encode(message, len(blob))
        if fds:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))]
            sent = self._socket.sendmsg([head], rights)
            head = head[sent:]
        if head:
            self._socket.sendall(head)
        if blob:
            self._socket.sendall(blob)

    def receive(self, *, wait: bool) -> list[Frame] | None:
        """See :meth:`Channel.receive`."""
        flags = 0 if wait else socket.MSG_DONTWAIT
        try:
            data, ancillary, _, _ = self._socket.recvmsg(READ_BYTES, socket.CMSG_SPACE(MAX_FDS * 4), flags)
        except BlockingIOError:
            return []
        except OSError:
            return None
        for level, kind, rights in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array.array("i")
                received.frombytes(rights[: len(rights) - len(rights) % received.itemsize])
                self._fds.extend(received)
        return self._reader.feed(data) if data else None

    def take_fd(self) -> int | None:
        """See :meth:`Channel.take_fd`."""
        return self._fds.popleft() if self._fds else None

    def close(self) -> None:
        """See :meth:`Channel.close`. Wakes a reader of this end that waits in another thread."""
        with suppress(OSError):  # the peer was faster; the descriptor still has to go
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        while self._fds:
            os.close(self._fds.popleft())


class PipeChannel:
    """Two pipes, for systems that cannot pass descriptors; ``receive(wait=False)`` never finds anything."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._reader = FrameReader()
        self._closed = False

    def send(self, message: Request | Reply, blob: bytes | memoryview = b"", fds: tuple[int, ...] = ()) -> None:
        """See :meth:`Channel.send`; ``fds`` must be empty."""
        if fds:
            raise OSError("pipes carry no descriptors")
        for part in (encode(message, len(blob)), blob):
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(self._write_fd, rest) :]

    def receive(self, *, wait: bool) -> list[Frame] | None:
        """See :meth:`Channel.receive`."""
        if not wait:
            return []
        try:
            data = os.read(self._read_fd, READ_BYTES)
        except OSError:
            return None
        return self._reader.feed(data) if data else None

    def take_fd(self) -> int | None:
        """Never any."""
        return None

    def close(self) -> None:
        """See :meth:`Channel.close`."""
        if not self._closed:
            self._closed = True
            os.close(self._read_fd)
            os.close(self._write_fd)
