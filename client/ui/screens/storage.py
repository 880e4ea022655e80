# SPDX-License-Identifier: AGPL-3.0-or-later
"""Room on this device: what takes how much, and papers of what is over taken off to make room.

Taking off asks once, in words that say what goes and what stays, and offers to fetch the papers again afterwards.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from client.domain.ids import PackId
from client.errors import EcabinetError
from client.store.changes import Topic
from client.sync.events import SyncFinished
from client.ui import formats, words
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.models.storage import PackRoom, StorageView, read_storage
from client.ui.navigator import Navigator, Storage
from client.ui.screen import Screen
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.empty_state import EmptyState
from client.ui.widgets.header import Header
from client.ui.widgets.layouts import Part, ScrollColumn, hbox, vbox
from client.ui.widgets.list_rows import Line, Row, Section
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label


class StorageScreen(Screen[Storage]):
    """The parts of the whole, then one row for each meeting."""

    TOPICS = frozenset({Topic.PACKS, Topic.PAPERS})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("storage_screen")
        self.setAccessibleName(tr("Dung lượng trên máy"))
        self._view: StorageView | None = None
        self._busy = False
        header = Header(tr("Dung lượng trên máy"), with_back=True)
        header.back.connect(navigator.back)
        self.trouble = Banner(tone=Tone.WARNING)
        self.list = ScrollColumn()
        self.list.column.insertWidget(0, self.trouble)
        vbox(header, self.list, spacing=0, parent=self)
        bridge.engine_event.connect(self._on_engine)

    def refresh(self) -> None:
        """Measure again."""
        ctx = self.ctx

        def measure() -> StorageView:
            free = ctx.diagnostics.free_bytes() if ctx.diagnostics is not None else None
            return read_storage(ctx.record, ctx.papers, ctx.clock, ctx.viewer, free)

        self.tasks.call(measure, self._show)

    def take_off(self, rooms: tuple[PackRoom, ...]) -> None:
        """Ask, then take the papers of these meetings off the device."""
        sheet = TakeOffSheet(rooms, self)
        sheet.accepted.connect(partial(self._take_off, tuple(room.card.pack for room in rooms)))
        sheet.open()

    def fetch_again(self, packs: tuple[PackId, ...]) -> None:
        """Let these meetings' papers come again."""
        downloads = self.ctx.engine.downloads

        def let_go() -> None:
            for pack in packs:
                downloads.let_go(pack)

        self.tasks.call(let_go, lambda _none: self.refresh(), self._say, owner=self)

    # -- drawing -----------------------------------------------------------------------------------------------

    def _show(self, view: StorageView) -> None:
        if view != self._view:
            self._view = view
            self._draw()

    def _draw(self) -> None:
        view = self._view
        if view is None:
            return
        facts = (view.papers, view.rest, view.record, view.free)
        parts = [Part("whole", facts, partial(self._whole, view))]
        over, rest = [room for room in view.packs if room.over], [room for room in view.packs if not room.over]
        if not view.packs:
            parts.append(Part("nothing", None, _nothing))
        if over:
            parts.append(Part("over", (tuple(over), self._busy), partial(self._over, view, over)))
        if rest:
            parts.append(Part("rest", (tuple(rest), self._busy), partial(self._rest, rest)))
        self.list.show_parts(parts)

    def _whole(self, view: StorageView) -> Card:
        card = Card()
        used = formats.size(view.papers + view.rest + view.record)
        card.column.addWidget(Label(tr("Đang dùng {size}").format(size=used), "title"))
        rows = [
            (tr("Tài liệu"), "", view.papers),
            (tr("Chỉ mục tìm kiếm và trang lưu sẵn"), tr("Tự dọn cùng tài liệu."), view.rest),
            (
                tr("Ghi chú, phiếu, góp ý, biên nhận"),
                tr("Của đồng chí: không bao giờ bị xóa ở đây."),
                view.record,
            ),
        ]
        for name, note, count in rows:
            card.column.addWidget(Line())
            card.column.addWidget(_Fact(name, note, formats.size(count)))
        if view.free is not None:
            card.column.addWidget(Line())
            card.column.addWidget(_Fact(tr("Còn trống trên ổ đĩa"), "", formats.size(view.free)))
        return card

    def _over(self, view: StorageView, rooms: list[PackRoom]) -> Section:
        section = Section(tr("Đã kết thúc ({n})").format(n=len(rooms)))
        removable = view.removable
        if removable:
            size = formats.size(sum(room.bytes for room in removable))
            every = Button(tr("Xóa tài liệu của tất cả ({size})").format(size=size), "delete")
            every.setEnabled(not self._busy)
            every.clicked.connect(lambda: self.take_off(removable))
            section.column.addLayout(hbox(every, None))
        section.column.addWidget(self._rows(rooms))
        return section

    def _rest(self, rooms: list[PackRoom]) -> Section:
        section = Section(tr("Đang cần ({n})").format(n=len(rooms)))
        section.column.addWidget(self._rows(rooms))
        return section

    def _rows(self, rooms: list[PackRoom]) -> Card:
        card = Card(padding=4)
        for index, room in enumerate(rooms):
            title = room.card.session.title
            button = self._button(room, title)
            trailing = () if button is None else (button,)
            row = Row(title, _sentence(room), trailing=trailing, opens=False, first=index == 0, icon_name="papers")
            card.column.addWidget(row)
        return card

    def _button(self, room: PackRoom, title: str) -> Button | None:
        pack = room.card.pack
        if room.can_go:
            button = Button(tr("Xóa"), "delete", variant="plain")
            button.setAccessibleName(tr("Xóa tài liệu: {title}").format(title=title))
            button.clicked.connect(lambda: self.take_off((room,)))
        elif room.off:
            button = Button(tr("Tải về máy"), "download", variant="plain")
            button.setAccessibleName(tr("Tải về máy: {title}").format(title=title))
            button.clicked.connect(lambda: self.fetch_again((pack,)))
        else:
            return None
        button.setEnabled(not self._busy)
        return button

    # -- what happens ------------------------------------------------------------------------------------------

    def _take_off(self, packs: tuple[PackId, ...]) -> None:
        self._work(busy=True)
        downloads = self.ctx.engine.downloads

        def work() -> None:
            for pack in packs:
                downloads.take_off(pack)

        self.tasks.call(work, lambda _none: self._taken_off(packs), self._say, owner=self)

    def _taken_off(self, packs: tuple[PackId, ...]) -> None:
        self._work(busy=False)
        self.refresh()
        text = tr("Đã xóa tài liệu khỏi máy. Ghi chú, phiếu và biên nhận vẫn còn.")
        self.navigator.offer_undo(text, lambda: self.fetch_again(packs))

    def _say(self, error: EcabinetError) -> None:
        self._work(busy=False)
        self.trouble.set(f"{error_title(error)}. {error_next_step(error)} [{error.code}]", Tone.WARNING)
        self.refresh()

    def _work(self, *, busy: bool) -> None:
        self._busy = busy
        self.trouble.set(tr("Đang xóa tài liệu…") if busy else "", Tone.INFO, "clock")
        self._draw()

    def _on_engine(self, event: object) -> None:
        if isinstance(event, SyncFinished) and self.isVisible():
            self.refresh()


class TakeOffSheet(Sheet):
    """What goes, what stays, and how it comes back; "Không xóa" has the focus."""

    def __init__(self, rooms: tuple[PackRoom, ...], parent: QWidget) -> None:
        super().__init__(tr("Xóa tài liệu khỏi máy này?"), parent)
        size = formats.size(sum(room.bytes for room in rooms))
        what = (
            rooms[0].card.session.title
            if len(rooms) == 1
            else tr("Tài liệu của {n} phiên đã kết thúc").format(n=len(rooms))
        )
        for text in (
            tr("{what}: {size}.").format(what=what, size=size),
            tr("Ghi chú, phiếu, góp ý và biên nhận của đồng chí giữ nguyên."),
            tr("Khi có mạng, tải lại được chừng nào máy chủ còn lưu."),
        ):
            self.column.addWidget(Label(text))
        self.keep = self.add_button(tr("Không xóa"))
        self.keep.clicked.connect(self.reject)
        self.sure = self.add_button(tr("Xóa tài liệu"), variant="danger", icon_name="delete")
        self.sure.clicked.connect(self.accept)
        self.keep.setFocus()


class _Fact(QWidget):
    """A name with its size at the right."""

    def __init__(self, name: str, note: str, size: str) -> None:
        super().__init__()
        left = vbox(Label(name, "body"), spacing=2)
        if note:
            left.addWidget(Label(note, "small"))
        row = hbox(parent=self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addLayout(left, 1)
        row.addWidget(Label(size, "strong", wrap=False))


def _sentence(room: PackRoom) -> str:
    when = formats.short_day(formats.local(room.card.session.starts))
    if not room.bytes:
        return words.joined((when, tr("không lưu trên máy này")))
    return words.joined((when, formats.size(room.bytes), tr("{n} tài liệu").format(n=room.papers)))


def _nothing() -> EmptyState:
    return EmptyState("papers", tr("Chưa có tài liệu trên máy"), tr("Tài liệu được tải về khi có mạng."))
