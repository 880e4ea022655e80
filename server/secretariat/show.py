# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers of the tool as lines for people, in Vietnamese or English. Pure text; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from client.domain.ids import Moment
from client.domain.rules import Outcome
from client.errors import Text
from server.secretariat.console import Options, mark
from server.secretariat.enrolment import DeviceReport, OpenedTicket, Waiting
from server.secretariat.late import Admission, LateVote
from server.secretariat.members import MembersReport, ServesReport
from server.secretariat.reports import Change, FolderReport, PublishReport
from server.secretariat.results import Awaited, PollResult, PollView
from server.secretariat.session_file import VIETNAM
from server.secretariat.wiping import WipeOrder

_CHANGES: Final = {
    Change.NEW: Text("mới", "new"),
    Change.CHANGED: Text("thay bản", "changed"),
    Change.UNCHANGED: Text("không đổi", "unchanged"),
    Change.RECALLED: Text("thu hồi", "recalled"),
    Change.STUB: Text("MẬT, bản giấy", "SECRET, on paper"),
}
_OUTCOMES: Final = {
    Outcome.ADOPTED: Text("thông qua", "adopted"),
    Outcome.NOT_ADOPTED: Text("không thông qua", "not adopted"),
    Outcome.NEEDS_RULING: Text("cần Thủ tướng quyết định", "needs the Prime Minister's ruling"),
    Outcome.NO_QUORUM: Text("không đủ thành viên dự họp", "no quorum"),
}
_STATES: Final = {
    "draft": Text("nháp", "draft"),
    "published": Text("chưa mở", "published"),
    "open": Text("đang mở", "open"),
    "closed": Text("đã đóng", "closed"),
    "certified": Text("đã chốt", "certified"),
}


def local(moment: Moment | None) -> str:
    """A time in Việt Nam, or a dash."""
    if moment is None:
        return "-"
    return datetime.fromisoformat(moment).astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def size(count: int) -> str:
    """A number of bytes for people, with a decimal comma."""
    value, units = float(count), ["B", "kB", "MB", "GB"]
    while value >= 1000 and len(units) > 1:  # noqa: PLR2004 - SI steps
        value, units = value / 1000, units[1:]
    return f"{value:.1f} {units[0]}".replace(".", ",") if units[0] != "B" else f"{count} B"


def folder(report: FolderReport, options: Options) -> Iterator[str]:
    """The dry run's answer."""
    say = options.say
    yield f"{report.title}"
    yield f"  {say('Bắt đầu', 'Starts')}: {local(report.starts)}"
    for number, item in enumerate(report.items, 1):
        yield f"{number:3d}. {item.title}"
        for paper in item.papers:
            parts = [_CHANGES[paper.change].of(options.lang)]
            if paper.version > 1:
                parts.append(say(f"bản {paper.version}", f"version {paper.version}"))
            if paper.pages:
                parts.append(say(f"{paper.pages} trang", f"{paper.pages} pages"))
                parts.append(size(paper.size))
            if paper.late:
                parts.append(say("GỬI CHẬM", "LATE"))
            yield f"     - {paper.number + ' ' if paper.number else ''}{paper.title}  [{', '.join(parts)}]"
    for poll in report.polls:
        until = f", {say('hạn', 'until')} {local(poll.closes)}" if poll.closes else ""
        counts = say(
            f"{poll.questions} câu hỏi, {poll.eligible} thành viên",
            f"{poll.questions} questions, {poll.eligible} members",
        )
        yield f"  {say('Phiếu', 'Poll')} {poll.id}: {poll.title}  [{counts}{until}]"
    for title in report.removed:
        yield f"  {say('Bỏ khỏi hồ sơ', 'Removed')}: {title}"
    for found in report.findings:
        yield f"{mark(found.level.value)} {found.of(options.lang)}"
    yield say(
        f"Sẽ gửi {report.to_send} tài liệu ({size(report.to_send_bytes)}), giữ nguyên {report.unchanged}, "
        f"mật {report.stubs}; {report.pages} trang; {report.devices} thiết bị nhận.",
        f"To send: {report.to_send} papers ({size(report.to_send_bytes)}), unchanged {report.unchanged}, "
        f"secret {report.stubs}; {report.pages} pages; {report.devices} devices.",
    )


def published(report: PublishReport, options: Options) -> Iterator[str]:
    """What a publish did."""
    say = options.say
    yield from folder(report.folder, options)
    if report.dry_run:
        yield say("Chạy thử: chưa gửi gì.", "Dry run: nothing was sent.")
    elif not report.changed:
        yield say("Máy chủ đã có đúng bộ này: không gửi gì.", "The service has exactly this: nothing was sent.")
    else:
        if report.resumed:
            yield say("Đã hoàn tất lần phát hành dở dang.", "The interrupted publish was completed.")
        yield say(
            f"Đã phát hành {report.pack} lần {report.rev}: {report.blobs} tệp niêm phong ({size(report.blob_bytes)}), "
            f"{report.envelopes} phong bì khóa, {report.polls} phiếu.",
            f"Published {report.pack} revision {report.rev}: {report.blobs} sealed papers "
            f"({size(report.blob_bytes)}), {report.envelopes} envelopes, {report.polls} polls.",
        )


def members(report: MembersReport, options: Options) -> Iterator[str]:
    """What an import changed."""
    yield options.say(
        f"Thêm {report.added}, sửa {report.changed}, tổng {report.total} người.",
        f"Added {report.added}, changed {report.changed}, {report.total} in all.",
    )
    yield from _directory_sent(report, options)


def serves(report: ServesReport, options: Options) -> Iterator[str]:
    """Whom an aide serves."""
    if not report.serves:
        yield options.say(f"{report.aide.name}: không giúp việc ai.", f"{report.aide.name}: serves nobody.")
    for member in report.serves:
        yield options.say(f"{report.aide.name}: giúp việc {member.name}", f"{report.aide.name}: serves {member.name}")
    yield from _directory_sent(report, options)


def _directory_sent(report: MembersReport | ServesReport, options: Options) -> Iterator[str]:
    if report.dry_run:
        yield options.say("Chạy thử: chưa ghi gì.", "Dry run: nothing was written.")
    elif not report.published:
        yield options.say("Sẽ gửi cùng lần phát hành tới.", "Will be sent with the next publish.")


def ticket(opened: OpenedTicket, options: Options) -> Iterator[str]:
    """A ticket to read out."""
    yield f"{opened.ticket[:5]} {opened.ticket[5:]}"
    yield options.say(
        f"Dùng một lần, đến {local(opened.expires)}. Không gửi qua thư điện tử.",
        f"One use, until {local(opened.expires)}. Do not send it by mail.",
    )


def waiting(devices: Iterable[Waiting], options: Options) -> Iterator[str]:
    """Devices to compare in person."""
    empty = True
    for device in devices:
        empty = False
        yield f"{device.device}  {device.member}  {device.name}  {local(device.received)}"
        yield f"    {device.problem}" if device.problem else f"    {device.digits}"
    if empty:
        yield options.say("Không có thiết bị nào chờ.", "No device waits.")
    else:
        yield options.say(
            "So 24 chữ số trực tiếp với thiết bị rồi duyệt: devices approve THIẾT_BỊ --digits ...",
            "Compare the 24 digits with the device in person, then: devices approve DEVICE --digits ...",
        )


def wiped(orders: Iterable[WipeOrder], options: Options) -> Iterator[str]:
    """Orders to erase, and what came back."""
    empty = True
    for each in orders:
        empty = False
        done = options.say(f"đã xóa, báo lúc {local(each.reported)}", f"erased, reported {local(each.reported)}")
        waits = options.say("chưa báo: thiết bị chưa kết nối lại", "no report yet: it has not connected since")
        yield f"{each.device}  {each.member}  {waits if each.reported is None else done}"
    if empty:
        yield options.say("Không có lệnh xóa nào.", "No device was told to erase itself.")


def device(report: DeviceReport, options: Options) -> Iterator[str]:
    """What became of a device."""
    yield f"{report.device}  {report.member}  {report.state.value}"
    if report.dry_run:
        yield options.say("Chạy thử: chưa gửi gì.", "Dry run: nothing was sent.")
    elif report.envelopes:
        yield options.say(f"Mở được {report.envelopes} bộ tài liệu.", f"Can open {report.envelopes} packs.")


def poll(view: PollView, options: Options) -> Iterator[str]:
    """Where a poll stands."""
    say = options.say
    yield f"{view.poll}  {view.title}"
    yield f"  {_STATES[view.state.value].of(options.lang)}"
    yield f"  {say('Mở', 'Opened')}: {local(view.opened)}  {say('Hạn', 'Closes')}: {local(view.closes)}"
    if view.closed:
        yield f"  {say('Đã đóng', 'Closed')}: {local(view.closed)}"


def awaited(found: Iterable[Awaited], options: Options) -> Iterator[str]:
    """Open opinion ballots and who is still to answer."""
    for each in found:
        sign = "!" if each.overdue else " "
        end = options.say("hạn", "until") + f" {local(each.closes)}"
        yield f"{sign} {each.title} · {end} · " + options.say(
            f"{len(each.missing)} chưa trả lời", f"{len(each.missing)} not answered"
        )
        if each.names:
            yield f"    {', '.join(each.names)}"


_ADMISSIONS: Final = {
    Admission.POSSIBLE: Text("có thể chấp nhận bằng --admit", "may be admitted with --admit"),
    Admission.BY_RULE_NOT: Text("không: quy tắc của phiếu không cho", "no: the ballot's rule does not allow it"),
    Admission.COUNTED_ALREADY: Text("không: đã có phiếu được tính", "no: another vote was counted"),
    Admission.CERTIFIED: Text("không: kết quả đã chốt", "no: the result is final"),
}


def late_votes(found: Iterable[LateVote], options: Options) -> Iterator[str]:
    """Late votes: hash, member, time, and whether each may be admitted."""
    empty = True
    for vote in found:
        empty = False
        yield vote.vote
        yield f"    {vote.name} · {local(vote.received_at)} · {_ADMISSIONS[vote.admission].of(options.lang)}"
    if empty:
        yield options.say("Không có phiếu nào đến muộn.", "No vote came late.")


def result(found: PollResult, options: Options) -> Iterator[str]:
    """A verified result."""
    say = options.say
    yield f"{found.title}"
    yield say(
        f"  Đã kiểm chứng: {found.counted}/{found.eligible} phiếu ({found.in_room} tại phòng họp + {found.absent} vắng "
        f"mặt), {found.no_response} không trả lời, {found.late} quá hạn không tính.",
        f"  Verified: {found.counted}/{found.eligible} votes ({found.in_room} in the room + {found.absent} absent), "
        f"{found.no_response} no response, {found.late} late and not counted.",
    )
    for question in found.questions:
        counts = ", ".join(f"{code} {count}" for code, count in question.counts.items())
        yield f"  {question.q}. {question.text}"
        outcome = _OUTCOMES[question.outcome].of(options.lang)
        yield f"     {counts} -> {outcome}"
        article = f" ({question.sentence.article})" if question.sentence.article else ""
        yield f"     {say(question.sentence.vi, question.sentence.en)}{article}"
    if found.void:
        yield say("  PHIẾU BỊ HỦY: tài liệu đã thay đổi.", "  VOID: the papers changed under it.")
    elif found.certified:
        yield say(
            f"  Kết quả chính thức; {found.admitted} phiếu muộn được chấp nhận.",
            f"  Final; {found.admitted} late votes admitted.",
        )
    if found.basis:
        yield f"  {say('Căn cứ', 'Basis')}: {'; '.join(found.basis)}"
