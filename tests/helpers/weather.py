# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad weather between client and service: an HTTP-aware relay on loopback that spoils chosen exchanges.

Everything is passed on byte for byte, so signatures over the address hold, until a fault is laid on a path. A fault
is used up by the exchange it spoils. What was asked and answered is kept for the test to look at. Event streams are
not relayed: an answer is read to its end before it is passed on.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

MAX_HEAD = 64 * 1024
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """Every byte of it."""
        return self.head + self.body


@dataclass
class Exchange:
    """A request, and every answer the service gave to it or to its copies."""

    request: Request
    answers: list[bytes] = field(default_factory=list)


class Spoilt(Exception):
    """The connection was dropped on purpose."""


class Line:
    """The client's end of one exchange, and the way to the service."""

    def __init__(self, near: socket.socket, target: tuple[str, int], exchange: Exchange) -> None:
        self._near, self._target, self.exchange = near, target, exchange

    @property
    def request(self) -> Request:
        """What the client asked."""
        return self.exchange.request

    def forward(self, raw: bytes | None = None, *, half_close: bool = False) -> bytes:
        """Put ``raw`` (the request) to the service; its whole answer, empty if it gave none."""
        with socket.create_connection(self._target, timeout=20) as far:
            far.sendall(self.request.raw if raw is None else raw)
            if half_close:
                far.shutdown(socket.SHUT_WR)
            answer = _read_answer(far)
        self.exchange.answers.append(answer)
        return answer

    def deliver(self, answer: bytes) -> None:
        """Give the client bytes."""
        self._near.sendall(answer)

    def hang_up(self) -> None:
        """Close in the ordinary way after what was delivered."""
        raise Spoilt

    def reset(self) -> None:
        """Close as a dead access point does."""
        self._near.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Spoilt


Fault = Callable[[Line], None]


class Weather:
    """Relays ``url`` to ``target``.

    Attributes:
        target: Where requests go; may be changed between exchanges.
        exchanges: Everything asked so far.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.exchanges: list[Exchange] = []
        self._faults: list[tuple[str, str, Fault]] = []
        self._lock = threading.Lock()
        self._nears: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.join()

    @property
    def url(self) -> str:
        """Where the client should connect."""
        return f"http://127.0.0.1:{self.port}"

    def lay(self, method: str, path: str, fault: Fault) -> None:
        """Spoil the next exchange of that method whose path starts so."""
        with self._lock:
            self._faults.append((method, path, fault))

    def clear(self) -> None:
        """Forget what was laid and not met, and let traffic through."""
        with self._lock:
            self._faults.clear()
        if self._listener is None:
            self.join()

    def asked(self, method: str, path: str) -> list[Exchange]:
        """Exchanges so far whose path starts so."""
        with self._lock:
            return [e for e in self.exchanges if e.request.method == method and e.request.path.startswith(path)]

    def repeat(self, exchange: Exchange) -> bytes:
        """Put a request to the service once more, byte for byte; its answer."""
        with socket.socket() as nobody:
            return Line(nobody, self.target, exchange).forward()

    def join(self) -> None:
        """Listen, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), name="weather", daemon=True).start()

    def cut(self) -> None:
        """Refuse what comes and drop what runs."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            nears, self._nears = self._nears, set()
        for near in nears:
            with contextlib.suppress(OSError):
                near.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()

    # -- inside ------------------------------------------------------------------------------------------------

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            with self._lock:
                self._nears.add(near)
            threading.Thread(target=self._serve, args=(near,), name="weather-line", daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        # Spoilt: as asked for. OSError: one of the two ends went away, which is what this relay is about.
        with contextlib.suppress(Spoilt, OSError), near:
            while (request := _read_request(near)) is not None:
                exchange = Exchange(request)
                with self._lock:
                    self.exchanges.append(exchange)
                line, fault = Line(near, self.target, exchange), self._take(request)
                if fault is None:
                    line.deliver(line.forward())
                else:
                    fault(line)
        with self._lock:
            self._nears.discard(near)

    def _take(self, request: Request) -> Fault | None:
        with self._lock:
            for entry in self._faults:
                method, path, fault = entry
                if method == request.method and request.path.startswith(path):
                    self._faults.remove(entry)
                    return fault
        return None


# -- what may happen ---------------------------------------------------------------------------------------------


def reset_before(line: Line) -> None:
    """The request never reaches the service."""
    line.reset()


def reset_after(line: Line) -> None:
    """The service decided and answered; the client hears nothing."""
    line.forward()
    line.reset()


def cut_at(share: float) -> Fault:
    """The answer ends after that share of its bytes."""

    def fault(line: Line) -> None:
        answer = line.forward()
        line.deliver(answer[: max(1, min(int(len(answer) * share), len(answer) - 1))])
        line.hang_up()

    return fault


def sent_twice(deliver: int) -> Fault:
    """The very same bytes reach the service twice; the client gets that one of the two answers."""

    def fault(line: Line) -> None:
        answers = [line.forward(), line.forward()]
        line.deliver(answers[deliver])

    return fault


def altered(line: Line) -> None:
    """One bit of the request's body flips on the way."""
    body = bytearray(line.request.body)
    body[len(body) // 2] ^= 1
    line.deliver(line.forward(line.request.head + bytes(body)))


def half_sent(line: Line) -> None:
    """Half of the request's body reaches the service, then nothing more."""
    raw = line.request.raw
    answer = line.forward(raw[: len(raw) - len(line.request.body) // 2], half_close=True)
    if answer:
        line.deliver(answer)
    line.hang_up()


def slow(pieces: int, pause_s: float) -> Fault:
    """The answer comes in that many pieces with a pause before each."""

    def fault(line: Line) -> None:
        answer, pause = line.forward(), threading.Event()
        step = max(1, len(answer) // pieces)
        for start in range(0, len(answer), step):
            pause.wait(pause_s)
            line.deliver(answer[start : start + step])

    return fault


def says(status: str, media: str, body: bytes, *headers: str, ask: bool = False) -> Fault:
    """Somebody in between answers; with ``ask`` only after the service has decided."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {media}", f"Content-Length: {len(body)}", *headers]
    canned = "\r\n".join(lines).encode() + _END + body

    def fault(line: Line) -> None:
        if ask:
            line.forward()
        line.deliver(canned)

    return fault


def wrong_length(difference: int) -> Fault:
    """The answer's length is stated wrongly, then the connection ends."""

    def fault(line: Line) -> None:
        answer = line.forward()
        head, _, body = answer.partition(_END)
        stated = head.lower().replace(
            f"content-length: {len(body)}".encode(), f"content-length: {len(body) + difference}".encode()
        )
        assert stated != head.lower()
        line.deliver(stated + _END + body)
        line.hang_up()

    return fault


# -- HTTP/1.1 framing (RFC 9112, 6) --------------------------------------------------------------------------------


def _read_head(source: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while _END not in data:
        piece = source.recv(65536)
        if not piece or len(data) > MAX_HEAD:
            return b"", data
        data += piece
    head, _, rest = data.partition(_END)
    return head + _END, rest


def _field(head: bytes, name: bytes) -> bytes | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return None


def _read_exactly(source: socket.socket, have: bytes, size: int) -> bytes:
    data = bytearray(have)
    while len(data) < size and (piece := source.recv(65536)):
        data += piece
    return bytes(data)


def _read_request(near: socket.socket) -> Request | None:
    head, rest = _read_head(near)
    if not head:
        return None
    method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    body = _read_exactly(near, rest, int(_field(head, b"content-length") or 0))
    return Request(method, path, head, body)


def _read_answer(far: socket.socket) -> bytes:
    head, rest = _read_head(far)
    if not head:
        return rest
    length = _field(head, b"content-length")
    if length is not None:
        return head + _read_exactly(far, rest, int(length))
    if (_field(head, b"transfer-encoding") or b"").lower() != b"chunked":
        return head + rest
    body = bytearray(rest)
    while not body.endswith(b"0\r\n\r\n") and (piece := far.recv(65536)):
        body += piece
    return head + bytes(body)
