# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others shared on the open paper: on the page and in the panel, in their colour, to read, copy or hide.

Hiding is for this device and told to nobody; a copy is a note of the member's own, which says from whom it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client.clock import to_rfc3339
from client.domain.annotation import MAX_TEXT, Annotation, Bookmark, Highlight, InkStroke, TextNote
from client.domain.handover import HandOver
from client.domain.ids import Hash, Moment, PaperId
from client.domain.sharing import Received
from client.store import received, received_carry
from client.store.changes import ChangeSet, Topic
from client.ui import people_words
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.screens.changes_words import marks_name
from client.ui.screens.reader_edits import new_mark_id
from client.ui.tasks import Tasks
from client.ui.widgets.button import Button
from client.ui.widgets.layouts import wrapped
from client.ui.widgets.page_lines import Line
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label
from client.viewer.edits import AddHighlight, AddNote, Edit
from client.viewer.export import top_of
from client.viewer.view.guests import GuestMark
from client.viewer.view.page_canvas import PageCanvas


def in_colour(one: Received) -> Annotation | None:
    """A thing in its author's colour; None for a hand-over sheet."""
    if isinstance(one.body, HandOver):
        return None
    return one.body if isinstance(one.body, Bookmark) else replace(one.body, colour=people_words.colour_of(one.author))


def gathered(found: Iterable[Received]) -> list[tuple[Received, ...]]:
    """Things on pages as they are spoken of: strokes of one author on one page together, anything else alone."""
    groups: dict[object, list[Received]] = {}
    for one in found:
        if isinstance(one.body, HandOver):
            continue
        ink = isinstance(one.body, InkStroke)
        groups.setdefault((one.author, one.body.page, one.body.plain) if ink else (one.author, one.body.id), []).append(
            one
        )
    return [tuple(group) for group in groups.values()]


class GuestSheet(Sheet):
    """Somebody else's note, or strokes on a page: who made it, what it says.

    Attributes:
        copy_wanted, hide_wanted: That was asked for.
    """

    copy_wanted = Signal()
    hide_wanted = Signal()

    def __init__(
        self, marks: Sequence[Annotation], author: str, parent: QWidget, *, may_copy: bool, found_here: bool = False
    ) -> None:
        super().__init__(tr("Ghi chú được chia sẻ"), parent)
        mark = marks[0]
        self.column.addWidget(Label(tr("{name} chia sẻ với đồng chí").format(name=author), "strong"))
        self.column.addWidget(Label(tr("Trang {n}").format(n=mark.page + 1), "note"))
        quote = mark.quote if isinstance(mark, TextNote | Highlight) else None
        if quote is not None:
            self.column.addWidget(Label(f"“{quote.text}”", "note"))
        self.words = Label(mark.text if isinstance(mark, TextNote) else marks_name(marks))
        self.column.addWidget(self.words)
        if found_here:
            said = tr("Tài liệu đã thay bản; máy này đặt ghi chú theo đoạn văn. Vị trí chính thức do người viết quyết.")
            self.column.addWidget(Label(said, "note"))
        told = tr("Chỉ người viết sửa hoặc thu lại được. Họ biết ghi chú đã đến máy, không biết đã đọc hay chưa.")
        self.column.addWidget(Label(told, "note"))
        self.hide_button = Button(tr("Ẩn trên máy này"), "eye_off")
        self.copy_button = Button(tr("Chép vào ghi chú của tôi"), "copy")
        self.column.addLayout(wrapped(self.hide_button, self.copy_button))
        self.copy_button.setVisible(may_copy)  # not before it stands in the sheet: it would be a window of its own
        self.column.addStretch(1)
        self.close_button = self.add_button(tr("Đóng"), variant="primary")
        self.hide_button.clicked.connect(partial(self._say, self.hide_wanted.emit))
        self.copy_button.clicked.connect(partial(self._say, self.copy_wanted.emit))
        self.close_button.clicked.connect(self.accept)

    def _say(self, tell: Callable[[], object]) -> None:
        tell()
        self.accept()


class Guests(QObject):
    """Of one canvas.

    Attributes:
        listed: Lines for the panel.
        copied: An ``Edit`` that adds a copy to the member's own notes.
        hidden: Somebody's note was put out of sight.
    """

    listed = Signal(object)
    copied = Signal(object)
    hidden = Signal()

    def __init__(self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas, window: QWidget) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._canvas, self._window = ctx, tasks, canvas, window
        self._paper: tuple[PaperId, Hash] | None = None
        self._shown: tuple[Received, ...] = ()
        canvas.guest_pressed.connect(self.open)

    def begin(self, paper: PaperId, plain: Hash) -> None:
        """Another paper."""
        self._paper = (paper, plain)
        self._look()

    def end(self) -> None:
        """No paper."""
        self._paper = None
        self._show(())

    def on_store_changed(self, changes: ChangeSet) -> None:
        """Something came or went."""
        if self._paper is not None and Topic.SHARED in changes.topics:
            self._look()

    def open(self, mark: Annotation) -> None:
        """Show what was tapped."""
        one = next((one for one in self._shown if one.body.id == mark.id), None)
        if one is None or isinstance(one.body, HandOver):
            return
        group = next(group for group in gathered(self._shown) if one in group)
        marks = [each.body for each in group if not isinstance(each.body, HandOver)]
        name = people_words.name_of(one.author, self._ctx.people())
        may_copy = isinstance(one.body, TextNote | Highlight)
        sheet = GuestSheet(marks, name, self._window, may_copy=may_copy, found_here=one.source is not None)
        sheet.copy_wanted.connect(partial(self._copy, one, name))
        sheet.hide_wanted.connect(partial(self._hide, group))
        sheet.open()

    def _look(self) -> None:
        if self._paper is None:
            return
        paper, plain = self._paper
        found = self._ctx.record.read(lambda conn: received_carry.of_paper(conn, paper, plain))
        self._tasks.run(found, partial(self._take, plain), owner=self)

    def _take(self, plain: Hash, found: tuple[Received, ...]) -> None:
        if self._paper is not None and self._paper[1] == plain:
            self._show(found)

    def _show(self, found: tuple[Received, ...]) -> None:
        self._shown = found
        people = self._ctx.people() if found else {}
        marks: list[GuestMark] = []
        lines: list[tuple[float, Line]] = []
        for group in gathered(found):
            name = people_words.name_of(group[0].author, people)
            drawn = [mark for one in group if (mark := in_colour(one)) is not None]
            marks += [GuestMark(mark, people_words.short_name(name)) for mark in drawn]
            title = tr("{name}: {what}").format(name=people_words.plain_name(name), what=marks_name(drawn))
            first = min(drawn, key=top_of)
            line = Line(first.page, title, tr("tr. {n}").format(n=first.page + 1), "people", key=first)
            lines.append((top_of(first), line))
        self._canvas.show_guests(sorted(marks, key=lambda one: (one.mark.page, top_of(one.mark))))
        self.listed.emit(tuple(line for _, line in sorted(lines, key=lambda one: (one[1].page, one[0]))))

    def _copy(self, one: Received, name: str) -> None:
        made: Edit
        now = Moment(to_rfc3339(self._ctx.clock.now()))
        if isinstance(one.body, TextNote):
            by = tr("(theo ghi chú của {name})").format(name=people_words.plain_name(name))
            text = f"{one.body.text}\n{by}"
            made = AddNote(replace(one.body, id=new_mark_id(), text=text[:MAX_TEXT], made=now))
        elif isinstance(one.body, Highlight):
            made = AddHighlight(replace(one.body, id=new_mark_id(), made=now))
        else:
            return
        self.copied.emit(made)

    def _hide(self, group: Sequence[Received]) -> None:
        names = [one.source or one.body.id for one in group]
        written = self._ctx.record.write(lambda conn: received.hide(conn, group[0].author, names, hidden=True))
        self._tasks.run(written, lambda _: self.hidden.emit(), owner=self)
