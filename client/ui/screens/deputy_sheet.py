# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing a hand-over sheet (phiếu bàn giao): the member picks items, positions, words and notes, then a person.

Nothing is picked beforehand but what an earlier sheet of the same session had. It goes only where the member names
somebody, and it can hold no ballot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QUuid, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from client.clock import to_rfc3339
from client.domain.annotation import Highlight, TextNote
from client.domain.handover import MAX_NOTES, MAX_WORDS, HandOver, SheetItem, SheetNote
from client.domain.ids import AnnotationId, ItemId, MemberId, Moment, PackId
from client.domain.live import Position
from client.domain.session import AgendaItem, Session
from client.store.note_list import PaperNotes, Standing
from client.ui import words
from client.ui.i18n import tr
from client.ui.screens.ballot_question import note_field
from client.ui.screens.live_words import POSITIONS, position_words
from client.ui.screens.sharing_desk import Sharer
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import EDGE, GAP, Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.layouts import Part, ScrollColumn
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.ui.widgets.tick import Tick

_LEAST, _FIELD, _INDENT, _WIDTH, _HEIGHT = 160, 70, 56, 860, 760


@dataclass(frozen=True, slots=True)
class Matter:
    """What a sheet can be made of.

    Attributes:
        positions: What the member said about items beforehand.
        notes: The member's notes, by paper.
        before: The sheet that stands.
        readers: Who has it.
    """

    pack: PackId
    session: Session
    positions: Mapping[ItemId, Position]
    notes: tuple[PaperNotes, ...] = ()
    before: HandOver | None = None
    readers: tuple[MemberId, ...] = ()

    def notes_on(self, item: AgendaItem) -> tuple[SheetNote, ...]:
        """Notes and marked passages on an item's papers, by their words."""
        found = []
        for paper in self.notes:
            if paper.paper.id not in item.papers:
                continue
            title = words.paper_title(paper.paper)
            for one in paper.notes:
                note = one.note
                if one.standing is not Standing.HERE or not isinstance(note, TextNote | Highlight):
                    continue
                quote = note.quote.text[:MAX_WORDS] if note.quote is not None else ""
                text = note.text[:MAX_WORDS] if isinstance(note, TextNote) else ""
                if text or quote:
                    found.append(SheetNote(note.paper, title, note.page, text, quote))
        return tuple(found[:MAX_NOTES])


class ItemForm(QWidget):
    """One item of the agenda."""

    def __init__(self, matter: Matter, item: AgendaItem, number: int) -> None:
        super().__init__()
        self._item, self._number = item, number
        self._notes = matter.notes_on(item)
        old = next((one for one in matter.before.items if one.item == item.id), None) if matter.before else None
        self.picked = Tick(tr("{n}. {title}").format(n=number, title=item.title), on=old is not None)
        self.position: Segmented[Position | None] = Segmented(
            tr("Ý kiến"),
            ((None, tr("Không nêu")), *((one, position_words(one)) for one in POSITIONS[:3])),
            old.position if old is not None else matter.positions.get(item.id),
        )
        self.words = note_field(old.words if old is not None else "", tr("Nội dung cần trình bày"), _FIELD)
        self.words.setAccessibleName(tr("Nội dung cần trình bày"))
        self.with_notes = Tick(tr("Kèm {n} ghi chú của tôi").format(n=len(self._notes)), on=bool(old and old.notes))
        self.with_notes.setVisible(bool(self._notes))
        self.more = QWidget()
        more = QVBoxLayout(self.more)
        more.setContentsMargins(_INDENT, 0, 0, GAP)
        for widget in (self.position, self.words, self.with_notes):
            more.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picked)
        column.addWidget(self.more)
        self.picked.toggled.connect(self.more.setVisible)
        self.more.setVisible(self.picked.on)

    def value(self) -> SheetItem | None:
        """What the sheet says about it; None if it was not picked."""
        if not self.picked.on:
            return None
        return SheetItem(
            self._item.id,
            self._number,
            self._item.title,
            self.position.value,
            self.words.toPlainText().strip()[:MAX_WORDS],
            self._notes if self.with_notes.on else (),
        )


class DeputySheet(Sheet):
    """See the module.

    Attributes:
        kept: The sheet and who gets it, after the member named somebody.
    """

    kept = Signal(object, object)

    def __init__(self, matter: Matter, sharer: Sharer, parent: QWidget) -> None:
        super().__init__(tr("Phiếu bàn giao"), parent)
        self._matter, self._sharer = matter, sharer
        self.setFixedWidth(min(tokens().measures.text(_WIDTH), parent.window().width() - 2 * EDGE))
        self.column.addWidget(Label(matter.session.title, "strong"))
        self.column.addWidget(
            Label(
                tr("Người dự thay trình bày ý kiến của đồng chí và không biểu quyết; phiếu này không có lá phiếu."),
                "note",
            )
        )
        self.message = note_field(matter.before.message if matter.before else "", tr("Lời dặn chung"), _FIELD)
        self.message.setAccessibleName(tr("Lời dặn chung"))
        self.column.addWidget(self.message)
        self.list = ScrollColumn(edge=0)
        self.list.setMinimumHeight(_LEAST)
        self.forms = [ItemForm(matter, item, number) for number, item in enumerate(matter.session.agenda, 1)]
        self.list.show_parts([Part(str(n), None, lambda form=form: form) for n, form in enumerate(self.forms)])  # type: ignore[misc]
        self.column.addWidget(self.list, 1)
        self.trouble = Banner(tone=Tone.DANGER)
        self.column.addWidget(self.trouble)
        self.add_button(tr("Để sau")).clicked.connect(self.reject)
        self.go_button = self.add_button(tr("Chọn người nhận…"), variant="primary", icon_name="people")
        self.go_button.clicked.connect(self._ask)
        self.grow(tokens().measures.text(_HEIGHT))

    def value(self) -> HandOver:
        """The sheet as it is filled in."""
        return sheet_of(
            self._matter,
            message=self.message.toPlainText().strip()[:MAX_WORDS],
            items=[one for form in self.forms if (one := form.value()) is not None],
            made=Moment(to_rfc3339(self._sharer.ctx.clock.now())),
        )

    def _ask(self) -> None:
        sheet = self.value()
        if not sheet.items and not sheet.message:
            self.trouble.set(tr("Chọn ít nhất một nội dung hoặc viết lời dặn."))
            return
        self.trouble.set("")
        people = self._sharer.ask(tr("Phiếu bàn giao"), (), self._keep, over=self, button=tr("Giao phiếu"))
        people.suggest(self._matter.readers)

    def _keep(self, readers: tuple[MemberId, ...]) -> None:
        self.kept.emit(self.value(), readers)
        self.accept()


def sheet_of(matter: Matter, *, message: str, items: Sequence[SheetItem], made: Moment) -> HandOver:
    """A new sheet with an id of its own."""
    return HandOver(
        id=AnnotationId(f"h_{QUuid.createUuid().toString(QUuid.StringFormat.Id128)}"),
        pack=matter.pack,
        title=matter.session.title,
        starts=matter.session.starts,
        made=made,
        message=message,
        items=tuple(items),
    )
