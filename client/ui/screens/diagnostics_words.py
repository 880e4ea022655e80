# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of the diagnosis: what each fact is called and how its value reads."""

from __future__ import annotations

from typing import Final

from client.diagnostics import Finding
from client.domain.ids import Moment
from client.ui import formats
from client.ui.i18n import tr

_SIZES: Final = frozenset({"papers_bytes", "record_bytes", "free_bytes"})
_MOMENTS: Final = frozenset({"last_sync", "wall_clock"})
_MILLISECONDS: Final = frozenset({"clock_offset_ms", "clock_error_ms"})
NOTHING: Final = "–"


def group_title(name: str) -> str:
    """The heading of a group of facts."""
    return {
        "service": tr("Kết nối"),
        "clock": tr("Giờ trên máy"),
        "stores": tr("Dữ liệu trên máy"),
        "machine": tr("Bảo vệ"),
    }[name]


def label(key: str) -> str:
    """What a fact is called."""
    return {
        "server": tr("Máy chủ"),
        "connection": tr("Tình trạng kết nối"),
        "problem": tr("Mã lỗi gần nhất"),
        "last_sync": tr("Lần đồng bộ cuối"),
        "device": tr("Mã thiết bị"),
        "device_active": tr("Thiết bị được phép hoạt động"),
        "wall_clock": tr("Đồng hồ của máy"),
        "clock_offset_ms": tr("Lệch so với máy chủ"),
        "clock_error_ms": tr("Sai số ước lượng"),
        "acts": tr("Việc đã ký, theo trạng thái"),
        "packs": tr("Bộ tài liệu, theo trạng thái"),
        "papers": tr("Tài liệu có trên máy"),
        "papers_bytes": tr("Dung lượng tài liệu"),
        "record_bytes": tr("Dung lượng sổ ghi"),
        "free_bytes": tr("Dung lượng còn trống"),
        "keystore": tr("Kho khóa của hệ điều hành"),
        "sandbox": tr("Cô lập phần hiển thị tài liệu"),
        "policy": tr("Chính sách do đơn vị đặt"),
        "failures": tr("Sự cố đã ghi lại"),
        "release": tr("Bản mới của chương trình"),
    }[key]


def value(fact: Finding) -> str:
    """How a fact reads; codes stay codes, so that IT staff can look them up."""
    if not fact.value:
        return NOTHING
    if fact.key in _SIZES:
        return formats.size(int(fact.value))
    if fact.key in _MOMENTS:
        return formats.exact_moment(Moment(fact.value))
    if fact.key in _MILLISECONDS:
        return tr("{n} giây").format(n=formats.number(int(fact.value) / 1000, 1))
    if fact.key in {"packs", "acts"}:
        return ", ".join(_counted(part) for part in fact.value.split(", "))
    words = {
        ("connection", "online"): tr("có kết nối"),
        ("connection", "offline"): tr("không kết nối được"),
        ("connection", "never"): tr("chưa kết nối lần nào"),
        ("device_active", "yes"): tr("có"),
        ("device_active", "no"): tr("không"),
        ("sandbox", "none"): tr("không có"),
        ("release", "current"): tr("không có bản mới hơn"),
        ("release", "unknown"): tr("chưa hỏi được"),
    }
    return words.get((fact.key, fact.value), fact.value)


def _counted(part: str) -> str:
    """``ready 4`` in words; a state without words stays its code."""
    state, _, count = part.rpartition(" ")
    words = {
        "known": tr("mới biết"),
        "keyed": tr("đã có khóa"),
        "manifest_ok": tr("đã có mục lục"),
        "fetching": tr("đang tải"),
        "ready": tr("đủ"),
        "superseded": tr("đã thay"),
        "expired": tr("hết hạn đọc"),
        "shredded": tr("đã hủy"),
        "blocked": tr("bị chặn"),
        "queued": tr("chờ gửi"),
        "suspended": tr("tạm giữ"),
        "receipted": tr("có biên nhận"),
        "late": tr("đến muộn"),
        "draft": tr("bản nháp"),
        "refused": tr("bị từ chối"),
        "conflict": tr("trùng với máy khác"),
        "withdrawn": tr("đã hủy trước khi gửi"),
    }
    return f"{words.get(state, state)} {count}"
