# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot that cannot be cast always says why; a form that is open is left alone by whatever happens around it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from client.domain.ballot import PollBlock, PollState, Served, WhyNot
from client.domain.ids import ChoiceCode, MemberId, Moment
from client.domain.live import Presence
from client.domain.outbox import Standing
from client.errors import Unreachable
from client.store import polls
from client.store.changes import ChangeSet, Topic
from client.sync import events
from client.sync.events import Connectivity, EngineEvent, SyncStatus
from client.ui import navigator as places
from client.ui import words
from client.ui.screens.ballot import BallotScreen
from client.ui.screens.ballot_choice import ChoiceButton
from client.ui.screens.ballot_model import read_ballot
from client.ui.screens.ballot_status import StatusCard
from tests.helpers.ballot_screen import box_of, buttons, open_session, press, settle, texts
from tests.helpers.live_world import Q_SESSION, open_poll, open_vote, put_room, roll, room
from tests.helpers.ui_world import REGULAR, UiWorld
from tests.ui.conftest import ShowWindow

NO = ChoiceCode("no")


@pytest.mark.parametrize("reason", WhyNot, ids=lambda reason: reason.value)
def test_every_reason_is_a_sentence_on_the_screen(
    world: UiWorld, show: ShowWindow, qtbot: QtBot, reason: WhyNot
) -> None:
    page = read_ballot(world.core.record, world.clock, Q_SESSION, world.ctx.viewer).result()
    assert page is not None
    shut = replace(page, view=structs.replace(page.view, why_not=reason, current=None))
    card = StatusCard(shut)
    qtbot.addWidget(card)
    card.show()
    sentence = words.why_not_sentence(reason)
    assert sentence.endswith(".")
    assert sentence in texts(card)
    assert not shut.can_cast
    assert buttons(card) == set()


def test_no_two_reasons_say_the_same() -> None:
    assert len({words.why_not_sentence(reason) for reason in WhyNot}) == len(WhyNot)


def every_engine_event() -> list[EngineEvent]:
    """One of each kind, with what a screen could trip over."""
    status = SyncStatus(Connectivity.OFFLINE, error=Unreachable("gone"), active=True)
    made: list[EngineEvent] = [
        events.SyncStarted(),
        events.SyncFinished(status),
        events.SyncFinished(SyncStatus(Connectivity.ONLINE)),
        events.PackProgress(REGULAR, 5, 10),
        events.PackReady(REGULAR, 2),
        events.ReceiptArrived(1, Standing.COUNTED),
        events.Problem(Unreachable("gone"), Q_SESSION),
    ]
    assert {type(event) for event in made} == set(get_args(EngineEvent)), "a new event belongs here"
    return made


def test_an_open_form_outlives_every_event(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    open_session(world)
    open_poll(world)
    put_room(world, room(polls=(open_vote(),)))
    screen = show(places.Ballot(Q_SESSION)).findChild(BallotScreen)
    settle(world, qtbot)
    box = box_of(screen)
    assert box.choice is None, "nothing is chosen for the member"
    assert not any(button.isChecked() for button in screen.findChildren(ChoiceButton))
    press(box.choices[NO])
    box.note.setPlainText("Chưa rõ nguồn lực")
    box.note.setFocus()

    def stands(after: object) -> None:
        settle(world, qtbot)
        kept = box_of(screen)
        assert kept is box, after
        assert (kept.choice, kept.note.toPlainText()) == (NO, "Chưa rõ nguồn lực"), after
        assert kept.note.hasFocus(), after

    for event in every_engine_event():
        world.bridge.post_engine_event(event)
        stands(event)
    for topic in Topic:
        world.bridge.post_change(ChangeSet.of(topic, Q_SESSION, REGULAR))
        stands(topic)
    found = world.core.record.read(lambda conn: polls.get(conn, Q_SESSION)).result()
    for changes in (
        {"closes": Moment("2026-11-27T02:00:00.000Z")},
        {"state": PollState.CLOSING},
        {"served": (Served(MemberId("m_001"), answered=False),)},
        {"certified": True},
        {"rev": 9},
    ):
        world.write(lambda conn, changes=changes: polls.save(conn, structs.replace(found, **changes)))
        stands(changes)
    for version, changes in enumerate(
        (
            {"polls": (open_vote(in_room=20),)},
            {"polls": (open_vote(),), "speaker": None},
            {"polls": (open_vote(),), "current": None, "pages": None},
            {"polls": (open_vote(block=PollBlock.NO_QUORUM),), "present": 17},
            {"polls": (open_vote(),), "roll": roll(Presence.LEFT)},
            {"polls": (open_vote(),)},
        ),
        start=20,
    ):
        put_room(world, room(**changes), version=version)
        settle(world, qtbot)
        kept = box_of(screen)
        assert kept is box, changes
        assert (kept.choice, kept.note.toPlainText()) == (NO, "Chưa rõ nguồn lực"), changes
    qtbot.waitUntil(screen.form.foot.review_button.isVisible)
    assert screen.desk.entry.at(next(iter(screen.form.questions()))).choice == NO
