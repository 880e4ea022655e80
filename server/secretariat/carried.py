# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes in acts that members hand over when the network is dead, and gives the receipts back as files.

The act goes to the service exactly as its device signed it; the service judges it as if the device had sent it, and
counts it once whichever way it comes first. The receipt is written beside the file; it proves itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from client import durable
from client.crypto import dsse, hashing, stream
from client.crypto.secret import Secret
from client.domain.ids import Hash, MemberId, Moment
from client.errors import BadInput, ContentMismatch, EcabinetError
from client.protocol import carried, codec, names
from client.protocol.messages import (
    AnyReceipt,
    CarriedReceipt,
    CarriedStatement,
    CommentReceipt,
    Statement,
    VoteStatement,
)
from server.secretariat import codes
from server.secretariat.core import DeskCore

SUFFIX: Final = ".receipt"
CODES_SUFFIX: Final = ".receipt.html"
_ENVELOPE_LIMIT: Final = 2 * codec.MAX_STATEMENT


class Taken(Struct, frozen=True):
    """What became of one file.

    Attributes:
        status: ``counted``, ``late`` or ``recorded``; empty with a ``problem``.
        receipt: Where the receipt was written; ``codes`` the same as QR codes on a page.
        problem: Code of what went wrong; nothing was changed then.
    """

    file: str
    member: MemberId | None = None
    name: str = ""
    subject: str = ""
    status: str = ""
    received: Moment | None = None
    receipt: str = ""
    codes: str = ""
    problem: str = ""


class TakenReport(Struct, frozen=True):
    """All files of one call, in order."""

    taken: tuple[Taken, ...]


def take(core: DeskCore, files: Sequence[Path], *, dry_run: bool = False) -> TakenReport:
    """Hand each file's act to the service and write its receipt beside it.

    One file that is refused does not keep the others back.

    Args:
        core: The desk, connected unless ``dry_run``.
        files: As exported by members, or text files with the lines of scanned codes.
        dry_run: Open and show only.

    Raises:
        EcabinetError: There was one file and it was not taken.
    """
    if len(files) == 1:
        return TakenReport((_take(core, files[0], dry_run=dry_run),))
    return TakenReport(tuple(_take_or_tell(core, path, dry_run=dry_run) for path in files))


def _take_or_tell(core: DeskCore, path: Path, *, dry_run: bool) -> Taken:
    try:
        return _take(core, path, dry_run=dry_run)
    except EcabinetError as error:
        problem = getattr(error, "problem", "") or error.code
        return Taken(path.name, problem=problem)


def _take(core: DeskCore, path: Path, *, dry_run: bool) -> Taken:
    envelope, statement = _open(core, _read(path))
    name = next((member.name for member in core.state.members if member.id == statement.member), "")
    subject = statement.poll if isinstance(statement, VoteStatement) else statement.pack
    if dry_run:
        return Taken(path.name, statement.member, name, subject)
    digest = Hash(hashing.sha256(codec.encode(statement)))
    answer = core.require_service().post_carried(envelope, digest)
    receipt = _receipt(core, answer.receipt)
    out = path.with_name(path.name + SUFFIX)
    page = path.with_name(path.name + CODES_SUFFIX)
    file = codec.encode(CarriedReceipt(statement=digest, receipt=answer.receipt))
    durable.replace(out, file)
    durable.replace(page, codes.page(file))
    status = "recorded" if isinstance(receipt, CommentReceipt) else receipt.status.value
    return Taken(path.name, statement.member, name, subject, status, receipt.received_at, str(out), str(page))


def _open(core: DeskCore, file: CarriedStatement) -> tuple[bytes, Statement]:
    """The act as its device signed it.

    Raises:
        ContentMismatch: Not sealed to this desk's reader, or another act than it names.
        Untrusted: It does not open, or is no act of a device that this desk knows.
    """
    reader = core.state.reader.id
    sealed = next((part.sealed for part in file.keys if part.reader == reader), None)
    if sealed is None:
        raise ContentMismatch("carried: not for this reader")
    key = Secret(core.reader.open(names.carried_info(file.statement, reader), sealed))
    context = names.carried_context(file.statement)
    envelope = stream.open_bytes(key, context, file.content, limit=_ENVELOPE_LIMIT)
    keys: dict[str, str] = {device.id: device.sign for device in core.state.devices if device.id == file.device}
    opened = dsse.open_(envelope, keys, limit=_ENVELOPE_LIMIT)
    if opened.hash != file.statement:
        raise ContentMismatch("carried: another act")
    statement: Statement = codec.decode(opened.payload, Statement, limit=codec.MAX_STATEMENT)  # type: ignore[arg-type]
    return envelope, statement


def _receipt(core: DeskCore, envelope: bytes) -> AnyReceipt:
    services: dict[str, str] = {key.id: key.sign for key in core.state.services}
    opened = dsse.open_(envelope, services, limit=2 * codec.MAX_RECEIPT)
    receipt: AnyReceipt = codec.decode(opened.payload, AnyReceipt, limit=codec.MAX_RECEIPT)  # type: ignore[arg-type]
    return receipt


def _read(path: Path) -> CarriedStatement:
    try:
        with path.open("rb") as file:
            data = file.read(carried.MAX_TEXT + 1)
    except OSError as error:
        raise BadInput(f"{path.name}: {error.strerror}") from error
    return carried.read(data, CarriedStatement)
