# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins the tool bar, the pens, the page pad and the keyboard to the page view and the marks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client.ui.screens.reader_marks import Marking
from client.ui.theme.tokens import GAP, HIGHLIGHT_COLOURS, PEN_COLOURS
from client.ui.widgets.page_pad import PagePad
from client.ui.widgets.page_pens import PenPicker
from client.ui.widgets.page_tools import PageTools
from client.viewer.document_state import Fit, Tool
from client.viewer.shapes import Shape
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.style import PenStyle


class ToolDesk(QObject):
    """The tools of one reader."""

    def __init__(
        self, tools: PageTools, picker: PenPicker, canvas: PageCanvas, marking: Marking, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._tools, self._picker, self._canvas, self._marking = tools, picker, canvas, marking
        self._screen = screen
        tools.tool_chosen.connect(self._take)
        tools.options.connect(self._offer)
        tools.undo.connect(marking.undo)
        tools.redo.connect(marking.redo)
        tools.bookmark.connect(marking.toggle_bookmark)
        tools.zoom.connect(canvas.zoom_step)
        tools.fit.connect(self._toggle_fit)
        tools.page_pad.connect(self.open_pad)
        picker.pen_chosen.connect(self._choose_pen)
        picker.highlighter_chosen.connect(self._choose_highlighter)
        picker.shape_chosen.connect(self._choose_shape)
        picker.underline_chosen.connect(self._choose_underline)
        canvas.scale_changed.connect(lambda _: self._show_fit())
        canvas.pen = PenStyle(PEN_COLOURS[0])
        canvas.highlighter = HIGHLIGHT_COLOURS[0]
        tools.set_colours(canvas.pen.colour, canvas.highlighter)
        self._shortcuts()

    def _shortcuts(self) -> None:
        control, shift = Qt.Modifier.CTRL, Qt.Modifier.SHIFT
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        for keys, slot in (
            (control | Qt.Key.Key_Z, self._marking.undo),
            (control | Qt.Key.Key_Y, self._marking.redo),
            (control | shift | Qt.Key.Key_Z, self._marking.redo),
            (control | Qt.Key.Key_B, self._marking.toggle_bookmark),
            (control | Qt.Key.Key_M, self._marking.note_here),
            (control | Qt.Key.Key_G, self.open_pad),
        ):
            QShortcut(QKeySequence(keys), self._screen, slot, context=within)

    def open_pad(self) -> None:
        """Ask for a page number."""
        if self._canvas.page_count:
            pad = PagePad(self._canvas.page_count, self._screen)
            pad.chosen.connect(self._canvas.go_to_page)
            pad.open()

    def place_picker(self) -> None:
        """Over the tool it belongs to, inside the window."""
        button = self._tools.buttons[Tool.PEN]
        left = button.mapTo(self._screen, button.rect().topLeft()).x()
        left = max(GAP, min(left, self._screen.width() - self._picker.width() - GAP))
        self._picker.move(left, self._tools.y() - GAP // 2 - self._picker.height())

    def _take(self, tool: Tool) -> None:
        self._picker.hide()
        self._canvas.set_tool(tool)
        self._canvas.setFocus()

    def _offer(self, tool: Tool) -> None:
        if self._picker.isVisible() or tool not in {Tool.PEN, Tool.HIGHLIGHT}:
            self._picker.hide()
            return
        self._picker.offer(highlighter=tool is Tool.HIGHLIGHT)
        self.place_picker()

    def _choose_pen(self, colour: str, width: float) -> None:
        self._canvas.pen = PenStyle(colour, width, self._canvas.pen.shape)
        self._tools.set_colours(colour, self._canvas.highlighter)

    def _choose_shape(self, shape: Shape) -> None:
        pen = self._canvas.pen
        self._canvas.pen = PenStyle(pen.colour, pen.width, shape)
        icon = {Shape.FREE: "pen", Shape.LINE: "line", Shape.RECTANGLE: "rectangle", Shape.ELLIPSE: "ellipse"}[shape]
        self._tools.buttons[Tool.PEN].set_icon(icon)

    def _choose_underline(self, underline: bool) -> None:
        self._canvas.underline = underline
        self._tools.buttons[Tool.HIGHLIGHT].set_icon("underline" if underline else "highlighter")

    def _choose_highlighter(self, colour: str) -> None:
        self._canvas.highlighter = colour
        self._tools.set_colours(self._canvas.pen.colour, colour)

    def _toggle_fit(self) -> None:
        state = self._canvas.state
        if state is not None:
            self._canvas.set_fit(Fit.PAGE if state.fit is Fit.WIDTH else Fit.WIDTH)

    def _show_fit(self) -> None:
        state = self._canvas.state
        self._tools.set_fits_width(state is not None and state.fit is Fit.WIDTH)
