# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs a session from the desk: roll call, items, pages, speakers, conclusions, closing, and what members asked.

Every command is a signed request; the service applies it (``client.protocol.live``) and answers with its signed
state, which is verified here before it is shown. Members are named by id or by a part of their name, items by their
number on the agenda, counted from 1, or their id. Conclusions are sealed for the members before they leave.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct, structs

from client.crypto import dsse, hashing, stream
from client.crypto.secret import Secret
from client.domain.ids import Hash, ItemId, MemberId, Moment, PackId, PaperId, SessionId
from client.domain.live import (
    ActText,
    Approver,
    ConclusionRef,
    PagePointer,
    Plan,
    Presence,
    Room,
    SessionAct,
)
from client.domain.session import AgendaItem, Session
from client.errors import BadInput, ContentMismatch, EcabinetError, SignatureInvalid
from client.protocol import codec, names
from client.protocol import live_commands as do
from client.protocol.http import SessionAnswer
from client.protocol.live_commands import SessionCommand
from client.protocol.messages import (
    Conclusion,
    PackManifest,
    SessionActText,
    SessionPlan,
    SessionState,
    SessionStatement,
)
from server.secretariat import build, guess, plans, rehearsal, replace, spool
from server.secretariat.core import DeskCore
from server.secretariat.desk_file import translated
from server.secretariat.model import PackRecord, PlanRecord

MAX_PAGES: Final = 10_000
MAX_TEXT: Final = 128 * 1024


class RoomView(Struct, frozen=True):
    """A session as the secretariat sees it: the verified state with names and titles beside the ids.

    Attributes:
        version: Of the service's signed state.
        members: Name by id.
        titles: Title by item id.
        papers: Title by paper id.
        poll_titles: Title by poll id.
        dry_run: Nothing was sent; this is what the room would be.
    """

    session: SessionId
    pack: PackId
    title: str
    version: int
    plan: Plan
    room: Room
    at: Moment
    members: dict[MemberId, str]
    titles: dict[ItemId, str]
    papers: dict[PaperId, str]
    poll_titles: dict[str, str]
    dry_run: bool = False


class ReadAct(Struct, frozen=True):
    """One member's act as the secretariat reads it; ``problem`` when it did not verify or open."""

    member: MemberId | None
    name: str
    made: Moment | None
    act: SessionAct | None
    words: ActText | None = None
    problem: str = ""


class Target(Struct, frozen=True):
    """The session a command is about."""

    record: PackRecord
    manifest: PackManifest
    plan: PlanRecord

    @property
    def session(self) -> Session:
        """As published."""
        return self.manifest.session


def target(core: DeskCore, wanted: str) -> Target:
    """A session by its id, its pack's id or a part of its title.

    Raises:
        BadInput: None, or more than one.
    """
    by_session = [record for record in core.state.packs.values() if build.manifest_of(record).session.id == wanted]
    record = by_session[0] if by_session else replace.find_pack(core, wanted)
    manifest = build.manifest_of(record)
    return Target(record, manifest, plans.find(core, manifest.session.id))


def look(core: DeskCore, wanted: str) -> RoomView:
    """Where a session stands.

    Raises:
        SignatureInvalid, ContentMismatch: The answer is not this session's or not the service's.
    """
    plans.flush(core)
    found = target(core, wanted)
    return view(core, found, core.require_service().session(found.session.id))


def command(core: DeskCore, wanted: str, *makes: Callable[[Target], SessionCommand], dry_run: bool = False) -> RoomView:
    """Give commands, one after the other; the state after the last.

    Args:
        core: The desk.
        wanted: Which session.
        makes: Each words a command, once the session is known.
        dry_run: Send nothing; the same pure functions as the service's say what would become of the room.

    Raises:
        ServiceRefused: Not possible now.
        NotPossible: The same, of a dry run.
    """
    if not dry_run:
        plans.flush(core)
    found = target(core, wanted)
    orders = [make(found) for make in makes]
    service = core.require_service()
    if dry_run:
        seen = view(core, found, service.session(found.session.id))
        after = rehearsal.commands(seen.plan, seen.room, orders, at=core.now())
        return structs.replace(seen, room=after, dry_run=True)
    return [view(core, found, service.order(found.session.id, found.plan.hash, order)) for order in orders][-1]


def view(core: DeskCore, found: Target, answer: SessionAnswer) -> RoomView:
    """The verified state, with names."""
    services = {role.id: role.sign for role in core.state.services}
    opened = dsse.open_(answer.state, services, limit=2 * codec.MAX_SESSION)
    state = codec.decode(opened.payload, SessionState, limit=codec.MAX_SESSION)
    if state.session != found.session.id or state.by != opened.keyid:
        raise SignatureInvalid(f"{found.session.id}: state of another session")
    plan = dsse.open_(answer.plan, {core.publisher.keyid: core.publisher.public}, limit=2 * codec.MAX_PLAN)
    if state.plan != plan.hash or plan.hash != found.plan.hash:
        raise ContentMismatch(f"{found.session.id}: plan")
    return RoomView(
        session=found.session.id,
        pack=found.record.pack,
        title=found.session.title,
        version=state.version,
        plan=codec.decode(plan.payload, SessionPlan, limit=codec.MAX_PLAN).plan,
        room=state.room,
        at=state.at,
        members={member.id: member.name for member in core.state.members},
        titles={item.id: item.title for item in found.session.agenda},
        papers={paper.id: paper.title for paper in found.manifest.papers},
        poll_titles={poll.id: poll.wording.title for poll in found.record.polls},
    )


# -- words to ids ---------------------------------------------------------------------------------------------


def member(core: DeskCore, wanted: str) -> MemberId:
    """A member by id or a part of the name, accents or not.

    Raises:
        BadInput: None, or more than one.
    """
    folded = guess.fold(wanted)
    exact = [each.id for each in core.state.members if wanted == each.id or folded == guess.fold(each.name)]
    found = exact or [each.id for each in core.state.members if folded and folded in guess.fold(each.name)]
    if len(found) != 1:
        raise BadInput(f"member {wanted}: {len(found)} match")
    return found[0]


def item(found: Target, wanted: str) -> AgendaItem:
    """An agenda item by its number, counted from 1, or its id.

    Raises:
        BadInput: There is none.
    """
    agenda = found.session.agenda
    if wanted.isdecimal() and 1 <= int(wanted) <= len(agenda):
        return agenda[int(wanted) - 1]
    match = next((each for each in agenda if each.id == wanted), None)
    if match is None:
        raise BadInput(f"item {wanted}: none")
    return match


def pointer(found: Target, paper: str, page: int) -> PagePointer:
    """What to show, by file, number, title or id of a paper and a page counted from 1.

    Raises:
        BadInput: No such paper or page, or a graded paper.
    """
    folded = guess.fold(paper)
    match = [
        each
        for each in found.manifest.papers
        if paper in {each.id, each.number, found.record.files.get(each.id)} or folded == guess.fold(each.title)
    ]
    if len(match) != 1 or match[0].is_stub:
        raise BadInput(f"paper {paper}: none, several, or graded")
    if not 1 <= page <= max(match[0].pages, 1):
        raise BadInput(f"page {page}: the paper has {match[0].pages}")
    return PagePointer(match[0].id, page - 1)


# -- commands that need more than one word ----------------------------------------------------------------------


def call_roll(
    core: DeskCore, wanted: str, marks: dict[str, Presence], *, confirm: bool = False, dry_run: bool = False
) -> RoomView:
    """Confirm who checked in, and record presence by member, named as typed."""
    named = tuple(do.PresenceMark(member(core, name), presence) for name, presence in marks.items())
    orders: list[SessionCommand] = [do.ConfirmCheckIns()] if confirm else []
    if named or not orders:
        orders.append(do.MarkPresence(named))
    return command(core, wanted, *((lambda _, order=order: order) for order in orders), dry_run=dry_run)


def decide_absence(
    core: DeskCore, wanted: str, who: str, *, approved: bool, by: Approver, dry_run: bool = False
) -> RoomView:
    """Consent to an absence, or refuse it."""
    person = member(core, who)
    return command(core, wanted, lambda _: do.DecideAbsence(person, approved, by), dry_run=dry_run)


def reorder(core: DeskCore, wanted: str, items: Sequence[str], *, dry_run: bool = False) -> RoomView:
    """Change the agenda: these items in this order."""
    found = target(core, wanted)
    order = [item(found, each).id for each in items]
    if dry_run:
        seen = view(core, found, core.require_service().session(found.session.id))
        planned = plans.make(core, found.record, found.manifest, order=order)
        return structs.replace(seen, plan=planned, room=rehearsal.agenda(seen.room, planned), dry_run=True)
    plans.reorder(core, found.record, order)
    return look(core, found.session.id)


def conclude(
    core: DeskCore, wanted: str, which: str, text: str | None, *, without_debate: bool = False, dry_run: bool = False
) -> RoomView:
    """Record an item's conclusion: sealed under the pack's key, stored, then named in the session's state.

    Raises:
        BadInput: The text is too long, or there is none and the item was debated.
    """
    if text is None and not without_debate:
        raise BadInput("conclusion: no text")
    found = target(core, wanted)
    about = item(found, which)
    plain = None if text is None else _plain(core, found, about, text)
    ref = None if plain is None or dry_run else _seal(core, found, about, plain)
    return command(core, wanted, lambda _: do.ConcludeItem(about.id, ref, without_debate), dry_run=dry_run)


def _plain(core: DeskCore, found: Target, about: AgendaItem, text: str) -> bytes:
    plain = codec.encode(Conclusion(found.session.id, about.id, text.strip(), core.now()))
    if not text.strip() or len(plain) > codec.MAX_CONCLUSION:
        raise BadInput("conclusion: empty or too long")
    return plain


def _seal(core: DeskCore, found: Target, about: AgendaItem, plain: bytes) -> ConclusionRef:
    now = core.now()
    context = names.conclusion_context(found.record.pack, found.session.id, about.id)
    sealed = stream.seal_bytes(Secret(found.record.scope_key), context, plain, rng=core.rng)
    digest = Hash(hashing.sha256(sealed))
    path = spool.path_of(core, digest)
    with translated():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sealed)
        core.require_service().put_blob(digest, path, len(sealed), lambda _: None)
        path.unlink()
    return ConclusionRef(digest, len(sealed), found.record.epoch, now)


def conclusion(core: DeskCore, found: Target, ref: ConclusionRef, about: ItemId) -> str:
    """The words of a recorded conclusion.

    Raises:
        ContentMismatch: Not the bytes the state names.
    """
    sealed = core.require_service().blob(ref.blob, ref.size)
    if sealed is None or hashing.sha256(sealed) != ref.blob:
        raise ContentMismatch(f"conclusion of {about}")
    context = names.conclusion_context(found.record.pack, found.session.id, about)
    plain = stream.open_bytes(Secret(found.record.scope_key), context, sealed, limit=codec.MAX_CONCLUSION)
    return codec.decode(plain, Conclusion, limit=codec.MAX_CONCLUSION).text


# -- what members asked ---------------------------------------------------------------------------------------


def acts(core: DeskCore, wanted: str) -> tuple[ReadAct, ...]:
    """All acts of members in a session, opened, in order of receipt; none that arrived is left out."""
    found, service = target(core, wanted), core.require_service()
    read: list[ReadAct] = []
    after = 0
    for _ in range(MAX_PAGES):
        answer = service.acts(found.session.id, after)
        read += [_read_act(core, envelope) for envelope in answer.acts]
        if not answer.acts or answer.next <= after:
            break
        after = answer.next
    return tuple(read)


def _read_act(core: DeskCore, envelope: bytes) -> ReadAct:
    statement = None
    try:
        payload, _ = dsse.peek_unverified(envelope, limit=2 * codec.MAX_STATEMENT)
        statement = codec.decode(payload, SessionStatement, limit=codec.MAX_STATEMENT)
        device = next((entry for entry in core.state.devices if entry.id == statement.device), None)
        if device is None or device.member != statement.member:
            raise SignatureInvalid("act: device")
        dsse.open_(envelope, {device.id: device.sign}, limit=2 * codec.MAX_STATEMENT)
        words = _words(core, statement)
    except EcabinetError as error:
        known = statement
        return ReadAct(
            member=known.member if known else None,
            name="",
            made=known.made if known else None,
            act=known.act if known else None,
            problem=error.code,
        )
    name = next((each.name for each in core.state.members if each.id == statement.member), "")
    return ReadAct(statement.member, name, statement.made, statement.act, words)


def _words(core: DeskCore, statement: SessionStatement) -> ActText | None:
    if not statement.text:
        return None
    reader = core.state.reader.id
    sealed = next((part.sealed for part in statement.text if part.reader == reader), None)
    if sealed is None:
        raise SignatureInvalid("act: not for this reader")
    info = names.act_info(statement.session, statement.member, statement.nonce, reader)
    return codec.decode(core.reader.open(info, sealed), SessionActText, limit=MAX_TEXT).words
