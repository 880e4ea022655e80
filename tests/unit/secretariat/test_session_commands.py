# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every ``session`` command on the command line against the real service; a dry run of each changes nothing."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.clock import from_rfc3339
from client.domain.ids import Moment
from client.domain.live import Presence
from server.secretariat import console, watch
from server.secretariat.cli import app
from server.secretariat.console import Options
from server.secretariat.desk import Desk
from tests.unit.secretariat.office import PASSPHRASE, Office, make_pdf

FOLDER = """title = "Phiên họp thử (dữ liệu giả định)"
starts = 2027-11-27T08:00:00+07:00
[[agenda]]
title = "Nghị định thử"
starts = "08:10"
ends = "08:30"
[[agenda.papers]]
file = "a.pdf"
title = "Tờ trình"
[[agenda]]
title = "Báo cáo thử"
[[agenda.papers]]
file = "b.pdf"
title = "Báo cáo"
[[polls]]
kind = "session"
item = 1
[[polls.questions]]
text = "Thông qua?"
"""


class Tool:
    """The command line at a desk that nobody else has open."""

    def __init__(self, base: Path) -> None:
        office = Office(base)
        for name in ("a.pdf", "b.pdf"):
            make_pdf(base / "papers" / name, [name], pages=3)
        (base / "papers" / "session.toml").write_text(FOLDER, "utf-8")
        office.desk.publish(base / "papers")
        self.pack = office.desk.packs[0].pack
        self.poll = office.desk.packs[0].polls[0].id
        office.desk.close()
        self.office, self.desk = office, base / "desk"

    def run(self, *arguments: str, code: int = 0) -> str:
        answer = CliRunner().invoke(app, list(arguments), env={"ECABINET_DESK": str(self.desk)})
        assert answer.exit_code == code, (arguments, answer.output, answer.exception)
        return answer.output

    def session(self, command: str, *arguments: str, code: int = 0) -> str:
        return self.run("session", command, self.pack, *arguments, code=code)

    def state(self) -> dict:
        return json.loads(self.session("status", "--json"))["result"]

    def dry(self, command: str, *arguments: str) -> str:
        """A dry run: says so, and the room is as before."""
        before = self.state()["room"]
        said = self.session(command, *arguments, "--dry-run")
        assert "Chạy thử: chưa gửi gì." in said
        assert self.state()["room"] == before
        return said


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tool]:
    monkeypatch.setenv("ECABINET_DESK_PASSPHRASE", PASSPHRASE)
    monkeypatch.setattr(console.Desk, "open", functools.partial(Desk.open, testing=True))  # a cheap passphrase
    made = Tool(tmp_path)
    yield made
    made.office.service.stop()


def test_a_session_is_run_from_the_command_line_and_every_dry_run_leaves_it_alone(tool: Tool) -> None:
    here = ("--here", "m_001", "--here", "Bộ trưởng A")
    assert "Đang điểm danh" in tool.dry("start")
    assert "Đang điểm danh" in tool.session("start")
    assert "Có mặt 2/2" in tool.dry("rollcall", *here)
    assert "chưa đủ số thành viên" in tool.session("start", "--begin", "--dry-run", code=2).lower()
    assert "no-quorum" in tool.session("start", "--begin", code=3)
    tool.session("rollcall", "--here", "m_001")
    assert "vắng, được đồng ý" in tool.dry("absence", "m_017")
    assert "vắng" in tool.session("absence", "m_017", "--refuse", "--by", "secretariat")
    assert "Có mặt 2/2" in tool.session("rollcall", *here)
    tool.dry("start", "--begin")
    tool.session("start", "--begin")
    tool.dry("item", "1")
    assert "> 1. Nghị định thử · đang xét" in tool.session("item", "1")
    tool.dry("page", "a.pdf", "2")
    tool.session("page", "Tờ trình", "3")
    assert tool.state()["room"]["pages"]["page"] == 2
    assert "the paper has 3" in tool.session("page", "a.pdf", "4", code=2)
    assert "đang phát biểu: thủ tướng" in tool.dry("speaker", "m_001", "--minutes", "2").lower()
    tool.session("speaker", "m_017", "--minutes", "2")
    tool.dry("speaker", "--end")
    tool.session("speaker", "--end")
    assert "Không ai đang chờ" in tool.session("speaker", "--dry-run", code=2)
    assert "CẤT THIẾT BỊ" in tool.dry("away")
    assert "CẤT THIẾT BỊ" in tool.session("away")
    assert "CẤT THIẾT BỊ" not in tool.session("away", "--back")
    tool.run("poll", "open", tool.poll)
    assert "Đang có biểu quyết mở" in tool.session("close", "--dry-run", code=2)
    assert "Đang có biểu quyết mở" in tool.session("away", "--dry-run", code=2)
    tool.run("poll", "close", tool.poll)
    assert "Không có phiếu nào đến muộn" in tool.run("poll", "late", tool.poll)
    assert "Tạm nghỉ" in tool.dry("pause")
    assert "Tạm nghỉ" in tool.session("pause")
    tool.session("start", "--begin")
    assert "1. Nghị định thử · xong" in tool.dry("conclude", "1", "--text", "Nhất trí")
    tool.session("conclude", "1", "--text", "Nhất trí (dữ liệu giả định)")
    assert "1. Báo cáo thử" not in tool.dry("agenda", "1")
    tool.session("agenda", "2", "1")
    assert "thông qua không thảo luận" in tool.session("conclude", "2", "--without-debate")
    assert "none" in tool.session("conclude", "9", "--without-debate", "--dry-run", code=2)
    tool.dry("close")
    assert "Đã bế mạc" in tool.session("close")
    assert "session-state" in tool.session("start", code=3)
    assert "không ở trạng thái" in tool.session("start", "--dry-run", code=2)
    assert tool.session("acts") == ""


def test_the_room_on_the_terminal_shows_all_and_never_more_than_fits(tool: Tool) -> None:
    tool.session("start")
    tool.session("rollcall", "--here", "m_001", "--here", "m_017")
    tool.session("start", "--begin")
    tool.session("item", "1")
    tool.session("speaker", "m_017", "--minutes", "5")
    tool.run("poll", "open", tool.poll, "--closes", "2099-01-01T17:00")
    office, options = tool.office, Options(tool.desk)
    office.reopen()
    view = office.desk.session(tool.pack)
    now = from_rfc3339(view.at) + 65_000
    full = watch.frame(view, options, now=now, width=100, height=40)
    for words in (
        "Đang họp",
        "Có mặt 2/2",
        "Nghị định thử · đang xét · 01:",
        "Đang phát biểu: Bộ trưởng A (dữ liệu giả định) 01:",
        "/05:00",
        "Biểu quyết Nghị định thử: đang mở · 0/2 phiếu",
        "còn ",
    ):
        assert words in full, words
    assert f"Phiên bản {view.version}" in full
    small = watch.frame(view, options, now=now, width=50, height=8)
    assert len(small.splitlines()) <= 8
    plain = small.replace(watch.BOLD, "").replace(watch.REVERSE, "").replace(watch.PLAIN, "")
    assert max(len(line) for line in plain.splitlines()) <= 50
    office.desk.mark_presence(tool.pack, {"m_017": Presence.LEFT})
    left = watch.frame(office.desk.session(tool.pack), options, now=now, width=100, height=40)
    assert f"{watch.REVERSE}Có mặt 1/2 (CHƯA ĐỦ, cần 2)" in left
    assert "KHÓA: không đủ thành viên" in left
    assert "đã rời họp" in left
    drawn = watch.frames(lambda: view, lambda seen: seen.title, iter([True, True, False]).__next__)
    assert list(drawn) == [view.title]  # an equal frame is not drawn again
    office.desk.close()


def test_a_clock_that_runs_backwards_shows_no_negative_time(tool: Tool) -> None:
    tool.session("start")
    office = tool.office
    office.reopen()
    view = office.desk.session(tool.pack)
    early = from_rfc3339(Moment("2000-01-01T00:00:00.000Z"))
    assert "-" not in watch.frame(view, Options(tool.desk), now=early, width=100, height=40).split("·")[1]
    office.desk.close()
