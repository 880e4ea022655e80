# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings, this device, diagnostics. What policy fixed is shown with a lock and cannot be pressed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from client.domain.ids import Hash
from client.settings import Hand, Theme
from client.store import papers
from client.store.changes import Topic
from client.sync.events import Connectivity, SyncFinished, SyncStatus
from client.ui import formats
from client.ui.body_switch import BodiesCard
from client.ui.bridge import Bridge
from client.ui.context import AppContext
from client.ui.i18n import error_title, tr
from client.ui.navigator import Diagnostics, Navigator, Preferences, Storage
from client.ui.screen import Screen
from client.ui.screens.settings_devices import DevicesCard, guard_sentence
from client.ui.screens.settings_version import news_sentence, version_line
from client.ui.screens.welcome import WelcomeSheet
from client.ui.tasks import Tasks
from client.ui.theme.apply import tokens
from client.ui.theme.tokens import GAP, SCALES
from client.ui.widgets.button import Button
from client.ui.widgets.card import Card
from client.ui.widgets.header import Header
from client.ui.widgets.keys_sheet import KeysSheet
from client.ui.widgets.layouts import FlowLayout, ScrollColumn, hbox, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.segmented import Segmented
from client.ui.widgets.switch import Switch
from client.ui.widgets.text import IconLabel, Label

_LOCK_CHOICES: Final = (120, 300, 600, 1800)
"""Seconds without input."""


class SettingsScreen(Screen[Preferences]):
    """Choices are in force at once and kept in the store."""

    TOPICS = frozenset({Topic.PAPERS, Topic.PACKS})

    def __init__(
        self, ctx: AppContext, bridge: Bridge, tasks: Tasks, navigator: Navigator, parent: QWidget | None = None
    ) -> None:
        super().__init__(ctx, bridge, tasks, navigator, parent)
        self.setObjectName("settings_screen")
        self.setAccessibleName(tr("Cài đặt"))
        self._facts: dict[str, Label] = {}
        header = Header(tr("Cài đặt"))
        self.lock_button = Button(tr("Khóa máy ngay"), "lock")
        self.lock_button.clicked.connect(navigator.lock)
        header.row.addWidget(self.lock_button)
        self.list = ScrollColumn()
        self.devices = DevicesCard(ctx.notices, tasks)
        cards = (
            self._display_card(),
            self._reading_card(),
            self._device_card(),
            self.devices,
            *(() if ctx.bodies is None else (BodiesCard(ctx.bodies),)),
            self._diagnostics_card(),
        )
        for index, card in enumerate(cards):
            self.list.column.insertWidget(index, card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(header)
        column.addWidget(self.list, 1)
        bridge.engine_event.connect(self._on_engine)

    def refresh(self) -> None:
        """Measure the stores and ask the engine."""
        self.tasks.run(self.ctx.papers.read(lambda c: (papers.usage(c), papers.present(c))), self._show_storage)
        self._show_status(self.ctx.engine.status())
        self._show_news()
        self.devices.refresh()

    # -- choices -----------------------------------------------------------------------------------------

    def _display_card(self) -> Card:
        settings, preferences = self.ctx.settings, self.ctx.preferences
        language = Segmented(tr("Ngôn ngữ"), (("vi", "Tiếng Việt"), ("en", "English")), settings.language)
        language.chosen.connect(lambda value: preferences.change(language=value))
        size = Segmented(tr("Cỡ chữ"), [(scale, f"{scale} %") for scale in SCALES], settings.text_percent)
        size.chosen.connect(lambda value: preferences.change(text_percent=value))
        theme = Segmented(
            tr("Giao diện"),
            ((Theme.LIGHT, tr("Sáng")), (Theme.DARK, tr("Tối")), (Theme.SYSTEM, tr("Theo máy"))),
            settings.theme,
        )
        theme.chosen.connect(lambda value: preferences.change(theme=value))
        return self._card(
            tr("Hiển thị"),
            self._governed("language", tr("Ngôn ngữ"), "language", language),
            Choice(tr("Cỡ chữ"), "text_size", size),
            Choice(tr("Giao diện"), "sun", theme),
        )

    def _reading_card(self) -> Card:
        settings, preferences = self.ctx.settings, self.ctx.preferences
        hand = Segmented(tr("Tay thuận"), ((Hand.LEFT, tr("Trái")), (Hand.RIGHT, tr("Phải"))), settings.hand)
        hand.chosen.connect(lambda value: preferences.change(hand=value))
        pen = Switch(tr("Chỉ bút mới viết"), on=settings.pen_only_writes)
        pen.toggled.connect(lambda on: preferences.change(pen_only_writes=on))
        labels = Switch(tr("Hiện chữ dưới biểu tượng"), on=settings.toolbar_labels)
        labels.toggled.connect(lambda on: preferences.change(toolbar_labels=on))
        seconds = sorted({*_LOCK_CHOICES, settings.auto_lock_s})
        lock = Segmented(
            tr("Tự khóa sau"), [(s, tr("{n} phút").format(n=round(s / 60))) for s in seconds], settings.auto_lock_s
        )
        lock.chosen.connect(lambda value: preferences.change(auto_lock_s=value))
        return self._card(
            tr("Đọc và bảo vệ"),
            Choice(tr("Tay thuận"), "hand", hand),
            Choice(tr("Chỉ bút mới viết"), "pen", pen, tr("Ngón tay và chuột chỉ cuộn trang.")),
            Choice(tr("Hiện chữ dưới biểu tượng"), "keyboard", labels),
            self._reminders_choice(),
            Choice(tr("Phím tắt"), "keyboard", self._keys_button(), tr("Cũng mở bằng phím F1.")),
            self._welcome_choice(),
            *self._practice_row(),
            self._governed("auto_lock_s", tr("Tự khóa sau"), "lock", lock),
        )

    def _governed(self, setting: str, name: str, icon_name: str, control: QWidget) -> Choice:
        """A choice that IT staff may have made for everybody on this machine: then it says so under a lock."""
        if not self.ctx.preferences.is_fixed(setting):
            return Choice(name, icon_name, control)
        reason = tr("Do đơn vị quản lý, không đổi được trên máy này.")
        control.setEnabled(False)
        control.setAccessibleDescription(reason)
        return Choice(name, icon_name, control, reason, fixed=True)

    def _reminders_choice(self) -> Choice:
        preferences = self.ctx.preferences
        remind = Switch(tr("Nhắc việc"), on=self.ctx.settings.reminders)
        remind.toggled.connect(lambda on: preferences.change(reminders=on))
        note = tr("Phiếu sắp hết hạn, phiên họp, tài liệu chưa đọc. Không nêu tên nội dung; không nhắc ban đêm.")
        return Choice(tr("Nhắc việc"), "clock", remind, note)

    def _practice_row(self) -> list[QWidget]:
        if self.ctx.practice:
            return []
        start = Button(tr("Mở tập dượt"), "edit")
        start.clicked.connect(self.navigator.practise)
        note = tr("Phiên họp và phiếu giả định để tập thao tác; không động đến dữ liệu thật.")
        return [Choice(tr("Tập dượt"), "edit", start, note)]

    def _keys_button(self) -> Button:
        keys = Button(tr("Xem phím tắt"))
        keys.clicked.connect(lambda: KeysSheet(self).open())
        return keys

    def _welcome_choice(self) -> Choice:
        again = Button(tr("Xem lại hướng dẫn"))
        again.clicked.connect(lambda: WelcomeSheet(self).open())
        return Choice(tr("Hướng dẫn ban đầu"), "info", again, tr("Ba thẻ: đọc, làm việc ngoại tuyến, biểu quyết."))

    # -- facts -------------------------------------------------------------------------------------------

    def _device_card(self) -> Card:
        member = self.ctx.member
        return self._card(
            tr("Thiết bị và thành viên"),
            self._fact("member", tr("Thành viên"), member.name),
            self._fact("body", tr("Cơ quan"), member.body),
            self._fact("device", tr("Thiết bị"), member.device_name or member.device),
            self._fact("fingerprint", tr("Vân tay khóa"), member.fingerprint or "–"),
            self._fact("storage", tr("Dung lượng tài liệu"), "…"),
            self._storage_button(),
            self._fact("capture", tr("Chụp màn hình"), guard_sentence(self.ctx.guard)),
        )

    def _storage_button(self) -> QWidget:
        room = Button(tr("Xem và giải phóng dung lượng"), "papers", variant="plain")
        room.clicked.connect(lambda: self.navigator.go(Storage()))
        line = QWidget()
        hbox(room, None, parent=line)
        return line

    def _diagnostics_card(self) -> Card:
        card = self._card(
            tr("Chẩn đoán"),
            self._fact("service", tr("Máy chủ"), "…"),
            self._fact("synced", tr("Lần đồng bộ cuối"), "…"),
            self._fact("pending", tr("Mục chờ gửi"), "…"),
            self._fact("version", tr("Phiên bản"), version_line(self.ctx.policy)),
            *self._news_row(),
        )
        copy = Button(tr("Sao chép thông tin chẩn đoán"), "share")
        copy.clicked.connect(self.copy_diagnostics)
        more = Button(tr("Chẩn đoán chi tiết"), "info")
        more.clicked.connect(lambda: self.navigator.go(Diagnostics()))
        row = FlowLayout()
        row.addWidget(copy)
        if not self.ctx.practice:
            row.addWidget(more)
        card.column.addLayout(row)
        card.column.addWidget(Label(tr("Không chứa tài liệu, ghi chú hay phiếu."), "small"))
        return card

    def _news_row(self) -> list[QWidget]:
        news = self.ctx.release_news()
        return [] if news is None else [self._fact("release", tr("Bản mới"), news_sentence(news))]

    def _show_news(self) -> None:
        news = self.ctx.release_news()
        if news is not None and "release" in self._facts:
            self._facts["release"].setText(news_sentence(news))

    def _fact(self, key: str, name: str, value: str) -> Choice:
        label = Label(value)
        self._facts[key] = label
        return Choice(name, "", label)

    @staticmethod
    def _card(title: str, *rows: QWidget) -> Card:
        card = Card()
        card.column.addWidget(Label(title, "heading"))
        for index, row in enumerate(rows):
            if index:
                card.column.addWidget(Line())
            card.column.addWidget(row)
        return card

    def _show_storage(self, found: tuple[int, frozenset[Hash]]) -> None:
        used, present = found
        text = tr("{size}, {n} tài liệu").format(size=formats.size(used), n=len(present))
        self._facts["storage"].setText(text)

    def _show_status(self, status: SyncStatus) -> None:
        online = {
            Connectivity.ONLINE: tr("có kết nối"),
            Connectivity.OFFLINE: tr("không kết nối được"),
            Connectivity.NEVER: tr("chưa kết nối lần nào"),
        }[status.online]
        service = f"{online} · {error_title(status.error)} ({status.error.code})" if status.error else online
        self._facts["service"].setText(service)
        last = formats.exact_moment(status.last_sync) if status.last_sync else tr("chưa có")
        self._facts["synced"].setText(last)
        self._facts["pending"].setText(formats.number(status.pending))

    def copy_diagnostics(self) -> None:
        """Put the facts of the diagnostics card on the clipboard: no names, no titles."""
        keys = ["service", "synced", "pending", "version", "storage", "device", "fingerprint"]
        keys += [key for key in ("release",) if key in self._facts]
        lines = [f"{key}: {self._facts[key].text()}" for key in keys]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.navigator.announce(tr("Đã sao chép"))

    def _on_engine(self, event: object) -> None:
        if isinstance(event, SyncFinished) and self.isVisible():
            self._show_status(event.status)
            self._show_news()


class Choice(QWidget):
    """Name at the left, control at the right; one under the other when it is narrow.

    Args:
        note: Under the name.
        fixed: Whether the machine's policy decides; the note stands beside a lock.
    """

    def __init__(self, name: str, icon_name: str, control: QWidget, note: str = "", *, fixed: bool = False) -> None:
        super().__init__()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 4, 0, 4)
        self._box.setSpacing(GAP * 2)
        words = vbox(Label(name, "strong" if icon_name else "body"), spacing=2)
        if note:
            said = hbox(IconLabel("lock", side=16, says=tr("Bị khóa")), spacing=6) if fixed else hbox()
            said.addWidget(Label(note, "small"), 1)
            words.addLayout(said)
        head = hbox(IconLabel(icon_name), spacing=12) if icon_name else hbox()
        head.addLayout(words, 1)
        self._control = control
        self._name_width = Label(name, "strong", wrap=False).sizeHint().width() + tokens().measures.icon + GAP * 6
        self._box.addLayout(head, 1)
        self._box.addWidget(control, 1 if isinstance(control, Label) else 0)
        if icon_name:
            self.setMinimumHeight(tokens().measures.tool)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Control under the name when both do not fit on one line."""
        super().resizeEvent(event)
        if isinstance(self._control, Label):
            return
        fits = self._name_width + self._control.sizeHint().width() <= self.width()
        beside, under = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._box.setDirection(beside if fits else under)
        self._box.setAlignment(self._control, Qt.AlignmentFlag.AlignVCenter if fits else Qt.AlignmentFlag.AlignLeft)
