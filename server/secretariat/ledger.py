# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ledger of secret papers: which numbered copy was handed to whom, and whether it came back.

State secrets travel on paper (product.md, section 2; Law on State Secrets 117/2025/QH15): the system knows a stub and
the fate of its copies, never a word of the paper. Entries are only added. A copy is with one person at a time; it is
handed out only when it is here, and comes back from whoever has it.
"""

from __future__ import annotations

from msgspec import Struct, structs

from client.domain.ids import MemberId, Moment, PackId, PaperId
from client.errors import BadInput, Text
from server.secretariat import build, replace, room
from server.secretariat.core import DeskCore
from server.secretariat.model import CopyEntry

MAX_COPY = 40
"""Characters of a copy's number."""


class CopyElsewhere(BadInput):
    """The copy is with somebody else, or nobody has it."""

    code = "user.copy_elsewhere"
    title = Text("Bản này không ở trạng thái đó", "The copy is not where it would have to be")
    next_step = Text("Xem sổ giao nhận trước.", "Look at the ledger first.")


class CopyState(Struct, frozen=True):
    """One copy of one graded paper: who has it since when, or since when it is back."""

    pack: PackId
    paper: PaperId
    copy: str
    holder: MemberId | None
    name: str
    since: Moment


def hand_out(
    core: DeskCore, pack: str, paper: str, copy: str, member: str, *, dry_run: bool = False
) -> tuple[CopyState, ...]:
    """A copy leaves for a member; with ``dry_run`` the ledger as it would stand, and nothing is written.

    Raises:
        CopyElsewhere: Somebody has it.
        BadInput: No such paper, or it is not graded.
    """
    record, found = _paper(core, pack, paper)
    who, number = room.member(core, member), _number(copy)
    if _holder(core, record, found, number) is not None:
        raise CopyElsewhere(number)
    return _note(core, CopyEntry(record, found, number, who, core.now(), returned=False), dry_run=dry_run)


def take_back(core: DeskCore, pack: str, paper: str, copy: str, *, dry_run: bool = False) -> tuple[CopyState, ...]:
    """A copy has come back; ``dry_run`` as for ``hand_out``.

    Raises:
        CopyElsewhere: Nobody has it.
    """
    record, found = _paper(core, pack, paper)
    number = _number(copy)
    holder = _holder(core, record, found, number)
    if holder is None:
        raise CopyElsewhere(number)
    return _note(core, CopyEntry(record, found, number, holder, core.now(), returned=True), dry_run=dry_run)


def states(core: DeskCore) -> tuple[CopyState, ...]:
    """Every copy ever handed out, as it stands; those still out first."""
    return _states(core, core.state.copies)


def _states(core: DeskCore, entries: tuple[CopyEntry, ...]) -> tuple[CopyState, ...]:
    names = {member.id: member.name for member in core.state.members}
    newest: dict[tuple[PackId, PaperId, str], CopyEntry] = {}
    for entry in entries:
        newest[entry.pack, entry.paper, entry.copy] = entry
    found = [
        CopyState(
            pack=entry.pack,
            paper=entry.paper,
            copy=entry.copy,
            holder=None if entry.returned else entry.member,
            name=names.get(entry.member, entry.member),
            since=entry.at,
        )
        for entry in newest.values()
    ]
    return tuple(sorted(found, key=lambda state: (state.holder is None, state.pack, state.paper, state.copy)))


def _paper(core: DeskCore, pack: str, paper: str) -> tuple[PackId, PaperId]:
    record = replace.find_pack(core, pack)
    stubs = [each for each in build.manifest_of(record).papers if each.is_stub]
    found = [each for each in stubs if paper in {each.id, each.number, each.title}]
    if len(found) != 1:
        raise BadInput(f"graded paper: {len(found)} match")
    return record.pack, found[0].id


def _holder(core: DeskCore, pack: PackId, paper: PaperId, copy: str) -> MemberId | None:
    where = (pack, paper, copy)
    return next((each.holder for each in states(core) if (each.pack, each.paper, each.copy) == where), None)


def _number(copy: str) -> str:
    if not copy.strip() or len(copy) > MAX_COPY:
        raise BadInput("copy number")
    return copy.strip()


def _note(core: DeskCore, entry: CopyEntry, *, dry_run: bool) -> tuple[CopyState, ...]:
    if dry_run:
        return _states(core, (*core.state.copies, entry))
    core.edit(lambda state: structs.replace(state, copies=(*state.copies, entry)))
    return states(core)
