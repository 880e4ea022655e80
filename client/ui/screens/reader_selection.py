# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be done with marks that the lasso caught, and with text that was chosen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from client.domain.annotation import Highlight
from client.ui.i18n import tr
from client.ui.navigator import Navigator
from client.ui.screens.reader_marks import Marking
from client.ui.screens.reader_note import PassageBar
from client.ui.theme.tokens import GAP, PEN_COLOURS
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.page_pens import Swatch, pen_names
from client.ui.widgets.text import ElidedLabel
from client.viewer import lasso
from client.viewer.edits import DeleteAnnotations, ReplaceAnnotations
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.scene import Selection


class SelectionBar(QFrame):
    """Over the tools while the lasso holds something.

    Attributes:
        recolour: A colour, ``#RRGGBB``.
        delete, closed: That was wanted.
    """

    recolour = Signal(str)
    delete = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.count = ElidedLabel("", "note")
        self.swatches = [Swatch(name, one) for name, one in zip(pen_names(), PEN_COLOURS, strict=True)]
        self.delete_button = Button(tr("Xóa"), "delete", variant="danger")
        self.close_button = ToolButton("close", tr("Đóng"))
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP * 2, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addWidget(self.count, 1)
        for swatch, colour in zip(self.swatches, PEN_COLOURS, strict=True):
            swatch.setCheckable(False)
            swatch.clicked.connect(lambda _=False, colour=colour: self.recolour.emit(colour))
            row.addWidget(swatch)
        row.addWidget(self.delete_button)
        row.addWidget(self.close_button)
        self.delete_button.clicked.connect(self.delete)
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def offer(self, count: int) -> None:
        """Show what may be done with ``count`` marks."""
        self.count.setText(tr("Đã chọn {n} nét. Kéo để di chuyển.").format(n=count))
        self.show()
        self.raise_()


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
        bar.delete.connect(self._delete)
        bar.closed.connect(lambda: canvas.select(None))

    def _selected(self, selection: Selection | None) -> None:
        if selection is None:
            self.bar.hide()
        else:
            self._passage.hide()
            self.bar.offer(len(selection.marks))

    def _replace(self, selection: Selection, copies: tuple[lasso.Movable, ...]) -> None:
        """One step of undo; what came out stays selected."""
        fresh = tuple(copy for copy in copies if copy not in selection.marks)
        gone = tuple(mark for mark in selection.marks if mark not in copies)
        if fresh:
            self._marking.do(ReplaceAnnotations(gone, fresh))
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
