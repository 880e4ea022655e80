# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes and signs TUF roles. Decides their form, never their content; asks no clock.

Every function returns the bytes of one metadata file, compact JSON. Keys are given as key id to public key
(``p256:...``), signers as ports, so that a key may live in a file or on a token.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from securesystemslib.exceptions import UnverifiedSignatureError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from client.clock import Millis
from client.crypto import hashing
from client.crypto.metadata.keys import RoleSigner, SigningPort, tuf_key
from client.crypto.metadata.verify import (
    EARLIER,
    PATHS,
    PUBLISHER,
    REGISTRAR,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    FileInfo,
    file_name,
)
from client.errors import BadInput, SignatureInvalid

_SERIALIZER: Final = JSONSerializer(compact=True)


@dataclass(frozen=True, slots=True)
class RootPlan:
    """Who may sign what at the top.

    Attributes:
        root: The offline keys; the top-level targets are theirs too.
        threshold: How many of them must sign together.
        online: The service's keys for snapshot and timestamp.
    """

    root: Mapping[str, str]
    threshold: int
    online: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delegation:
    """Whose keys count for devices and for papers, and which counted before."""

    registrar: Mapping[str, str]
    publisher: Mapping[str, str]
    earlier: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def root(plan: RootPlan, *, version: int, expires: Millis, signers: Sequence[SigningPort]) -> bytes:
    """A root. A successor must also be signed by the threshold of the root before it: give those signers too.

    Raises:
        BadInput: A threshold out of reach, or one key under two ids.
    """
    keys = {**plan.root, **plan.online}
    if not 1 <= plan.threshold <= len(plan.root) or len(set(keys.values())) != len(keys):
        raise BadInput("root: threshold or keys")
    offline, online = list(plan.root), list(plan.online)
    made = Root(
        version=version,
        expires=_moment(expires),
        keys={keyid: tuf_key(keyid, public) for keyid, public in keys.items()},
        roles={
            ROOT: Role(offline, plan.threshold),
            TARGETS: Role(offline, plan.threshold),
            SNAPSHOT: Role(online, 1),
            TIMESTAMP: Role(online, 1),
        },
        consistent_snapshot=True,
    )
    return _signed(made, signers)


def targets(who: Delegation, *, version: int, expires: Millis, signers: Sequence[SigningPort]) -> bytes:
    """The top-level targets: nothing but the two delegations."""
    keys = {**who.registrar, **who.publisher}
    if not who.registrar or not who.publisher or len(set(keys.values())) != len(keys):
        raise BadInput("targets: keys")
    by_role = {REGISTRAR: who.registrar, PUBLISHER: who.publisher}
    roles = {
        role: DelegatedRole(role, list(by_role[role]), 1, terminating=True, paths=list(paths))
        for role, paths in PATHS.items()
    }
    made = Targets(
        version=version,
        expires=_moment(expires),
        targets={},
        delegations=Delegations({keyid: tuf_key(keyid, public) for keyid, public in keys.items()}, roles),
        unrecognized_fields={EARLIER: {role: dict(found) for role, found in who.earlier.items()}},
    )
    return _signed(made, signers)


def files(found: Mapping[str, FileInfo], *, version: int, expires: Millis, signers: Sequence[SigningPort]) -> bytes:
    """The targets metadata of registrar or publisher."""
    entries = {
        name: TargetFile(
            info.size,
            {"sha256": info.sha256.removeprefix(hashing.PREFIX)},
            name,
            {"custom": dict(info.custom)} if info.custom else {},
        )
        for name, info in sorted(found.items())
    }
    return _signed(Targets(version=version, expires=_moment(expires), targets=entries), signers)


def snapshot(roles: Mapping[str, tuple[int, bytes]], *, version: int, expires: Millis, signer: SigningPort) -> bytes:
    """A snapshot over versions and bytes of targets, registrar and publisher."""
    meta = {file_name(role): _meta(number, data) for role, (number, data) in roles.items()}
    return _signed(Snapshot(version=version, expires=_moment(expires), meta=meta), [signer])


def timestamp(snapshot: tuple[int, bytes], *, version: int, expires: Millis, signer: SigningPort) -> bytes:
    """A timestamp over one snapshot."""
    return _signed(Timestamp(version=version, expires=_moment(expires), snapshot_meta=_meta(*snapshot)), [signer])


def _meta(version: int, data: bytes) -> MetaFile:
    return MetaFile(version, len(data), {"sha256": hashing.sha256(data).removeprefix(hashing.PREFIX)})


def _signed(signed: Any, signers: Sequence[SigningPort]) -> bytes:
    """Signed by everyone given, each checked at once: a token that signs wrongly is noticed here, not by members."""
    made = Metadata(signed)
    for port in signers:
        signer = RoleSigner(port)
        signature = signer.sign(made.signed_bytes)
        try:
            signer.public_key.verify_signature(signature, made.signed_bytes)
        except UnverifiedSignatureError as error:
            raise SignatureInvalid(f"{port.keyid}: its own signature does not verify") from error
        made.signatures[port.keyid] = signature
    return made.to_bytes(_SERIALIZER)


def _moment(at: Millis) -> datetime:
    return datetime.fromtimestamp(int(at) / 1000, UTC)
