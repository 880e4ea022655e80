# SPDX-License-Identifier: AGPL-3.0-or-later
"""Names and contexts that both ends must derive alike: targets, sealing contexts, salted wording."""

from __future__ import annotations

import hashlib

from client.domain.ids import DeviceId, Hash, ItemId, MemberId, PackId, QuestionId, SessionId
from client.protocol import codec
from client.protocol.messages import EnvelopeBody

DIRECTORY = "d/directory"
PACK = "p"
RULES = "r"


def directory_target(version: int) -> str:
    """``d/directory.42``."""
    return f"{DIRECTORY}.{version}"


def pack_target(pack: PackId, rev: int) -> str:
    """``p/pk_7f3a.3``."""
    return f"{PACK}/{pack}.{rev}"


def rules_target(name: str, version: int) -> str:
    """``r/gov-2025.1``."""
    return f"{RULES}/{name}.{version}"


def split_target(name: str) -> tuple[str, str, int]:
    """``("p", "pk_7f3a", 3)`` for ``p/pk_7f3a.3``; only for names that matched ``TargetName``."""
    kind, _, rest = name.partition("/")
    stem, _, number = rest.rpartition(".")
    return kind, stem, int(number)


def manifest_context(pack: PackId, rev: int) -> bytes:
    """Sealing context of a manifest (protocol.md, section 4)."""
    return f"ecab/manifest/1|{pack}|{rev}".encode()


def blob_context(plain: Hash) -> bytes:
    """Sealing context of a paper's bytes."""
    return f"ecab/blob/1|{plain}".encode()


def envelope_info(scope: PackId, epoch: int, device: DeviceId) -> bytes:
    """HPKE ``info`` of an envelope: its own fields, so that it opens nowhere else."""
    return codec.encode(EnvelopeBody(scope=scope, epoch=epoch, device=device, sealed=b""))


def comment_info(comment: str, member: str, reader: str) -> bytes:
    """HPKE ``info`` of a comment's text for one reader."""
    return f"ecab/comment/1|{comment}|{member}|{reader}".encode()


def notes_context(member: str, device: str, n: int) -> bytes:
    """Sealing context of a batch of notes."""
    return f"ecab/notes/1|{member}|{device}|{n}".encode()


def notes_info(member: str, device: str, n: int, reader: str) -> bytes:
    """HPKE ``info`` of a batch's content key for one device."""
    return f"ecab/notes-key/1|{member}|{device}|{n}|{reader}".encode()


def shared_context(member: str, device: str, to: str, n: int) -> bytes:
    """Sealing context of a batch that ``member`` shares with ``to``."""
    return f"ecab/shared/1|{member}|{device}|{to}|{n}".encode()


def shared_info(member: str, device: str, to: str, n: int, reader: str) -> bytes:
    """HPKE ``info`` of such a batch's content key for one device."""
    return f"ecab/shared-key/1|{member}|{device}|{to}|{n}|{reader}".encode()


def carried_context(statement: str) -> bytes:
    """Sealing context of an act that is carried by hand."""
    return f"ecab/carried/1|{statement}".encode()


def carried_info(statement: str, reader: str) -> bytes:
    """HPKE ``info`` of such an act's content key for one reader."""
    return f"ecab/carried-key/1|{statement}|{reader}".encode()


def act_info(session: SessionId, member: MemberId, nonce: bytes, reader: str) -> bytes:
    """HPKE ``info`` of a session act's words for one reader."""
    return f"ecab/session-act/1|{session}|{member}|{nonce.hex()}|{reader}".encode()


def conclusion_context(pack: PackId, session: SessionId, item: ItemId) -> bytes:
    """Sealing context of an item's conclusion under the pack's scope key."""
    return f"ecab/conclusion/1|{pack}|{session}|{item}".encode()


def bulletin_context(kind: str, pack: PackId, subject: str, version: int) -> bytes:
    """Sealing context of a bulletin's words under the pack's scope key; ``kind`` is ``answer`` or ``extension``."""
    return f"ecab/bulletin/1|{kind}|{pack}|{subject}|{version}".encode()


def wording_hash(salt: bytes, question: QuestionId, text: str) -> Hash:
    """Binds sealed wording to the public definition: SHA-256 over length-prefixed salt, id and text."""
    digest = hashlib.sha256(b"ecab/wording/1")
    for part in (salt, question.encode(), text.encode()):
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
    return Hash("sha256:" + digest.hexdigest())
