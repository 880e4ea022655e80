# SPDX-License-Identifier: AGPL-3.0-or-later
"""Members of the body from a CSV file, and the directory that tells everybody.

The file: UTF-8, a header row, columns ``name`` (họ tên), ``role`` (vai trò), ``groups`` (nhóm, separated by ``;``)
and optionally ``id`` (mã) and ``serves`` (giúp việc: whom an aide serves, separated by ``;``). A member is recognised
by id, else by name; members missing from the file stay, because devices and votes may refer to them, and a file
without the column ``serves`` leaves those links as they are.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct, structs

from client.crypto import hashing
from client.domain.ids import Hash, MemberId
from client.domain.people import AIDE
from client.domain.rules import Opener, RuleSet, TieRule
from client.errors import BadInput, Text
from client.protocol import codec
from client.protocol.messages import MemberEntry
from server.secretariat import guess, release, serving
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import random_id, translated
from server.secretariat.model import DeskState, Purpose

MAX_FILE: Final = 1024 * 1024
"""Bytes."""
MAX_MEMBERS: Final = 2_000
DEFAULT_GROUP: Final = "government"
VOTING_ROLES: Final = frozenset({"member", "prime_minister"})

_COLUMNS: Final = {
    "id": "id", "ma": "id",
    "name": "name", "ho ten": "name", "ho va ten": "name",
    "role": "role", "vai tro": "role",
    "groups": "groups", "group": "groups", "nhom": "groups",
    "serves": "serves", "giup viec": "serves", "giup viec cho": "serves",
}  # fmt: skip
_ROLES: Final = {
    "": "member", "member": "member", "thanh vien": "member",
    "prime minister": "prime_minister", "thu tuong": "prime_minister",
    "aide": "aide", "thu ky": "aide", "chuyen vien": "aide",
    "secretariat": "secretariat", "van phong": "secretariat",
    "guest": "guest", "khach moi": "guest",
}  # fmt: skip


class BadMembers(BadInput):
    """The file cannot be used; nothing was changed.

    Args:
        line: Line of the file, from 1; 0 for the file as a whole.
        why: In both languages.
    """

    code = "user.members_file"
    title = Text("Tệp danh sách thành viên chưa đúng", "The members file is not valid")

    def __init__(self, line: int, why: Text) -> None:
        super().__init__(f"line {line}: {why.en}")
        self.why = why


class MembersReport(Struct, frozen=True):
    """What an import changed; ``published`` when the service already has it."""

    added: int
    changed: int
    total: int
    published: bool = False
    dry_run: bool = False


class ServesReport(Struct, frozen=True):
    """Whom an aide serves now; ``published`` when the service already has it."""

    aide: MemberEntry
    serves: tuple[MemberEntry, ...]
    changed: bool
    published: bool = False
    dry_run: bool = False


def read_csv(data: bytes, known: tuple[MemberEntry, ...], fresh: list[str]) -> tuple[MemberEntry, ...]:
    """The members the file lists.

    Args:
        data: The file.
        known: Members there are; a name among them keeps its id.
        fresh: Ids to use for new members, taken from the end.

    Raises:
        BadMembers: Which line, and why.
    """
    if len(data) > MAX_FILE:
        raise BadMembers(0, Text(f"lớn hơn {MAX_FILE} byte", f"larger than {MAX_FILE} bytes"))
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadMembers(line, Text("không phải UTF-8", "not UTF-8")) from error
    rows = csv.reader(io.StringIO(text), delimiter=";" if text.partition("\n")[0].count(";") > 1 else ",")
    try:
        return _rows(rows, known, fresh)
    except csv.Error as error:
        raise BadMembers(0, Text("không phải CSV", "not CSV")) from error


def import_members(core: DeskCore, path: Path, *, dry_run: bool = False) -> MembersReport:
    """Take the members of a CSV file into the desk, and to the service if there is a connection.

    Raises:
        BadMembers: Nothing was changed.
    """
    with translated():
        data = path.read_bytes() if path.stat().st_size <= MAX_FILE else b" " * (MAX_FILE + 1)
    known = {member.id: member for member in core.state.members}
    fresh = [random_id("m", core.rng) for _ in range(MAX_MEMBERS)]
    found = read_csv(data, core.state.members, fresh)
    added = sum(1 for member in found if member.id not in known)
    changed = sum(1 for member in found if member.id in known and known[member.id] != member)
    merged = {**known, **{member.id: member for member in found}}
    if not dry_run and (added or changed):
        members = tuple(merged.values())
        core.edit(lambda state: structs.replace(state, members=members, directory_stale=True))
    published = not dry_run and core.service is not None and flush(core)
    return MembersReport(added, changed, len(merged), published, dry_run)


def set_serves(core: DeskCore, aide: str, wanted: Sequence[str], *, dry_run: bool = False) -> ServesReport:
    """Say anew whom an aide serves; nobody if ``wanted`` is empty. Sent at once when connected.

    Raises:
        BadInput: As :func:`serving.links`, or nobody of that name.
    """
    entry = find(core.state, aide)
    everybody = {one.id: one for one in core.state.members}
    serves = serving.links(entry, wanted, everybody)
    after = structs.replace(entry, serves=serves)
    changed = after != entry
    if changed and not dry_run:
        found = tuple(after if one.id == after.id else one for one in core.state.members)
        core.edit(lambda state: structs.replace(state, members=found, directory_stale=True))
    published = not dry_run and core.service is not None and flush(core)
    return ServesReport(after, tuple(everybody[one] for one in serves), changed, published, dry_run)


def flush(core: DeskCore) -> bool:
    """Bring the directory to the service if it changed; returns whether something was sent."""
    digest = Hash(hashing.sha256(codec.encode((core.state.members, core.state.services))))
    pending = release.begin(core, purpose=Purpose.DIRECTORY, digest=digest)
    if pending is None:
        if not core.state.directory_stale and core.state.released:
            return False
        release.prepare(core, core.state, purpose=Purpose.DIRECTORY, digest=digest)
    release.send(core, resumed=pending is not None)
    return True


def find(state: DeskState, wanted: str) -> MemberEntry:
    """A member by id, or by a name that only one member has.

    Raises:
        BadInput: None, or more than one.
    """
    by_id = [member for member in state.members if member.id == wanted]
    folded = guess.fold(wanted)
    found = by_id or [member for member in state.members if guess.fold(member.name) == folded]
    if len(found) != 1:
        raise BadInput(f"member: {len(found)} match")
    return found[0]


def voters(state: DeskState, group: str | None) -> tuple[MemberId, ...]:
    """Who may vote: members and the Prime Minister, of one group if named; never guests, aides or substitutes."""
    return tuple(
        member.id
        for member in state.members
        if member.role in VOTING_ROLES and (group is None or group in member.groups)
    )


def openers(state: DeskState, rule_set: RuleSet) -> tuple[MemberId, ...]:
    """Who may open, extend and close a poll and run a session from a device of their own, by the rules."""
    wanted = {_OPENER_ROLES[opener] for opener in rule_set.run.openers}
    return tuple(member.id for member in state.members if member.role in wanted)


_OPENER_ROLES: Final = {Opener.CHAIR: "prime_minister", Opener.SECRETARIAT: "secretariat"}


def prime_minister(state: DeskState) -> MemberId | None:
    """The Prime Minister, or whoever holds that role in another body; None while nobody does."""
    return next((member.id for member in state.members if member.role == "prime_minister"), None)


def tie_breaker(
    state: DeskState, rule_set: RuleSet, eligible: tuple[MemberId, ...], *, chair: MemberId | None
) -> MemberId | None:
    """Whose side decides a tie under the rules; None where nobody's does or that person has no vote.

    Args:
        state: The desk's members.
        rule_set: The rules.
        eligible: Who votes.
        chair: Who chairs the item, where that is stated; else the body's head does.
    """
    if rule_set.tie is TieRule.NONE:
        return None
    head = prime_minister(state)
    wanted = head if rule_set.tie is TieRule.PRIME_MINISTER else (chair or head)
    return wanted if wanted in eligible else None


def _rows(rows: Iterable[list[str]], known: tuple[MemberEntry, ...], fresh: list[str]) -> tuple[MemberEntry, ...]:
    lines = list(enumerate(rows, 1))
    if not lines:
        raise BadMembers(1, Text("tệp rỗng", "the file is empty"))
    columns = [_COLUMNS.get(guess.fold(cell)) for cell in lines[0][1]]
    if "name" not in columns:
        raise BadMembers(1, Text("thiếu cột họ tên (name)", "no column name"))
    by_name: dict[str, list[MemberEntry]] = {}
    for member in known:
        by_name.setdefault(guess.fold(member.name), []).append(member)
    found: dict[MemberId, MemberEntry] = {}
    wanted: dict[MemberId, tuple[int, list[str] | None]] = {}
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        fields = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
        member = _member(line, fields, by_name, fresh)
        if member.id in found:
            raise BadMembers(line, Text("thành viên này đã có ở trên", "this member is already listed"))
        if len(found) == MAX_MEMBERS:
            raise BadMembers(line, Text(f"nhiều hơn {MAX_MEMBERS} thành viên", f"more than {MAX_MEMBERS} members"))
        found[member.id] = member
        wanted[member.id] = line, _parts(fields["serves"], ";") if "serves" in fields else None
    return _linked(found, wanted, known)


def _linked(
    found: dict[MemberId, MemberEntry],
    wanted: dict[MemberId, tuple[int, list[str] | None]],
    known: tuple[MemberEntry, ...],
) -> tuple[MemberEntry, ...]:
    """With the links of aides, once everybody of the file is known; None keeps those there were."""
    before = {one.id: one for one in known}
    everybody = {**before, **found}
    linked = []
    for member in found.values():
        line, names = wanted[member.id]
        if names is None:
            serves = before[member.id].serves if member.id in before and member.role == AIDE else ()
        else:
            try:
                serves = serving.links(member, names, everybody)
            except serving.BadLink as error:
                raise BadMembers(line, error.why) from error
        linked.append(structs.replace(member, serves=serves))
    return tuple(linked)


def _parts(cell: str, separators: str) -> list[str]:
    for other in separators[1:]:
        cell = cell.replace(other, separators[0])
    return [part.strip() for part in cell.split(separators[0]) if part.strip()]


def _member(line: int, fields: dict[str, str], by_name: dict[str, list[MemberEntry]], fresh: list[str]) -> MemberEntry:
    name = " ".join(fields.get("name", "").split())
    if not name:
        raise BadMembers(line, Text("thiếu họ tên", "no name"))
    role = _ROLES.get(guess.fold(fields.get("role", "")))
    if role is None:
        raise BadMembers(line, Text("vai trò không hợp lệ", "unknown role"))
    same = by_name.setdefault(guess.fold(name), [])
    ident = fields.get("id", "")
    if not ident:
        if len(same) > 1:
            raise BadMembers(line, Text("trùng họ tên: cần cột mã (id)", "this name needs an id"))
        ident = same[0].id if same else fresh.pop()
    groups = _parts(fields.get("groups", ""), ";,")
    raw = {"id": ident, "name": name, "groups": groups or [DEFAULT_GROUP], "role": role}
    try:
        member = msgspec.convert(raw, MemberEntry)
    except msgspec.ValidationError as error:
        raise BadMembers(line, Text(f"không hợp lệ: {error}", f"not valid: {error}")) from error
    if not same:
        same.append(member)
    return member
