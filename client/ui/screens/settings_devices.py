# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: the member's devices as the signed directory lists them, and what protects the screen on this system."""

from __future__ import annotations

from client.domain.devices import OwnDevice
from client.ui import formats
from client.ui.i18n import tr
from client.ui.notice_bar import NoticePort
from client.ui.screen_guard import Guard
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.card import Card
from client.ui.widgets.chip import Chip
from client.ui.widgets.layouts import hbox, vbox
from client.ui.widgets.list_rows import Line
from client.ui.widgets.text import Label


class DevicesCard(Card):
    """One row per device: name, since when, fingerprint, state.

    Args:
        port: Where the devices come from; None shows nothing but the heading.
        tasks: For the worker threads.
    """

    def __init__(self, port: NoticePort | None, tasks: Tasks) -> None:
        super().__init__()
        self._port, self._tasks = port, tasks
        self.column.addWidget(Label(tr("Các thiết bị của tôi"), "heading"))
        self._rows = vbox()
        self.column.addLayout(self._rows)
        self.column.addWidget(
            Label(tr("Thấy thiết bị lạ: báo ngay Thư ký để ngừng quyền và đọc vân tay khóa của nó."), "small")
        )

    def refresh(self) -> None:
        """Read the directory again."""
        if self._port is not None:
            self._tasks.call(self._port.devices, self._show, owner=self)

    def _show(self, devices: tuple[OwnDevice, ...]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for index, device in enumerate(devices):
            if index:
                self._rows.addWidget(Line())
            self._rows.addWidget(DeviceRow(device))


class DeviceRow(Card):
    """One device."""

    def __init__(self, device: OwnDevice) -> None:
        super().__init__(padding=4, part="")
        name = device.name or device.id
        title = Label(tr("{name} (máy này)").format(name=name) if device.here else name, "strong")
        chip = Chip(tr("Đang dùng"), Tone.OK, "check") if device.active else Chip(tr("Đã ngừng"), Tone.DANGER, "lock")
        row = hbox(title)
        row.setStretch(0, 1)
        row.addWidget(chip)
        self.column.addLayout(row)
        span = tr("Từ {since} đến {until}").format(
            since=formats.exact_moment(device.since), until=formats.exact_moment(device.until)
        )
        self.column.addWidget(Label(span, "small"))
        self.column.addWidget(Label(tr("Vân tay khóa: {digits}").format(digits=device.digits24), "small"))


def guard_sentence(guard: Guard) -> str:
    """What the system does against captures, without promising more."""
    return {
        Guard.ASKED: tr("Đã yêu cầu hệ điều hành chặn chụp màn hình. Không bảo đảm: máy ảnh vẫn chụp được."),
        Guard.REFUSED: tr("Hệ điều hành không nhận yêu cầu chặn chụp màn hình."),
        Guard.NOT_OFFERED: tr("Chặn chụp màn hình không có trên hệ điều hành này."),
    }[guard]
