# SPDX-License-Identifier: AGPL-3.0-or-later
"""One ballot: read, choose, check, sign, and the sentence about the result.

Rules:
1. Nothing is chosen for the member, and an open form is never reset by an event: a change from outside renews what
   is around it, freezes it, or offers the new wording, but takes nothing away.
2. Leaving keeps the draft. Only a press after the check and the PIN signs.
3. What is said of a vote is ``domain.outbox.standing`` in the words of ``ui.words``, never more.
4. Where nothing can be cast, a sentence stands in place of the buttons.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from client.domain.ballot import Poll
from client.domain.ids import PaperId, PollId
from client.domain.outbox import KEPT_OTHER, OutboxItem, standing
from client.errors import EcabinetError
from client.store import outbox
from client.store.changes import Topic
from client.sync.events import SyncFinished, SyncStarted
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Ballot, Navigator
from client.ui.screen import Screen
from client.ui.screens.ballot_desk import FormDesk
from client.ui.screens.ballot_entry import answers_of
from client.ui.screens.ballot_form import FormPage
from client.ui.screens.ballot_head import BallotHeader
from client.ui.screens.ballot_model import BallotPage, read_ballot
from client.ui.screens.ballot_result import ResultPage
from client.ui.screens.ballot_review import ReviewPage
from client.ui.screens.ballot_status import unavailable_sentence
from client.ui.screens.ballot_words import connection_sentence, foot_notice
from client.ui.screens.evidence_sheet import EvidenceSheet
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.empty_state import EmptyState

_SECOND_MS: Final = 1000


class Step(Enum):
    """Where the member is."""

    LOADING = "loading"
    ABSENT = "absent"
    STATUS = "status"
    FORM = "form"
    REVIEW = "review"
    SIGNING = "signing"
    RESULT = "result"


class BallotScreen(Screen[Ballot]):
    """One ballot, from its form to its receipt."""

    TOPICS = frozenset({Topic.POLLS, Topic.OUTBOX, Topic.PACKS, Topic.READING, Topic.TRUST, Topic.LIVE})
    IMMERSIVE = True

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("ballot_screen")
        self.setAccessibleName(tr("Biểu quyết"))
        self.step = Step.LOADING
        self.page: BallotPage | None = None
        self._poll: PollId | None = None
        self._cast: OutboxItem | None = None
        self.header = BallotHeader(ctx.clock)
        self.form = FormPage(ctx.member.device_name)
        self.desk = FormDesk(ctx, tasks, self.form, self)
        self.absent = EmptyState("vote", tr("Phiếu chưa có trên máy này"), tr("Phiếu được tải khi có mạng."))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.form)
        self.stack.addWidget(self.absent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.stack, 1)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self.header.say_time)
        self._connect(bridge)

    def _connect(self, bridge: Bridge) -> None:
        self.header.back.connect(self._back)
        self.form.paper_wanted.connect(self._open_paper)
        self.form.change_wanted.connect(self._change_mind)
        self.form.mine_wanted.connect(self._replace_with_mine)
        self.form.other_wanted.connect(self._keep_other)
        self.form.evidence_wanted.connect(self._export_evidence)
        self.form.outbox_wanted.connect(self.navigator.open_outbox)
        self.form.foot.review_button.clicked.connect(self._review)
        self.form.foot.read_again_button.clicked.connect(self._take_new_wording)
        bridge.engine_event.connect(self._on_engine)

    @cached_property
    def review(self) -> ReviewPage:
        """Built when first needed: opening a ballot does not wait for its keypad."""
        made = ReviewPage(self.ctx.vault, self.tasks, self.ctx.clock)
        made.edit_wanted.connect(self._edit)
        made.sign.confirmed.connect(self._sign)
        self.stack.addWidget(made)
        return made

    @cached_property
    def result(self) -> ResultPage:
        """Built when first needed."""
        made = ResultPage()
        made.done.connect(self.navigator.back)
        made.outbox_wanted.connect(self.navigator.open_outbox)
        made.retry_wanted.connect(self._review)
        self.stack.addWidget(made)
        return made

    # -- life of a screen --------------------------------------------------------------------------------------

    def enter(self, route: Ballot) -> None:
        """Show a ballot; coming back to the same one (from a paper) finds the form as it was left."""
        if route.poll != self._poll:
            self.desk.close()
            self._poll, self.page, self._cast, self.step = route.poll, None, None, Step.LOADING
            self.form.clear()
        elif self.step is Step.RESULT or (self.step is Step.FORM and not self._can_cast):
            self.step = Step.LOADING
        super().enter(route)

    def leave(self) -> None:
        """Keep the draft; no digit of a PIN stays."""
        self.desk.keeper.flush()
        if self.step is Step.REVIEW:
            self._edit()

    def refresh(self) -> None:
        """Read the ballot again."""
        poll = self._poll
        if poll is not None:
            future = read_ballot(self.ctx.record, self.ctx.clock, poll, self.ctx.viewer)
            self.tasks.run(future, lambda page: self._show(poll, page), owner=self)

    def heading(self) -> str:
        """The ballot's title once it is known."""
        return self.page.poll.title if self.page is not None else self.accessibleName()

    def showEvent(self, event: QShowEvent) -> None:
        """Time left is counted while it can be seen."""
        super().showEvent(event)
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """No counting out of sight."""
        super().hideEvent(event)
        self._second.stop()

    # -- drawing -----------------------------------------------------------------------------------------------

    def _show(self, poll: PollId, page: BallotPage | None) -> None:
        if poll != self._poll:
            return
        if self.page is None and page is not None:
            self.navigator.announce(page.poll.title)
        if page is not None and page.poll.silent:
            people = self.ctx.people()
            names = (people[each].name if each in people else each for each in page.poll.silent)
            page = replace(page, silent=tuple(names))
        self.page = page
        if page is None:
            self.step = Step.ABSENT
        elif self.step in {Step.LOADING, Step.ABSENT, Step.STATUS}:
            self._begin(page)
        self._draw()

    def _begin(self, page: BallotPage) -> None:
        """Form or status, when nothing is open that must not be disturbed."""
        if page.can_cast and not page.undecided and (page.view.current is None or page.draft is not None):
            self._open_form(page)
        else:
            self.step = Step.STATUS

    def _open_form(self, page: BallotPage) -> None:
        self.step = Step.FORM
        self.desk.open(page)

    def _draw(self) -> None:
        page = self.page
        self.header.show_page(page)
        if page is None:
            self.stack.setCurrentWidget(self.absent)
            return
        self.desk.follow(page)
        self.desk.editing = self.step is Step.FORM
        asking = self.desk.asked if self.step in {Step.FORM, Step.REVIEW, Step.SIGNING} else None
        self.form.show_page(page, asking, lambda: self.desk.entry)
        self._say_around(page)
        if self.step is Step.REVIEW and not self._castable(page):
            self._edit()
        elif self.step is Step.REVIEW and self.desk.asked is not None:
            self.review.show_entry(
                page, self.desk.asked, self.desk.entry, connection_sentence(self.ctx.engine.status())
            )
        elif self.step is Step.RESULT and self._cast is not None:
            vote = page.vote(self._cast.n)
            item = vote.item if vote is not None else self._cast
            self.result.show_vote(page.poll, item, vote.standing if vote is not None else standing(item))
        if self.step in {Step.REVIEW, Step.SIGNING}:
            self.stack.setCurrentWidget(self.review)
        else:
            self.stack.setCurrentWidget(self.result if self.step is Step.RESULT else self.form)

    @property
    def _can_cast(self) -> bool:
        return self.page is not None and self.page.can_cast

    def _castable(self, page: BallotPage) -> bool:
        return page.can_cast and self.desk.asked is not None and not self.desk.differs(page.poll)

    def _say_around(self, page: BallotPage) -> None:
        """What stands under the form, and whether it takes changes."""
        foot, changed = self.form.foot, self.desk.differs(page.poll)
        foot.set_buttons(can_cast=page.can_cast, changed=changed)
        self.form.set_open(page.can_cast)
        if not page.can_cast:
            foot.notice.set(unavailable_sentence(page), Tone.NEUTRAL)
        elif changed:
            foot.notice.set(tr("Nội dung phiếu đã thay đổi. Đọc nội dung mới trước khi gửi; ý kiến đã ghi được giữ."))
        else:
            foot.notice.set(*foot_notice(page.poll, self.ctx.engine.status(), self.ctx.clock))

    def _on_engine(self, event: object) -> None:
        if self.isVisible() and isinstance(event, SyncStarted | SyncFinished):
            self.refresh()

    def _take_new_wording(self) -> None:
        if self.page is not None:
            self.desk.take(self.page.poll)
            self._draw()

    def _change_mind(self) -> None:
        if self.page is not None and self.page.can_cast:
            self._open_form(self.page)
            self._draw()

    def _replace_with_mine(self) -> None:
        """After a conflict: this device's choice again, through the check and the PIN like any vote."""
        page = self.page
        if page is None or not page.can_cast or page.view.current is None:
            return
        self.step = Step.FORM
        self.desk.open_with(page, page.view.current.answers)
        self._draw()
        self._review()

    def _keep_other(self) -> None:
        """After a conflict: the other device's vote stays; nothing is sent."""
        vote = self.page.view.current if self.page is not None else None
        if vote is None:
            return

        def note(reason: str) -> None:
            self.ctx.record.write(lambda c: outbox.mark(c, vote.item.n, reason=reason))

        note(KEPT_OTHER)
        self.navigator.offer_undo(tr("Đồng chí giữ phiếu từ thiết bị khác."), lambda: note(vote.item.reason))

    # -- review, signature, result -----------------------------------------------------------------------------

    def _review(self) -> None:
        if self.page is None:
            return
        if not self._castable(self.page) or self.desk.tell_problems():
            self._edit()
            self.form.go_to_problem()
            return
        self.desk.keeper.flush()
        self.step = Step.REVIEW
        self._draw()
        self.review.list.verticalScrollBar().setValue(0)
        self.review.sign.begin()
        self.navigator.announce(tr("Kiểm tra lại rồi nhập mã PIN để ký"))

    def _edit(self) -> None:
        if self.step is not Step.FORM:
            self.review.sign.forget()
        self.step = Step.FORM
        self._draw()

    def _sign(self) -> None:
        page, asked = self.page, self.desk.asked
        if self.step is not Step.REVIEW or page is None or asked is None or not self._castable(page):
            return
        self.step = Step.SIGNING
        self.review.sign.set_busy(tr("Đang ký và lưu…"))
        entry = self.desk.entry
        future = self.ctx.acts.cast_vote(
            asked,
            answers_of(entry, asked),
            mode=entry.mode,
            reason=entry.stated_reason,
            replaces=page.view.replaces,
            opened=page.opened,
        )
        self.tasks.run(future, lambda item: self._saved(asked, item), lambda e: self._not_saved(asked, e), owner=self)

    def _saved(self, asked: Poll, item: OutboxItem) -> None:
        self.desk.keeper.forget(asked.id)
        if asked.id != self._poll:
            return
        self._cast = item
        self.desk.close()
        self.step = Step.RESULT
        self.review.sign.forget()
        self._draw()
        self.result.done_button.setFocus()

    def _not_saved(self, asked: Poll, error: EcabinetError) -> None:
        if asked.id != self._poll:
            return
        self.step, self._cast = Step.RESULT, None
        self.review.sign.forget()
        self.result.show_not_saved(asked, error)
        self._draw()
        self.result.retry_button.setFocus()

    def _export_evidence(self) -> None:
        if self._poll is not None:
            EvidenceSheet(self.ctx, self.tasks, self._poll, self).open()

    # -- going elsewhere ---------------------------------------------------------------------------------------

    def _open_paper(self, paper: PaperId, page: int | None) -> None:
        if self.page is not None:
            self.navigator.open_paper(self.page.poll.pack, paper, page)

    def _back(self) -> None:
        if self.step is Step.REVIEW:
            self._edit()
        elif self.step is not Step.SIGNING:
            self.navigator.back()
