# SPDX-License-Identifier: AGPL-3.0-or-later
"""Minutes, result sheet and decision of each kind of body, from a session of the real desk and service."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from msgspec import structs

from client.domain.live import CheckIn, Presence
from client.protocol import live_commands as do
from server.secretariat.papers import PaperName
from tests.helpers.chamber import Chamber
from tests.unit.secretariat.office import make_pdf


@pytest.fixture
def chamber(tmp_path: Path) -> Iterator[Chamber]:
    made = Chamber(tmp_path, members=4)
    yield made
    made.close()


def write_agenda(folder: Path, rules: str, chair: str) -> Path:
    make_pdf(folder / "a.pdf", ["Tờ trình"])
    (folder / "session.toml").write_text(
        f"""title = "Phiên họp tháng 11 (dữ liệu giả định)"
starts = 2026-11-27T08:00:00+07:00
rules = "{rules}"
chair = "{chair}"
[[agenda]]
title = "Kế hoạch thử"
[[agenda.papers]]
file = "a.pdf"
title = "Tờ trình"
[[polls]]
kind = "session"
item = 1
[[polls.questions]]
text = "Thông qua kế hoạch?"
""",
        "utf-8",
    )
    return folder


def hold(chamber: Chamber, *, choice: str) -> dict[PaperName, str]:
    """A session that one member leaves before the end and one checks in to without being seen."""
    pack, first = chamber.record.pack, chamber.session.agenda[0].id
    chamber.sit(3)
    chamber.lights[chamber.members[3]].act(CheckIn())
    chamber.desk.run_session(pack, lambda _: do.GoToItem(first))
    poll = chamber.poll(1)
    chamber.desk.open_poll(poll.id)
    for member in chamber.members[:3]:
        chamber.lights[member].vote(poll, choice)
    chamber.desk.close_poll(poll.id)
    chamber.desk.conclude(pack, "1", "Thống nhất (dữ liệu giả định).")
    chamber.pass_s(1800)
    view = chamber.desk.mark_presence(pack, {chamber.members[2]: Presence.LEFT})
    assert (view.room.present, view.room.needed) == (2, 3)
    chamber.desk.run_session(pack, lambda _: do.CloseSession())
    texts = {}
    for which in PaperName:
        data = chamber.desk.session_paper(pack, which)
        (chamber.base / f"{which.value}.pdf").write_bytes(data)
        with pymupdf.open(stream=data, filetype="pdf") as document:
            texts[which] = " ".join("".join(page.get_text() for page in document).split())
    return texts


@pytest.mark.parametrize(
    ("body", "rules", "chair", "choice", "words"),
    [
        (
            "Chính phủ",
            "gov-2025/3",
            "m_001",
            "yes",
            ("/NQ-CP", "NGHỊ QUYẾT", "QUYẾT NGHỊ:", "TM. CHÍNH PHỦ THỦ TƯỚNG Trần", "3/4 đồng ý"),
        ),
        (
            "Chính phủ",
            "gov-2025/3",
            "m_002",
            "yes",
            ("TM. CHÍNH PHỦ KT. THỦ TƯỚNG PHÓ THỦ TƯỚNG Lê", "thi hành Nghị quyết này"),
        ),
        (
            "Ủy ban nhân dân tỉnh Giả Định",
            "committee-2025/3",
            "m_001",
            "for",
            (
                "/QĐ-UBND",
                "QUYẾT ĐỊNH:",
                "TM. ỦY BAN NHÂN DÂN TỈNH GIẢ ĐỊNH CHỦ TỊCH Trần",
                "3/4 tán thành",
                "Luật Tổ chức chính quyền địa phương 2025",
                "thi hành Quyết định này",
            ),
        ),
        (
            "Hội đồng thẩm định",
            "council-2025/3",
            "m_001",
            "yes",
            ("/NQ-HĐ", "TM. HỘI ĐỒNG THẨM ĐỊNH CHỦ TỊCH HỘI ĐỒNG Trần", "các thành viên Hội đồng"),
        ),
    ],
)
def test_each_body_has_its_own_words(
    chamber: Chamber, body: str, rules: str, chair: str, choice: str, words: tuple[str, ...]
) -> None:
    chamber.desk._core.edit(lambda state: structs.replace(state, body=body))
    chamber.publish(write_agenda(chamber.base / "papers", rules, chair))
    texts = hold(chamber, choice=choice)
    for expected in words:
        assert expected in texts[PaperName.RESOLUTION], expected
    minutes = texts[PaperName.MINUTES]
    member = {"gov": "thành viên Chính phủ", "com": "thành viên Ủy ban nhân dân", "cou": "thành viên Hội đồng"}
    assert f"Có mặt 2/4 {member[rules[:3]]}." in minutes  # who left is not among those who are there
    assert "Đã rời phiên họp trước khi kết thúc (1):" in minutes
    assert "(lúc 08 giờ 30 phút)" in minutes
    assert "(tự điểm danh, chưa được xác nhận)" in minutes
