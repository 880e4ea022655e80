# SPDX-License-Identifier: AGPL-3.0-or-later
"""One line about the connection, only when there is something to say: "Ngoại tuyến – 2 mục chờ gửi. …"."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from client.clock import Clock
from client.domain.lease import Lease, LeaseState
from client.errors import ProxyBlocked, Unreachable
from client.sync.events import Connectivity, SyncStatus
from client.ui import formats
from client.ui.i18n import error_next_step, error_title, tr
from client.ui.theme.tokens import Tone
from client.ui.widgets.banner import Banner
from client.ui.widgets.button import Button


class SyncBanner(Banner):
    """Shows a ``SyncStatus``.

    Attributes:
        wanted: "Đồng bộ ngay" was pressed.
    """

    wanted = Signal()

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._clock = clock
        self.button = Button(tr("Đồng bộ ngay"), "sync", variant="plain")
        self.button.clicked.connect(self.wanted)
        self.buttons.addWidget(self.button)

    def show_status(self, status: SyncStatus) -> None:
        """Say what is true of the connection now; nothing when all is well."""
        self.button.setEnabled(not status.working)
        if not status.active:
            self.set(
                tr("Thiết bị đã bị ngừng quyền. Mọi việc đã ký được giữ lại. Liên hệ Thư ký."), Tone.DANGER, "lock"
            )
            return
        error = status.error
        if error is not None and (isinstance(error, ProxyBlocked) or not isinstance(error, Unreachable)):
            self.set(f"{error_title(error)}. {error_next_step(error)}", Tone.DANGER)
            return
        if status.online is Connectivity.ONLINE:
            self.set("")
            return
        words = f"{offline_sentence(status, self._clock)} {lease_sentence(status.lease)}".strip()
        self.set(words, Tone.WARNING, "offline")


def lease_sentence(lease: Lease) -> str:
    """How many days are left until the device locks itself; empty while that is far off."""
    if lease.state is not LeaseState.ENDING:
        return ""
    return tr("Còn {n} ngày trước khi máy tự khóa vì chưa kết nối: hãy nối mạng và đồng bộ.").format(n=lease.days_left)


def offline_sentence(status: SyncStatus, clock: Clock) -> str:
    """The offline line, e.g. ``Ngoại tuyến – 2 mục chờ gửi. Đồng bộ lúc 07:42.``."""
    if status.last_sync is None:
        last = tr("Chưa đồng bộ lần nào.")
    else:
        last = tr("Đồng bộ lúc {time}.").format(time=formats.sync_moment(status.last_sync, clock.now()))
    if status.working and status.online is Connectivity.NEVER:
        return tr("Đang đồng bộ lần đầu…")
    if status.pending:
        return tr("Ngoại tuyến – {n} mục chờ gửi. {last}").format(n=status.pending, last=last)
    return tr("Ngoại tuyến. {last}").format(last=last)
