# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who signs what in a test: three root keys, registrar, publisher, and metadata made as right or wrong as asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from client.clock import Millis
from client.crypto.metadata import verify, write
from client.crypto.metadata.keys import HeldKey
from client.crypto.metadata.verify import PUBLISHER, REGISTRAR, SNAPSHOT, TARGETS, TIMESTAMP
from client.crypto.signing import SigningKey
from client.errors import ServiceRefused
from client.protocol import http
from client.protocol.messages import KeyRole, Root, Target
from server.secretariat import ceremony
from server.secretariat.ceremony import Trusted

BODY = "Cơ quan thử (dữ liệu giả định)"
DAY_MS = 86_400_000


def held(keyid: str) -> HeldKey:
    """A fresh key."""
    return HeldKey(keyid, SigningKey.generate())


def role_of(key: HeldKey) -> KeyRole:
    return KeyRole(key.keyid, key.public)


class Ceremony:
    """Root, registrar and publisher; ``trusted`` is what was signed last.

    Args:
        service: The service's public key, or a key to sign in its place.
        now: The time of the ceremony.
    """

    def __init__(self, service: KeyRole | HeldKey, now: int, *, body: str = BODY) -> None:
        self.body = body
        self.offline = [held(f"root-{number}") for number in (1, 2, 3)]
        self.registrar, self.publisher = held("registrar-1"), held("publisher-1")
        self.service = service if isinstance(service, HeldKey) else None
        self.trusted: Trusted = ceremony.begin(
            self.offline,
            online=role_of(service) if isinstance(service, HeldKey) else service,
            registrar=role_of(self.registrar),
            publisher=role_of(self.publisher),
            now=Millis(now),
        )
        self.root = Root(self.body, self.trusted.roots, self.trusted.targets)

    def sign(
        self,
        targets: Mapping[str, Target],
        *,
        version: int,
        now: int,
        days: float = 365,
        registrar: Sequence[HeldKey] | None = None,
        publisher: Sequence[HeldKey] | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> http.MetadataUpload:
        """A release over ``targets``, each role with ``version`` unless ``versions`` says otherwise."""
        numbers = {REGISTRAR: version, PUBLISHER: version, **(versions or {})}
        made = {}
        for role, mine, signers in (
            (REGISTRAR, ("d/",), registrar or [self.registrar]),
            (PUBLISHER, ("p/", "r/"), publisher or [self.publisher]),
        ):
            files = {name: target for name, target in targets.items() if name.startswith(mine)}
            made[role] = write.files(
                ceremony.described(files),
                version=numbers[role],
                expires=Millis(round(now + days * DAY_MS)),
                signers=signers,
            )
        return http.MetadataUpload(self.trusted.roots, self.trusted.targets, made[REGISTRAR], made[PUBLISHER])


def published(
    upload: http.MetadataUpload,
    service: HeldKey,
    *,
    version: int,
    now: int,
    timestamp_days: float = 1,
    snapshot_days: float = 7,
    versions: Mapping[str, int] | None = None,
) -> dict[str, bytes]:
    """What a service makes of a release: every metadata file by role."""
    assert upload.targets is not None
    assert upload.registrar is not None
    assert upload.publisher is not None
    roles = {TARGETS: upload.targets, REGISTRAR: upload.registrar, PUBLISHER: upload.publisher}
    numbered = {role: (verify.peek_unverified(role, data)[0], data) for role, data in roles.items()}
    number = {SNAPSHOT: version, TIMESTAMP: version, **(versions or {})}
    snapshot = write.snapshot(
        numbered, version=number[SNAPSHOT], expires=Millis(round(now + snapshot_days * DAY_MS)), signer=service
    )
    timestamp = write.timestamp(
        (number[SNAPSHOT], snapshot),
        version=number[TIMESTAMP],
        expires=Millis(round(now + timestamp_days * DAY_MS)),
        signer=service,
    )
    return {**roles, SNAPSHOT: snapshot, TIMESTAMP: timestamp}


class Shelf:
    """A service in memory, as trust asks one; a test puts on the shelf what it likes."""

    def __init__(self, roots: Sequence[bytes] = (), roles: Mapping[str, bytes] | None = None) -> None:
        self.roots = list(roots)
        self.roles = dict(roles or {})
        self.targets: dict[str, bytes] = {}
        self.asked: list[str] = []

    def get_metadata(self, name: str, limit: int) -> bytes:
        self.asked.append(name)
        number, _, role = name.removesuffix(".json").rpartition(".")
        if role == "root":
            for data in self.roots:
                if verify.peek_unverified("root", data)[0] == int(number):
                    return data
            raise ServiceRefused("not-found", 404, b"")
        return self.roles[role]

    def get_target(self, name: str, limit: int) -> bytes:
        self.asked.append(name)
        return self.targets[name]


class MemoryTrustStore:
    """The port of trust, in memory."""

    def __init__(self) -> None:
        self.roots: list[bytes] = []
        self.anchor = 0
        self.roles: dict[str, bytes] = {}
        self.targets: dict[str, bytes] = {}
        self.saves = 0

    def load_roots(self) -> tuple[bytes, ...]:
        return tuple(self.roots)

    def save_root(self, version: int, data: bytes) -> None:
        self.roots.append(data)

    def load_metadata(self) -> tuple[int, Mapping[str, bytes]]:
        return self.anchor, self.roles

    def save_metadata(self, root: int, roles: Mapping[str, tuple[int, bytes]]) -> None:
        self.anchor, self.roles = root, {role: data for role, (_, data) in roles.items()}
        self.saves += 1

    def load_target(self, name: str) -> bytes | None:
        return self.targets.get(name)

    def save_target(self, name: str, data: bytes) -> None:
        self.targets[name] = data
