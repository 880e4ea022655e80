# SPDX-License-Identifier: AGPL-3.0-or-later
"""A second view beside the page: another place of the same paper, or another paper of the pack.

It is for looking, and says so: it scrolls, zooms and turns pages, shows my marks, and writes nothing; one tap makes it
the view that is written on, and the other the one for looking. So there is one pen, one history of undo and one place
where marks are saved. The second view has a paper of its own in the render process, so that what one view no longer
needs is never taken from the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from client.domain.pack import PackRevision
from client.domain.paper import PaperVersion
from client.store import packs
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.navigator import Navigator
from client.ui.screens.reader_edits import new_mark_id
from client.ui.screens.reader_loading import Found, PaperLoader, Refusal, find
from client.ui.screens.reader_looks import canvas_style, canvas_words, refusal_words
from client.ui.screens.reader_marks import Marking
from client.ui.tasks import Tasks
from client.ui.theme.tokens import GAP
from client.ui.widgets.button import Button, ToolButton
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import hbox, is_upright
from client.ui.widgets.page_lines import Line, PageLines
from client.ui.widgets.page_pad import PagePad
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import ElidedLabel
from client.ui.words import paper_title
from client.viewer.document_state import Place, ReadingState
from client.viewer.events import PaperInfo
from client.viewer.tile_cache import TileCache
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.page_canvas import PageCanvas

CACHE_BYTES = 48 * 1024 * 1024
_LINES = 420


class PaperSheet(Sheet):
    """Papers of a pack to choose from.

    Attributes:
        chosen: A ``PaperVersion``.
    """

    chosen = Signal(object)

    def __init__(self, papers: Sequence[PaperVersion], parent: QWidget) -> None:
        super().__init__(tr("Mở tài liệu bên cạnh"), parent)
        self.list = PageLines(tr("Tài liệu"))
        self.list.setMinimumHeight(min(_LINES, parent.window().height() // 2))
        self.list.show_lines([Line(-1, paper_title(one), "", "document", key=one) for one in papers])
        self.list.chosen.connect(self._choose)
        self.column.addWidget(self.list)
        self.add_button(tr("Đóng")).clicked.connect(self.reject)

    def _choose(self, line: Line) -> None:
        self.chosen.emit(line.key)
        self.accept()


class SidePane(QFrame):
    """The second view.

    Attributes:
        closed: It is no longer wanted.
        write_wanted: It is to be written on: its ``PaperVersion`` and ``Place``.
    """

    closed = Signal()
    write_wanted = Signal(object, object)

    def __init__(self, ctx: AppContext, bridge: Bridge, tasks: Tasks, marking: Marking) -> None:
        super().__init__()
        self._ctx, self._tasks, self._marking = ctx, tasks, marking
        self._cache: TileCache[QImage] = TileCache(CACHE_BYTES)
        self._found: Found | None = None
        self._at: Place | None = None
        self.title = ElidedLabel("", "note")
        self.sign = Chip(tr("Chỉ để xem"))
        self.write_button = ToolButton("edit", tr("Viết lên bên này"))
        self.choose_button = ToolButton("papers", tr("Tài liệu khác"))
        self.page_button = Button(tr("Trang {n} / {count}").format(n=1, count=1), variant="plain")
        self.close_button = ToolButton("close", tr("Thôi chia đôi"))
        self.canvas = PageCanvas(ctx.clock, canvas_style(), canvas_words(ctx))
        self.loader = PaperLoader(ctx, tasks, self, suffix="/side")
        head, tools = hbox(), hbox()
        head.addWidget(self.title, 1)
        head.addWidget(self.sign)
        head.addWidget(self.close_button)
        tools.addWidget(self.page_button)
        tools.addStretch(1)
        tools.addWidget(self.write_button)
        tools.addWidget(self.choose_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.canvas, 1)
        self.close_button.clicked.connect(self.closed)
        self.choose_button.clicked.connect(self._offer)
        self.write_button.clicked.connect(self._want_to_write)
        self.page_button.clicked.connect(self._open_pad)
        self.canvas.page_changed.connect(self._on_page)
        self.loader.opened.connect(self._on_opened)
        self.loader.refused.connect(lambda refusal: self.title.setText(refusal_words(refusal)))
        self.loader.failed.connect(lambda error: self.title.setText(error_title(error)))
        marking.changed.connect(self._on_marks)
        bridge.render_event.connect(self.canvas.on_render_event)

    def open(self, found: Found, paper: PaperVersion, at: Place | None) -> None:
        """Show a paper of the pack that ``found`` belongs to, at a place or where it was left."""
        self.close_paper()
        self._found, self._at = found, at
        self.title.setText(paper_title(paper))
        self.loader.load(found.pack, paper.id)

    def close_paper(self) -> None:
        """Keep nothing."""
        self.loader.close()
        self.canvas.close_paper()
        self._cache.clear()
        self._found = None

    def recheck(self) -> None:
        """The store changed: what was recalled must leave the screen."""
        if self._found is not None:
            self._tasks.run(find(self._ctx.record, self._found.pack, self._found.paper.id), self._compare, owner=self)

    def _compare(self, now: Found | Refusal) -> None:
        if isinstance(now, Refusal) and now.must_leave:
            self.close_paper()
            self.title.setText(refusal_words(now))

    def _on_opened(self, found: Found, info: PaperInfo) -> None:
        left, count = found.position, len(info.pages)
        at = self._at or (Place(left.page, 0.0, left.offset) if left is not None else Place())
        maker = AnnotationMaker(found.paper.id, found.plain, self._ctx.clock, new_mark_id)
        state = ReadingState(
            doc=info.doc, page_count=count, place=replace(at, page=min(at.page, count - 1)),
            night=self._ctx.settings.night_pages,
            rotation=left.view.rotation if left is not None else 0,
        )  # fmt: skip
        self._found = found
        self.canvas.open(info, self._ctx.render, maker, annotations=found.marks, state=state, cache=self._cache)
        self._on_marks()
        self._on_page(self.canvas.page)

    def _on_marks(self) -> None:
        """The paper being written on is shown here too."""
        main = self._marking.found
        if self._found is not None and main is not None and main.plain == self._found.plain:
            self.canvas.set_annotations(self._marking.present)

    def _on_page(self, page: int) -> None:
        self.page_button.setText(tr("Trang {n} / {count}").format(n=page + 1, count=max(1, self.canvas.page_count)))
        self.page_button.setAccessibleName(f"{self.page_button.text()}. {tr('Đến trang')}")

    def _open_pad(self) -> None:
        if self.canvas.page_count:
            pad = PagePad(self.canvas.page_count, self)
            pad.chosen.connect(self.canvas.go_to_page)
            pad.open()

    def _want_to_write(self) -> None:
        if self._found is not None and self.canvas.sheet is not None:
            self.write_wanted.emit(self._found.paper, _being_read(self.canvas))

    def _offer(self) -> None:
        main = self._marking.found
        if main is None:
            return
        pack = main.pack

        def show(papers: tuple[PaperVersion, ...]) -> None:
            sheet = PaperSheet(papers, self)
            sheet.chosen.connect(lambda paper: self.open(main, paper, None))
            sheet.open()

        self._tasks.run(self._ctx.record.read(lambda conn: _papers(packs.readable(conn, pack))), show, owner=self)


class Split(QSplitter):
    """The reader's page, and beside it (below it in portrait) the second view while it is wanted.

    Args:
        main: Shows the paper being read.
        canvas: Is written on.
        button: Says whether the second view is wanted.
    """

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, main: QWidget, *,
        marking: Marking, canvas: PageCanvas, button: ToolButton,
    ) -> None:  # fmt: skip
        super().__init__()
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        self._ctx, self._bridge, self._tasks = ctx, bridge, tasks
        self._navigator, self._marking, self._canvas, self._button = navigator, marking, canvas, button
        self._side: SidePane | None = None
        self._next: tuple[PaperVersion, Place] | None = None
        self.addWidget(main)
        button.clicked.connect(self.toggle)

    @property
    def side(self) -> SidePane:
        """The second view, made when it is first wanted: most papers are read in one."""
        if self._side is None:
            self._side = SidePane(self._ctx, self._bridge, self._tasks, self._marking)
            self._side.hide()
            self._side.closed.connect(lambda: self.toggle(on=False))
            self._side.write_wanted.connect(self._write_there)
            self.addWidget(self._side)
        return self._side

    def toggle(self, on: bool) -> None:
        """Show the paper a second time where it is being read, or put the second view away."""
        found = self._marking.found
        if on and found is not None:
            self._show(found, found.paper, Place(self._marking.page))
            return
        self._button.setChecked(False)
        if self._side is not None:
            self._side.hide()
            self._side.close_paper()

    def _write_there(self, paper: PaperVersion, place: Place) -> None:
        """The two change places."""
        found, here = self._marking.found, _being_read(self._canvas)
        if found is None:
            return
        if paper.plain == found.plain:
            self.side.canvas.go_to(here)
            self._canvas.go_to(place)
        else:
            self._next = found.paper, here
            self._navigator.open_paper(found.pack, paper.id, place.page)

    def resume(self, found: Found) -> None:
        """A paper is open: the one that it changed places with comes beside it."""
        beside, self._next = self._next, None
        if beside is not None:
            self._show(found, *beside)

    def _show(self, found: Found, paper: PaperVersion, place: Place) -> None:
        self._button.setChecked(True)
        self.side.show()
        self.setSizes([self.width(), self.width()])
        self.side.open(found, paper, place)

    def recheck(self) -> None:
        """The store changed."""
        if self._side is not None:
            self._side.recheck()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side in landscape, one below the other in portrait."""
        self.setOrientation(Qt.Orientation.Vertical if is_upright(self) else Qt.Orientation.Horizontal)
        super().resizeEvent(event)


def _being_read(canvas: PageCanvas) -> Place:
    """The window's corner if it is on the page being read, else that page."""
    corner = canvas.place_now()
    return corner if corner.page == canvas.page else Place(canvas.page)


def _papers(revision: PackRevision | None) -> tuple[PaperVersion, ...]:
    """What can be opened, in the pack's order."""
    return tuple(one for one in revision.papers if not one.is_stub) if revision is not None else ()
