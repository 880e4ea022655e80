# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything the tool may say about a folder, in one table, in both languages.

Decides which findings stop a publish (``ERROR``), which must be seen (``WARNING``) and which only inform. A
finding names the file as the secretary knows it; findings are shown to the secretary and never logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from msgspec import Struct

from client.errors import BadInput, Text


class Level(Enum):
    """How much a finding weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """One sentence about one file or about the folder (``file`` empty)."""

    level: Level
    code: str
    file: str
    vi: str
    en: str

    def of(self, language: str) -> str:
        """The sentence in ``language``, with the file's name in front."""
        text = self.en if language == "en" else self.vi
        return f"{self.file}: {text}" if self.file else text


_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE

CATALOGUE: Final[dict[str, tuple[Level, Text]]] = {
    "folder.missing": (_E, Text("không có thư mục này", "no such folder")),
    "folder.unreadable": (_E, Text("không đọc được thư mục ({why})", "the folder cannot be read ({why})")),
    "folder.empty": (_E, Text("thư mục không có tệp PDF nào", "the folder holds no PDF file")),
    "folder.too_many": (
        _E,
        Text("có {count} tài liệu, tối đa {limit}", "holds {count} papers, the limit is {limit}"),
    ),
    "file.collision": (
        _E,
        Text(
            'trùng tên với "{other}" (chỉ khác chữ hoa, thường hoặc cách mã hóa dấu)',
            'same name as "{other}" (only case or accent encoding differs)',
        ),
    ),
    "file.outside": (
        _E,
        Text("đường dẫn hoặc liên kết trỏ ra ngoài thư mục", "the path or link leads outside the folder"),
    ),
    "file.missing": (_E, Text("session.toml nêu tệp này nhưng không có", "named in session.toml but not there")),
    "file.twice": (_E, Text("session.toml nêu tệp này hai lần", "named twice in session.toml")),
    "file.unreadable": (_E, Text("không đọc được tệp ({why})", "the file cannot be read ({why})")),
    "file.too_big": (
        _E,
        Text("lớn {size} byte, tối đa {limit}", "{size} bytes, the limit is {limit}"),
    ),
    "file.unnamed": (
        _W,
        Text("có trong thư mục nhưng session.toml không nêu: không gửi", "not named in session.toml: not sent"),
    ),
    "file.not_pdf": (_W, Text("không phải tệp PDF: không gửi", "not a PDF file: not sent")),
    "toml.syntax": (_E, Text("sai cú pháp: {why}", "syntax error: {why}")),
    "toml.value": (_E, Text("nội dung không hợp lệ: {why}", "invalid content: {why}")),
    "paper.broken": (_E, Text("tệp PDF hỏng, không mở được", "the PDF is damaged and does not open")),
    "paper.locked": (
        _E,
        Text("tệp PDF có mật khẩu; hãy bỏ mật khẩu rồi phát hành lại", "password-protected; remove the password"),
    ),
    "paper.empty": (_E, Text("tệp PDF không có trang nào", "the PDF has no pages")),
    "paper.too_many_pages": (_E, Text("có {pages} trang, tối đa {limit}", "{pages} pages, the limit is {limit}")),
    "paper.timeout": (_E, Text("kiểm tra quá {seconds} giây", "checking took more than {seconds} seconds")),
    "paper.crashed": (
        _E,
        Text("phần đọc PDF dừng bất thường với tệp này", "the PDF reader died on this file"),
    ),
    "paper.repaired": (_W, Text("tệp PDF có lỗi nhỏ, đã tự sửa khi đọc", "minor damage, repaired on reading")),
    "paper.javascript": (_W, Text("có JavaScript (không bao giờ chạy)", "contains JavaScript (never executed)")),
    "paper.launch": (_W, Text("có lệnh mở chương trình (không bao giờ chạy)", "has launch actions (never executed)")),
    "paper.embedded": (_W, Text("có {count} tệp đính kèm bên trong", "holds {count} embedded files")),
    "paper.scan": (
        _W,
        Text(
            "bản quét, không có lớp chữ: không tìm kiếm được và công cụ không đọc được dấu mật; hãy tự kiểm tra",
            "a scan without text: not searchable, and secrecy marks cannot be detected; check by eye",
        ),
    ),
    "secret.stamp": (
        _E,
        Text(
            "trang 1 có dấu {mark}. Tài liệu mật không được đưa lên hệ thống: bỏ tệp khỏi thư mục, hoặc ghi secrecy "
            "trong session.toml để chỉ gửi thông tin nhận bản giấy",
            "page 1 is stamped {mark}. State secrets must not enter the system: remove the file, or set secrecy in "
            "session.toml so that only a stub is sent",
        ),
    ),
    "secret.bytes_refused": (
        _W,
        Text(
            "!!! TÀI LIỆU MẬT ({mark}): tệp KHÔNG được mở và KHÔNG được gửi; chỉ gửi thông tin nhận bản giấy. "
            "Hãy đưa tệp ra khỏi máy có kết nối mạng",
            "!!! STATE SECRET ({mark}): the file was NOT opened and is NOT sent; only a stub is. "
            "Take the file off this networked machine",
        ),
    ),
    "secret.stub": (_N, Text("tài liệu mật, nhận bản giấy", "state secret, handed out on paper")),
    "paper.late": (
        _W,
        Text("gửi chậm: còn dưới {days} ngày trước phiên họp", "late: less than {days} days before the session"),
    ),
    "paper.recalled": (_W, Text("thu hồi: bị xóa khỏi máy của thành viên", "recalled: erased from members' devices")),
    "paper.recalled_again": (
        _W,
        Text("đã thu hồi trước đây, nay phát hành lại", "was recalled before and is published again"),
    ),
    "dossier.missing": (_W, Text('hồ sơ "{item}" thiếu: {what}', 'dossier "{item}" lacks: {what}')),
    "session.start_assumed": (
        _W,
        Text("không rõ giờ họp, tạm lấy {starts}; nên có session.toml", "no start time, assumed {starts}; add a toml"),
    ),
    "session.past": (_W, Text("giờ họp đã qua", "the session's start has passed")),
    "poll.no_members": (
        _E,
        Text("phiếu {number}: không có thành viên nào được biểu quyết", "poll {number}: no member may vote"),
    ),
    "poll.closed_before": (_E, Text("phiếu {number}: hạn chót đã qua", "poll {number}: its deadline has passed")),
    "poll.short": (
        _E,
        Text(
            "phiếu {number}: chỉ có {hours} giờ để trả lời, quy chế cần {days} ngày; nêu lý do ở short_notice nếu gấp",
            "poll {number}: leaves {hours} hours for an answer, the rules give {days} days; if it is urgent say why in "
            "short_notice",
        ),
    ),
    "poll.short_notice": (
        _W,
        Text(
            "phiếu {number}: lấy ý kiến gấp, {hours} giờ thay cho {days} ngày: {why}",
            "poll {number}: at short notice, {hours} hours instead of {days} days: {why}",
        ),
    ),
    "poll.changed": (
        _E,
        Text(
            "phiếu {number} đã mở nên không sửa được; hãy trả nội dung như cũ",
            "poll {number} is open and cannot change; restore its content",
        ),
    ),
    "poll.frozen": (
        _E,
        Text(
            "phiếu lấy ý kiến đã mở nên tài liệu không thay được",
            "the opinion ballot is open, so its papers are frozen",
        ),
    ),
    "manifest.too_big": (_E, Text("danh mục quá lớn", "the list of papers is too large")),
}


def finding(code: str, file: str = "", **values: object) -> Finding:
    """The finding ``code`` about ``file``; ``values`` fill the sentence."""
    level, text = CATALOGUE[code]
    return Finding(level, code, file, text.vi.format(**values), text.en.format(**values))


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that stop a publish."""
    return tuple(found for found in findings if found.level is Level.ERROR)


class FolderRefused(BadInput):
    """The folder cannot be published as it is; nothing was sent.

    Args:
        findings: Everything found; the errors among them say why.
    """

    code = "user.folder_refused"
    title = Text("Thư mục chưa phát hành được", "The folder cannot be published")
    next_step = Text("Sửa các lỗi nêu trên rồi chạy lại; chưa có gì được gửi đi.", "Fix the errors; nothing was sent.")

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        # Codes only: file names stay out of the detail because details reach logs.
        super().__init__(", ".join(sorted({found.code for found in errors(findings)})))
        self.findings = findings
