# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wire against a server that says exactly what a test tells it to, on a real socket."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from client.clock import Millis, SystemClock
from client.crypto.random import system_random
from client.crypto.signing import SigningKey
from client.errors import (
    BadInput,
    CaptivePortal,
    ClockSkew,
    ContentMismatch,
    DeviceRevoked,
    FormatRefused,
    LimitExceeded,
    ProxyBlocked,
    ServiceRefused,
    Unreachable,
)
from client.protocol import codec, http
from client.sync.means import Brake, Stopped
from client.sync.transport import NotSent, RequestSigner, Timeouts, Transport
from tests.unit.sync.samples import DEVICE, digest

BLOB = digest("blob")
DSSE = f"Content-Type: {http.DSSE_MEDIA}"
JSON = "Content-Type: application/json"
BYTES = f"Content-Type: {http.BLOB_MEDIA}"
PROBLEM = f"Content-Type: {http.PROBLEM_MEDIA}"


@dataclass
class Server:
    """Answers each request with the next of ``answers``; closes the connection where there is none left."""

    answers: list[bytes | Callable[[socket.socket], None]] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._ends:
            each.close()

    def _accept(self) -> None:
        while True:
            try:
                end, _ = self._listener.accept()
            except OSError:
                return
            self._ends.append(end)
            threading.Thread(target=self._serve, args=(end,), daemon=True).start()

    def _serve(self, end: socket.socket) -> None:
        try:
            while request := self._read(end):
                self.requests.append(request)
                if not self.answers:
                    break
                answer = self.answers.pop(0)
                if callable(answer):
                    answer(end)
                    break
                end.sendall(answer)
        except OSError:
            pass  # the client hung up, as some tests want it to
        finally:
            end.close()

    @staticmethod
    def _read(end: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = end.recv(65536)
            if not piece:
                return b""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        while len(body) < length:
            body += end.recv(65536)
        return head + b"\r\n\r\n" + body


def says(status: str, *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def problem(code: str, status: int, *headers: str, signed: str | None = None) -> bytes:
    document = {"type": f"urn:ecab:problem:{code}", "title": "x", "status": status, "detail": "", "signed": signed}
    return says(f"{status} Refused", PROBLEM, *headers, body=json.dumps(document).encode())


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def connect(url: str) -> Transport:
    return Transport(
        url,
        verify=None,
        clock=SystemClock(),
        rng=system_random,
        signer=RequestSigner(DEVICE, SigningKey.generate()),
        timeouts=Timeouts(connect_s=2, read_s=5, event_s=5),
    )


@pytest.fixture
def wire(server: Server) -> Iterator[Transport]:
    transport = connect(server.url)
    yield transport
    transport.close()


@pytest.mark.parametrize(
    "url",
    ["http://example.org", "http://10.0.0.1", "ftp://127.0.0.1", "https://a:b@example.org", "https://x.org/p", "x", ""],
)
def test_only_https_or_this_machine(url: str) -> None:
    with pytest.raises(BadInput):
        connect(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost:1", "https://example.org"])
def test_these_are_addresses(url: str) -> None:
    connect(url).close()


def test_nobody_there_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    transport = connect(f"http://127.0.0.1:{port}")
    with pytest.raises(NotSent):
        transport.get_metadata("timestamp.json", 4096)
    transport.close()


def test_no_answer_may_have_arrived(server: Server, wire: Transport) -> None:
    for answer in (b"", b"HTTP/1.1 200 OK\r\nContent-Len", says("200 OK", JSON, body=b"{", length=50)):
        server.answers = [lambda end, answer=answer: end.sendall(answer)]  # type: ignore[misc]
        with pytest.raises(Unreachable) as caught:
            wire.post_statement(b"{}", digest("x"))
        assert not isinstance(caught.value, NotSent)


@pytest.mark.parametrize(
    "answer",
    [
        says("200 OK", "Content-Type: text/html", body=b"<html>sign in"),
        says("200 OK", body=b"x"),
        says("302 Found", "Location: http://127.0.0.1/login"),
        says("204 No Content"),
        says("404 Not Found", "Content-Type: text/html", body=b"<html>" + b"x" * 200_000),
        says("401 No", PROBLEM, body=b'{"type":"about:blank","title":"","status":401}'),
        says("401 No", PROBLEM, body=b"[" * 5000),
        says("511 Sign in", "Content-Type: text/html"),
    ],
)
def test_a_captive_portal_is_told_from_the_service(server: Server, wire: Transport, answer: bytes) -> None:
    server.answers = [answer]
    with pytest.raises(CaptivePortal):
        wire.get_metadata("timestamp.json", 4096)
    assert len(server.requests) == 1, "a redirect is never followed"


@pytest.mark.parametrize("status", ["403 Blocked", "407 Proxy", "451 Not here"])
def test_a_proxy_in_the_way_is_told_from_the_service_and_from_a_portal(
    server: Server, wire: Transport, status: str
) -> None:
    server.answers = [says(status, "Content-Type: text/html", body=b"<html>policy"), problem("not-eligible", 403)]
    with pytest.raises(ProxyBlocked) as blocked:
        wire.get_metadata("timestamp.json", 4096)
    assert "policy" not in str(blocked.value)
    with pytest.raises(ServiceRefused):  # the service gives its reason
        wire.get_metadata("timestamp.json", 4096)


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"])
def test_a_proxy_that_lets_nothing_through_is_named_and_nothing_was_sent(server: Server, status: str) -> None:
    server.answers = [says(status, "Content-Type: text/html", body=b"<html>no")]
    transport = Transport(
        "https://e-cabinet.invalid",
        verify=None,
        clock=SystemClock(),
        rng=system_random,
        signer=RequestSigner(DEVICE, SigningKey.generate()),
        timeouts=Timeouts(connect_s=2, read_s=2, event_s=2),
        proxy=server.url,
    )
    with pytest.raises(NotSent) as blocked:
        transport.post_statement(b"{}", digest("x"))
    transport.close()
    assert isinstance(blocked.value, ProxyBlocked)
    assert blocked.value.code == ProxyBlocked.code == "service.proxy_blocked"
    assert "proxy" in blocked.value.title.vi
    assert server.requests[0].startswith(b"CONNECT e-cabinet.invalid:443 ")


@pytest.mark.parametrize("status", ["500 Oh", "502 Bad", "503 Busy", "429 Slow"])
def test_a_service_in_trouble_is_asked_again_later(server: Server, wire: Transport, status: str) -> None:
    big = b"<html>" + b"x" * 300_000  # a proxy's error page may be of any size
    server.answers = [says(status, "Content-Type: text/html", "Retry-After: 17", body=big)]
    with pytest.raises(Unreachable) as caught:
        wire.get_metadata("timestamp.json", 4096)
    assert caught.value.retry_after_s == 17


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("99999", 86400), ("-1", None), ("Mon, 1", None), ("9e9", None)]
)
def test_only_seconds_are_read_from_retry_after(
    server: Server, wire: Transport, text: str, seconds: float | None
) -> None:
    server.answers = [says("503 Busy", f"Retry-After: {text}")]
    with pytest.raises(Unreachable) as caught:
        wire.get_metadata("timestamp.json", 4096)
    assert caught.value.retry_after_s == seconds


def test_problems_are_errors_of_ours(server: Server, wire: Transport) -> None:
    server.answers = [problem("device-revoked", 401), problem("not-eligible", 403), problem("newer-code", 400)]
    with pytest.raises(DeviceRevoked):
        wire.get_metadata("timestamp.json", 4096)
    for code in ("not-eligible", "newer-code"):
        with pytest.raises(ServiceRefused) as caught:
            wire.get_metadata("timestamp.json", 4096)
        assert caught.value.problem == code


def test_every_body_has_a_limit(server: Server, wire: Transport) -> None:
    server.answers = [
        says("200 OK", BYTES, body=b"x" * 1000),
        says("200 OK", BYTES, body=b"x" * 1001),
        says("200 OK", "Content-Type: application/json", body=b" " * (codec.MAX_SMALL + 1)),
    ]
    assert len(wire.get_target("p/pk_0001.1", 1000)) == 1000
    with pytest.raises(LimitExceeded):
        wire.get_target("p/pk_0001.1", 1000)
    with pytest.raises(LimitExceeded):
        wire.time()


def test_nothing_compressed_is_unpacked(server: Server, wire: Transport) -> None:
    server.answers = [says("200 OK", DSSE, "Content-Encoding: gzip", body=b"\x1f\x8b")]
    with pytest.raises(FormatRefused):
        wire.get_metadata("timestamp.json", 4096)


def test_no_cookie_is_kept(server: Server, wire: Transport) -> None:
    server.answers = [says("200 OK", DSSE, "Set-Cookie: track=1; Path=/", body=b"{}"), says("200 OK", DSSE, body=b"{}")]
    wire.get_metadata("timestamp.json", 4096)
    wire.get_metadata("timestamp.json", 4096)
    assert b"cookie" not in server.requests[1].lower()


def test_requests_are_signed_and_time_is_asked_unsigned(server: Server, wire: Transport) -> None:
    server.answers = [says("200 OK", DSSE, body=b"{}"), says("200 OK", DSSE, body=b"{}")]
    wire.request_time = lambda: Millis(1_800_000_000_000)
    wire.get_metadata("timestamp.json", 4096)
    wire.time()
    assert b"created=1800000000" in server.requests[0]
    assert b"signature" not in server.requests[1].lower()


def test_clock_skew_signs_the_request_again_and_not_the_vote(server: Server, wire: Transport) -> None:
    answer = says("200 OK", JSON, body=b'{"receipt":"e30=","statement":null}')
    server.answers = [problem("clock-skew", 401, signed="e30="), answer]
    times = [Millis(1_000_000_000_000)]
    wire.request_time = lambda: times[-1]

    def learn(signed: bytes | None) -> bool:
        assert signed == b"{}"
        times.append(Millis(1_800_000_000_000))
        return True

    wire.on_skew = learn
    vote = b'{"payload":"a signed vote"}'
    assert wire.post_statement(vote, BLOB).receipt == b"{}"
    first, second = server.requests
    assert b"created=1000000000" in first
    assert b"created=1800000000" in second
    assert first.endswith(b"\r\n\r\n" + vote)
    assert second.endswith(b"\r\n\r\n" + vote)


@pytest.mark.parametrize("learned", [False, True])
def test_clock_skew_is_tried_once_at_most(server: Server, wire: Transport, learned: bool) -> None:
    server.answers = [problem("clock-skew", 401), problem("clock-skew", 401)]
    wire.on_skew = lambda _: learned
    with pytest.raises(ClockSkew):
        wire.get_metadata("timestamp.json", 4096)
    assert len(server.requests) == 1 + learned


def blob(wire: Transport, start: int, stop: int | None = None) -> bytes:
    with wire.get_blob(BLOB, start, stop) as pieces:
        return b"".join(pieces)


def test_a_part_is_asked_for_and_checked(server: Server, wire: Transport) -> None:
    whole = bytes(range(200))
    server.answers = [
        says("200 OK", BYTES, body=whole),
        says("206 Part", BYTES, "Content-Range: bytes 50-199/200", body=whole[50:]),
        says("200 OK", BYTES, body=whole),
        says("200 OK", BYTES, body=whole),
    ]
    assert blob(wire, 0) == whole
    assert b"\r\nrange" not in server.requests[0].lower()
    assert blob(wire, 50) == whole[50:]
    assert b"bytes=50-" in server.requests[1]
    assert f'"{BLOB}"'.encode() in server.requests[1]
    assert blob(wire, 50) == whole[50:], "the whole is a legal answer to a part"
    assert blob(wire, 50, 60) == whole[50:60]


@pytest.mark.parametrize("header", ["bytes 0-199/200", "bytes 51-199/200", "bytes */200", "x", ""])
def test_another_part_is_refused(server: Server, wire: Transport, header: str) -> None:
    server.answers = [says("206 Part", BYTES, f"Content-Range: {header}", body=b"x")]
    with pytest.raises(ContentMismatch):
        blob(wire, 50)


def test_an_event_stream_of_another_type_is_no_stream(server: Server, wire: Transport) -> None:
    server.answers = [says("200 OK", JSON, body=b"{}")]
    with pytest.raises(CaptivePortal), wire.events():
        pytest.fail("no stream")


def test_abort_ends_a_read_at_once_and_later_requests_connect_anew(server: Server, wire: Transport) -> None:
    asked = threading.Event()
    let_go = threading.Event()

    def hang(end: socket.socket) -> None:
        asked.set()
        let_go.wait(20)

    server.answers = [hang]
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(wire.get_metadata, "timestamp.json", 4096)
        assert asked.wait(5)
        wire.abort()
        with pytest.raises(Unreachable):
            future.result(timeout=1)
    let_go.set()
    server.answers = [says("200 OK", DSSE, body=b"{}")]
    assert wire.get_metadata("timestamp.json", 4096) == b"{}"


def test_an_abort_reaches_a_request_that_is_still_connecting(server: Server, wire: Transport) -> None:
    """The brake was off when the request asked; the connection it then makes is ended all the same."""
    let_go = threading.Event()

    def hang(_end: socket.socket) -> None:
        let_go.wait(20)

    server.answers = [hang]
    wire.may_go = wire.abort
    began = time.monotonic()
    with pytest.raises(Unreachable):
        wire.get_metadata("timestamp.json", 4096)
    assert time.monotonic() - began < 2, "not the timeout of reading, five seconds"
    let_go.set()


def test_no_request_leaves_once_the_brake_is_pulled(server: Server, wire: Transport) -> None:
    brake = Brake()
    wire.may_go = brake.check
    brake.pull()
    with pytest.raises(Stopped):
        wire.get_metadata("timestamp.json", 4096)
    with pytest.raises(Stopped):
        blob(wire, 0)
    assert server.requests == []
