# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may ask: the guard in front of every handler.

Each handler names the roles it serves (``allow``) or says that it is open (``OPEN``); one that says nothing
refuses everyone. The guard reads the body up to the handler's limit, verifies the request's signature
(RFC 9421) with the key of the caller, and checks the device's state in the directory in force, per request.

Rules:
1. The keys that TUF delegates to sign as ``publisher`` and ``registrar``; every other key id is a device's.
2. A device that the directory lists as anything but active, or whose time is over, gets ``device-revoked``
   everywhere except where ``inactive`` says otherwise: it may still fetch metadata and the directory,
   because the order to wipe is in there under the registrar's signature.
3. A nonce is refused if seen in the last 10 minutes. They are remembered in memory; requests whose repetition
   would change something are also spent in the database (``Transaction.spend``).
4. A request outside the time window is answered with the service's signed time.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from client.clock import Clock, to_rfc3339
from client.crypto import request as signed_request
from client.domain.ids import DeviceId, Hash
from client.errors import SignatureInvalid
from client.protocol import codec
from client.protocol.http import Problem
from client.protocol.messages import DeviceEntry, DeviceState
from server import sizes
from server.problems import Refusal

if TYPE_CHECKING:
    from server.service import Service
    from server.storage.index import DirectoryView

DRAIN: Final = sizes.RELEASE + codec.MAX_SMALL
"""Bytes of a refused body that are read and dropped, so that the refusal arrives before the reset."""
NONCE_KEPT_S: Final = 600.0

Req = Request[Any, Any, Any]


class Role(Enum):
    """Kinds of callers."""

    DEVICE = "device"
    PUBLISHER = "publisher"
    REGISTRAR = "registrar"


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller.

    Attributes:
        device: The directory's entry, for a device.
        nonce: The request's, for ``Transaction.spend``.
    """

    keyid: str
    roles: frozenset[Role]
    device: DeviceEntry | None
    nonce: str

    @property
    def is_publisher(self) -> bool:
        """Whether the publisher asks."""
        return Role.PUBLISHER in self.roles


@dataclass(frozen=True, slots=True)
class Access:
    """What a handler demands.

    Attributes:
        roles: Who may call; empty with ``open`` for anyone.
        body: Most bytes of a body; 0 for none.
        inactive: Devices that are listed but not active may call as well.
        streamed: The body is not read here; its hash is the path's last part.
    """

    roles: frozenset[Role] = frozenset()
    open: bool = False
    body: int = 0
    inactive: bool = False
    streamed: bool = False


def allow(*roles: Role, body: int = 0, inactive: bool = False, streamed: bool = False) -> dict[str, Any]:
    """The ``opt`` of a handler for some roles."""
    return {"access": Access(frozenset(roles), body=body, inactive=inactive, streamed=streamed)}


def open_to_all(*, body: int = 0) -> dict[str, Any]:
    """The ``opt`` of a handler for anyone, unsigned."""
    return {"access": Access(open=True, body=body)}


class Nonces:
    """Nonces of the last 10 to 20 minutes, in two generations of digests.

    Args:
        clock: Only its monotonic side is read.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()
        self._turned = clock.monotonic()

    def spend(self, keyid: str, nonce: str) -> bool:
        """Whether this nonce of this key is new; it is not new again."""
        now = self._clock.monotonic()
        if now - self._turned >= NONCE_KEPT_S:
            self._old = self._young if now - self._turned < 2 * NONCE_KEPT_S else set()
            self._young, self._turned = set(), now
        mark = hashlib.blake2b(f"{keyid}|{nonce}".encode(), digest_size=16).digest()
        if mark in self._young or mark in self._old:
            return False
        self._young.add(mark)
        return True


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Admit or refuse one request; leaves caller and body in its state.

    Raises:
        Refusal: With the reason.
        SignatureInvalid: The signature does not verify.
        LimitExceeded: The body is too large.
    """
    request = cast("Req", connection)
    access: Access = handler.opt.get("access", Access())
    service: Service = request.app.state.service
    try:
        state = request.scope["state"]
        body = b"" if access.streamed else await _read(request, access.body)
        state["body"] = body
        state["caller"] = None if access.open else await _verify(request, service, access, body)
    except Exception:
        await drain(request)
        raise


def caller_of(request: Req) -> Caller:
    """Who the guard admitted."""
    caller: Caller | None = request.scope["state"].get("caller")
    if caller is None:
        raise Refusal(Problem.FORBIDDEN)
    return caller


def device_of(request: Req) -> DeviceEntry:
    """The device the guard admitted."""
    device = caller_of(request).device
    if device is None:
        raise Refusal(Problem.FORBIDDEN)
    return device


def body_of(request: Req) -> bytes:
    """The body the guard read."""
    return cast("bytes", request.scope["state"]["body"])


async def _verify(request: Req, service: Service, access: Access, body: bytes) -> Caller:
    directory = await service.directory()
    keys = _Keys(service, directory)
    config = service.config
    now = config.clock.now()
    try:
        verified = signed_request.verify_request(
            method=request.method,
            url=target_uri(request, config.public_urls),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]],
            body=body,
            keys=keys.find,
            now=now // 1000,
            window_s=config.limits.window_s,
            body_hash=_promised_hash(request) if access.streamed else None,
        )
    except signed_request.RequestTooOld as error:
        raise Refusal(Problem.CLOCK_SKEW, signed=service.signer.time(now)) from error
    except SignatureInvalid as error:
        if keys.unknown:
            raise Refusal(Problem.UNKNOWN_DEVICE) from error
        raise
    caller = keys.caller(verified)
    if caller.device is not None and not access.inactive and not is_active(caller.device, config.clock):
        raise Refusal(Problem.DEVICE_REVOKED, caller.keyid)
    if not service.nonces.spend(verified.keyid, verified.nonce):
        raise Refusal(Problem.REPLAY)
    if not caller.roles & access.roles:
        raise Refusal(Problem.FORBIDDEN)
    return caller


def is_active(entry: DeviceEntry, clock: Clock) -> bool:
    """Whether a device may act now."""
    return entry.state is DeviceState.ACTIVE and to_rfc3339(clock.now()) < entry.until


class _Keys:
    """Looks up the caller's key and remembers whether it was found."""

    def __init__(self, service: Service, directory: DirectoryView | None) -> None:
        self._roles = service.roles
        self._devices = {} if directory is None else directory.devices
        self.unknown = False

    def find(self, keyid: str) -> str | None:
        for keys in (self._roles.publisher, self._roles.registrar):
            if keyid in keys:
                return keys[keyid]
        entry = self._devices.get(DeviceId(keyid))
        self.unknown = entry is None
        return None if entry is None else entry.sign

    def caller(self, verified: signed_request.VerifiedRequest) -> Caller:
        named = ((self._roles.publisher, Role.PUBLISHER), (self._roles.registrar, Role.REGISTRAR))
        roles = frozenset(role for keys, role in named if verified.keyid in keys)
        if roles:
            return Caller(verified.keyid, roles, None, verified.nonce)
        device = self._devices[DeviceId(verified.keyid)]
        return Caller(verified.keyid, frozenset({Role.DEVICE}), device, verified.nonce)


def target_uri(request: Req, public_urls: tuple[str, ...]) -> str:
    """The absolute URL the client was told to use.

    Raises:
        Refusal: The request names a host that is not ours.
    """
    scope = request.scope
    origin = f"{scope['scheme']}://{request.headers.get('host', '')}"
    if public_urls and origin not in public_urls:
        raise Refusal(Problem.BAD_REQUEST, "host")
    query = scope["query_string"].decode("latin-1")
    path = scope["raw_path"].decode("latin-1")
    return f"{origin}{path}?{query}" if query else f"{origin}{path}"


def _promised_hash(request: Req) -> Hash:
    return Hash(request.scope["path"].rsplit("/", 1)[-1])


async def _read(request: Req, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > limit:
        raise Refusal(Problem.TOO_LARGE, f"limit {limit}")
    pieces: list[bytes] = []
    size = 0
    async for piece in body_stream(request):
        size += len(piece)
        if size > limit:
            raise Refusal(Problem.TOO_LARGE, f"limit {limit}")
        pieces.append(piece)
    return b"".join(pieces)


async def body_stream(request: Req) -> AsyncIterator[bytes]:
    """The body as it arrives; ends early when the client goes away."""
    state = request.scope["state"]
    while not state.get("body_read"):
        message = await request.receive()
        if message["type"] != "http.request":
            state["body_read"] = True
            raise Refusal(Problem.BAD_REQUEST, "body cut short")
        state["body_read"] = not message["more_body"]
        if message["body"]:
            yield message["body"]


async def drain(request: Req) -> None:
    """Read and drop the rest of a body, up to ``DRAIN`` bytes."""
    size = 0
    try:
        async for piece in body_stream(request):
            size += len(piece)
            if size > DRAIN:
                return
    except Refusal:
        return  # the client went away; there is nobody left to answer
