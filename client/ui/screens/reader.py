# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader: one paper, my marks on it, and nothing in between.

Life: a route opens a paper; a fault is shown in its place with what to do; leaving keeps the place. Marks are
saved as they are made, and the header says "saved" only when they are. A newer version of the paper is offered,
never forced.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QImage, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from client.errors import EcabinetError
from client.settings import Hand
from client.store.changes import Topic
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.navigator import Navigator, Paper
from client.ui.screen import Screen
from client.ui.screens.reader_arrival import Arrivals
from client.ui.screens.reader_changed import ChangesWay
from client.ui.screens.reader_citations import CitationFollower
from client.ui.screens.reader_edits import Stranded, new_mark_id
from client.ui.screens.reader_feed import PageFeed
from client.ui.screens.reader_find import FindBar
from client.ui.screens.reader_finder import Finder
from client.ui.screens.reader_guests import Guests
from client.ui.screens.reader_header import ReaderHeader
from client.ui.screens.reader_large import LargeText
from client.ui.screens.reader_last import LastViewKeeper
from client.ui.screens.reader_layout import Bars, add_button, lay_out
from client.ui.screens.reader_links import LinkFollower, left_out_sheet
from client.ui.screens.reader_loading import Found, Glimpse, PaperLoader, Refusal, find
from client.ui.screens.reader_looks import (
    canvas_style,
    canvas_words,
    fault_message,
    first_state,
    opening_message,
    refusal_words,
)
from client.ui.screens.reader_marks import Marking
from client.ui.screens.reader_note import PassageBar
from client.ui.screens.reader_panel import PanelRoom, ReaderPanel
from client.ui.screens.reader_place import PlaceKeeper
from client.ui.screens.reader_selection import Choosing, SelectionBar
from client.ui.screens.reader_side import Split
from client.ui.screens.reader_tools import ToolDesk
from client.ui.screens.reader_view import Looks, Ways
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.layouts import swap
from client.ui.widgets.page_looks import LookBar
from client.ui.widgets.page_pens import PenPicker
from client.ui.widgets.page_tools import PageTools
from client.viewer.events import PaperInfo
from client.viewer.messages import OutlineEntry
from client.viewer.tile_cache import TileCache
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.page_canvas import PageCanvas
from client.viewer.view.pictures import Renders

_MINUTE_MS = 60_000


class ReaderScreen(Screen[Paper]):
    """See the module."""

    TOPICS = frozenset({Topic.PACKS, Topic.PAPERS})
    IMMERSIVE = True

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("reader_screen")
        self.setAccessibleName(tr("Đọc tài liệu"))
        self.found: Found | None = None
        self._refusal: Refusal | None = None
        self._stranded = Stranded(ctx.record, tasks, ctx.clock, self)
        self._left_out: tuple[str, ...] = ()
        self._cache: TileCache[QImage] = TileCache()
        left = ctx.settings.hand is Hand.LEFT
        self.header = ReaderHeader()
        self.find_bar = FindBar()
        self.trouble = Banner(tone=Tone.DANGER)
        self.panel = ReaderPanel()
        self.canvas = PageCanvas(ctx.clock, canvas_style(), canvas_words(ctx))
        self.canvas.input.policy.pen_only = ctx.settings.pen_only_writes
        self.tools = PageTools(labelled=ctx.settings.toolbar_labels, left=left)
        self.picker = PenPicker(self)
        self.passage = PassageBar(self)
        self.stack = QStackedWidget()
        self.message: QWidget = QWidget()
        self._join(ctx, tasks, navigator)
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self._stamp)
        self._build(left=left)
        self._connect()
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("Ctrl+F"), self, self.finder.open, context=within)
        QShortcut(QKeySequence("Ctrl+Shift+A"), self, self.choosing.choose_all, context=within)
        self._set_open(False)

    def _join(self, ctx: AppContext, tasks: Tasks, navigator: Navigator) -> None:
        """What works on the parts: each of these is one thing the reader can do."""
        self.loader = PaperLoader(ctx, tasks, self)
        self.arrivals = Arrivals(ctx, self.bridge, tasks, navigator, self)
        self.marking = Marking(ctx, tasks, navigator, self.canvas, bar=self.passage, window=self)
        self.guests = Guests(ctx, tasks, self.canvas, self)
        self.selection = SelectionBar(self)
        self.choosing = Choosing(
            self.canvas, self.marking, self.passage, navigator, may_copy=ctx.policy.allow_export, bar=self.selection
        )
        self.desk = ToolDesk(self.tools, self.picker, self.canvas, self.marking, self)
        self.looks = Looks(ctx, tasks, self.canvas, LookBar(self), self.tools)
        self.bars = Bars(
            self, header=self.header, tools=self.tools, looks=self.looks.bar,
            above=(self.passage, self.selection), picker=self.picker,
        )  # fmt: skip
        self.ways = Ways(self.canvas, (self.header.way_back, self.header.way_forward), self)
        self.finder = Finder(ctx, tasks, self.canvas, self.find_bar, self.header.find_button)
        self.room = PanelRoom(self.panel, self.tools.panel_button, self)
        self.last = LastViewKeeper(ctx.papers, tasks, self.canvas)
        self.place = PlaceKeeper(ctx.record, tasks, self.canvas)
        self.feed = PageFeed(ctx, tasks, self.canvas)
        self.split = Split(
            ctx, self.bridge, tasks, navigator, self.stack,
            marking=self.marking, canvas=self.canvas, button=self.looks.split_button,
        )  # fmt: skip
        self.large = LargeText(ctx, tasks, self.canvas, self.stack, self.looks.large_button)
        self.links = LinkFollower(ctx, tasks, self.canvas, self)
        self.citations = CitationFollower(ctx, tasks, navigator, self.canvas, lambda: self.found)
        self.changed = ChangesWay(ctx, tasks, navigator, self.header.changes_button, self._open_newer)
        self.links.passed.connect(self.citations.follow_at)
        self.links.file_wanted.connect(self.citations.follow_file)
        self.citations.missed.connect(self.links.show_outside)

    # -- building ------------------------------------------------------------------------------------------

    def _build(self, *, left: bool) -> None:
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self.message)
        add_button(self.trouble, tr("Thử lại"), self._try_pages_again)
        lay_out(
            self,
            top=self.header,
            notices=(self.find_bar, self.changed.newer, self.trouble),
            panel=self.panel,
            page=self.split,
            bottom=self.tools,
            left=left,
        )

    def _connect(self) -> None:
        self.header.back.connect(self.navigator.back)
        self.header.find_wanted.connect(self.bars.hide)
        self.header.find_wanted.connect(self.finder.toggle)
        self.header.looks_wanted.connect(self.bars.toggle_looks)
        self.header.left_out_button.clicked.connect(lambda: left_out_sheet(self._left_out, self).open())
        self.header.comment.connect(self.marking.comment)
        self.header.retry.connect(self.marking.retry)
        self.panel.page_wanted.connect(self.canvas.go_to_page)
        self.panel.mark_wanted.connect(self.marking.go_to)
        self.canvas.page_changed.connect(self._on_page)
        self.canvas.pressed.connect(self.bars.hide)
        self.feed.outline.connect(self._on_outline)
        self.canvas.arrived.connect(self._on_arrived)
        self.tools.panel.connect(self.room.want)
        self.tools.tool_chosen.connect(lambda _: self.passage.hide())
        self.marking.changed.connect(self._on_marks)
        self.marking.saving.connect(self.header.set_saving)
        self.loader.found.connect(self._on_found)
        self.loader.glimpsed.connect(self._on_glimpsed)
        self.loader.opened.connect(self._on_opened)
        self.loader.refused.connect(self._on_refused)
        self.loader.failed.connect(self._on_failed)
        self.bridge.render_event.connect(self.canvas.on_render_event)
        self.bridge.changed.connect(self.marking.on_store_changed)
        self.bridge.changed.connect(self.guests.on_store_changed)
        self.guests.listed.connect(self.panel.set_guests)
        self.guests.copied.connect(self.marking.do)

    # -- life ----------------------------------------------------------------------------------------------

    def enter(self, route: Paper) -> None:
        """Open the route's paper; one that is open already stays open."""
        same = self.found is not None and (self.found.pack, self.found.paper.id) == (route.pack, route.paper)
        self.route = route
        self._stamp()
        self._minute.start()
        if same and self.found is not None and self.canvas.sheet is not None:
            if route.page is not None:
                self.canvas.go_to_page(route.page)
            self.place.begin(self.found.plain)
            if route.find:
                self.finder.open(route.find)
            self.refresh()
            return
        self._close()
        self._say(opening_message())
        self.loader.load(route.pack, route.paper)

    def leave(self) -> None:
        """Keep the place; try once more to save what could not be saved."""
        self._minute.stop()
        self.canvas.input.cancel()
        self.bars.hide()
        self.place.end()
        self.last.keep()
        self.marking.retry()

    def back_inside(self) -> bool:
        """Where the last jump began, before the screen before."""
        return self.ways.step_back()

    def refresh(self) -> None:
        """The store changed: what was missing may be here; what is open may have a newer version."""
        route = self.route
        if route is None:
            return
        if self._refusal is not None and self._refusal.may_come:
            self.loader.load(route.pack, route.paper)
        elif self.found is not None:
            self.tasks.run(find(self.ctx.record, route.pack, route.paper), self._compare, owner=self)

    def heading(self) -> str:
        """The paper's title once it is known."""
        return self.header.title.text() if self.found is not None else self.accessibleName()

    def _compare(self, now: Found | Refusal) -> None:
        self.split.recheck()
        if self.found is None:
            return
        if isinstance(now, Refusal):
            if now.must_leave:
                self._on_refused(now)
                self.navigator.announce(refusal_words(now))
        else:
            self.changed.compare(now)

    def _open_newer(self) -> None:
        if self.route is not None:
            self._close()
            self.loader.load(self.route.pack, self.route.paper)

    # -- opening -------------------------------------------------------------------------------------------

    def _close(self) -> None:
        self.loader.close()
        self.split.toggle(on=False)
        self.place.end()
        self.last.end()
        if self.marking.editing is not None and self.found is not None:
            self._stranded.leave(self.found.plain, self.marking.editing)
        self.finder.begin(None)
        self.changed.begin(None)
        for part in (self.feed, self.links, self.large):
            part.begin(None)
        self.marking.end()
        self.guests.end()
        self.canvas.close_paper()
        self.panel.open(0, None)
        self.trouble.set("")
        self.header.set_paper(None)
        self.found = self._refusal = None
        self._set_open(False)

    def _set_open(self, is_open: bool) -> None:
        self.tools.set_open(is_open)
        self.tools.show()
        self.header.set_open(is_open)
        self.room.place(is_open=is_open)

    def _say(self, message: QWidget) -> None:
        self.message = swap(self.stack, self.message, message)

    def _on_found(self, found: Found) -> None:
        self.header.set_paper(found.paper)
        self.tools.set_page(found.position.page if found.position else 0, max(1, found.paper.pages))

    def _on_refused(self, refusal: Refusal) -> None:
        self._shut_again()
        self._refusal = refusal
        self._cache.clear()  # a paper that was taken back leaves no picture behind
        self._say(self.arrivals.message(refusal, self.route))

    def _on_failed(self, error: EcabinetError) -> None:
        self._shut_again()
        self._say(fault_message(error, self._reload))
        self.navigator.announce(error_title(error))

    def _shut_again(self) -> None:
        """What was shown by what is kept of the paper is not shown any longer: it cannot be opened."""
        if self.found is not None:
            self._close()
        self.tools.hide()

    def _reload(self) -> None:
        if self.route is not None:
            self._say(opening_message())
            self.loader.load(self.route.pack, self.route.paper)

    def _on_glimpsed(self, found: Found, glimpse: Glimpse) -> None:
        """Last seen like this: there to read and to write on while the paper is being opened."""
        if self.found is not found:
            self._show_paper(found, glimpse.info, None)
        self.canvas.adopt(glimpse.pictures)

    def _on_opened(self, found: Found, info: PaperInfo) -> None:
        if self.found is found and self.canvas.sizes == info.pages:
            self.canvas.serve(self.ctx.render)
            self.panel.strip.viewport().update()
        else:
            self._show_paper(found, info, self.ctx.render)
        self.finder.begin(found.plain)
        for part in (self.feed, self.links, self.large):
            part.begin(found.plain)
        self.last.begin(info)
        self.changed.begin(found)
        self.split.resume(found)
        self._left_out = info.left_out
        self.header.left_out_button.setVisible(bool(info.left_out))
        if self.route is not None and self.route.find:  # one came here from a search
            self.finder.open(self.route.find)

    def _show_paper(self, found: Found, info: PaperInfo, host: Renders | None) -> None:
        self.stack.setCurrentWidget(self.canvas)
        if self.found is not found:
            self.found, self._refusal = found, None
            editing = self._stranded.take(found.plain, found.journal, found.marks)
            made = AnnotationMaker(found.paper.id, found.plain, self.ctx.clock, new_mark_id)
            self.marking.begin(found, editing, made)
        self._set_open(True)
        maker = self.marking.maker
        assert self.route is not None
        assert maker is not None
        state = first_state(
            found, info, page=self.route.page, night=self.ctx.settings.night_pages, tool=self.canvas.tool,
            kept=self.looks.kept,
        )  # fmt: skip
        self.canvas.open(info, host, maker, annotations=self.marking.present, state=state, cache=self._cache)
        self.panel.open(len(info.pages), self.feed.small_picture)
        self._on_marks()
        self.place.begin(found.plain)
        self.guests.begin(found.paper.id, found.plain)
        self.looks.show()
        self._on_page(self.canvas.page)
        self.canvas.setFocus()
        self.navigator.announce(self.heading())

    def _on_page(self, page: int) -> None:
        self.tools.set_page(page, max(1, self.canvas.page_count))
        self.tools.set_bookmarked(bool(self.marking.bookmarks(page)))
        self.panel.set_page(page)

    def _on_marks(self) -> None:
        editing = self.marking.editing
        self.tools.undo_button.setEnabled(editing is not None and editing.stack.can_undo)
        self.tools.redo_button.setEnabled(editing is not None and editing.stack.can_redo)
        self.tools.set_bookmarked(bool(self.marking.bookmarks(self.canvas.page)))
        self.panel.set_marks(self.marking.present)

    def _on_arrived(self, page: int) -> None:
        self.panel.strip.arrived(page)
        failed = self.canvas.scene.failed
        self.trouble.set(tr("{n} trang không hiển thị được.").format(n=len(failed)) if failed else "")

    def _on_outline(self, entries: Sequence[OutlineEntry]) -> None:
        self.panel.set_outline(entries)
        self.panel.set_page(self.canvas.page)

    def _try_pages_again(self) -> None:
        self.trouble.set("")
        self.canvas.try_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The panel closes in portrait unless it was asked for; bars stay over the tools."""
        super().resizeEvent(event)
        if self.found is not None:
            self.room.place(is_open=True)
        self.desk.place_picker()
        self.bars.place()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours: the canvas paints by itself."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "canvas"):
            self._stamp()

    def _stamp(self) -> None:
        self.canvas.set_style(canvas_style(), canvas_words(self.ctx))
