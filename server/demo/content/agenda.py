# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo's regular session: nine items, twenty-seven papers and one that exists on paper only.

Decides: agenda, papers, numbers and questions. All of it is invented; the file names carry the agenda order.
"""

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
    response,
    submission,
)
from server.demo.content.spec import ItemSpec, PollSpec, QuestionSpec, SessionSpec
from server.demo.content.topics_bill import LOGISTICS, UPKEEP
from server.demo.content.topics_decree import DATA_SHARING, GROUNDWATER
from server.demo.content.topics_report import ECONOMY, INVESTMENT, REFORM

_VOTE: Final = PollSpec(
    kind="session",
    item=3,
    questions=(
        QuestionSpec(
            text=f"Đồng chí có đồng ý ban hành Nghị định quy định về {DATA_SHARING.field} (dữ liệu giả định) không?",
            choices=("yes", "no", "other_opinion"),
        ),
    ),
)

REGULAR: Final = SessionSpec(
    title=f"Phiên họp Chính phủ thường kỳ tháng 11 năm 2026 {NOTICE}",
    kind="regular",
    place=PLACE,
    items=(
        ItemSpec(
            title="Khai mạc; thông qua chương trình phiên họp",
            agency=OFFICE,
            minutes=10,
            papers=(
                PROGRAMME,
                report(
                    "01-02-thuc-hien-ket-luan.pdf",
                    REFORM,
                    "902/BC-VPCP",
                    "Báo cáo thực hiện kết luận phiên họp tháng 10",
                    age=7,
                    weight=3,
                ),
            ),
        ),
        ItemSpec(
            title="Tình hình kinh tế - xã hội tháng 11 và 11 tháng năm 2026",
            agency="Bộ Tài chính",
            minutes=60,
            papers=(
                report(
                    "02-01-bao-cao-kinh-te-xa-hoi.pdf",
                    ECONOMY,
                    "412/BC-BTC",
                    "Báo cáo tình hình kinh tế - xã hội tháng 11 và 11 tháng năm 2026",
                    age=5,
                    weight=10,
                ),
                report(
                    "02-02-phu-luc-so-lieu.pdf",
                    ECONOMY,
                    "412/BC-BTC",
                    "Phụ lục số liệu kinh tế - xã hội 11 tháng năm 2026",
                    age=5,
                    weight=14,
                    style="annex",
                    kind="phu_luc",
                ),
                report(
                    "02-03-chi-dao-dieu-hanh.pdf",
                    REFORM,
                    "915/BC-VPCP",
                    "Báo cáo công tác chỉ đạo, điều hành của Chính phủ, Thủ tướng Chính phủ tháng 11",
                    age=4,
                    weight=6,
                    agency=OFFICE,
                ),
            ),
        ),
        ItemSpec(
            title=f"Dự thảo Nghị định quy định về {DATA_SHARING.field}",
            agency=DATA_SHARING.agency,
            minutes=40,
            papers=(
                submission("03-01", DATA_SHARING, 123, "dự thảo Nghị định quy định về", age=15, weight=5),
                draft(REVISED_FILE, DATA_SHARING, "decree", "123/TTr-BKHCN", "Nghị định quy định về", age=15, weight=5),
                appraisal("03-03", DATA_SHARING, 288, "Nghị định quy định về", age=20, weight=6),
                response("03-04", DATA_SHARING, 119, age=15, weight=15),
                report(
                    "03-05-danh-gia-tac-dong.pdf",
                    DATA_SHARING,
                    "118/BC-BKHCN",
                    f"Báo cáo đánh giá tác động chính sách về {DATA_SHARING.field}",
                    age=25,
                    weight=8,
                    style="impact",
                    kind="khac",
                ),
            ),
        ),
        ItemSpec(
            title=f"Dự thảo Nghị định quy định về {GROUNDWATER.field}",
            agency=GROUNDWATER.agency,
            minutes=40,
            papers=(
                submission("04-01", GROUNDWATER, 97, "dự thảo Nghị định quy định về", age=12, weight=5),
                draft(
                    "04-02-du-thao-nghi-dinh-nuoc-duoi-dat.pdf",
                    GROUNDWATER,
                    "decree",
                    "97/TTr-BNNMT",
                    "Nghị định quy định về",
                    age=12,
                    weight=5,
                ),
                appraisal("04-03", GROUNDWATER, 301, "Nghị định quy định về", age=18, weight=5),
                response("04-04", GROUNDWATER, 95, age=12, weight=11),
            ),
        ),
        ItemSpec(
            title="Dự án Luật Bảo trì công trình công cộng",
            agency=UPKEEP.agency,
            minutes=50,
            papers=(
                submission("05-01", UPKEEP, 156, "dự án Luật", age=14, weight=7),
                draft("05-02-du-thao-luat.pdf", UPKEEP, "law", "156/TTr-BXD", "Luật", age=14, weight=6),
                appraisal("05-03", UPKEEP, 295, "Luật", age=19, weight=6),
                response("05-04", UPKEEP, 154, age=14, weight=11),
                report(
                    "05-05-danh-gia-tac-dong.pdf",
                    UPKEEP,
                    "150/BC-BXD",
                    f"Báo cáo đánh giá tác động chính sách về {UPKEEP.field}",
                    age=30,
                    weight=6,
                    style="impact",
                    kind="khac",
                ),
            ),
        ),
        ItemSpec(
            title=f"Dự thảo Nghị quyết thí điểm {LOGISTICS.field}",
            agency=LOGISTICS.agency,
            minutes=30,
            papers=(
                submission("06-01", LOGISTICS, 64, "dự thảo Nghị quyết thí điểm", age=2, weight=5),
                draft(
                    "06-02-du-thao-nghi-quyet.pdf",
                    LOGISTICS,
                    "resolution",
                    "64/TTr-BCT",
                    "Nghị quyết thí điểm",
                    age=2,
                    weight=6,
                ),
                response("06-03", LOGISTICS, 63, age=2, weight=22),
            ),
        ),
        ItemSpec(
            title="Tình hình phân bổ, giải ngân vốn đầu tư công 11 tháng năm 2026",
            agency=INVESTMENT.agency,
            minutes=30,
            papers=(
                report(
                    "07-01-dau-tu-cong.pdf",
                    INVESTMENT,
                    "420/BC-BTC",
                    "Báo cáo tình hình phân bổ, giải ngân vốn đầu tư công 11 tháng năm 2026",
                    age=4,
                    weight=9,
                    urgency="urgent",
                ),
                report(
                    "07-02-phu-luc-giai-ngan.pdf",
                    INVESTMENT,
                    "420/BC-BTC",
                    "Phụ lục giải ngân theo bộ, cơ quan, địa phương",
                    age=4,
                    weight=15,
                    style="annex",
                    kind="phu_luc",
                ),
            ),
        ),
        ItemSpec(
            title="Công tác bảo đảm an ninh, trật tự (tài liệu mật)", agency="Bộ Công an", minutes=20, papers=(SECRET,)
        ),
        ItemSpec(
            title="Nội dung khác; công tác cải cách hành chính",
            agency=OFFICE,
            minutes=20,
            papers=(
                report(
                    "09-01-cai-cach-hanh-chinh.pdf",
                    REFORM,
                    "921/BC-VPCP",
                    "Báo cáo công tác cải cách hành chính và giải quyết thủ tục hành chính",
                    age=4,
                    weight=8,
                ),
                report(
                    "09-02-ban-quet-bao-cao-y-te.pdf",
                    INVESTMENT,
                    "233/BC-BYT",
                    "Báo cáo đầu tư cơ sở y tế vùng khó khăn (bản quét)",
                    age=9,
                    weight=4,
                    style="impact",
                    form="scan",
                    agency="Bộ Y tế",
                ),
                report(
                    "09-03-tai-lieu-tham-khao-cu.pdf",
                    REFORM,
                    "15/BC-BNV",
                    "Báo cáo tham khảo về cải cách hành chính (bản chữ cũ)",
                    age=9,
                    weight=3,
                    form="old",
                    agency="Bộ Nội vụ",
                    kind="khac",
                ),
            ),
        ),
    ),
    polls=(_VOTE,),
)
