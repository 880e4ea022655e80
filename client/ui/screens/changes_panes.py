# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two versions of a paper side by side (one above the other in portrait), each to leaf through on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from client.domain.annotation import Annotation, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import Hash
from client.domain.paper import PaperVersion
from client.errors import EcabinetError
from client.store import papers
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.tasks import Tasks
from client.ui.theme.tokens import GAP, NEW_BAND, OLD_BAND
from client.ui.widgets.button import ToolButton
from client.ui.widgets.layouts import hbox, vbox
from client.ui.widgets.text import ElidedLabel, Label
from client.viewer.events import Event, PaperInfo
from client.viewer.page_shift import box_of
from client.viewer.view.page_picture import PageWindow


class OpenVersions(QObject):
    """Versions opened in the render process for comparing, under names of their own."""

    def __init__(self, ctx: AppContext, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._tasks = ctx, tasks
        self._known: dict[Hash, PaperInfo | EcabinetError | None] = {}
        self._waiting: dict[Hash, list[Callable[[PaperInfo | EcabinetError | None], object]]] = {}

    @staticmethod
    def name(plain: Hash) -> str:
        """What the render process knows a version as."""
        return f"changes:{plain}"

    def want(self, version: PaperVersion, then: Callable[[PaperInfo | EcabinetError | None], object]) -> None:
        """Calls ``then`` with the opened paper, why it cannot be opened, or None if it is not on this device."""
        plain, blob = version.plain, version.blob
        if plain is None or blob is None:
            then(None)
        elif plain in self._known:
            then(self._known[plain])
        elif plain in self._waiting:
            self._waiting[plain].append(then)
        else:
            self._waiting[plain] = [then]
            self._tasks.run(
                self._ctx.papers.read(
                    lambda conn: papers.read(conn, blob, plain=plain) if papers.is_present(conn, blob) else None
                ),
                lambda data: self._open(plain, data),
                lambda error: self._done(plain, error),
                owner=self,
            )

    def close(self) -> None:
        """Forget them all."""
        for plain in self._known:
            self._ctx.render.close_paper(self.name(plain))
        self._known.clear()
        self._waiting.clear()

    def _open(self, plain: Hash, data: bytes | None) -> None:
        if data is None:
            self._done(plain, None)
            return
        opened: Future[PaperInfo] = self._ctx.render.open_paper(self.name(plain), data)
        self._tasks.run(
            opened, lambda info: self._done(plain, info), lambda error: self._done(plain, error), owner=self
        )

    def _done(self, plain: Hash, outcome: PaperInfo | EcabinetError | None) -> None:
        waiting = self._waiting.pop(plain, None)
        if waiting is None:  # closed meanwhile
            self._ctx.render.close_paper(self.name(plain))
            return
        self._known[plain] = outcome
        for then in waiting:
            then(outcome)


class VersionPane(QWidget):
    """One version: a caption, its pages, and buttons to leaf."""

    def __init__(self, ctx: AppContext, versions: OpenVersions, band: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions, self._band = versions, band
        self._version: PaperVersion | None = None
        self._caption = ""
        self._info: PaperInfo | None = None
        self._home: tuple[int, tuple[Rect, ...], tuple[Annotation, ...]] = (0, (), ())
        self.page = 0
        self.caption = ElidedLabel("", "strong")
        self.before_button = ToolButton("chevron_left", tr("Trang trước"))
        self.next_button = ToolButton("chevron_right", tr("Trang sau"))
        self.before_button.clicked.connect(lambda: self.turn(-1))
        self.next_button.clicked.connect(lambda: self.turn(1))
        self.window_ = PageWindow(ctx.render)
        self.message = Label("", "note")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.window_)
        self.stack.addWidget(vbox_widget(self.message))
        head = hbox(self.before_button, self.next_button)
        head.insertWidget(0, self.caption, 1)
        column = vbox(parent=self)
        column.addLayout(head)
        column.addWidget(self.stack, 1)

    def show_place(
        self,
        version: PaperVersion | None,
        caption: str,
        page: int,
        *,
        bands: Sequence[Rect] = (),
        marks: Sequence[Annotation] = (),
    ) -> None:
        """Show a page of a version with a place marked on it; without a version, say that it is not here."""
        self._version, self._caption = version, caption
        self._home = (page, tuple(bands), tuple(marks))
        self.page = page
        self.caption.setText(caption)
        if version is None:
            self._say(tr("Bản này không còn trên máy."))
            return
        self._say(tr("Đang mở…"))
        self._versions.want(version, lambda outcome: self._opened(version, outcome))

    def turn(self, by: int) -> None:
        """Leaf."""
        if self._info is not None:
            self.page = min(max(self.page + by, 0), len(self._info.pages) - 1)
            self._draw()

    @property
    def page_count(self) -> int:
        """Pages of what is open."""
        return len(self._info.pages) if self._info is not None else 0

    def take(self, event: Event) -> None:
        """An event of the render host."""
        if self.window_.picture.take(event) and self.window_.picture.failed:
            self._say(tr("Trang này không hiển thị được."))

    def _opened(self, version: PaperVersion, outcome: PaperInfo | EcabinetError | None) -> None:
        if version is not self._version:
            return
        if not isinstance(outcome, PaperInfo):
            self._info = None
            self._say(tr("Bản này không còn trên máy.") if outcome is None else error_title(outcome))
            return
        self._info = outcome
        self.page = min(self.page, len(outcome.pages) - 1)
        self._draw()

    def _draw(self) -> None:
        info = self._info
        assert info is not None
        home, bands, marks = self._home
        here = self.page == home
        self.caption.setText(tr("{what} · trang {n} / {count}").format(
            what=self._caption, n=self.page + 1, count=len(info.pages)))  # fmt: skip
        self.before_button.setEnabled(self.page > 0)
        self.next_button.setEnabled(self.page < len(info.pages) - 1)
        self.stack.setCurrentIndex(0)
        picture = self.window_.picture
        picture.show_page(info.doc, self.page, info.pages[self.page])
        picture.mark(bands if here else (), self._band, marks if here else ())
        picture.setAccessibleName(self.caption.text())
        self.window_.reveal(place_of(bands, marks) if here else 0.0)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.stack.setCurrentIndex(1)
        self.before_button.setEnabled(False)
        self.next_button.setEnabled(False)


def vbox_widget(*widgets: QWidget) -> QWidget:
    """Widgets in the middle of a widget."""
    made = QWidget()
    made.setProperty("part", "plain")
    vbox(None, *widgets, None, parent=made)
    return made


def place_of(bands: Sequence[Rect], marks: Sequence[Annotation]) -> float:
    """Height on the page of the first thing marked, points."""
    if bands:
        return bands[0].y0
    for mark in marks:
        match mark:
            case Highlight():
                return mark.rects[0].y0
            case TextNote():
                return mark.at.y0
            case InkStroke():
                return box_of(mark).y0
            case _:
                return 0.0
    return 0.0


class TwoVersions(QWidget):
    """The earlier version and the later one."""

    def __init__(self, ctx: AppContext, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.versions = OpenVersions(ctx, tasks, self)
        self.old = VersionPane(ctx, self.versions, OLD_BAND)
        self.new = VersionPane(ctx, self.versions, NEW_BAND)
        self._box = hbox(self.old, self.new, spacing=GAP * 2, parent=self)

    def take(self, event: Event) -> None:
        """An event of the render host."""
        self.old.take(event)
        self.new.take(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        wide = self.width() > self.height()
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
