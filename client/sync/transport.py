# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wire: signed requests out, capped bytes in. The only importer of ``httpx``.

Decides whether an answer came from the service at all, and turns every foreign failure into an error of ours,
once. Verifies no signature of a body: what it hands on is still untrusted.

Rules:
1. Plain http only to this machine itself; redirects are never followed; no cookies, no compression.
2. Every body is read up to a stated limit and no further.
3. HTML, a redirect or an unknown media type is a captive portal, not an answer.
4. ``NotSent`` is raised only when no byte of the request can have left; every other failure may have arrived.
5. A clock-skew answer lets the caller correct its clock; the *request* is then signed and sent once more.
6. ``abort()`` may be called from any thread and ends whatever is in flight.
"""

from __future__ import annotations

import base64
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, TypeVar

import httpcore  # noqa: F401 - httpx loads it with its first client: then the member waits, now nobody does
import httpx
import truststore

from client.clock import Clock, Millis
from client.crypto import request
from client.crypto.random import Random
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, Hash, PackId, PollId, SessionId
from client.errors import (
    BadInput,
    CaptivePortal,
    ClockSkew,
    FormatRefused,
    ProxyBlocked,
    Unreachable,
)
from client.protocol import codec, http
from client.sync import answers, sse
from client.sync.pieces import capped, skipped
from client.sync.sockets import LiveSockets

T = TypeVar("T")

_NONCE_BYTES: Final = 18
_ENVELOPE_EXTRA: Final = 64 * codec.KIB
"""Room for the signatures and field names around a payload."""
_LOOPBACK: Final = "localhost"


class NotSent(Unreachable):
    """No connection was made: the service cannot have seen the request."""

    code = "service.not_sent"


class ProxyNotPassed(NotSent, ProxyBlocked):
    """The proxy did not let the connection through."""

    code = ProxyBlocked.code
    title, next_step = ProxyBlocked.title, ProxyBlocked.next_step


@dataclass(frozen=True, slots=True)
class RequestSigner:
    """Who signs the requests."""

    keyid: str
    key: SigningKey


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: to connect, between two reads, between two reads of the event stream."""

    connect_s: float = 10.0
    read_s: float = 30.0
    event_s: float = 45.0


def enveloped(limit: int) -> int:
    """Most bytes of a DSSE envelope around a payload of ``limit`` bytes (base64 and signatures)."""
    return limit * 4 // 3 + _ENVELOPE_EXTRA


class Transport:
    """Requests to one service.

    Args:
        base_url: ``https://host[:port]``; plain http for loopback only.
        verify: TLS context with a pinned authority; None for the authorities that the operating system trusts.
        clock: For the time of the request's signature.
        rng: For nonces.
        signer: None for a device that has no keys yet: only open paths work then.
        timeouts: Patience, in seconds.
        proxy: Address of the proxy that policy prescribes; None for what the system's environment says.

    Attributes:
        request_time: What requests are dated with; the engine puts its estimate of time here.
        may_go: Asked before each request; raises when none may leave any more.
        on_skew: Given the signed time of a clock-skew answer; True if that estimate was corrected.
    """

    def __init__(
        self,
        base_url: str,
        *,
        verify: ssl.SSLContext | None,
        clock: Clock,
        rng: Random,
        signer: RequestSigner | None,
        timeouts: Timeouts = Timeouts(),
        proxy: str | None = None,
    ) -> None:
        self._base = _checked_url(base_url)
        self._rng = rng
        self._signer = signer
        self._timeouts = timeouts
        self._sockets = LiveSockets()
        self.request_time: Callable[[], Millis] = clock.now
        self.may_go: Callable[[], None] = lambda: None
        self.on_skew: Callable[[bytes | None], bool] = lambda _signed: False
        self._client = httpx.Client(
            verify=verify if verify is not None else _system_trust(self._base),
            timeout=httpx.Timeout(timeouts.read_s, connect=timeouts.connect_s),
            headers={"Accept-Encoding": "identity", "User-Agent": "ecabinet"},
            trust_env=self._base.scheme == "https",  # a proxy for the network outside, never for loopback
            proxy=proxy if self._base.scheme == "https" else None,
            follow_redirects=False,
            cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        )

    @property
    def base_url(self) -> str:
        """The service's address."""
        return str(self._base)

    def close(self) -> None:
        """Give up all connections."""
        self._client.close()

    def abort(self) -> None:
        """End what is in flight, from any thread; later requests connect anew."""
        self._sockets.shutdown()

    # -- signed state -------------------------------------------------------------------------------------

    def time(self) -> bytes:
        """The service's signed time (DSSE); needs no signer."""
        return self._get(http.PATH_TIME, limit=codec.MAX_SMALL, signed=False)

    def get_metadata(self, name: str, limit: int) -> bytes:
        """A TUF metadata file by its name."""
        return self._get(http.PATH_METADATA.format(name=name), limit=limit)

    def get_target(self, name: str, limit: int) -> bytes:
        """A target's bytes; the caller checks hash and size against what is promised."""
        return self._get(http.PATH_TARGET.format(name=name), limit=limit)

    def get_envelope(self, scope: PackId, epoch: int, device: DeviceId) -> bytes:
        """The scope key's envelope for a device (DSSE)."""
        path = http.PATH_ENVELOPE.format(scope=scope, epoch=epoch, device=device)
        return self._get(path, limit=enveloped(codec.MAX_ENVELOPE))

    def get_poll(self, poll: PollId) -> http.PollAnswer:
        """A poll's definition and status."""
        body = self._get(http.PATH_POLL.format(poll=poll), limit=2 * enveloped(codec.MAX_POLL))
        return _read(body, http.PollAnswer)

    def get_closing(self, poll: PollId) -> bytes:
        """A closed poll's signed list (DSSE)."""
        return self._get(http.PATH_CLOSING.format(poll=poll), limit=enveloped(codec.MAX_CLOSING))

    def fetch(self, path: str, limit: int) -> bytes:
        """What lies under a path of ``protocol.http``, for callers that judge it themselves."""
        return self._get(path, limit=limit)

    def put(self, path: str, body: bytes, media: str = "application/json") -> bytes:
        """Store canonical JSON, or an envelope, under a path of ``protocol.http``; what the service answers."""
        return self._send("PUT", path, {"Content-Type": media}, body, limit=codec.MAX_SMALL)

    def get_certified(self, poll: PollId) -> bytes:
        """A poll's certified result (DSSE)."""
        return self._get(http.PATH_CERTIFIED.format(poll=poll), limit=enveloped(codec.MAX_CLOSING))

    def get_session(self, session: SessionId) -> http.SessionAnswer:
        """A live session's plan and state."""
        limit = 2 * enveloped(codec.MAX_PLAN) + 2 * enveloped(codec.MAX_SESSION)
        return _read(self._get(http.PATH_SESSION.format(session=session), limit=limit), http.SessionAnswer)

    # -- statements and enrolment -----------------------------------------------------------------------------

    def post_statement(self, envelope: bytes, key: Hash) -> http.StatementAnswer:
        """Send a signed statement; ``key`` is the hash of its payload and makes repeating harmless."""
        headers = {"Content-Type": http.DSSE_MEDIA, "Idempotency-Key": key}
        body = self._send("POST", http.PATH_STATEMENTS, headers, envelope, limit=_STATEMENT_LIMIT)
        return _read(body, http.StatementAnswer)

    def get_statement(self, statement: Hash) -> http.StatementAnswer:
        """A statement of this member and its receipt."""
        body = self._get(http.PATH_STATEMENT.format(hash=statement), limit=_STATEMENT_LIMIT)
        return _read(body, http.StatementAnswer)

    def list_kept(self, device: DeviceId, *, after: int = 0) -> bytes:
        """What the service has of a device of this member, from the statement after ``after`` on (DSSE)."""
        return self._get(f"{http.PATH_STATEMENTS}?device={device}&after={after}", limit=enveloped(codec.MAX_KEPT))

    def enrol(self, envelope: bytes) -> http.EnrolStatus:
        """Hand in a signed enrolment request."""
        headers = {"Content-Type": http.DSSE_MEDIA}
        return _read(
            self._send("POST", http.PATH_ENROL, headers, envelope, limit=codec.MAX_SMALL, signed=False),
            http.EnrolStatus,
        )

    def enrol_status(self, device: DeviceId) -> http.EnrolStatus:
        """Where an enrolment stands."""
        path = http.PATH_ENROL_DEVICE.format(device=device)
        return _read(self._get(path, limit=codec.MAX_SMALL, signed=False), http.EnrolStatus)

    def report_wiped(self, envelope: bytes) -> None:
        """Hand in the signed report of a device that has no keys any more."""
        headers = {"Content-Type": http.DSSE_MEDIA}
        self._send("POST", http.PATH_WIPED, headers, envelope, limit=codec.MAX_SMALL, signed=False)

    # -- streams ----------------------------------------------------------------------------------------------

    @contextmanager
    def get_blob(self, blob: Hash, start: int, stop: int | None = None) -> Iterator[Iterator[bytes]]:
        """Sealed bytes from ``start`` on, up to but not including ``stop``.

        Raises:
            ContentMismatch: The service answered another range than asked for.
        """
        part = start > 0 or stop is not None
        wanted = f"bytes={start}-" + ("" if stop is None else str(stop - 1))
        headers = {"If-Range": f'"{blob}"', "Range": wanted} if part else {}
        with self._stream("GET", http.PATH_BLOB.format(hash=blob), headers, b"") as response:
            answers.check_media(response.headers, response.status_code)
            limit = codec.MAX_BLOB - start if stop is None else stop - start
            skip = 0
            if response.status_code == httpx.codes.PARTIAL_CONTENT:
                answers.check_range(response.headers.get("content-range", ""), start)
            elif part:
                skip = start  # the whole blob came: legal, if wasteful (RFC 9110, 14.2)
            yield capped(skipped(_pieces(response), skip), limit, exact=stop is not None)

    @contextmanager
    def events(self, last_id: str = "") -> Iterator[Iterator[sse.Event]]:
        """The stream of hints, from after ``last_id``."""
        headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
        timeout = httpx.Timeout(self._timeouts.event_s, connect=self._timeouts.connect_s)
        with self._stream("GET", http.PATH_EVENTS, headers, b"", timeout=timeout) as response:
            if answers.media_of(response.headers) != "text/event-stream":
                raise CaptivePortal("event stream of another type")
            yield sse.events(_pieces(response), last_id=last_id)

    # -- the one way out ----------------------------------------------------------------------------------------

    def _get(self, path: str, *, limit: int, signed: bool = True) -> bytes:
        return self._send("GET", path, {}, b"", limit=limit, signed=signed)

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes, *, limit: int, signed: bool = True
    ) -> bytes:
        """One exchange; after a clock-skew answer that taught the time, one more."""
        try:
            return self._exchange(method, path, headers, body, limit=limit, signed=signed)
        except ClockSkew as skew:
            if not signed or not self.on_skew(skew.body or None):
                raise
        return self._exchange(method, path, headers, body, limit=limit, signed=signed)

    def _exchange(
        self, method: str, path: str, headers: dict[str, str], body: bytes, *, limit: int, signed: bool
    ) -> bytes:
        with self._stream(method, path, headers, body, signed=signed) as response:
            answers.check_media(response.headers, response.status_code)
            return b"".join(capped(_pieces(response), limit))

    @contextmanager
    def _stream(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        *,
        signed: bool = True,
        timeout: httpx.Timeout | None = None,
    ) -> Iterator[httpx.Response]:
        trace = self._sockets.tracer()  # before asking: an abort from here on reaches this request
        self.may_go()
        url = self._base.join(path)
        if signed:
            headers = headers | self._signature(method, str(url), headers, body)
        try:
            prepared = self._client.build_request(
                method, url, headers=headers, content=body or None, extensions={"trace": trace}
            )
            if timeout is not None:
                prepared.extensions["timeout"] = timeout.as_dict()
            response = self._client.send(prepared, stream=True)
            try:
                if response.status_code not in answers.GOOD:
                    self._refuse(response)
                yield response
            finally:
                response.close()
        except httpx.TransportError as error:
            raise _translated(error) from error

    def _refuse(self, response: httpx.Response) -> None:
        kept = bytearray()
        for piece in _pieces(response):
            kept += piece
            if len(kept) > codec.MAX_SMALL:  # no problem document of ours; the status still says what it is
                break
        raise answers.refusal(response.status_code, response.headers, bytes(kept[: codec.MAX_SMALL]))

    def _signature(self, method: str, url: str, headers: dict[str, str], body: bytes) -> dict[str, str]:
        if self._signer is None:
            return {}
        return request.sign_request(
            method=method,
            url=url,
            headers=headers,
            body=body,
            keyid=self._signer.keyid,
            key=self._signer.key,
            created=self.request_time() // 1000,
            nonce=base64.b64encode(self._rng(_NONCE_BYTES)).decode(),
        )


_STATEMENT_LIMIT: Final = 2 * enveloped(codec.MAX_STATEMENT)


def _checked_url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text.rstrip("/") + "/")
    except (httpx.InvalidURL, ValueError) as error:
        raise BadInput("service address") from error
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.path != "/":
        raise BadInput("service address")
    if url.scheme == "http" and not _is_loopback(url.host):
        raise BadInput("service address: https is required")
    return url


def _system_trust(url: httpx.URL) -> ssl.SSLContext:
    """The system's own verifier, so that an authority rolled out by policy counts; nothing is bundled."""
    if url.scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used: rule 1
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _is_loopback(host: str) -> bool:
    if host == _LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name: whoever answers for it may sit anywhere


def _translated(error: httpx.TransportError) -> Exception:
    """Rule 4."""
    cause: BaseException | None = error
    while cause is not None:
        # A TLS error later than the handshake is a cut connection, not a wrong peer.
        if isinstance(cause, ssl.SSLError) and isinstance(error, httpx.ConnectError):
            return answers.wrong_tls(cause)
        cause = cause.__cause__ or cause.__context__
    name = type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return ProxyNotPassed(name)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return NotSent(name)
    return Unreachable(name)


def _pieces(response: httpx.Response) -> Iterator[bytes]:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise FormatRefused("compressed answer")
    yield from response.iter_raw()


def _read(body: bytes, kind: type[T]) -> T:
    return answers.decode(body, kind)
