# SPDX-License-Identifier: AGPL-3.0-or-later
"""Session plans: how each published session is to run, signed, and brought to the service after its pack.

A plan says what the service must know to run a session and nothing a member would read: item ids, planned minutes,
chairs, members, rules. Titles stay in the sealed manifest. Rules: a plan is made from the manifest last published
and the order the secretariat last gave; it gets a new version only when it changes; it is written to the desk before
it is sent, and sent again by the next command when that did not arrive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from client.crypto import dsse, hashing
from client.domain.ids import Hash, ItemId, MemberId, SessionId
from client.domain.live import Plan, PlannedItem
from client.domain.paper import SecrecyLevel
from client.domain.session import AgendaItem, SessionKind
from client.errors import BadInput
from client.protocol import codec
from client.protocol.messages import PackManifest, SessionPlan
from server.secretariat import build, guess, members, release, rules
from server.secretariat.core import DeskCore
from server.secretariat.model import PackRecord, PlanRecord

_AWAY: Final = frozenset({SecrecyLevel.TOP_SECRET, SecrecyLevel.ULTRA_SECRET})
_DAY: Final = 24 * 60


def flush(core: DeskCore) -> int:
    """Bring the plans of all live packs to the service; how many were sent.

    Raises:
        ServiceError: Interrupted; the next command goes on.
    """
    service, sent = core.require_service(), 0
    for record in release.live_packs(core.state, core.now()):
        manifest = build.manifest_of(record)
        if manifest.session.kind is SessionKind.OPINION:
            continue
        kept = _keep(core, record, manifest)
        if not kept.sent:
            service.put_session(kept.session, kept.envelope)
            _note(core, structs.replace(kept, sent=True))
            sent += 1
    return sent


def reorder(core: DeskCore, record: PackRecord, order: Sequence[ItemId]) -> PlanRecord:
    """Change the agenda: the items in this order; what is left out is not taken up. Sent at once.

    Raises:
        BadInput: An item twice, or one the pack does not have.
    """
    manifest = build.manifest_of(record)
    _check_order(manifest, order)
    core.edit(lambda state: structs.replace(state, agendas={**state.agendas, manifest.session.id: tuple(order)}))
    flush(core)
    return find(core, manifest.session.id)


def _check_order(manifest: PackManifest, order: Sequence[ItemId]) -> None:
    known = {item.id for item in manifest.session.agenda}
    if not order or len(set(order)) != len(order) or not set(order) <= known:
        raise BadInput("agenda: items of the pack, each once")


def find(core: DeskCore, session: SessionId) -> PlanRecord:
    """The plan as last made.

    Raises:
        BadInput: There is none.
    """
    found = core.state.plans.get(session)
    if found is None:
        raise BadInput("session: no plan")
    return found


def plan_of(record: PlanRecord) -> Plan:
    """The plan inside a record this desk made itself."""
    payload, _ = dsse.peek_unverified(record.envelope, limit=codec.MAX_PLAN * 2)
    return codec.decode(payload, SessionPlan, limit=codec.MAX_PLAN).plan


def make(core: DeskCore, record: PackRecord, manifest: PackManifest, *, order: Sequence[ItemId] | None = None) -> Plan:
    """How the session of a manifest is to run; ``order`` as it would be, otherwise as it was last given.

    Raises:
        BadInput: ``order`` is not of this agenda.
    """
    if order is not None:
        _check_order(manifest, order)
    state, session = core.state, manifest.session
    ident = record.rules or rules.DEFAULT
    items = {item.id: item for item in session.agenda}
    wanted = [item for item in order or state.agendas.get(session.id, ()) if item in items] or list(items)
    graded = {paper.id for paper in manifest.papers if paper.secrecy in _AWAY}
    return Plan(
        starts=session.starts,
        members=members.voters(state, None),
        chair=record.chair or members.prime_minister(state),
        operators=tuple(member.id for member in state.members if member.role == "secretariat"),
        rules=ident,
        items=tuple(
            PlannedItem(
                id=ident,
                minutes=_minutes(items[ident]),
                chair=items[ident].chair,
                guests=_guests(core, items[ident]),
                away=any(paper in graded for paper in items[ident].papers),
            )
            for ident in wanted
        ),
    )


def _keep(core: DeskCore, record: PackRecord, manifest: PackManifest) -> PlanRecord:
    """The plan as it should be, written to the desk."""
    session = manifest.session.id
    plan, known = make(core, record, manifest), core.state.plans.get(session)
    if known is not None and plan_of(known) == plan:
        return known
    version = 1 if known is None else known.version + 1
    payload = codec.encode(SessionPlan(session=session, pack=record.pack, version=version, plan=plan))
    envelope = dsse.sign(payload, keyid=core.publisher.keyid, key=core.publisher.key)
    made = PlanRecord(session, record.pack, version, Hash(hashing.sha256(payload)), envelope)
    _note(core, made)
    return made


def _note(core: DeskCore, record: PlanRecord) -> None:
    core.edit(lambda state: structs.replace(state, plans={**state.plans, record.session: record}))


def _minutes(item: AgendaItem) -> int | None:
    if item.starts is None or item.ends is None:
        return None
    begin, end = (int(text[:2]) * 60 + int(text[3:]) for text in (item.starts, item.ends))
    return (end - begin) % _DAY or None


def _guests(core: DeskCore, item: AgendaItem) -> tuple[MemberId, ...]:
    """Guests of the directory among those announced for an item: they may ask to speak from their device."""
    announced = " | ".join(guess.fold(text) for text in item.invited)
    return tuple(
        member.id
        for member in core.state.members
        if member.role == "guest" and announced and guess.fold(member.name) in announced
    )
