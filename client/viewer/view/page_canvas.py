# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader's page view: all pages of a paper one below the other, drawn, written on, scrolled and zoomed.

Decides: what the view shows, when pictures are asked for, and what becomes an annotation. Refuses: to store
anything or to know of screens; finished strokes, highlights and erasures leave as signals, and annotations come
back through :meth:`PageCanvas.show_change`. Rules:

1. Never waits: a stretched picture is shown at once, the sharp one when it comes.
2. A stroke stays on screen from the pen's lifting on, whatever becomes of its saving.
3. What a pointer does is decided in ``canvas_input``, where the window is in ``page_window``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.domain.annotation import Annotation, InkStroke
from client.domain.ids import AnnotationId
from client.viewer.document_state import ReadingState, Tool
from client.viewer.events import PaperInfo
from client.viewer.geometry import PagePoint
from client.viewer.messages import Word
from client.viewer.tile_cache import TileCache, fitting_bytes
from client.viewer.view.canvas_input import CanvasInput
from client.viewer.view.canvas_keys import key_action
from client.viewer.view.guests import GuestMark, Guests
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.marks import mark_at, rect_of
from client.viewer.view.outcomes import Carried, Caught, Erased, Highlighted, Outcome, Tapped, TextChosen, Written
from client.viewer.view.page_view import PageView
from client.viewer.view.pictures import Pictures, Renders
from client.viewer.view.scene import Band, Selection
from client.viewer.view.style import CanvasStyle, CanvasWords, PenStyle

_CURSORS: Final = {
    Tool.HAND: Qt.CursorShape.OpenHandCursor,
    Tool.PEN: Qt.CursorShape.CrossCursor,
    Tool.HIGHLIGHT: Qt.CursorShape.IBeamCursor,
    Tool.ERASER: Qt.CursorShape.CrossCursor,
    Tool.NOTE: Qt.CursorShape.PointingHandCursor,
    Tool.LASSO: Qt.CursorShape.CrossCursor,
    Tool.TEXT: Qt.CursorShape.IBeamCursor,
}
_PRESSES: Final = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress})


class PageCanvas(PageView):
    """See the module.

    Attributes:
        pressed: A pointer came down.
        stroke_finished: An ``InkStroke``; it is shown already.
        highlight_finished: A ``Highlight``; shown once :meth:`show_change` says so.
        erased: A tuple of annotations; they are gone from view already.
        note_wanted: A ``PagePoint`` for a new note.
        mark_pressed: A note or highlight that was tapped; ``guest_pressed``: one that somebody else shared.
        selected: The lasso caught something: a ``Selection``, or None.
        carried: What the lasso caught was put elsewhere: the ``Selection`` and the way, points.
        text_chosen: A ``Highlight`` that is not on the page: the passage that was chosen.
        place_tapped: A ``PagePoint`` with the hand where no mark is.
        words_wanted: A page whose words are needed; answer with :meth:`set_words`.
        pen: What the pen writes with.
        highlighter: Colour of highlights; ``underline`` draws a line in the pen's colour instead.
    """

    pressed = Signal()
    stroke_finished = Signal(object)
    highlight_finished = Signal(object)
    erased = Signal(object)
    note_wanted = Signal(object)
    mark_pressed = Signal(object)
    guest_pressed = Signal(object)
    selected = Signal(object)
    carried = Signal(object, float, float)
    text_chosen = Signal(object)
    place_tapped = Signal(object)
    words_wanted = Signal(int)

    def __init__(self, clock: Clock, style: CanvasStyle, words: CanvasWords, parent: QWidget | None = None) -> None:
        super().__init__(clock, style, words, parent)
        self.input = CanvasInput(self, clock, self.kinetic)
        self.pen = PenStyle()
        self.highlighter = "#FFE08A"
        self.underline = False
        self._maker: AnnotationMaker | None = None
        self._words: dict[int, tuple[Word, ...]] = {}
        self._words_asked: set[int] = set()
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)

    # -- paper -------------------------------------------------------------------------------------------

    def open(
        self,
        info: PaperInfo,
        host: Renders | None,
        maker: AnnotationMaker,
        *,
        annotations: Iterable[Annotation],
        state: ReadingState,
        cache: TileCache[QImage],
    ) -> None:
        """Show an opened paper at ``state.place``.

        Args:
            info: What the render host told of it.
            host: Draws its pages; None while it is shown by what is kept of it, until :meth:`serve`.
            maker: Makes what is drawn into annotations.
            annotations: All there are.
            state: Where to begin; ``scale`` is used only with ``Fit.FREE`` (device-independent pixels a point).
            cache: Pictures drawn so far, of any paper.
        """
        self.input.cancel()
        self._pictures = Pictures(info.doc, host, cache)
        self._maker = maker
        self._words.clear()
        self._words_asked.clear()
        scene = self.scene
        scene.doc, scene.pictures = info.doc, cache
        self._fit_cache()
        scene.night, scene.sepia = state.night, state.sepia
        scene.hits, scene.current_hit, scene.failed = [], -1, {}
        self.set_annotations(annotations)
        self._page = -1
        self.state = state
        self._sizes, self._span = info.pages, None
        self._lay_out()
        self._stamp()
        self.set_tool(state.tool)
        self._refit()

    def close_paper(self) -> None:
        """Show nothing. Pictures stay in their cache, so that a paper opened again is there at once; see its owner."""
        self.input.cancel()
        self._drop_still()
        self._glide_timer.stop()
        self._layout = self._pictures = self._maker = self.state = None
        self.scene.pictures = None
        self.scene.ink.set_all(())
        self.scene.wet.drop()
        self.scene.selection = self.scene.band = self.scene.loop = self.scene.held = self.scene.ghost = None
        self.scene.marks.clear()
        self.scene.guests = Guests()
        self._words.clear()
        self.viewport().update()

    # -- annotations -------------------------------------------------------------------------------------

    def set_annotations(self, annotations: Iterable[Annotation]) -> None:
        """Show exactly these."""
        self._drop_still()
        every = list(annotations)
        self.scene.ink.set_all(one for one in every if isinstance(one, InkStroke))
        self.scene.marks.clear()
        for one in every:
            if not isinstance(one, InkStroke):
                self.scene.marks.setdefault(one.page, []).append(one)
        self.viewport().update()

    def show_change(self, deleted: Sequence[AnnotationId], added: Sequence[Annotation], pages: Iterable[int]) -> None:
        """Show that some went and some came."""
        self._drop_still()
        gone = set(deleted)
        held = self.scene.selection
        if held is not None and gone.intersection(mark.id for mark in held.marks):
            if added:
                self._keep_ghost(QPointF())
            self.select(None)
        for page in pages:
            self._change_page(page, gone, [one for one in added if one.page == page])
        self._drop_ghost()

    def _change_page(self, page: int, gone: set[AnnotationId], added: Sequence[Annotation]) -> None:
        """Repaints what changed: a stroke that is on the page already, as those just written are, costs nothing."""
        ink, marks = self.scene.ink, self.scene.marks.setdefault(page, [])
        before = list(marks)
        marks[:] = [mark for mark in marks if mark.id not in gone]
        marks += (one for one in added if not isinstance(one, InkStroke) and one not in before)
        dirty = ink.remove(page, gone)
        strokes = [one for one in added if isinstance(one, InkStroke) and one.id not in ink.strokes(page)]
        if strokes:
            dirty = dirty.united(ink.add(*strokes))
        if self._layout is not None:
            rect = self.frame().page_rect(page)
            self.dirty(rect if marks != before else dirty.translated(rect.topLeft()))

    def show_guests(self, marks: Iterable[GuestMark]) -> None:
        """What others shared, in place of what was shown of it."""
        self._drop_still()
        self.scene.guests = Guests.of(marks)
        self.viewport().update()

    def set_words(self, page: int, words: tuple[Word, ...]) -> None:
        """The words of a page came."""
        self._words[page] = words

    def words_of(self, page: int) -> tuple[Word, ...] | None:
        """Words of a page; asks for them the first time."""
        if page not in self._words_asked:
            self._words_asked.add(page)
            self.words_wanted.emit(page)
        return self._words.get(page)

    def set_hits(self, hits: Sequence[Band], current: int = -1) -> None:
        """Show found passages."""
        self._drop_still()
        self.scene.hits, self.scene.current_hit = list(hits), current
        self.viewport().update()

    # -- looks -------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        return Tool.HAND if self.state is None else self.state.tool

    def set_tool(self, tool: Tool) -> None:
        """Take another tool."""
        if self.state is not None:
            self.state = self.state.with_tool(tool)
        self.viewport().setCursor(_CURSORS[tool])
        self.select(None)
        self.forget_chosen()
        if tool is Tool.PEN:
            self.scene.wet.prepare(self._pixels())
        self._want_words()

    def _want_words(self) -> None:
        """The highlighter snaps to words: have those in sight at hand."""
        if self.tool in {Tool.HIGHLIGHT, Tool.TEXT} and self._layout is not None:
            for page in self.frame().visible:
                self.words_of(page)

    def _on_page(self, page: int) -> None:
        self.setAccessibleDescription(self.scene.words.page(page + 1, self.page_count))
        self._want_words()

    # -- pointers and keys -------------------------------------------------------------------------------

    def viewportEvent(self, event: QEvent) -> bool:
        """Pens, fingers and mice go to the policy first; what it does not want is Qt's."""
        if event.type() in _PRESSES:
            self._drop_still()
            self.pressed.emit()
        if self._layout is not None and self.input.handle(event):
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See ``canvas_keys``."""
        action = key_action(event.key(), event.modifiers()) if self._layout is not None else None
        if action is None:
            super().keyPressEvent(event)
        else:
            action(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A stroke does not survive a turn of the screen; a pinch survives the scroll bar that it brings."""
        if not self.input.pinching:
            self.input.cancel()
        super().resizeEvent(event)
        self._fit_cache()
        if self.tool is Tool.PEN:
            self.scene.wet.prepare(self._pixels())

    def _fit_cache(self) -> None:
        """Keep as many pictures as a view of this size needs."""
        if self.scene.pictures is not None:
            ratio = self.devicePixelRatioF()
            self.scene.pictures.resize(fitting_bytes(round(self.width() * self.height() * ratio * ratio)))

    def take(self, outcome: Outcome, *, tool: Tool) -> None:
        """A session came to something: make it an annotation and hand it out."""
        self._drop_still()
        assert self._maker is not None
        match outcome:
            case Written(page=page, points=points, pen=pen):
                stroke = self._maker.stroke(page, points, pen.colour, pen.width)
                self.dirty(self.scene.ink.add(stroke).translated(self.frame().page_rect(page).topLeft()))
                self.stroke_finished.emit(stroke)
            case Highlighted(page=page, passage=passage):
                if passage.rects:
                    colour = self.pen.colour if self.underline else self.highlighter
                    self.highlight_finished.emit(self._maker.highlight(page, passage, colour, underline=self.underline))
            case TextChosen(page=page, passage=passage):
                self.text_chosen.emit(self._maker.highlight(page, passage, self.highlighter))
            case Caught(page=page, marks=marks):
                self.select(Selection(page, marks) if marks else None)
            case Carried(dx=dx, dy=dy) if self.scene.selection is not None:
                self._keep_ghost(QPointF(dx, dy))
                self.carried.emit(self.scene.selection, dx, dy)
                self._drop_ghost()
            case Carried():
                pass  # what was carried went meanwhile, for example by undo
            case Erased(annotations=annotations):
                self.erased.emit(annotations)
            case Tapped(place=place):
                self._tapped(outcome, place, tool)

    def _tapped(self, tap: Tapped, place: PagePoint, tool: Tool) -> None:
        frame = self.frame()
        to_view = frame.to_view(place.page)
        mark = mark_at(self.scene.marks.get(place.page, ()), tap.view, to_view, frame.ratio)
        guest = self.scene.guests.at(place.page, tap.view, to_view, frame.ratio)
        if mark is not None:
            self.mark_pressed.emit(mark)
        elif guest is not None:
            self.guest_pressed.emit(guest)
        elif tool is Tool.NOTE and frame.covers(place.page, tap.view):
            self.note_wanted.emit(place)
        elif tool is Tool.HAND and frame.covers(place.page, tap.view):
            self.place_tapped.emit(place)

    # -- lasso and chosen text ---------------------------------------------------------------------------

    def select(self, selection: Selection | None) -> None:
        """Show these as caught by the lasso, or nothing."""
        if selection is None and self.scene.selection is None:
            return
        self.scene.selection, self.scene.held = selection, None
        self._drop_still()
        if self._layout is not None and self.scene.hold(self.frame()) is not None:
            self._ink_soon.start()
        self.viewport().update()
        self.selected.emit(selection)

    def selected_at(self, view: QPointF) -> Selection | None:
        """What the lasso caught, if a view pixel is within its frame."""
        held = self.scene.selection
        if held is None:
            return None
        frame = self.frame()
        box = frame.to_view(held.page).mapRect(rect_of(held.box)).adjusted(-12, -12, 12, 12)
        return held if box.contains(view) else None

    def forget_chosen(self) -> None:
        """No text is shown as chosen any more."""
        if self.scene.band is not None:
            self.scene.band = None
            self.viewport().update()
