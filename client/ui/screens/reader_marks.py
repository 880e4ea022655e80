# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the member does on the page becomes steps of editing: ink, highlights, notes, bookmarks, erasing, undo.

Also the ways from a passage to a comment (góp ý). Nothing here stores by itself: ``Editing`` does, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId
from client.domain.outbox import OutboxItem
from client.store.changes import ChangeSet, Topic
from client.ui.context import AppContext
from client.ui.i18n import tr
from client.ui.navigator import Navigator
from client.ui.screens.changes_words import marks_name
from client.ui.screens.comment_sheet import CommentSheet
from client.ui.screens.reader_edits import Editing, Saving, new_mark_id
from client.ui.screens.reader_loading import Found
from client.ui.screens.reader_note import NoteSheet, PassageBar
from client.ui.screens.sharing_desk import Sharer
from client.ui.tasks import Tasks
from client.ui.words import paper_title
from client.viewer.document_state import Place
from client.viewer.edits import (
    AddBookmark,
    AddHighlight,
    AddNote,
    AddStroke,
    Change,
    DeleteAnnotations,
    Edit,
    EditNote,
    ReplaceAnnotations,
)
from client.viewer.geometry import PagePoint
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.page_canvas import PageCanvas

NOTE_PT = 20.0
"""Side of the box a note is pinned to, points."""


class Marking(QObject):
    """One canvas and the marks on it.

    Attributes:
        changed: The marks are others now.
        saving: ``Saving``.
        sharer: Asks whom.
        maker: Makes marks of the open paper; None while there is none.
    """

    changed = Signal()
    saving = Signal(object)

    def __init__(
        self,
        ctx: AppContext,
        tasks: Tasks,
        navigator: Navigator,
        canvas: PageCanvas,
        *,
        bar: PassageBar,
        window: QWidget,
    ) -> None:
        super().__init__(canvas)
        self._ctx, self._tasks, self._navigator = ctx, tasks, navigator
        self._canvas, self._bar, self._window = canvas, bar, window
        self.sharer = Sharer(ctx, tasks, navigator, window)
        self._found: Found | None = None
        self.maker: AnnotationMaker | None = None
        self.editing: Editing | None = None
        canvas.stroke_finished.connect(self._wrote)
        canvas.highlight_finished.connect(self._highlighted)
        canvas.erased.connect(self._erased)
        canvas.note_wanted.connect(self._new_note)
        canvas.mark_pressed.connect(self._pressed)
        bar.comment.connect(self._comment_on)
        bar.note.connect(self._note_on)
        bar.share.connect(lambda mark: self.share((mark,)))
        bar.delete.connect(self._delete)

    def begin(self, found: Found, editing: Editing, maker: AnnotationMaker) -> None:
        """Another paper."""
        self.end()
        self._found, self.editing, self.maker = found, editing, maker
        editing.stepped.connect(self._stepped)
        editing.came.connect(self._came)
        editing.saving.connect(self.saving)
        self.saving.emit(editing.state)
        self.changed.emit()

    def end(self) -> None:
        """No paper."""
        if self.editing is not None:
            self.editing.stepped.disconnect(self._stepped)
            self.editing.came.disconnect(self._came)
            self.editing.saving.disconnect(self.saving)
        self._found = self.editing = self.maker = None
        self._bar.hide()
        self.saving.emit(Saving.UNTOUCHED)

    @property
    def found(self) -> Found | None:
        """The open paper."""
        return self._found

    @property
    def page(self) -> int:
        """The page being read."""
        return self._canvas.page

    @property
    def present(self) -> tuple[Annotation, ...]:
        """All marks of the paper."""
        return self.editing.present if self.editing is not None else ()

    def bookmarks(self, page: int) -> tuple[Bookmark, ...]:
        """Bookmarks of a page."""
        here = self.editing.of_page(page) if self.editing is not None else ()
        return tuple(mark for mark in here if isinstance(mark, Bookmark))

    def undo(self) -> None:
        """One step back."""
        if self.editing is not None:
            self.editing.undo()

    def redo(self) -> None:
        """One step forth."""
        if self.editing is not None:
            self.editing.redo()

    def retry(self) -> None:
        """Save what could not be saved."""
        if self.editing is not None:
            self.editing.retry()

    def toggle_bookmark(self) -> None:
        """Mark the page being read, or take its mark away."""
        if self.maker is None:
            return
        here = self.bookmarks(self._canvas.page)
        self.do(DeleteAnnotations(here) if here else AddBookmark(self.maker.bookmark(self._canvas.page)))

    def comment(self) -> None:
        """Comment on the page being read."""
        self._comment(self._canvas.page, "")

    def go_to(self, mark: Annotation) -> None:
        """Show where a mark is."""
        if isinstance(mark, Highlight):
            self._canvas.reveal(mark.page, mark.rects[0].y0)
        elif isinstance(mark, TextNote):
            self._canvas.reveal(mark.page, mark.at.y0)
        else:
            self._canvas.go_to(Place(mark.page))

    # -- from the canvas -----------------------------------------------------------------------------------

    def do(self, edit: Edit) -> None:
        """One more step; nothing without an open paper."""
        if self.editing is not None:
            self.editing.do(edit)

    def new_id(self) -> AnnotationId:
        """For marks that are made outside the canvas."""
        return new_mark_id()

    def mark_text(self, chosen: Highlight, *, underline: bool) -> None:
        """Keep a passage that was chosen, as a band or a line."""
        colour = self._canvas.pen.colour if underline else chosen.colour
        self.do(AddHighlight(replace(chosen, underline=underline, colour=colour)))

    def _stepped(self, change: Change) -> None:
        self._canvas.show_change(change.deleted, change.added, change.pages)
        self.changed.emit()

    def _came(self, gone: tuple[AnnotationId, ...], fresh: tuple[Annotation, ...], pages: frozenset[int]) -> None:
        self._canvas.show_change(gone, fresh, pages)
        self.changed.emit()

    def on_store_changed(self, changes: ChangeSet) -> None:
        """Look whether marks of this paper came or went by another way."""
        found, editing = self._found, self.editing
        if found is None or editing is None or Topic.ANNOTATIONS not in changes.topics:
            return
        if found.paper.id in changes.ids:
            editing.look_again(found.paper.id)

    def _wrote(self, stroke: InkStroke) -> None:
        self.do(AddStroke(stroke))

    def _highlighted(self, highlight: Highlight) -> None:
        self.do(AddHighlight(highlight))

    def _erased(self, gone: tuple[Annotation, ...]) -> None:
        self.do(DeleteAnnotations(gone))

    def _pressed(self, mark: TextNote | Highlight) -> None:
        if isinstance(mark, Highlight):
            self._bar.offer(mark)
        else:
            self._open_note(mark)

    # -- notes ---------------------------------------------------------------------------------------------

    def note_here(self) -> None:
        """A note on the page in sight, at its right edge: for whoever has a keyboard and no pen."""
        if self.maker is not None and self._canvas.page_count:
            page = self._canvas.page
            self._new_note(PagePoint(page, self._canvas.sizes[page][0] - 2 * NOTE_PT, 2 * NOTE_PT))

    def _new_note(self, at: PagePoint) -> None:
        sheet = NoteSheet(at.page, self._window, sharer=self.sharer)
        sheet.kept.connect(partial(self._add_note, at, sheet))
        sheet.open()

    def _add_note(self, at: PagePoint, sheet: NoteSheet, text: str) -> None:
        if self.maker is not None:
            box = Rect(at.x, at.y, at.x + NOTE_PT, at.y + NOTE_PT)
            self._keep_new(self.maker.note(at.page, box, text), sheet)

    def _keep_new(self, note: TextNote, sheet: NoteSheet) -> None:
        self.do(AddNote(note))
        if sheet.readers:
            self.sharer.choose((note.id,), sheet.readers)

    def share(self, marks: Sequence[Annotation]) -> None:
        """Ask whom to share marks of the page with."""
        here = [mark for mark in marks if self._is_here(mark.id)]
        if here:
            self.sharer.ask_for([mark.id for mark in here], marks_name(here))

    def exchange(self, gone: Sequence[Annotation], fresh: Sequence[Annotation]) -> None:
        """Marks in the place of others, one for one, as one step; they are shared with whom the others were."""
        self.do(ReplaceAnnotations(tuple(gone), tuple(fresh)))
        self.sharer.follow([(old.id, new.id) for old, new in zip(gone, fresh, strict=True)])

    def _note_on(self, highlight: Highlight) -> None:
        quote = highlight.quote.text if highlight.quote else ""
        sheet = NoteSheet(highlight.page, self._window, quote=quote, sharer=self.sharer)
        sheet.kept.connect(partial(self._add_note_on, highlight, sheet))
        sheet.open()

    def _add_note_on(self, highlight: Highlight, sheet: NoteSheet, text: str) -> None:
        if self.maker is not None:
            last = highlight.rects[-1]
            at = Rect(last.x1, last.y0, last.x1 + NOTE_PT, last.y0 + NOTE_PT)
            self._keep_new(self.maker.note(highlight.page, at, text, highlight.quote), sheet)

    def _open_note(self, note: TextNote) -> None:
        quote = note.quote.text if note.quote is not None else ""
        sheet = NoteSheet(note.page, self._window, text=note.text, quote=quote, sharer=self.sharer)
        self.sharer.load(note.id, sheet.show_readers, sheet)
        sheet.kept.connect(partial(self._change_note, note, sheet))
        sheet.delete_wanted.connect(partial(self._delete, note))
        sheet.open()

    def _change_note(self, note: TextNote, sheet: NoteSheet, text: str) -> None:
        if self.maker is None or not self._is_here(note.id):
            return
        stands = note
        if text != note.text:
            stands = self.maker.note(note.page, note.at, text, note.quote)
            self.do(EditNote(note, stands))
            if sheet.readers is None:
                self.sharer.follow([(note.id, stands.id)])
        if sheet.readers is not None:
            self.sharer.choose((stands.id,), sheet.readers)

    def _delete(self, mark: Annotation) -> None:
        if self._is_here(mark.id):
            self.do(DeleteAnnotations((mark,)))
            self._navigator.announce(tr("Đã xóa. Bấm Hoàn tác để lấy lại."))

    def _is_here(self, mark: AnnotationId) -> bool:
        return self.editing is not None and self.editing.has(mark)

    # -- comments ------------------------------------------------------------------------------------------

    def _comment_on(self, highlight: Highlight) -> None:
        self._comment(highlight.page, highlight.quote.text if highlight.quote is not None else "")

    def _comment(self, page: int, quote: str) -> None:
        found = self._found
        if found is None:
            return
        sheet = CommentSheet(
            self._ctx,
            self._tasks,
            self._window,
            pack=found.pack,
            about=paper_title(found.paper),
            item=found.item,
            paper=found.paper.id,
            page=page,
            quote=quote,
        )
        sheet.sent.connect(self._commented)
        sheet.open()

    def _commented(self, _item: OutboxItem) -> None:
        self._navigator.announce(tr("Góp ý đã ký và lưu trên máy; xem trong Chờ gửi."))
