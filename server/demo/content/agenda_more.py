# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small twin of the regular session, for quick tests, and the opinion ballot between sessions. All invented."""

from __future__ import annotations

from typing import Final

from server.demo.content.papers import (
    NOTICE,
    OFFICE,
    PLACE,
    PROGRAMME,
    REVISED_FILE,
    SECRET,
    appraisal,
    draft,
    report,
    submission,
)
from server.demo.content.spec import IssueSpec, ItemSpec, PollSpec, QuestionSpec, SessionSpec
from server.demo.content.topics_bill import LOGISTICS
from server.demo.content.topics_report import REFORM

SMALL: Final = SessionSpec(
    title=f"Phiên họp Chính phủ thường kỳ tháng 11 năm 2026 {NOTICE}",
    kind="regular",
    place=PLACE,
    items=(
        ItemSpec(title="Khai mạc; thông qua chương trình phiên họp", agency=OFFICE, minutes=10, papers=(PROGRAMME,)),
        ItemSpec(
            title="Công tác bảo đảm an ninh, trật tự (tài liệu mật)", agency="Bộ Công an", minutes=20, papers=(SECRET,)
        ),
        ItemSpec(
            title=f"Dự thảo Nghị quyết thí điểm {LOGISTICS.field}",
            agency=LOGISTICS.agency,
            minutes=30,
            papers=(
                submission("03-01", LOGISTICS, 64, "dự thảo Nghị quyết thí điểm", age=12, weight=1),
                draft(REVISED_FILE, LOGISTICS, "resolution", "64/TTr-BCT", "Nghị quyết thí điểm", age=12, weight=4),
                appraisal("03-03", LOGISTICS, 310, "Nghị quyết thí điểm", age=12, weight=1),
                report(
                    "03-04-tai-lieu-cu.pdf",
                    REFORM,
                    "15/BC-BNV",
                    "Báo cáo tham khảo về cải cách hành chính (bản chữ cũ)",
                    age=9,
                    weight=1,
                    form="old",
                    agency="Bộ Nội vụ",
                    kind="khac",
                ),
            ),
        ),
    ),
    polls=(
        PollSpec(
            kind="session",
            item=3,
            questions=(
                QuestionSpec(
                    text=f"Đồng chí có đồng ý thông qua Nghị quyết thí điểm {LOGISTICS.field} (dữ liệu giả định) không?"
                ),
            ),
        ),
    ),
)

OPINION: Final = SessionSpec(
    title=f"Phiếu lấy ý kiến Thành viên Chính phủ về mức hỗ trợ trung tâm logistics vùng {NOTICE}",
    kind="opinion",
    place="",
    items=(
        ItemSpec(
            title="Mức hỗ trợ và thẩm quyền quyết định đối với trung tâm logistics vùng",
            agency=LOGISTICS.agency,
            minutes=0,
            papers=(
                report(
                    "01-phieu-lay-y-kien.pdf",
                    LOGISTICS,
                    "77/PLYK-VPCP",
                    f"Phiếu lấy ý kiến Thành viên Chính phủ {NOTICE}",
                    age=4,
                    weight=1,
                    style="ballot",
                    kind="khac",
                    agency=OFFICE,
                ),
                submission("02", LOGISTICS, 70, "dự thảo Quyết định về mức hỗ trợ", age=6, weight=2),
                draft(
                    "03-du-thao-nghi-quyet.pdf",
                    LOGISTICS,
                    "resolution",
                    "70/TTr-BCT",
                    "Nghị quyết thí điểm",
                    age=6,
                    weight=2,
                ),
            ),
        ),
    ),
    polls=(
        PollSpec(
            kind="opinion",
            item=1,
            closes=9,
            questions=(
                QuestionSpec(text="Đồng chí có đồng ý với mức hỗ trợ lãi suất đầu tư kho lạnh như dự thảo không?"),
                QuestionSpec(
                    text="Đồng chí có đồng ý giao Ủy ban nhân dân cấp tỉnh quyết định lựa chọn nhà đầu tư không?"
                ),
            ),
            issues=(
                IssueSpec(
                    text="Mức hỗ trợ lãi suất tối đa cho một dự án kho lạnh.",
                    options=(
                        "phương án 1: 50% lãi suất trong 03 năm, tối đa 20 tỷ đồng một dự án",
                        "phương án 2: 30% lãi suất trong 05 năm, không quy định mức tối đa",
                    ),
                    held_by=(
                        ("Bộ Công Thương", "Bộ Nông nghiệp và Môi trường"),
                        ("Bộ Tài chính", "Ngân hàng Nhà nước Việt Nam"),
                    ),
                    pages=(("03-du-thao-nghi-quyet.pdf", 2),),
                ),
            ),
        ),
    ),
)
