# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secretariat's side of the wire: httpx's second home (the first is ``client/sync/transport.py``).

Decides how a request is signed (RFC 9421, by the publisher or the registrar) and which of our errors an answer
becomes. TLS is always verified; plain http only to this machine. Every answer is read up to a limit. Nothing is
retried here: the caller repeats the whole command, and every write is idempotent.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import httpx
import truststore

from client.clock import Clock
from client.crypto import request
from client.crypto.metadata.keys import SigningPort
from client.crypto.metadata.verify import LIMITS, SNAPSHOT, file_name
from client.crypto.random import Random
from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, Moment, PackId, PollId, QuestionId, SessionId
from client.errors import (
    BadInput,
    CaptivePortal,
    EcabinetError,
    LimitExceeded,
    ServiceRefused,
)
from client.protocol import codec, http
from client.protocol.http import (
    ActList,
    Answered,
    BulletinList,
    CertifyRequest,
    CloseRequest,
    CommentList,
    LateVotes,
    MetadataUpload,
    OpenRequest,
    PendingList,
    PollAnswer,
    SessionAnswer,
    SessionOrder,
    StatementAnswer,
    TicketRequest,
    WipedList,
)
from client.protocol.live_commands import SessionCommand
from server.secretariat import answers

TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0)
MAX_STATEMENT: Final = 2 * codec.MAX_STATEMENT
MAX_ROOM: Final = 4 * (codec.MAX_PLAN + codec.MAX_SESSION)
MAX_LIST: Final = 64 * codec.MIB
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NOT_FOUND: Final = 404
_OK: Final = range(200, 300)

T = TypeVar("T")
Progress = Callable[[int], None]
"""Told the number of bytes just sent."""


def tls_context(ca: Path | None = None) -> ssl.SSLContext:
    """Verification by the operating system's trust, or by one CA file alone.

    Raises:
        BadInput: The CA file cannot be used.
    """
    if ca is None:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        return ssl.create_default_context(cafile=str(ca))
    except (OSError, ssl.SSLError) as error:
        raise BadInput("CA file") from error


class ServiceClient:
    """The service as publisher and registrar see it.

    Args:
        base_url: ``https://host[:port]``; ``http`` only for this machine.
        publisher, registrar: Who signs.
        clock, rng: For ``created`` and nonces.
        verify: TLS trust; the system's by default.

    Raises:
        BadInput: The URL is not one of those.
    """

    def __init__(
        self,
        base_url: str,
        *,
        publisher: SigningPort,
        registrar: SigningPort,
        clock: Clock,
        rng: Random,
        verify: ssl.SSLContext | None = None,
    ) -> None:
        self.base_url = check_url(base_url)
        self._publisher = publisher
        self._registrar = registrar
        self._clock = clock
        self._rng = rng
        secure = self.base_url.startswith("https:")
        self._http = httpx.Client(
            verify=(verify or tls_context()) if secure else False,  # no TLS at all on the loopback
            timeout=TIMEOUT,
            follow_redirects=False,
            trust_env=secure,
        )

    def sign_as(self, *, publisher: SigningPort, registrar: SigningPort) -> None:
        """Sign later requests with these keys."""
        self._publisher, self._registrar = publisher, registrar

    def close(self) -> None:
        """Drop the connection."""
        self._http.close()

    # -- what is published ------------------------------------------------------------------------------

    def snapshot(self, *, registrar: bool = False) -> bytes | None:
        """The snapshot in force, or None before the first release; asked for as publisher, or as registrar."""
        signer = self._registrar if registrar else self._publisher
        return self._get(http.PATH_METADATA.format(name=file_name(SNAPSHOT)), limit=LIMITS[SNAPSHOT], signer=signer)

    def put_release(self, metadata: MetadataUpload, *, registrar: bool = False) -> None:
        """Make new metadata count; ``registrar`` when the publisher's key is the one that is being replaced."""
        signer = self._registrar if registrar else self._publisher
        self._send_json(http.PATH_RELEASE, metadata, signer=signer, method="PUT")

    def put_target(self, name: str, data: bytes, *, registrar: bool) -> None:
        """Store a target; the same bytes again are fine."""
        signer = self._registrar if registrar else self._publisher
        self._send("PUT", http.PATH_TARGET.format(name=name), data, signer=signer)

    def target(self, name: str) -> bytes | None:
        """A target's bytes, or None when there is none."""
        return self._get(http.PATH_TARGET.format(name=name), limit=2 * codec.MAX_DIRECTORY)

    def put_envelope(self, scope: PackId, epoch: int, device: DeviceId, data: bytes) -> None:
        """Store a scope key for one device."""
        path = http.PATH_ENVELOPE.format(scope=scope, epoch=epoch, device=device)
        self._send("PUT", path, data, media=http.DSSE_MEDIA)

    def has_blob(self, name: Hash) -> bool:
        """Whether the service holds a blob: asks for its first byte."""
        return self._get(http.PATH_BLOB.format(hash=name), limit=1, extra={"range": "bytes=0-0"}) is not None

    def blob(self, name: Hash, size: int) -> bytes | None:
        """A small sealed blob in one piece, or None when there is none."""
        return self._get(http.PATH_BLOB.format(hash=name), limit=size)

    def put_blob(self, name: Hash, path: Path, size: int, progress: Progress) -> None:
        """Send a sealed paper from disk in pieces.

        Raises:
            OSError: The file cannot be read.
        """
        headers = {"content-type": http.BLOB_MEDIA, "content-length": str(size)}
        self._send_signed(
            "PUT", http.PATH_BLOB.format(hash=name), answers.pieces(path, progress), headers, body_hash=name
        )

    # -- polls ------------------------------------------------------------------------------------------

    def put_poll(self, poll: PollId, definition: bytes) -> None:
        """Store a poll's definition."""
        self._send("PUT", http.PATH_POLL.format(poll=poll), definition, media=http.DSSE_MEDIA)

    def poll(self, poll: PollId) -> PollAnswer:
        """Definition and signed status.

        Raises:
            ServiceRefused: ``not-found``.
        """
        return self._get_json(http.PATH_POLL.format(poll=poll), PollAnswer, limit=codec.MAX_POLL * 4)

    def open_poll(self, poll: PollId, definition: Hash, closes: Moment | None) -> None:
        """Open a poll, or set its closing time."""
        self._send_json(http.PATH_POLL_OPEN.format(poll=poll), OpenRequest(definition, closes))

    def close_poll(self, poll: PollId, definition: Hash, *, void: bool = False) -> None:
        """Close a poll by the service's clock; ``void`` when its papers changed under it."""
        self._send_json(http.PATH_POLL_CLOSE.format(poll=poll), CloseRequest(definition, void))

    def closing(self, poll: PollId) -> bytes | None:
        """The signed closing list, or None while there is none."""
        return self._get(http.PATH_CLOSING.format(poll=poll), limit=2 * codec.MAX_CLOSING)

    def certify_poll(
        self, poll: PollId, definition: Hash, *, admit: tuple[Hash, ...], ruling: dict[QuestionId, ChoiceCode]
    ) -> None:
        """Make a closed poll's result final."""
        self._send_json(http.PATH_CERTIFY.format(poll=poll), CertifyRequest(definition, admit, ruling))

    def certified(self, poll: PollId) -> bytes | None:
        """The signed certified result, or None while there is none."""
        return self._get(http.PATH_CERTIFIED.format(poll=poll), limit=2 * codec.MAX_CLOSING)

    def late_votes(self, poll: PollId) -> tuple[Hash, ...]:
        """Votes that came too late, in order of receipt."""
        return self._get_json(http.PATH_POLL_LATE.format(poll=poll), LateVotes, limit=MAX_LIST).votes

    def answered(self, poll: PollId) -> tuple[MemberId, ...]:
        """Members whose vote stands."""
        return self._get_json(http.PATH_POLL_ANSWERED.format(poll=poll), Answered, limit=MAX_LIST).members

    def statement(self, digest: Hash) -> StatementAnswer:
        """A vote of a poll that has ended, with its receipt.

        Raises:
            ServiceRefused: ``not-found``.
        """
        return self._get_json(http.PATH_STATEMENT.format(hash=digest), StatementAnswer, limit=2 * MAX_STATEMENT)

    # -- sessions ---------------------------------------------------------------------------------------

    def put_session(self, session: SessionId, plan: bytes) -> None:
        """Announce a session or change its agenda."""
        self._send("PUT", http.PATH_SESSION.format(session=session), plan, media=http.DSSE_MEDIA)

    def session(self, session: SessionId) -> SessionAnswer:
        """Plan and newest state.

        Raises:
            ServiceRefused: ``session-unknown``.
        """
        return self._get_json(http.PATH_SESSION.format(session=session), SessionAnswer, limit=MAX_ROOM)

    def order(self, session: SessionId, plan: Hash, command: SessionCommand) -> SessionAnswer:
        """Give a command; the state after it.

        Raises:
            ServiceRefused: Not possible now; the problem's code says why.
        """
        path = http.PATH_SESSION_ORDER.format(session=session)
        body = codec.encode(SessionOrder(plan, command))
        answer = self._exchange("POST", path, body, {"content-type": "application/json"}, limit=MAX_ROOM)
        return codec.decode(answer, SessionAnswer, limit=MAX_ROOM)

    def acts(self, session: SessionId, after: int) -> ActList:
        """Members' acts in a session received after position ``after``."""
        return self._get_json(
            f"{http.PATH_SESSION_ACTS.format(session=session)}?after={after}", ActList, limit=MAX_LIST
        )

    # -- enrolment and comments -------------------------------------------------------------------------

    def open_ticket(self, digest: Hash, member: MemberId, expires: Moment) -> None:
        """Announce a ticket by its hash."""
        self._send_json(http.PATH_TICKETS, TicketRequest(digest, member, expires), signer=self._registrar)

    def pending(self) -> PendingList:
        """Devices that wait for the registrar."""
        return self._get_json(http.PATH_PENDING, PendingList, limit=MAX_LIST, signer=self._registrar)

    def wiped(self) -> WipedList:
        """Reports of devices that erased themselves."""
        return self._get_json(http.PATH_WIPED, WipedList, limit=MAX_LIST, signer=self._registrar)

    def post_carried(self, envelope: bytes, digest: Hash) -> StatementAnswer:
        """Hand in a member's act; the answer holds its receipt."""
        headers = {"content-type": http.DSSE_MEDIA, "idempotency-key": digest}
        body = self._exchange("POST", http.PATH_CARRIED, envelope, headers)
        return codec.decode(body, StatementAnswer, limit=codec.MAX_SMALL)

    def comments(self, after: int) -> CommentList:
        """Comments received after position ``after``."""
        return self._get_json(f"{http.PATH_COMMENTS}?after={after}", CommentList, limit=MAX_LIST)

    def post_bulletin(self, envelope: bytes) -> None:
        """Tell members something about a published pack; the same again changes nothing.

        Raises:
            ServiceRefused: ``version-conflict``, or an extension that is not possible now.
        """
        self._send("POST", http.PATH_BULLETINS, envelope, media=http.DSSE_MEDIA)

    def bulletins(self, after: int) -> BulletinList:
        """Bulletins received after position ``after``."""
        return self._get_json(f"{http.PATH_BULLETINS}?after={after}", BulletinList, limit=MAX_LIST)

    # -- one request ------------------------------------------------------------------------------------

    def _get(
        self, path: str, *, limit: int, signer: SigningPort | None = None, extra: dict[str, str] | None = None
    ) -> bytes | None:
        try:
            return self._exchange("GET", path, b"", extra or {}, signer=signer, limit=limit)
        except ServiceRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise

    def _get_json(self, path: str, kind: type[T], *, limit: int, signer: SigningPort | None = None) -> T:
        body = self._exchange("GET", path, b"", {}, signer=signer, limit=limit)
        return codec.decode(body, kind, limit=limit)

    def _send_json(self, path: str, value: object, *, signer: SigningPort | None = None, method: str = "POST") -> None:
        self._send(method, path, codec.encode(value), media="application/json", signer=signer)

    def _send(
        self, method: str, path: str, body: bytes, *, media: str = http.BLOB_MEDIA, signer: SigningPort | None = None
    ) -> None:
        self._exchange(method, path, body, {"content-type": media}, signer=signer)

    def _send_signed(
        self, method: str, path: str, body: Iterable[bytes], headers: dict[str, str], *, body_hash: Hash
    ) -> None:
        self._exchange(method, path, body, headers, body_hash=body_hash)

    def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes],
        headers: dict[str, str],
        *,
        signer: SigningPort | None = None,
        body_hash: Hash | None = None,
        limit: int = codec.MAX_SMALL,
    ) -> bytes:
        """One signed request and its answer's body.

        Raises:
            ServiceError: Of the kind that says what to do.
            LimitExceeded: The answer is longer than ``limit`` bytes.
        """
        signer = signer or self._publisher
        url = self.base_url + quote(path, safe="/?=&:")
        signed = request.sign_request(
            method=method,
            url=url,
            headers=headers,
            body=body if isinstance(body, bytes) else b"",
            keyid=signer.keyid,
            key=signer.key,
            created=self._clock.now() // 1000,
            nonce=base64.urlsafe_b64encode(self._rng(18)).decode(),
            body_hash=body_hash,
        )
        try:
            with self._http.stream(method, url, content=body or None, headers={**headers, **signed}) as response:
                return _answer(response, limit)
        except httpx.HTTPError as error:
            raise answers.lost(error) from error


def check_url(base_url: str) -> str:
    """The URL without a trailing slash.

    Raises:
        BadInput: Not http(s), with a path, user or query, or plain http to another machine.
    """
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL as error:
        raise BadInput("server URL") from error
    plain_elsewhere = url.scheme == "http" and url.host not in _LOOPBACK
    if url.scheme not in ("http", "https") or not url.host or plain_elsewhere:
        raise BadInput("server URL: https is needed, plain http only for this machine")
    if url.userinfo or url.query or url.fragment or url.path not in ("", "/"):
        raise BadInput("server URL: only scheme, host and port")
    return str(url).rstrip("/")


def _answer(response: httpx.Response, limit: int) -> bytes:
    media = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status_code not in _OK:
        raise _refusal(response, media)
    if media in ("text/html", "application/xhtml+xml"):
        raise CaptivePortal(f"{response.status_code} {media}")
    return _read(response, limit)


def _read(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > limit:
            raise LimitExceeded(f"answer over {limit} bytes")
    return bytes(body)


def _refusal(response: httpx.Response, media: str) -> EcabinetError:
    problem = media == http.PROBLEM_MEDIA
    return answers.refusal(response.status_code, media, _read(response, answers.MAX_PROBLEM) if problem else b"")
