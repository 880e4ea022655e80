# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of the travel check: what was found, and the next step."""

from __future__ import annotations

from client.domain.travel import Check, Finding, Level, Step
from client.ui import formats
from client.ui.i18n import tr
from client.ui.theme.tokens import Tone


def heading(check: Check) -> str:
    """What was looked at."""
    return {
        Check.COMPLETE: tr("Đủ tài liệu trên máy"),
        Check.GENUINE: tr("Nội dung đúng với bản đã ký"),
        Check.OPENS: tr("Tài liệu mở được"),
        Check.SEARCHABLE: tr("Tìm kiếm được"),
        Check.KEPT: tr("Thời hạn đọc"),
        Check.LEASE: tr("Thời gian dùng ngoại tuyến"),
        Check.FRESH: tr("Lần đồng bộ cuối"),
        Check.BALLOTS: tr("Phiếu đóng trong chuyến đi"),
    }[check]


def tone(level: Level) -> Tone:
    """The colour of a finding; its chip says the same in words."""
    return {Level.GOOD: Tone.OK, Level.NOTE: Tone.WARNING, Level.BAD: Tone.DANGER}[level]


def verdict(level: Level) -> str:
    """The chip of a check."""
    return {Level.GOOD: tr("Tốt"), Level.NOTE: tr("Nên làm trước khi đi"), Level.BAD: tr("Cần xử lý")}[level]


def sentence(finding: Finding) -> str:
    """What was found, in one sentence."""
    at = formats.long_moment(finding.at) if finding.at is not None else ""
    if finding.level is Level.GOOD:
        return _good(finding, at)
    count = len(finding.papers)
    return {
        Check.COMPLETE: _incomplete(finding),
        Check.GENUINE: tr("{n} tài liệu bị sai khác trên máy và sẽ được tải lại:").format(n=count),
        Check.OPENS: tr("{n} tài liệu không mở được:").format(n=count),
        Check.SEARCHABLE: tr("{n} tài liệu chưa tìm kiếm được; vẫn đọc được:").format(n=count),
        Check.KEPT: tr("Tài liệu hết thời hạn đọc lúc {at}, trước khi chuyến đi kết thúc.").format(at=at),
        Check.LEASE: tr("Máy sẽ tự khóa lúc {at} nếu không liên lạc được với máy chủ.").format(at=at),
        Check.FRESH: tr("Đồng bộ lần cuối: {at}. Tài liệu có thể đã thay đổi.").format(at=at)
        if at
        else tr("Máy này chưa đồng bộ lần nào."),
        Check.BALLOTS: tr("Đóng lúc {at}. Phiếu đã ký còn chờ gửi: chỉ được tính khi máy chủ nhận trước lúc đó.")
        if finding.step is Step.SYNC
        else tr("Đóng lúc {at}. Đồng chí chưa gửi phiếu: phiếu chỉ được tính khi máy chủ nhận trước lúc đó."),
    }[finding.check].format(at=at)


def next_step(step: Step) -> str:
    """What to do about it; empty for nothing."""
    return {
        Step.NOTHING: "",
        Step.SYNC: tr("Đồng bộ khi đang có mạng, rồi kiểm tra lại."),
        Step.WAIT: tr("Máy đang lập chỉ mục; kiểm tra lại sau ít phút."),
        Step.VOTE: tr("Nên gửi phiếu trước khi đi."),
        Step.SECRETARIAT: tr("Liên hệ Thư ký phiên họp."),
    }[step]


def _good(finding: Finding, at: str) -> str:
    sentences = {
        Check.COMPLETE: tr("Mọi tài liệu đã tải đủ, đúng bản mới nhất."),
        Check.GENUINE: tr("Đã đọc lại và kiểm tra từng tài liệu."),
        Check.OPENS: tr("Trang đầu của từng tài liệu đã được hiển thị thử."),
        Check.SEARCHABLE: tr("Mọi trang đều tìm được, không cần mạng."),
        Check.KEPT: tr("Đọc được đến {at}."),
        Check.LEASE: tr("Máy dùng được không cần mạng đến {at}."),
        Check.FRESH: "{at}",
        Check.BALLOTS: tr("Đóng lúc {at}. Phiếu của đồng chí đã được tính.")
        if at
        else tr("Không có phiếu nào đóng trong thời gian này."),
    }
    return sentences[finding.check].format(at=at) if at or "{at}" not in sentences[finding.check] else ""


def _incomplete(finding: Finding) -> str:
    if finding.level is Level.NOTE:
        return tr("Đã có bản mới hơn, chưa tải xong. Bản trên máy vẫn đọc được.")
    if finding.pack is None:
        return tr("Trên máy chưa có tài liệu nào.")
    if finding.step is Step.SECRETARIAT:
        return tr("Bộ tài liệu không dùng được.")
    if finding.papers:
        return tr("{n} tài liệu chưa có trên máy:").format(n=len(finding.papers))
    return tr("Bộ tài liệu chưa tải xong.")
