# SPDX-License-Identifier: AGPL-3.0-or-later
"""Submissions, appraisals, responses, reports, annexes and the short papers of a session.

Decides: the sections of each kind and the invented figures in its tables. Refuses: document form
(``documents_form``) and wording (``phrases``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from server.demo.content import phrases
from server.demo.content.compose import Composer, capital, number
from server.demo.content.spec import PaperSpec, SessionSpec
from server.demo.content.topic import MINISTRIES, PROVINCES
from server.documents import form
from server.documents.model import Block, PageBreak, Table

_NUMERALS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_RATES: Final = frozenset({"%", "m", "giờ"})
"""Units that are averaged, not added, and shown with one decimal."""
_RANGE: Final = (9000.0, 92000.0)
_RANGES: Final = {
    "%": (70.0, 98.0),
    "m": (4.0, 30.0),
    "giờ": (6.0, 48.0),
    "điểm": (400.0, 1900.0),
    "bộ": (2000.0, 9000.0),
    "hệ thống": (400.0, 1600.0),
    "dự án": (300.0, 1400.0),
    "thủ tục": (600.0, 2400.0),
    "tỷ đồng": (90000.0, 780000.0),
    "nghìn tỷ đồng": (3000.0, 6400.0),
}
"""Plausible national totals by unit."""
_RICH: Final = 10
"""A section with fewer patterns is kept to three paragraphs, so that it does not repeat itself."""
Plan = Sequence[tuple[str, Sequence[str]]]
"""Headings of a paper, each with the patterns that fill it."""

SUBMISSION: Final[Plan] = (
    ("SỰ CẦN THIẾT BAN HÀNH", phrases.NEED),
    ("MỤC ĐÍCH, QUAN ĐIỂM XÂY DỰNG", phrases.VIEW),
    ("QUÁ TRÌNH XÂY DỰNG DỰ THẢO", phrases.PROCESS),
    ("BỐ CỤC VÀ NỘI DUNG CƠ BẢN", phrases.CONTENT),
    ("DỰ KIẾN NGUỒN LỰC, ĐIỀU KIỆN BẢO ĐẢM", phrases.COST),
    ("NHỮNG VẤN ĐỀ XIN Ý KIẾN", phrases.OPEN),
)
APPRAISAL: Final[Plan] = (
    ("VỀ SỰ CẦN THIẾT VÀ PHẠM VI ĐIỀU CHỈNH", phrases.APPRAISE),
    ("VỀ TÍNH HỢP HIẾN, HỢP PHÁP, THỐNG NHẤT", phrases.APPRAISE),
    ("VỀ THỦ TỤC HÀNH CHÍNH, PHÂN CẤP, PHÂN QUYỀN", phrases.APPRAISE),
    ("VỀ ĐIỀU KIỆN BẢO ĐẢM THI HÀNH", phrases.APPRAISE),
    ("KẾT LUẬN", phrases.VIEW),
)
IMPACT: Final[Plan] = (
    ("BỐI CẢNH XÂY DỰNG CHÍNH SÁCH", phrases.NEED),
    ("CHÍNH SÁCH 1: XÁC ĐỊNH TRÁCH NHIỆM VÀ THỜI HẠN", phrases.IMPACT),
    ("CHÍNH SÁCH 2: ĐƠN GIẢN HÓA THỦ TỤC", phrases.IMPACT),
    ("CHÍNH SÁCH 3: BẢO ĐẢM NGUỒN LỰC THỰC HIỆN", phrases.IMPACT),
    ("GIÁM SÁT VÀ ĐÁNH GIÁ", phrases.TASK),
)
REPORT: Final[Plan] = (
    ("TÌNH HÌNH CHUNG", phrases.RESULT),
    ("KẾT QUẢ CHỦ YẾU TRÊN CÁC LĨNH VỰC", phrases.RESULT),
    ("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", phrases.TROUBLE),
    ("NHIỆM VỤ, GIẢI PHÁP TRỌNG TÂM THỜI GIAN TỚI", phrases.TASK),
    ("KIẾN NGHỊ, ĐỀ XUẤT", phrases.TASK),
)


def sectioned(spec: PaperSpec, day: date) -> list[Block]:
    """A paper of headed sections: submission, appraisal, impact or report."""
    plan, kind = _PLANS[spec.style]
    summary = _summary(spec, kind)
    composer = Composer(spec.topic, spec.file)
    blocks: list[Block] = [form.header(spec.agency, f"Số: {spec.number}", day), *form.name(kind, summary)]
    blocks.append(form.to_whom("Chính phủ" if spec.style != "appraisal" else spec.topic.agency))
    blocks.append(form.body(_opening(spec)))
    for index, (heading, patterns) in enumerate(plan):
        blocks.append(form.section(f"{_NUMERALS[index]}. {heading}"))
        blocks += _section(composer, patterns, spec.weight if len(patterns) >= _RICH else min(spec.weight, 3))
        if spec.style in ("report", "impact") and index in (0, 1, 2) and spec.weight > 2:
            blocks += _figures(composer, index)
    this = kind if spec.style == "submission" else kind.lower()
    blocks.append(form.body(f"Trên đây là {this}, {spec.agency} kính trình Chính phủ xem xét, cho ý kiến./."))
    blocks.append(_close(spec))
    return blocks


def response(spec: PaperSpec, day: date) -> list[Block]:
    """Response to comments: a table of comment, source and answer for every chapter."""
    composer = Composer(spec.topic, spec.file)
    summary = _summary(spec, "Báo cáo")
    blocks: list[Block] = [
        form.header(spec.agency, f"Số: {spec.number}", day),
        *form.name("Báo cáo", summary),
        form.to_whom("Chính phủ"),
        form.body(_opening(spec)),
        form.body(composer.paragraph(phrases.PROCESS)),
    ]
    for index, (title, _) in enumerate(spec.topic.chapters):
        heading = f"Chương {_NUMERALS[index]}: {title.capitalize()}" if title else "Ý kiến chung"
        blocks.append(form.section(f"{index + 1}. {heading}"))
        rows = tuple(
            (
                str(row),
                composer.chance.choice((*MINISTRIES, *map(_council, PROVINCES))),
                composer.sentence(phrases.APPRAISE),
                composer.sentence(phrases.ANSWER),
            )
            for row in range(1, spec.weight + 1)
        )
        blocks.append(
            Table(
                widths=(0.07, 0.19, 0.37, 0.37),
                header=("STT", "Cơ quan, tổ chức", "Nội dung góp ý", "Tiếp thu, giải trình"),
                rows=rows,
            )
        )
    blocks.append(form.body(f"Trên đây là báo cáo tiếp thu, giải trình, {spec.agency} kính trình Chính phủ./."))
    blocks.append(_close(spec))
    return blocks


def annex(spec: PaperSpec, day: date) -> list[Block]:
    """Tables by province and by ministry, one annex each."""
    composer = Composer(spec.topic, spec.file)
    source = f"(Kèm theo Báo cáo ngày {day.day:02d} tháng {day.month} năm {day.year} của {spec.agency})"
    blocks: list[Block] = []
    for index in range(spec.weight):
        names = PROVINCES if index % 3 != 2 else MINISTRIES
        whose = "địa phương" if names is PROVINCES else "bộ, cơ quan"
        measure, unit = spec.topic.measures[index % len(spec.topic.measures)]
        if index:
            blocks.append(PageBreak())
        title = f"{measure} theo {whose}, đợt {index + 1}" if index >= 8 else f"{measure} theo {whose}"
        blocks += form.annex_head(_NUMERALS[index], title, source)
        blocks.append(_by_name(composer, names, whose, unit))
        blocks.append(form.body(f"Ghi chú: {composer.sentence(phrases.TROUBLE)}"))
    return blocks


def programme(spec: PaperSpec, day: date, session: SessionSpec, times: Sequence[tuple[str, str]]) -> list[Block]:
    """The agenda of the session as a paper."""
    rows = tuple(
        (str(index), f"{start} - {end}", item.title, item.agency)
        for index, (item, (start, end)) in enumerate(zip(session.items, times, strict=True), 1)
    )
    table = Table(
        widths=(0.08, 0.2, 0.47, 0.25), header=("STT", "Thời gian", "Nội dung", "Cơ quan trình bày"), rows=rows, size=12
    )
    notes = (
        "Thành viên Chính phủ nghiên cứu tài liệu trước phiên họp; ý kiến về từng nội dung gửi qua hệ thống trước phiên họp một ngày.",
        "Nội dung không có ý kiến khác nhau thì không trình bày lại tờ trình, Chính phủ thảo luận và biểu quyết.",
        "Tài liệu mật được phát bản giấy tại phòng họp và thu lại sau khi kết thúc nội dung.",
    )
    return [
        form.header(spec.agency, f"Số: {spec.number}", day),
        *form.name("Chương trình", session.title),
        table,
        *(form.body(f"{index}. {note}") for index, note in enumerate(notes, 1)),
        _close(spec),
    ]


def ballot(spec: PaperSpec, day: date, session: SessionSpec) -> list[Block]:
    """The cover of an opinion ballot: questions with boxes to tick."""
    blocks: list[Block] = [
        form.header(spec.agency, f"Số: {spec.number}", day),
        *form.name("Phiếu lấy ý kiến", f"Thành viên Chính phủ về {spec.topic.field}"),
        form.to_whom("Các Thành viên Chính phủ"),
        form.body(_opening(spec)),
    ]
    poll = session.polls[0]
    for index, issue in enumerate(poll.issues, 1):
        blocks.append(form.section(f"Vấn đề còn ý kiến khác nhau {index}"))
        blocks.append(form.body(issue.text))
        blocks += [form.body(f"- {capital(option)}.") for option in issue.options]
    for index, question in enumerate(poll.questions, 1):
        blocks.append(form.section(f"Câu hỏi {index}"))
        blocks.append(form.body(question.text))
        blocks.append(form.body("[   ] Đồng ý          [   ] Không đồng ý          [   ] Ý kiến khác"))
    blocks.append(_close(spec))
    return blocks


def _section(composer: Composer, patterns: Sequence[str], weight: int) -> list[Block]:
    blocks: list[Block] = []
    for index in range(1, weight + 1):
        if weight > 4:
            topic = capital(composer.draw("heading", composer.topic.things))
            blocks.append(form.section(f"{index}. {topic}", level=2))
            blocks.append(form.body(composer.paragraph(patterns, 3)))
            blocks.append(form.body(composer.paragraph(patterns, 2)))
            blocks.append(form.body(f"- {composer.sentence(patterns)}"))
        else:
            blocks.append(form.body(f"{index}. {composer.paragraph(patterns, max(3, weight))}"))
    return blocks


def _figures(composer: Composer, index: int) -> list[Block]:
    """A small table of indicators with plan, result and comparison."""
    rows = []
    for row, (measure, unit) in enumerate(composer.topic.measures, 1):
        plan = composer.chance.uniform(*_RANGES.get(unit, _RANGE))
        done = plan * composer.chance.uniform(0.86, 1.01 if unit == "%" else 1.07)
        rows.append((str(row), measure, unit, *_cells(plan, done, unit)))
    return [
        form.body(f"Bảng {index + 1}. Một số chỉ tiêu chủ yếu về {composer.topic.things[index]}"),
        Table(
            widths=(0.08, 0.32, 0.2, 0.14, 0.14, 0.12),
            header=("STT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch", "Ước thực hiện", "Tỷ lệ (%)"),
            rows=tuple(rows),
            numeric=frozenset({3, 4, 5}),
        ),
    ]


def _by_name(composer: Composer, names: Sequence[str], whose: str, unit: str) -> Table:
    share = unit in _RATES
    low, high = _RANGES.get(unit, _RANGE)
    rows: list[tuple[str, ...]] = []
    planned, reached = 0.0, 0.0
    for index, label in enumerate(names, 1):
        plan = composer.chance.uniform(low, high) / (1 if share else len(names))
        done = plan * composer.chance.uniform(0.72, 1.06)
        planned, reached = planned + plan, reached + done
        rows.append((str(index), capital(label), *_cells(plan, done, unit)))
    count = len(names) if share else 1
    label = "Bình quân" if share else "Tổng số"
    rows.insert(0, ("A", f"{label} ({unit})", *_cells(planned / count, reached / count, unit)))
    return Table(
        widths=(0.09, 0.43, 0.17, 0.17, 0.14),
        header=("STT", capital(whose), "Kế hoạch", "Thực hiện", "Tỷ lệ (%)"),
        rows=tuple(rows),
        numeric=frozenset({2, 3, 4}),
        size=10.0,
        pad=1.6,
    )


def _cells(plan: float, done: float, unit: str) -> tuple[str, str, str]:
    """Plan, result and their ratio as table cells."""
    digits = 1 if unit in _RATES else 0
    return number(plan, digits), number(done, digits), number(done / plan * 100, 1)


def _opening(spec: PaperSpec) -> str:
    return (
        f"Thực hiện Chương trình công tác của Chính phủ năm 2026 và ý kiến chỉ đạo của Thủ tướng Chính phủ, "
        f"{spec.agency} báo cáo Chính phủ về {spec.topic.field} (dữ liệu giả định) như sau:"
    )


def _close(spec: PaperSpec) -> Block:
    if spec.agency == "Văn phòng Chính phủ":
        office: tuple[str, ...] = ("BỘ TRƯỞNG, CHỦ NHIỆM",)
    elif spec.style in ("report", "submission"):
        office = ("BỘ TRƯỞNG",)
    else:
        office = ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG")
    return form.close(
        office, ("Như trên", "Thủ tướng, các Phó Thủ tướng Chính phủ", "Các Thành viên Chính phủ", "Lưu: VT, TH (05)")
    )


def _council(province: str) -> str:
    return f"UBND {province}"


def _summary(spec: PaperSpec, kind: str) -> str:
    """Trích yếu: the title without the name of its kind."""
    return capital(spec.title.removeprefix(kind).strip())


_PLANS: Final[dict[str, tuple[Plan, str]]] = {
    "submission": (SUBMISSION, "Tờ trình"),
    "appraisal": (APPRAISAL, "Báo cáo thẩm định"),
    "impact": (IMPACT, "Báo cáo"),
    "report": (REPORT, "Báo cáo"),
}
