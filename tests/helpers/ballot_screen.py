# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot's screen under test: opened in a window, read, pressed and signed as a member does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from client.crypto import dsse
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, PollState
from client.domain.ids import ChoiceCode, DeviceId, Moment, PollId, QuestionId
from client.domain.outbox import OtherVote, OutboxItem, OutboxState
from client.protocol import codec
from client.protocol.messages import VoteStatement
from client.store import outbox, polls, trusted
from client.ui.main_window import MainWindow
from client.ui.screens.ballot import BallotScreen, Step
from client.ui.screens.ballot_dossier import IssueText
from client.ui.screens.ballot_question import QuestionBox
from client.ui.widgets.button import Button
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import ScrollColumn
from client.ui.widgets.text import Label
from server.secretariat.rules import GOVERNMENT
from tests.helpers.ui_world import PIN, UiWorld, digest

Q_OPINION, Q_SESSION, Q_PAST = PollId("q_opinion"), PollId("q_session"), PollId("q_past")
Q1 = QuestionId("q1")
YES, NO = ChoiceCode("yes"), ChoiceCode("no")
LANDSCAPE, PORTRAIT = (1368, 912), (912, 1368)


def settle(world: UiWorld, qtbot: QtBot) -> None:
    for _ in range(3):
        qtbot.waitUntil(lambda: world.tasks.running == 0)
        columns = [c for window in QApplication.topLevelWidgets() for c in window.findChildren(ScrollColumn)]
        qtbot.waitUntil(lambda columns=columns: not any(column.busy for column in columns))
        for _ in range(3):
            QApplication.processEvents()


def space_of(screen: QWidget) -> object:
    window = screen.window()
    assert isinstance(window, MainWindow)
    assert window.workspace is not None
    return window.workspace


def box_of(screen: BallotScreen, question: QuestionId = Q1) -> QuestionBox:
    return screen.form.questions()[question]


def press(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def buttons(screen: QWidget) -> set[str]:
    """What can be done; page links of the dossier aside."""
    inside = [b for issue in screen.findChildren(IssueText) for b in issue.findChildren(Button)]
    shown = [button for button in screen.findChildren(Button) if button.isVisible() and button not in inside]
    return {button.text() for button in shown if button.text()}


def texts(screen: QWidget) -> str:
    labels = [label.text() for label in screen.findChildren(Label) if label.isVisible()]
    return "\n".join([*labels, *(chip.text for chip in screen.findChildren(Chip) if chip.isVisible())])


def acts(world: UiWorld) -> tuple[OutboxItem, ...]:
    return world.core.record.read(outbox.items).result()


def draft(world: UiWorld, poll_id: PollId = Q_OPINION) -> outbox.Draft | None:
    return world.core.record.read(lambda c: outbox.draft(c, poll_id)).result()


def statement(world: UiWorld, n: int) -> VoteStatement:
    """What was really signed."""
    envelope = world.core.record.read(lambda c: outbox.envelope(c, n)).result()
    directory = world.core.trust.directory()
    assert directory is not None
    keys = {device.id: device.sign for device in directory.devices}
    payload = dsse.open_(envelope, keys, limit=codec.MAX_STATEMENT).payload
    return codec.decode(payload, VoteStatement, limit=codec.MAX_STATEMENT)


def sign(world: UiWorld, screen: BallotScreen, qtbot: QtBot, pin: str = PIN) -> None:
    press(screen.form.foot.review_button)
    settle(world, qtbot)
    assert screen.step is Step.REVIEW
    QTest.keyClicks(screen.review.sign.pin, pin)
    QTest.keyClick(screen.review.sign.pin, Qt.Key.Key_Return)
    settle(world, qtbot)


def receipt(world: UiWorld, n: int) -> None:
    at = Moment("2026-11-27T02:14:07.000Z")
    world.write(lambda c: outbox.mark(c, n, state=OutboxState.RECEIPTED, received=at, receipt=b"{}"))


def open_session(world: UiWorld) -> None:
    kept = dsse.sign(codec.encode(GOVERNMENT), keyid="publisher-1", key=SigningKey.generate())
    world.write(lambda c: trusted.save_target(c, "r/gov-2025.1", kept))
    world.write(lambda c: polls.set_state(c, Q_SESSION, PollState.OPEN))


def conflict(world: UiWorld, *, answers: tuple[Answer, ...] = (Answer(Q1, NO, "Chưa rõ nguồn lực."),)) -> OtherVote:
    """This device's vote met one of another device, and the service said so under its signature."""
    found = world.core.record.read(lambda c: polls.get(c, Q_OPINION)).result()
    world.core.acts.cast_vote(found, (Answer(Q1, YES),)).result()
    other = OtherVote(
        digest("the other vote"),
        DeviceId("d_44aa10bc"),
        Moment("2026-11-27T01:10:00.000Z"),
        Moment("2026-11-27T01:09:58.000Z") if answers else None,
        answers,
    )
    world.write(lambda c: outbox.mark(c, 1, state=OutboxState.CONFLICT, reason="vote-conflict", other=other))
    return other


def find(screen: QWidget, text: str) -> Button:
    return next(b for b in screen.findChildren(Button) if b.isVisible() and b.text() == text)
