# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words for the values of the domain, in one place so that two screens never name one state differently.

The sentences about a signed act are those of protocol.md, section 10, and only those.
"""

from __future__ import annotations

from collections.abc import Sequence

from client.domain.ballot import BallotKind, PollState, WhyNot
from client.domain.outbox import KEPT_OTHER, OutboxItem, OutboxKind, Standing
from client.domain.paper import PaperKind, PaperVersion, SecrecyLevel, Urgency
from client.domain.session import SessionKind
from client.ui import formats
from client.ui.i18n import tr
from client.ui.theme.tokens import Tone


def standing_sentence(standing: Standing, item: OutboxItem) -> str:
    """The one sentence that may be said of an act.

    Args:
        standing: As ``client.domain.outbox.standing`` decided.
        item: For the receipt time, the kind and the reason.
    """
    vote = item.kind is OutboxKind.VOTE
    at = formats.exact_time(item.received) if item.received else ""
    sentences = {
        Standing.NOT_SAVED: tr("Chưa lưu"),
        Standing.SAVED_NOT_COUNTED: tr("Đã lưu trên máy, chưa được tính")
        if vote
        else tr("Đã lưu trên máy, chưa được tiếp nhận"),
        Standing.SENT_AWAITING_RECEIPT: tr("Đã gửi, chờ biên nhận"),
        Standing.COUNTED: tr("Đã được tính lúc {time}").format(time=at),
        Standing.RECORDED: tr("Đã được tiếp nhận lúc {time}").format(time=at),
        Standing.REPLACED: tr("Đã được thay bằng phiếu mới hơn"),
        Standing.OTHER_DEVICE: tr("Đồng chí giữ phiếu từ thiết bị khác; phiếu này không được tính")
        if item.reason == KEPT_OTHER
        else tr("Có phiếu khác từ thiết bị khác của đồng chí"),
        Standing.LATE_NOT_COUNTED: tr("Quá hạn, không được tính")
        if vote
        else tr("Đến sau khi nội dung đã kết thúc, không được xét"),
        Standing.LATE_ADMITTED: tr("Đến muộn, được chấp nhận tính theo quyết định của Thư ký"),
        Standing.REFUSED: tr("Máy chủ từ chối: {reason}").format(reason=refusal(item.reason)),
        Standing.SUSPENDED: tr("Tạm giữ trên máy: thiết bị đang bị ngừng quyền"),
        Standing.WITHDRAWN: tr("Đã hủy trước khi gửi"),
    }
    return sentences[standing]


def standing_tone(standing: Standing) -> Tone:
    """How that sentence is coloured."""
    if standing in {Standing.COUNTED, Standing.RECORDED, Standing.LATE_ADMITTED}:
        return Tone.OK
    if standing in {Standing.SAVED_NOT_COUNTED, Standing.SENT_AWAITING_RECEIPT, Standing.SUSPENDED}:
        return Tone.WARNING
    if standing in {Standing.REPLACED, Standing.WITHDRAWN}:
        return Tone.NEUTRAL
    return Tone.DANGER


def standing_icon(standing: Standing) -> str:
    """Its icon."""
    return {
        Standing.COUNTED: "check_circle",
        Standing.RECORDED: "check_circle",
        Standing.LATE_ADMITTED: "check_circle",
        Standing.SAVED_NOT_COUNTED: "clock",
        Standing.SENT_AWAITING_RECEIPT: "send",
        Standing.SUSPENDED: "lock",
        Standing.REPLACED: "redo",
        Standing.WITHDRAWN: "undo",
    }.get(standing, "error")


def refusal(reason: str) -> str:
    """Why the service refused, from the problem code (``urn:ecab:problem:*``)."""
    known = {
        "not-eligible": tr("không thuộc thành phần biểu quyết"),
        "revote-forbidden": tr("đã có phiếu và phiếu này không cho đổi ý kiến"),
        "wrong-definition": tr("nội dung phiếu đã thay đổi"),
        "bad-answers": tr("câu trả lời không hợp lệ"),
        "bad-request": tr("nội dung không đúng dạng"),
        "forbidden": tr("không có quyền"),
        "hash-mismatch": tr("nội dung bị sai khác khi truyền"),
        "device-fork": tr("thiết bị đã gửi một phiếu khác cùng số"),
        "too-large": tr("nội dung quá dài"),
        "no-quorum": tr("chưa đủ số thành viên có mặt"),
        "not-present": tr("chưa được điểm danh có mặt"),
        "absence-not-approved": tr("việc vắng mặt chưa được đồng ý"),
        "devices-away": tr("phiên họp đang cất thiết bị"),
        "not-invited": tr("không thuộc thành phần dự họp"),
        "no-such-item": tr("chương trình không còn nội dung này"),
    }
    return known.get(reason, tr("mã {code}").format(code=reason or "?"))


def why_not_sentence(reason: WhyNot) -> str:
    """Why a ballot cannot be cast now."""
    return {
        WhyNot.NOT_ELIGIBLE: tr("Đồng chí không thuộc thành phần biểu quyết của phiếu này."),
        WhyNot.NOT_OPEN: tr("Phiếu chưa mở."),
        WhyNot.CLOSED: tr("Phiếu đã đóng."),
        WhyNot.ALREADY_CAST: tr("Đồng chí đã gửi phiếu; phiếu này không cho đổi ý kiến."),
        WhyNot.WAITING: tr("Phiếu của đồng chí đã ký và đang chờ gửi hoặc chờ biên nhận."),
        WhyNot.DEVICE_REVOKED: tr("Thiết bị này đang bị ngừng quyền. Liên hệ Thư ký."),
        WhyNot.NO_QUORUM: tr("Chưa đủ số thành viên có mặt để biểu quyết."),
        WhyNot.DEVICES_AWAY: tr("Phiên họp đang cất thiết bị: không biểu quyết trên máy."),
        WhyNot.PAPERS_CHANGED: tr("Tài liệu đã thay đổi: phiếu này bị hủy, Thư ký sẽ gửi phiếu mới."),
        WhyNot.SUBSTITUTE: tr("Đồng chí dự thay: trình bày ý kiến, không biểu quyết."),
        WhyNot.NOT_PRESENT: tr("Thư ký chưa điểm danh đồng chí có mặt."),
        WhyNot.LEFT: tr("Thư ký đã ghi đồng chí rời phiên họp. Báo Thư ký khi đồng chí quay lại."),
        WhyNot.ABSENCE_NOT_APPROVED: tr("Đồng chí vắng mặt và chưa được đồng ý cho vắng."),
        WhyNot.ABSENT_VOTE_NOT_ALLOWED: tr("Quy chế của cơ quan không cho biểu quyết vắng mặt."),
    }[reason]


def poll_state(state: PollState) -> str:
    """The state of a ballot."""
    return {
        PollState.ANNOUNCED: tr("Chưa mở"),
        PollState.OPEN: tr("Đang mở"),
        PollState.CLOSING: tr("Sắp đóng"),
        PollState.CLOSED: tr("Đã đóng"),
        PollState.RESULT_VERIFIED: tr("Có kết quả"),
        PollState.RESULT_DISPUTED: tr("Kết quả không khớp"),
    }[state]


def poll_tone(state: PollState) -> Tone:
    """How that state is coloured."""
    return {
        PollState.OPEN: Tone.WARNING,
        PollState.CLOSING: Tone.WARNING,
        PollState.RESULT_VERIFIED: Tone.OK,
        PollState.RESULT_DISPUTED: Tone.DANGER,
    }.get(state, Tone.NEUTRAL)


def ballot_kind(kind: BallotKind) -> str:
    """What sort of ballot."""
    return tr("Phiếu lấy ý kiến") if kind is BallotKind.OPINION else tr("Biểu quyết tại phiên họp")


def session_kind(kind: SessionKind) -> str:
    """What sort of session."""
    return {
        SessionKind.REGULAR: tr("Phiên họp thường kỳ"),
        SessionKind.THEMATIC: tr("Phiên họp chuyên đề"),
        SessionKind.URGENT: tr("Phiên họp đột xuất"),
        SessionKind.OPINION: tr("Lấy ý kiến giữa các phiên họp"),
    }[kind]


def paper_kind(kind: PaperKind) -> str:
    """What a paper is in the dossier."""
    return {
        PaperKind.SUBMISSION: tr("Tờ trình"),
        PaperKind.DRAFT: tr("Dự thảo"),
        PaperKind.APPRAISAL: tr("Báo cáo thẩm định"),
        PaperKind.RESPONSE: tr("Báo cáo tiếp thu, giải trình"),
        PaperKind.REPORT: tr("Báo cáo"),
        PaperKind.ANNEX: tr("Phụ lục"),
        PaperKind.OTHER: tr("Tài liệu khác", "loại của một tài liệu"),
    }[kind]


def secrecy(level: SecrecyLevel) -> str:
    """The grade's name; it is not translated away in English."""
    return {
        SecrecyLevel.NORMAL: "",
        SecrecyLevel.SECRET: tr("Mật"),
        SecrecyLevel.TOP_SECRET: tr("Tối mật"),
        SecrecyLevel.ULTRA_SECRET: tr("Tuyệt mật"),
    }[level]


def urgency(level: Urgency) -> str:
    """Độ khẩn; empty when normal."""
    return {Urgency.NORMAL: "", Urgency.URGENT: tr("Khẩn"), Urgency.FLASH: tr("Hỏa tốc")}[level]


def paper_title(paper: PaperVersion) -> str:
    """The title with its version when it is not the first: "… (bản 2)"."""
    title = paper.title or paper_kind(paper.kind)
    return tr("{title} (bản {n})").format(title=title, n=paper.version) if paper.version > 1 else title


def paper_note(paper: PaperVersion, seen: int) -> str:
    """The second line of a paper: kind, number, pages, how far it was read on this device."""
    if paper.is_stub:
        copy = tr("Bản số {n}").format(n=paper.copy_number) if paper.copy_number else ""
        return joined((paper_kind(paper.kind), paper.number, copy))
    parts = [paper_kind(paper.kind), paper.number, pages(paper.pages) if paper.pages else ""]
    return joined((*parts, read_progress(seen, paper.pages)))


def pages(count: int) -> str:
    """``34 trang``."""
    return tr("1 trang") if count == 1 else tr("{n} trang").format(n=formats.number(count))


def read_progress(seen: int, count: int) -> str:
    """``đã đọc``, ``đã đọc 5/12 trang``, ``chưa đọc``."""
    if not seen:
        return tr("chưa đọc")
    if seen >= count:
        return tr("đã đọc hết")
    return tr("đã đọc {n}/{all} trang").format(n=seen, all=count)


def joined(parts: Sequence[str]) -> str:
    """Non-empty parts with a middle dot between them."""
    return " · ".join(part for part in parts if part)


def sentence_case(text: str) -> str:
    """The text with its first letter as a capital; the rest stays as it was written."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text as it stands inside a sentence."""
    return text[:1].lower() + text[1:]
