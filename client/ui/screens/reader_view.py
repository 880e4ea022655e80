# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins the bar of looks to the page view, and keeps for all papers how the member likes to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from client.store import settings
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.tasks import Tasks
from client.ui.widgets.button import ToolButton
from client.ui.widgets.page_looks import LookBar
from client.ui.widgets.page_tools import PageTools
from client.viewer.document_state import Fit, Mode
from client.viewer.view.page_canvas import PageCanvas

VIEW_SETTING: Final = "reader.view"


class KeptView(Struct, frozen=True):
    """How the member likes to read: papers not opened before begin like this."""

    mode: Mode = Mode.CONTINUOUS
    sepia: bool = False


class Looks(QObject):
    """One canvas and its bar.

    Attributes:
        shown: How pages are shown was changed.
    """

    shown = Signal()

    def __init__(self, ctx: AppContext, tasks: Tasks, canvas: PageCanvas, bar: LookBar, tools: PageTools) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._canvas, self._tools = ctx, tasks, canvas, tools
        self.bar = bar
        self.kept = KeptView()
        self.modes = {
            Mode.CONTINUOUS: _look("continuous", tr("Cuộn liên tục")),
            Mode.SINGLE: _look("document", tr("Từng trang")),
            Mode.FACING: _look("book_open", tr("Hai trang")),
        }
        self.crop_button = _look("crop", tr("Cắt lề"))
        self.turn_button = _look("rotate", tr("Xoay trang"), checkable=False)
        self.sepia_button = _look("sepia", tr("Trang vàng ngà"))
        bar.add_row(self.modes.values())
        bar.add_row((tools.zoom_out_button, tools.zoom_in_button, tools.fit_button, self.crop_button, self.turn_button))
        self.large_button = _look("text_size", tr("Chữ lớn"))
        self.split_button = _look("split", tr("Chia đôi"))
        bar.add_row((tools.night_button, self.sepia_button, self.large_button, self.split_button))
        for mode, button in self.modes.items():
            button.clicked.connect(lambda _=False, mode=mode: self._set_mode(mode))
        self.crop_button.clicked.connect(lambda on: canvas.set_fit(Fit.CONTENT if on else Fit.WIDTH))
        self.turn_button.clicked.connect(canvas.turn)
        self.sepia_button.clicked.connect(lambda on: self._set_paper(night=False, sepia=on))
        tools.night.connect(lambda on: self._set_paper(night=on, sepia=False))
        canvas.scale_changed.connect(lambda _: self.show())
        tasks.run(ctx.record.read(lambda conn: settings.get(conn, VIEW_SETTING, KeptView, KeptView())), self._read)

    def _read(self, kept: KeptView) -> None:
        self.kept = kept

    def show(self) -> None:
        """Press the buttons of what is in force."""
        state = self._canvas.state
        if state is None:
            return
        for mode, button in self.modes.items():
            button.setChecked(state.mode is mode)
        self.crop_button.setChecked(state.fit is Fit.CONTENT)
        self.sepia_button.setChecked(state.sepia)
        self._tools.night_button.setChecked(state.night)
        self.shown.emit()

    def _set_mode(self, mode: Mode) -> None:
        self._canvas.set_mode(mode)
        self._keep()

    def _set_paper(self, *, night: bool, sepia: bool) -> None:
        self._canvas.set_night(night, sepia)
        self._keep()

    def _keep(self) -> None:
        self.show()
        state = self._canvas.state
        if state is not None:
            self.kept = kept = KeptView(state.mode, state.sepia)
            self._tasks.run(
                self._ctx.record.write(lambda conn: settings.put(conn, VIEW_SETTING, kept)), lambda _none: None
            )


def _look(icon: str, name: str, *, checkable: bool = True) -> ToolButton:
    return ToolButton(icon, name, checkable=checkable, labelled=True)


class Ways(QObject):
    """Back to where a jump began, and forth again: by keys, and by buttons while there is somewhere to go."""

    def __init__(self, canvas: PageCanvas, buttons: Sequence[ToolButton], screen: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.back, self.forward = buttons
        self.back.clicked.connect(canvas.go_back)
        self.forward.clicked.connect(canvas.go_forward)
        canvas.moved.connect(self.show)
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_Right), screen, canvas.go_forward, context=within)

    def step_back(self) -> bool:
        """To where the last jump began; whether there was one."""
        state = self._canvas.state
        if state is None or not state.back:
            return False
        self._canvas.go_back()
        return True

    def show(self) -> None:
        """Whether there is somewhere to go."""
        state = self._canvas.state
        self.back.setVisible(state is not None and bool(state.back))
        self.forward.setVisible(state is not None and bool(state.forward))
