# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session in progress on the device of ``ui_world``: what the service would have sent, put into the store."""

from __future__ import annotations

from typing import Any

import msgspec

from client.clock import to_rfc3339
from client.domain.ballot import PollState, ServicePollState
from client.domain.ids import ItemId, MemberId, Moment, PackId, PaperId, PollId, QuestionId, RuleSetId, SessionId
from client.domain.live import (
    Approver,
    ConclusionRef,
    CurrentSpeaker,
    ItemConclusion,
    ItemPositions,
    ItemProgress,
    ItemState,
    LiveSession,
    PagePointer,
    Plan,
    PlannedItem,
    PollLive,
    Position,
    Presence,
    QueuedSpeaker,
    RollEntry,
    Room,
    SessionPhase,
)
from client.store import live, polls
from tests.helpers.ui_world import CHOICES, REGULAR, UiWorld, digest

SESSION = SessionId("s_regular")
ME = MemberId("m_017")
MEMBERS = tuple(MemberId(f"m_{n:03d}") for n in range(1, 28))
ITEM1, ITEM2, ITEM3, ITEM4 = (ItemId(f"item{n}") for n in range(1, 5))
Q_SESSION = PollId("q_session")
START = Moment("2026-11-27T01:00:00.000Z")


def roll(me: Presence = Presence.PRESENT, present: int = 21) -> tuple[RollEntry, ...]:
    """The first ``present`` of the others are there, one is absent with consent, one waits for it."""
    others = [member for member in MEMBERS if member != ME]
    found = dict.fromkeys(others[:present], Presence.PRESENT)
    found |= dict(
        zip(others[present:], (Presence.ABSENT_APPROVED, Presence.ABSENT_ASKED, Presence.REMOTE), strict=False)
    )
    lines = []
    for member in MEMBERS:
        presence = me if member == ME else found.get(member, Presence.UNKNOWN)
        decided = Approver.PRIME_MINISTER if presence is Presence.ABSENT_APPROVED else None
        substitute = presence is Presence.ABSENT_APPROVED and member != ME
        lines.append(RollEntry(member, presence, START, decided_by=decided, substitute=substitute))
    return tuple(lines)


def room(**changes: Any) -> Room:
    """Item 2 is being presented at page 7 of its submission; two wait for the floor."""
    fields: dict[str, Any] = {
        "phase": SessionPhase.IN_SESSION,
        "started": START,
        "roll": roll(),
        "present": 23,
        "needed": 18,
        "items": (
            ItemProgress(ITEM1, ItemState.DONE, START, None, 540),
            ItemProgress(ITEM2, ItemState.CURRENT, START, Moment("2026-11-27T01:12:00.000Z"), 0),
            ItemProgress(ITEM3),
            ItemProgress(ITEM4),
        ),
        "current": ITEM2,
        "pages": PagePointer(PaperId("a_submission"), 6),
        "queue": (QueuedSpeaker(MEMBERS[3], ITEM2, START), QueuedSpeaker(MEMBERS[4], ITEM2, START)),
        "speaker": CurrentSpeaker(MEMBERS[2], ITEM2, Moment("2026-11-27T01:29:00.000Z"), 300),
        "positions": (
            ItemPositions(ITEM2, {Position.NO_OBJECTION: 19, Position.OTHER_OPINION: 2, Position.WISH_TO_SPEAK: 2}),
            ItemPositions(ITEM3, {Position.NO_OBJECTION: 27}),
        ),
    }
    fields.update(changes)
    return Room(**fields)


def open_vote(closes: str | None = "2026-11-27T01:34:00.000Z", **changes: Any) -> PollLive:
    """The vote on item 2, open, with figures so far."""
    fields: dict[str, Any] = {
        "poll": Q_SESSION,
        "item": ITEM2,
        "state": ServicePollState.OPEN,
        "opened": Moment("2026-11-27T01:31:00.000Z"),
        "closes": None if closes is None else Moment(closes),
        "closed": None,
        "eligible": 27,
        "in_room": 14,
        "absent": 1,
        "totals": {QuestionId("q1"): {CHOICES[0].code: 12, CHOICES[1].code: 2, CHOICES[2].code: 1}},
    }
    fields.update(changes)
    return PollLive(**fields)


def put_room(
    world: UiWorld,
    state: Room | None = None,
    *,
    version: int = 1,
    session: SessionId = SESSION,
    pack: PackId = REGULAR,
) -> LiveSession:
    """The service's newest word."""
    plan = Plan(
        starts=START,
        members=MEMBERS,
        chair=MEMBERS[0],
        operators=(),
        rules=RuleSetId("gov-2025/1"),
        items=(
            PlannedItem(ITEM1, 10),
            PlannedItem(ITEM2, 40),
            PlannedItem(ITEM3, 70),
            PlannedItem(ITEM4, 45, away=True),
        ),
    )
    found = LiveSession(
        session=session,
        pack=pack,
        version=version,
        plan_hash=digest("plan"),
        plan_version=1,
        plan=plan,
        room=state or room(),
        at=Moment(to_rfc3339(world.clock.now())),
    )
    world.write(lambda c: live.save(c, found, plan=b"{}", state=b"{}"))
    return found


def open_poll(world: UiWorld, closes: str | None = "2026-11-27T01:34:00.000Z") -> None:
    """The signed status of the vote on item 2: open until ``closes``."""
    known = world.core.record.read(lambda c: polls.get(c, Q_SESSION)).result()
    assert known is not None
    opened = msgspec.structs.replace(known, state=PollState.OPEN, closes=None if closes is None else Moment(closes))
    world.write(lambda c: polls.save(c, opened))


def conclude(world: UiWorld, text: str) -> None:
    """Item 1's conclusion, opened."""
    found = ItemConclusion(SESSION, ITEM1, text, Moment("2026-11-27T01:10:00.000Z"))
    world.write(lambda c: live.save_conclusion(c, found, digest("conclusion")))


def concluded() -> tuple[ItemProgress, ...]:
    """The items, the first with a conclusion recorded."""
    first, *rest = room().items
    ref = ConclusionRef(digest("conclusion"), 120, 1, Moment("2026-11-27T01:10:00.000Z"))
    return (msgspec.structs.replace(first, conclusion=ref), *rest)
