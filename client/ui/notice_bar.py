# SPDX-License-Identifier: AGPL-3.0-or-later
"""One calm line on home for what the member must be told once, with details in a sheet and a button to confirm it."""

from __future__ import annotations

from typing import Final, Protocol

from PySide6.QtWidgets import QWidget

from client.domain.devices import Notice, NoticeKind, OwnDevice
from client.ui import formats
from client.ui.i18n import tr
from client.ui.tasks import Tasks
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button
from client.ui.widgets.sheet import Sheet
from client.ui.widgets.text import Label

_LISTED: Final = 12
"""Acts named one by one; beyond that a sentence says how many more there are."""


class NoticePort(Protocol):
    """What ``client.notices`` does; every method may block and runs on a worker thread."""

    def devices(self) -> tuple[OwnDevice, ...]:
        """The member's devices."""
        ...

    def current(self) -> tuple[Notice, ...]:
        """What is not confirmed."""
        ...

    def confirm(self, notice: Notice, /) -> None:
        """The member read it."""
        ...


class NoticeBar(Banner):
    """Shows the first notice that is not confirmed; hidden where there is none.

    Args:
        port: Where notices come from.
        tasks: For the worker threads.
    """

    def __init__(self, port: NoticePort, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(tone=Tone.INFO, parent=parent)
        self._port, self._tasks = port, tasks
        self._notice: Notice | None = None
        self._wanted = True
        self.more = Button(tr("Xem"), variant="plain")
        self.more.clicked.connect(self._show_more)
        self.known = Button(tr("Đã biết"), "check", variant="plain")
        self.known.clicked.connect(self._confirm)
        for button in (self.more, self.known):
            self.buttons.addWidget(button)
        self.reload()

    def reload(self) -> None:
        """Ask again what there is to tell."""
        self._tasks.call(self._port.current, self._take, lambda _error: None, owner=self)

    def set_wanted(self, wanted: bool) -> None:
        """Whether the place shown is one for notices."""
        self._wanted = wanted
        self.setVisible(wanted and self._notice is not None)

    def _take(self, notices: tuple[Notice, ...]) -> None:
        self._notice = notices[0] if notices else None
        if self._notice is None:
            self.set("")
            return
        self.set(headline(self._notice), _TONES.get(self._notice.kind, Tone.INFO), "device")
        self.set_wanted(self._wanted)

    def _show_more(self) -> None:
        if self._notice is not None:
            NoticeSheet(self._notice, self).open()

    def _confirm(self) -> None:
        notice = self._notice
        if notice is not None:
            self._tasks.call(lambda: self._port.confirm(notice), lambda _none: self.reload(), owner=self)


class NoticeSheet(Sheet):
    """The same at length: what it is, and what to do if it was not you."""

    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(_TITLES[notice.kind](), parent)
        for line in details(notice):
            self.column.addWidget(Label(line))
        close = self.add_button(tr("Đóng"), variant="primary")
        close.clicked.connect(self.accept)


def headline(notice: Notice) -> str:
    """The one line."""
    device, numbers = notice.device, _numbers(notice)
    match notice.kind:
        case NoticeKind.DEVICE_NEW if device is not None:
            return tr("Có thiết bị mới của đồng chí: {name}, từ {time}.").format(
                name=device.name or device.id, time=formats.exact_moment(device.since)
            )
        case NoticeKind.DEVICE_ENDED if device is not None:
            return tr("Thiết bị {name} của đồng chí đã bị ngừng quyền.").format(name=device.name or device.id)
        case NoticeKind.ACTS_CAME_BACK:
            return tr("Thiếu dữ liệu: kho trên máy cũ hơn lần lưu cuối. Đã lấy lại từ máy chủ: {numbers}.").format(
                numbers=numbers
            )
        case NoticeKind.NUMBERS_TWICE:
            return tr("Có việc trùng số với việc khác ở máy chủ: {numbers}. Báo cán bộ kỹ thuật.").format(
                numbers=numbers
            )
        case _:
            return tr("Việc ký trên máy cũ chưa đến máy chủ và đã mất: {numbers}. Hãy làm lại.").format(numbers=numbers)


def details(notice: Notice) -> tuple[str, ...]:
    """The sentences of the sheet."""
    device = notice.device
    if device is not None:
        facts = (
            tr("Tên máy: {name}").format(name=device.name or device.id),
            tr("Từ: {time}").format(time=formats.exact_moment(device.since)),
            tr("Vân tay khóa: {digits}").format(digits=device.digits24),
        )
        if notice.kind is NoticeKind.DEVICE_ENDED:
            return (*facts, tr("Nếu không phải đồng chí yêu cầu, hỏi lại Thư ký. Không cần làm gì trên máy này."))
        return (
            *facts,
            tr("Nếu không phải đồng chí đăng ký: báo ngay Thư ký để ngừng quyền thiết bị đó và đọc vân tay khóa trên."),
        )
    if notice.kind is NoticeKind.ACTS_LOST:
        pairs = list(zip(notice.numbers, notice.saved, strict=True))
        lines = tuple(
            tr("Việc số {n}, lưu {time}").format(n=n, time=formats.exact_moment(saved)) for n, saved in pairs[:_LISTED]
        )
        more = (tr("Và {n} việc nữa.").format(n=len(pairs) - _LISTED),) if len(pairs) > _LISTED else ()
        return (headline(notice), *lines, *more)
    return (
        headline(notice),
        tr("Kiểm tra các phiếu trong Chờ gửi. Có thể máy đã được khôi phục từ bản sao cũ: báo cán bộ kỹ thuật."),
    )


def _numbers(notice: Notice) -> str:
    return ", ".join(tr("số {n}").format(n=n) for n in notice.numbers[:_LISTED]) + (
        "…" if len(notice.numbers) > _LISTED else ""
    )


_TITLES: Final = {
    NoticeKind.DEVICE_NEW: lambda: tr("Có thiết bị mới"),
    NoticeKind.DEVICE_ENDED: lambda: tr("Thiết bị đã bị ngừng quyền"),
    NoticeKind.ACTS_CAME_BACK: lambda: tr("Thiếu dữ liệu"),
    NoticeKind.NUMBERS_TWICE: lambda: tr("Thiếu dữ liệu"),
    NoticeKind.ACTS_LOST: lambda: tr("Việc chưa đến máy chủ"),
}
_TONES: Final = {
    NoticeKind.ACTS_CAME_BACK: Tone.DANGER,
    NoticeKind.NUMBERS_TWICE: Tone.DANGER,
    NoticeKind.ACTS_LOST: Tone.WARNING,
}
