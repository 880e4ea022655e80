# SPDX-License-Identifier: AGPL-3.0-or-later
"""Short ways to describe a paper of the demo, and the papers that several sessions share.

Decides: what all papers of a kind have in common. Refuses: which papers there are (``agenda``, ``agenda_more``).
"""

from __future__ import annotations

from typing import Final

from server.demo.content.spec import PaperSpec
from server.demo.content.topic import Topic
from server.demo.content.topics_report import REFORM

NOTICE: Final = "(dữ liệu giả định)"
OFFICE: Final = "Văn phòng Chính phủ"
JUSTICE: Final = "Bộ Tư pháp"
PLACE: Final = f"Phòng họp số 1 {NOTICE}"
REVISED_FILE: Final = "03-02-du-thao-nghi-dinh-du-lieu.pdf"
"""The paper that gets a second version."""
WITHHELD_TITLE: Final = "Báo cáo chuyên đề về công tác bảo đảm an ninh (nhận bản giấy)"


def submission(prefix: str, topic: Topic, number: int, what: str, *, age: int, weight: int) -> PaperSpec:
    """A submission (tờ trình); its file is named from the prefix."""
    return PaperSpec(
        file=f"{prefix}-to-trinh.pdf",
        kind="to_trinh",
        style="submission",
        number=f"{number}/TTr-{topic.mark}",
        title=f"Tờ trình về {what} {topic.field}",
        age=age,
        agency=topic.agency,
        topic=topic,
        weight=weight,
    )


def draft(file: str, topic: Topic, style: str, number: str, what: str, *, age: int, weight: int) -> PaperSpec:
    """A draft; ``style`` is its kind."""
    return PaperSpec(
        file=file,
        kind="du_thao",
        style=style,
        number=number,
        title=f"Dự thảo {what} {topic.field}",
        age=age,
        agency=topic.agency,
        topic=topic,
        weight=weight,
    )


def appraisal(prefix: str, topic: Topic, number: int, what: str, *, age: int, weight: int) -> PaperSpec:
    """The Ministry of Justice's appraisal."""
    return PaperSpec(
        file=f"{prefix}-tham-dinh.pdf",
        kind="tham_dinh",
        style="appraisal",
        number=f"{number}/BCTĐ-BTP",
        title=f"Báo cáo thẩm định dự thảo {what} {topic.field}",
        age=age,
        agency=JUSTICE,
        topic=topic,
        weight=weight,
    )


def response(prefix: str, topic: Topic, number: int, *, age: int, weight: int) -> PaperSpec:
    """The response to comments."""
    return PaperSpec(
        file=f"{prefix}-tiep-thu.pdf",
        kind="tiep_thu",
        style="response",
        number=f"{number}/BC-{topic.mark}",
        title=f"Báo cáo tiếp thu, giải trình ý kiến về {topic.field}",
        age=age,
        agency=topic.agency,
        topic=topic,
        weight=weight,
    )


def report(
    file: str,
    topic: Topic,
    number: str,
    title: str,
    *,
    age: int,
    weight: int,
    style: str = "report",
    kind: str = "bao_cao",
    form: str = "plain",
    agency: str = "",
    urgency: str = "normal",
) -> PaperSpec:
    """A report, or any paper named in full."""
    return PaperSpec(
        file=file,
        kind=kind,
        style=style,
        number=number,
        title=title,
        age=age,
        agency=agency or topic.agency,
        topic=topic,
        weight=weight,
        form=form,
        urgency=urgency,
    )


SECRET: Final = PaperSpec(
    file="",
    kind="bao_cao",
    style="",
    number="07/BC-BCA",
    title=WITHHELD_TITLE,
    age=6,
    agency="Bộ Công an",
    topic=REFORM,
    secrecy="mat",
    copy="01/27",
)
"""Metadata only: the paper itself is handed out on paper."""

PROGRAMME: Final = report(
    "01-01-chuong-trinh.pdf",
    REFORM,
    "881/CTr-VPCP",
    f"Chương trình Phiên họp Chính phủ thường kỳ tháng 11 năm 2026 {NOTICE}",
    age=7,
    weight=1,
    style="programme",
    kind="khac",
    agency=OFFICE,
)
