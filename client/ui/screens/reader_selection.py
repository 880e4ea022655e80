# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be done with marks that the lasso caught, and with text that was chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from client.domain.annotation import Highlight
from client.domain.ids import AnnotationId, MemberId
from client.ui import people_words
from client.ui.i18n import tr
from client.ui.navigator import Navigator
from client.ui.screens.reader_marks import Marking
from client.ui.screens.reader_note import PassageBar
from client.ui.theme.tokens import GAP, PEN_COLOURS
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.layouts import FlowLayout, hbox
from client.ui.widgets.page_pens import Swatch, pen_names
from client.ui.widgets.text import ElidedLabel, IconLabel
from client.viewer import lasso
from client.viewer.edits import DeleteAnnotations
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.scene import Selection


class SelectionBar(QFrame):
    """Over the tools while the lasso holds something.

    Attributes:
        recolour: A colour, ``#RRGGBB``.
        share, delete, closed: That was wanted.
    """

    recolour = Signal(str)
    share = Signal()
    delete = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.count = ElidedLabel("", "note")
        self.lock = IconLabel("lock")
        self.standing = ElidedLabel("", "note")
        self.share_button = Button(tr("Chia sẻ"), "share", variant="plain")
        self.swatches = [Swatch(name, one) for name, one in zip(pen_names(), PEN_COLOURS, strict=True)]
        self.delete_button = Button(tr("Xóa"), "delete", variant="danger")
        self.close_button = ToolButton("close", tr("Đóng"))
        head = hbox()
        head.addWidget(self.count, 1)
        head.addWidget(self.lock)
        head.addWidget(self.standing, 1)
        head.addWidget(self.close_button)
        row = FlowLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP * 2, GAP, GAP, GAP)
        column.setSpacing(GAP)
        column.addLayout(head)
        column.addLayout(row)
        for swatch, colour in zip(self.swatches, PEN_COLOURS, strict=True):
            swatch.setCheckable(False)
            swatch.clicked.connect(lambda _=False, colour=colour: self.recolour.emit(colour))
            row.addWidget(swatch)
        row.addWidget(self.share_button)
        row.addWidget(self.delete_button)
        self.share_button.clicked.connect(self.share)
        self.delete_button.clicked.connect(self.delete)
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def offer(self, count: int) -> None:
        """Show what may be done with ``count`` marks."""
        self.count.setText(tr("Đã chọn {n} nét. Kéo để di chuyển.").format(n=count))
        self.say("", shared=False)
        self.show()
        self.raise_()

    def say(self, standing: str, *, shared: bool) -> None:
        """With whom they are shared; empty while that is not known yet."""
        self.standing.setText(standing)
        self.lock.set_icon("people" if shared else "lock")
        self.lock.setVisible(bool(standing))


class Choosing(QObject):
    """Joins lasso and chosen text to the steps of editing.

    Args:
        may_copy: Policy lets text leave the program.
    """

    def __init__(
        self, canvas: PageCanvas, marking: Marking, passage: PassageBar, navigator: Navigator, *, may_copy: bool,
        bar: SelectionBar,
    ) -> None:  # fmt: skip
        super().__init__(canvas)
        self._canvas, self._marking, self._navigator, self.bar = canvas, marking, navigator, bar
        self._may_copy = may_copy
        self._passage = passage
        canvas.selected.connect(self._selected)
        canvas.carried.connect(self._carried)
        canvas.text_chosen.connect(lambda mark: passage.offer_text(mark, may_copy=may_copy))
        passage.copy.connect(self._copy)
        passage.mark.connect(self._mark)
        passage.put_away.connect(canvas.forget_chosen)
        bar.recolour.connect(self._recolour)
        bar.share.connect(self._share)
        bar.delete.connect(self._delete)
        marking.sharer.changed.connect(self._look)
        bar.closed.connect(lambda: canvas.select(None))

    def _selected(self, selection: Selection | None) -> None:
        if selection is None:
            self.bar.hide()
        else:
            self._passage.hide()
            self.bar.offer(len(selection.marks))
            self._look()

    def choose_all(self) -> None:
        """Every stroke and note of the page in sight: for whoever has a keyboard and no pen."""
        page = self._canvas.page
        marks = tuple(mark for mark in self._marking.present if mark.page == page and isinstance(mark, lasso.Movable))
        if marks:
            self._canvas.select(Selection(page, marks))
            self.bar.share_button.setFocus()
        else:
            self._navigator.announce(tr("Trang này chưa có nét bút hay ghi chú nào."))

    def _look(self) -> None:
        held = self._canvas.scene.selection
        if held is not None:
            self._marking.sharer.standing([mark.id for mark in held.marks], self._say)

    def _say(self, readers: Mapping[AnnotationId, Collection[MemberId]]) -> None:
        said = people_words.shared_words(readers, self._marking.sharer.ctx.people())
        self.bar.say(said, shared=any(readers.values()))

    def _share(self) -> None:
        held = self._canvas.scene.selection
        if held is not None:
            self._marking.share(held.marks)

    def _replace(self, selection: Selection, copies: tuple[lasso.Movable, ...]) -> None:
        """One step of undo; what came out stays selected."""
        pairs = [(mark, copy) for mark, copy in zip(selection.marks, copies, strict=True) if copy != mark]
        if pairs:
            gone, fresh = zip(*pairs, strict=True)
            self._marking.exchange(gone, fresh)
            self._canvas.select(Selection(selection.page, copies))

    def _carried(self, selection: Selection, dx: float, dy: float) -> None:
        self._replace(selection, lasso.moved(selection.marks, dx, dy, self._marking.new_id))

    def _recolour(self, colour: str) -> None:
        held = self._canvas.scene.selection
        if held is not None:
            self._replace(held, lasso.recoloured(held.marks, colour, self._marking.new_id))

    def _delete(self) -> None:
        held = self._canvas.scene.selection
        if held is not None:
            self._canvas.select(None)
            self._marking.do(DeleteAnnotations(held.marks))
            self._navigator.announce(tr("Đã xóa. Bấm Hoàn tác để lấy lại."))

    def _copy(self, text: str) -> None:
        if self._may_copy:
            QGuiApplication.clipboard().setText(text)
            self._navigator.announce(tr("Đã sao chép."))

    def _mark(self, highlight: Highlight, underline: bool) -> None:
        self._marking.mark_text(highlight, underline=underline)
