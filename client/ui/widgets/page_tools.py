# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's tools at the bottom edge: what the pen does, undo, marks, panel, night, zoom, page number.

A second press on the pen or the highlighter asks for its colours (``options``). The bar wraps into a second line
where the window is narrow or the text large.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QWidget

from client.ui.i18n import tr
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.layouts import FlowLayout
from client.viewer.document_state import Tool

_SWATCH: Final = (22, 5)


class InkButton(ToolButton):
    """A tool with the colour it has now, as a small bar under the icon."""

    def __init__(self, icon_name: str, name: str, *, labelled: bool = False) -> None:
        super().__init__(icon_name, name, checkable=True, labelled=labelled)
        self._colour = ""

    def set_colour(self, colour: str) -> None:
        """Show ``#RRGGBB``."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then its colour."""
        super().paintEvent(event)
        if not self._colour:
            return
        width, height = _SWATCH
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens().colours.border))
        painter.setBrush(QColor(self._colour))
        painter.drawRoundedRect(
            QRectF((self.width() - width) / 2, self.height() - height - 5, width, height), height / 2, height / 2
        )
        painter.end()


class _Flow(QWidget):
    """Buttons that wrap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)


class PageTools(QFrame):
    """The bar.

    Attributes:
        tool_chosen: A ``Tool``.
        options: The chosen ``Tool`` was pressed again.
        undo, redo, bookmark, night, fit, page_pad: That button was pressed.
        panel: Show the side panel or not.
        night_button, fit_button, zoom_in_button, zoom_out_button: Stand in the bar of looks.
        zoom: 1 larger, -1 smaller.

    Args:
        labelled: Names under the icons.
        left: The member writes with the left hand: the page number sits at the left.
    """

    tool_chosen = Signal(object)
    options = Signal(object)
    undo = Signal()
    redo = Signal()
    bookmark = Signal()
    panel = Signal(bool)
    night = Signal(bool)
    zoom = Signal(int)
    fit = Signal()
    page_pad = Signal()

    def __init__(self, *, labelled: bool, left: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.setStyleSheet("QToolButton:disabled { background: transparent; border-color: transparent; }")
        self._labelled = labelled
        self._tool = Tool.HAND
        self.buttons: dict[Tool, ToolButton] = {
            Tool.HAND: ToolButton("hand", tr("Đọc"), checkable=True, labelled=labelled),
            Tool.PEN: InkButton("pen", tr("Bút mực"), labelled=labelled),
            Tool.HIGHLIGHT: InkButton("highlighter", tr("Tô sáng"), labelled=labelled),
            Tool.ERASER: ToolButton("eraser", tr("Tẩy"), checkable=True, labelled=labelled),
            Tool.NOTE: ToolButton("note", tr("Ghi chú"), checkable=True, labelled=labelled),
            Tool.LASSO: ToolButton("lasso", tr("Khoanh chọn nét"), checkable=True, labelled=labelled),
            Tool.TEXT: ToolButton("text_select", tr("Chọn chữ"), checkable=True, labelled=labelled),
        }
        self.undo_button = self._plain("undo", tr("Hoàn tác"))
        self.redo_button = self._plain("redo", tr("Làm lại"))
        self.bookmark_button = self._plain("bookmark", tr("Đánh dấu trang"))
        self.panel_button = self._plain("outline", tr("Mục lục"), checkable=True)
        self.night_button = self._look("night", tr("Trang nền tối"), checkable=True)
        self.zoom_out_button = self._look("zoom_out", tr("Thu nhỏ"))
        self.zoom_in_button = self._look("zoom_in", tr("Phóng to"))
        self.fit_button = self._look("fit_width", tr("Vừa bề ngang"))
        self.page_button = Button(tr("Trang {n} / {count}").format(n=1, count=1), variant="plain")
        self.page_button.setToolTip(tr("Đến trang"))
        self._build(left=left)
        self._connect()
        self.set_tool(Tool.HAND)

    def _plain(self, icon_name: str, name: str, *, checkable: bool = False) -> ToolButton:
        return ToolButton(icon_name, name, checkable=checkable, labelled=self._labelled)

    def _look(self, icon_name: str, name: str, *, checkable: bool = False) -> ToolButton:
        """Stands in a bar with room for words under the icon."""
        return ToolButton(icon_name, name, checkable=checkable, labelled=True)

    def _build(self, *, left: bool) -> None:
        group = _Flow()
        for button in (
            *self.buttons.values(),
            self.undo_button,
            self.redo_button,
            self.bookmark_button,
            self.panel_button,
        ):
            group.flow.addWidget(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.setDirection(QBoxLayout.Direction.RightToLeft if left else QBoxLayout.Direction.LeftToRight)
        row.addWidget(group, 1)
        row.addWidget(self.page_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        for tool, button in self.buttons.items():
            button.clicked.connect(lambda _=False, tool=tool: self._pressed(tool))
        self.undo_button.clicked.connect(self.undo)
        self.redo_button.clicked.connect(self.redo)
        self.bookmark_button.clicked.connect(self.bookmark)
        self.panel_button.clicked.connect(self.panel)
        self.night_button.clicked.connect(self.night)
        self.zoom_out_button.clicked.connect(lambda: self.zoom.emit(-1))
        self.zoom_in_button.clicked.connect(lambda: self.zoom.emit(1))
        self.fit_button.clicked.connect(self.fit)
        self.page_button.clicked.connect(self.page_pad)

    def _pressed(self, tool: Tool) -> None:
        again = tool is self._tool
        self.set_tool(tool)
        if again:
            self.options.emit(tool)
        else:
            self.tool_chosen.emit(tool)

    def set_tool(self, tool: Tool) -> None:
        """Show which tool is in hand."""
        self._tool = tool
        for one, button in self.buttons.items():
            button.setChecked(one is tool)

    def set_colours(self, pen: str, highlighter: str) -> None:
        """Show what pen and highlighter write with."""
        for tool, colour in ((Tool.PEN, pen), (Tool.HIGHLIGHT, highlighter)):
            button = self.buttons[tool]
            assert isinstance(button, InkButton)
            button.set_colour(colour)

    def set_page(self, page: int, count: int) -> None:
        """Show the page number, ``page`` from 0."""
        text = tr("Trang {n} / {count}").format(n=page + 1, count=count)
        self.page_button.setText(text)
        self.page_button.setAccessibleName(f"{text}. {tr('Đến trang')}")

    def set_bookmarked(self, marked: bool) -> None:
        """Show whether this page is marked."""
        name = tr("Bỏ đánh dấu trang") if marked else tr("Đánh dấu trang")
        self.bookmark_button.set_icon("bookmark_filled" if marked else "bookmark", name)

    def set_fits_width(self, fits: bool) -> None:
        """Offer the other way of fitting."""
        self.fit_button.set_icon(
            "fit_page" if fits else "fit_width", tr("Vừa cả trang") if fits else tr("Vừa bề ngang")
        )

    def set_open(self, is_open: bool) -> None:
        """Whether there is a paper to work on."""
        self.setEnabled(is_open)
