# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every key combination of the program, once: what the help sheet lists, and what a test finds in the windows."""

from __future__ import annotations

from msgspec import Struct

from client.ui.i18n import tr


class Shortcut(Struct, frozen=True):
    """Keys (any of them, as Qt writes them) and what they do."""

    keys: tuple[str, ...]
    does: str


class ShortcutGroup(Struct, frozen=True):
    """Shortcuts of one place."""

    title: str
    shortcuts: tuple[Shortcut, ...]


HELP_KEY = "F1"
LOCK_KEY = "Ctrl+L"
SEARCH_KEYS = ("Ctrl+F", "/")
PLACE_KEYS = tuple(f"Ctrl+{number}" for number in range(1, 7))
"""The places of the rail, from the top."""


def shortcut_groups() -> tuple[ShortcutGroup, ...]:
    """All of them, in the language in force."""
    return (
        ShortcutGroup(
            tr("Ở mọi màn hình"),
            (
                Shortcut((HELP_KEY,), tr("Mở bảng phím tắt này")),
                Shortcut((PLACE_KEYS[0], PLACE_KEYS[-1]), tr("Đến từng mục của thanh chính, theo thứ tự")),
                Shortcut((LOCK_KEY,), tr("Khóa máy ngay")),
                Shortcut(("Alt+Left",), tr("Quay lại")),
                Shortcut(("Tab", "Shift+Tab"), tr("Đến nút tiếp theo, trước đó")),
                Shortcut(("Space", "Return"), tr("Nhấn nút đang chọn")),
                Shortcut(("Esc",), tr("Đóng bảng đang mở")),
            ),
        ),
        ShortcutGroup(
            tr("Ở màn hình phiên họp của tôi"),
            (Shortcut(SEARCH_KEYS, tr("Tìm ở mọi nơi")),),
        ),
        ShortcutGroup(
            tr("Khi đọc tài liệu"),
            (
                Shortcut(("PgDown", "PgUp", "Space"), tr("Cuộn một màn hình")),
                Shortcut(("Ctrl+PgDown", "Ctrl+PgUp"), tr("Trang sau, trang trước")),
                Shortcut(("Home", "End"), tr("Trang đầu, trang cuối")),
                Shortcut(("Ctrl+G",), tr("Đến trang số…")),
                Shortcut(("Ctrl+F",), tr("Tìm trong tài liệu")),
                Shortcut(("Ctrl++", "Ctrl+-"), tr("Phóng to, thu nhỏ")),
                Shortcut(("Ctrl+0", "Ctrl+9"), tr("Vừa chiều ngang, vừa cả trang")),
                Shortcut(("Ctrl+R",), tr("Xoay trang")),
                Shortcut(("Alt+Right",), tr("Đến chỗ tiếp theo")),
                Shortcut(("Ctrl+B",), tr("Đánh dấu trang")),
                Shortcut(("Ctrl+M",), tr("Ghi chú vào trang đang xem")),
                Shortcut(("Ctrl+Shift+A",), tr("Chọn mọi nét bút và ghi chú của trang")),
                Shortcut(("Ctrl+Z",), tr("Hoàn tác")),
                Shortcut(("Ctrl+Y", "Ctrl+Shift+Z"), tr("Làm lại")),
            ),
        ),
        ShortcutGroup(
            tr("Khi xem có gì thay đổi"),
            (Shortcut(("F7", "F8"), tr("Thay đổi trước, thay đổi sau")),),
        ),
    )
