# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hand-over sheets in a meeting: the member's own, with how far it has come, and those others gave the member.

The agenda says, too, how many notes others shared on the meeting's papers, so that none has to be looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QTextBrowser, QWidget

from client.clock import to_rfc3339
from client.domain.handover import HandOver
from client.domain.ids import ItemId, MemberId, Moment, PackId
from client.domain.live import Position
from client.domain.live_view import SessionView
from client.domain.people import Person
from client.domain.session import Session
from client.domain.sharing import Reader
from client.errors import EcabinetError, EnvironmentFault
from client.store import note_list, packs, received, received_carry, shares
from client.store.gate import Handle
from client.ui import formats, people_words
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Navigator, Notes
from client.ui.screens.deputy_paper import as_html, as_pdf
from client.ui.screens.deputy_sheet import DeputySheet, Matter
from client.ui.screens.notes_rows import reader_chips
from client.ui.screens.sharing_desk import POKE, Sharer
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.layouts import FlowLayout, Part
from client.ui.widgets.list_rows import Row
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

_PAGE = 460


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is known of a meeting's sheets.

    Attributes:
        given: By author, newest first.
        shared: How many notes each author shared on the meeting's papers.
        back: The sheet that was taken back last, while none stands.
    """

    mine: HandOver | None = None
    readers: tuple[Reader, ...] = ()
    given: tuple[tuple[MemberId, HandOver], ...] = ()
    shared: tuple[tuple[MemberId, int], ...] = ()
    back: HandOver | None = None


def read(conn: Handle, pack: PackId) -> Sheets:
    """One visit to ``record.db``."""
    mine = shares.sheet_of(conn, pack)
    readers = shares.readers(conn).get(mine.id, ()) if mine is not None else ()
    given = tuple((author, sheet) for author, sheet, hidden in received.sheets(conn, pack) if not hidden)
    revision = packs.readable(conn, pack)
    papers = revision.papers if revision is not None else ()
    counts = received_carry.counts(conn, [(paper.id, paper.plain) for paper in papers if paper.plain is not None])
    back = shares.withdrawn_sheet(conn, pack) if mine is None else None
    return Sheets(mine, readers, given, tuple(sorted(counts.items())), back)


class SheetPage(Sheet):
    """One sheet to read, and to take out as PDF where policy lets it."""

    def __init__(
        self, ctx: AppContext, tasks: Tasks, parent: QWidget, *, sheet: HandOver, author: str, to: str
    ) -> None:
        super().__init__(tr("Phiếu bàn giao"), parent)
        self._ctx, self._tasks, self._sheet, self._author, self._to = ctx, tasks, sheet, author, to
        self.page = QTextBrowser()
        self.page.setAccessibleName(tr("Phiếu bàn giao"))
        self.page.setOpenLinks(False)
        self.page.setHtml(as_html(sheet, author, to))
        self.page.setMinimumHeight(tokens().measures.text(_PAGE))
        self.column.addWidget(self.page, 1)
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.pdf_button = self.add_button(tr("Xuất PDF"), icon_name="export")
        self.pdf_button.setEnabled(ctx.policy.allow_export)
        refused = tr("Máy này không cho xuất tệp (do đơn vị quản lý).")
        self.pdf_button.setToolTip("" if ctx.policy.allow_export else refused)
        self.pdf_button.clicked.connect(self._ask_where)
        self.add_button(tr("Đóng"), variant="primary").clicked.connect(self.accept)

    def write_to(self, path: Path) -> None:
        """Make the PDF and write it exactly there."""
        member = self._ctx.member
        now = Moment(to_rfc3339(self._ctx.clock.now()))
        stamp = f"{member.name or member.id} · {formats.short_moment(now)}"

        def work() -> None:
            made = as_pdf(self._sheet, self._author, to=self._to, stamp=stamp)
            try:
                path.write_bytes(made)
            except OSError as error:
                raise EnvironmentFault(f"export: {type(error).__name__}") from error

        self.pdf_button.setEnabled(False)
        self._tasks.call(work, lambda _: self.accept(), self._failed, owner=self)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, tr("Lưu tệp"), str(Path.home() / "phieu-ban-giao.pdf"), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(lambda name: self.write_to(Path(name)))
        dialog.open()

    def _failed(self, _error: EcabinetError) -> None:
        self.pdf_button.setEnabled(True)
        self.trouble.set(tr("Không ghi được tệp ở đó. Chọn nơi lưu khác."))


class DeputyDesk(QObject):
    """For one panel.

    Attributes:
        changed: There is something else to draw.
    """

    changed = Signal()

    def __init__(self, ctx: AppContext, tasks: Tasks, navigator: Navigator, window: QWidget) -> None:
        super().__init__(window)
        self._ctx, self._tasks, self._navigator, self._window = ctx, tasks, navigator, window
        self._sharer = Sharer(ctx, tasks, navigator, window)
        self._pack: PackId | None = None
        self.sheets = Sheets()

    def load(self, pack: PackId) -> None:
        """Read again."""
        if pack != self._pack:
            self._pack, self.sheets = pack, Sheets()
        self._tasks.run(self._ctx.record.read(lambda conn: read(conn, pack)), partial(self._take, pack), owner=self)

    def given_parts(self) -> list[Part]:
        """Cards of sheets others gave the member."""
        people = self._ctx.people()
        named = [(author, sheet, people_words.name_of(author, people)) for author, sheet in self.sheets.given]
        parts = [Part(("given", one[0]), one, partial(self._given_card, *one)) for one in named]
        if self.sheets.shared:
            parts.append(Part("shared-notes", self.sheets.shared, partial(self._shared_card, people)))
        return parts

    def _shared_card(self, people: Mapping[MemberId, Person]) -> Card:
        card = Card()
        told = [
            tr("{name}: {n}").format(name=people_words.plain_name(people_words.name_of(author, people)), n=count)
            for author, count in self.sheets.shared
        ]
        row = Row(tr("Ghi chú được chia sẻ với đồng chí"), ", ".join(told), icon_name="people", first=True)
        pack = self._pack
        row.activated.connect(lambda: self._navigator.go(Notes(pack)))
        card.column.addWidget(row)
        return card

    def own_part(self, session: Session, room: SessionView | None) -> Part:
        """The card of the member's own sheet."""
        positions = {one.progress.id: one.position for one in room.items if one.position} if room is not None else {}
        shown = (self.sheets.mine, self.sheets.back, self.sheets.readers, session, tuple(positions.items()))
        return Part("own-sheet", shown, partial(self._own_card, session, positions))

    def _take(self, pack: PackId, found: Sheets) -> None:
        if pack == self._pack and found != self.sheets:
            self.sheets = found
            self.changed.emit()

    def _given_card(self, author: MemberId, sheet: HandOver, name: str) -> Card:
        card = Card()
        plain = people_words.plain_name(name)
        card.column.addWidget(Label(tr("Phiếu bàn giao của {name}").format(name=plain), "heading"))
        note = tr("Đồng chí trình bày ý kiến thay, không biểu quyết. {n} nội dung.").format(n=len(sheet.items))
        card.column.addWidget(Label(note, "note"))
        button = Button(tr("Mở phiếu"), "document")
        button.clicked.connect(lambda: self._open(sheet, author, self._ctx.member.name))
        card.column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _own_card(self, session: Session, positions: Mapping[ItemId, Position]) -> Card:
        card, mine = Card(), self.sheets.mine
        card.column.addWidget(Label(tr("Phiếu bàn giao cho người dự thay"), "heading"))
        note = tr("Chọn nội dung, ý kiến và ghi chú để giao cho người trình bày thay. Phiếu không có lá phiếu.")
        card.column.addWidget(Label(note, "note"))
        people = self._ctx.people()
        chips, flow = FlowLayout(), FlowLayout()
        for chip in reader_chips(self.sheets.readers, people):
            chips.addWidget(chip)
        if chips.count():
            card.column.addLayout(chips)
        write = Button(tr("Lập phiếu bàn giao") if mine is None else tr("Lập phiếu mới"), "edit")
        write.clicked.connect(lambda: self._write(session, positions))
        flow.addWidget(write)
        if mine is not None:
            names = [people_words.name_of(one.member, people) for one in self.sheets.readers]
            show = Button(tr("Xem phiếu bàn giao"), "document", variant="plain")
            show.clicked.connect(lambda: self._open(mine, self._ctx.member.id, ", ".join(names)))
            back = Button(tr("Thu lại phiếu"), "undo", variant="plain")
            back.clicked.connect(lambda: self._withdraw(mine))
            flow.addWidget(show)
            flow.addWidget(back)
        if self.sheets.back is not None:
            again = Button(tr("Giao lại phiếu vừa thu"), "redo", variant="plain")
            again.clicked.connect(partial(self._give_again, self.sheets.back))
            flow.addWidget(again)
        card.column.addLayout(flow)
        return card

    def _open(self, sheet: HandOver, author: MemberId, to: str) -> None:
        name = self._ctx.member.name if author == self._ctx.member.id else ""
        name = name or people_words.name_of(author, self._ctx.people())
        SheetPage(self._ctx, self._tasks, self._window, sheet=sheet, author=name, to=to).open()

    def _write(self, session: Session, positions: Mapping[ItemId, Position]) -> None:
        pack, before = self._pack, self.sheets.mine or self.sheets.back
        if pack is None:
            return
        readers = tuple(one.member for one in self.sheets.readers)

        def ask(notes: tuple[note_list.PaperNotes, ...]) -> None:
            sheet = DeputySheet(Matter(pack, session, positions, notes, before, readers), self._sharer, self._window)
            sheet.kept.connect(self._keep)
            sheet.open()

        self._tasks.run(self._ctx.record.read(lambda conn: note_list.listed(conn, pack)), ask, owner=self)

    def _keep(self, sheet: HandOver, readers: tuple[MemberId, ...]) -> None:
        written = self._ctx.record.write(lambda conn: shares.keep_sheet(conn, sheet, readers, sheet.made))
        self._tasks.run(written, lambda _: self._kept(tr("Phiếu bàn giao đã lưu trên máy, chờ gửi.")), owner=self)

    def _withdraw(self, sheet: HandOver) -> None:
        at = Moment(to_rfc3339(self._ctx.clock.now()))
        said = tr("Phiếu được gỡ khỏi máy người nhận ở lần đồng bộ tới; những gì đã đọc thì không thu lại được.")
        written = self._ctx.record.write(lambda conn: shares.withdraw_sheet(conn, sheet.id, at))
        self._tasks.run(written, lambda _: self._kept(said), owner=self)

    def _give_again(self, sheet: HandOver) -> None:
        written = self._ctx.record.write(lambda conn: shares.restore_sheet(conn, sheet.id))
        self._tasks.run(written, lambda _: self._kept(tr("Phiếu bàn giao đã lưu trên máy, chờ gửi.")), owner=self)

    def _kept(self, said: str) -> None:
        self._ctx.engine.poke(POKE)
        self._navigator.announce(said)
        if self._pack is not None:
            self.load(self._pack)
