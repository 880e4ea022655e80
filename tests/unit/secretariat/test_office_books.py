# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ledger of secret papers and the room's dashboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from client.clock import Millis, from_rfc3339
from client.errors import BadInput
from client.protocol.live_commands import CallRoll
from server.secretariat import watch
from server.secretariat.console import Options
from server.secretariat.ledger import CopyElsewhere
from tests.unit.secretariat.office import Office, write_session


def test_a_copy_is_with_one_person_at_a_time(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers"))
    pack = office.desk.packs[0].pack
    with pytest.raises(CopyElsewhere):
        office.desk.take_back(pack, "Báo cáo mật", "01/27")
    [state] = office.desk.hand_out(pack, "Báo cáo mật", "01/27", "m_017")
    assert (state.holder, state.copy) == ("m_017", "01/27")
    with pytest.raises(CopyElsewhere):
        office.desk.hand_out(pack, "Báo cáo mật", "01/27", "m_001")
    with pytest.raises(CopyElsewhere):
        office.desk.hand_out(pack, "Báo cáo mật", " 01/27 ", "m_001")
    tried = office.desk.hand_out(pack, "Báo cáo mật", "02/27", "m_001", dry_run=True)
    assert [(each.copy, each.holder) for each in tried] == [("01/27", "m_017"), ("02/27", "m_001")]
    assert office.desk.take_back(pack, "Báo cáo mật", "01/27", dry_run=True)[0].holder is None
    assert office.desk.copies() == (state,), "rehearsals write nothing"
    office.desk.hand_out(pack, "Báo cáo mật", "02/27", "m_001")
    office.desk.take_back(pack, "Báo cáo mật", "01/27")
    assert [(each.copy, each.holder) for each in office.desk.copies()] == [("02/27", "m_001"), ("01/27", None)]
    for paper, copy in (("Tờ trình", "1"), ("Báo cáo mật", " "), ("Báo cáo mật", "x" * 41)):
        with pytest.raises(BadInput):
            office.desk.hand_out(pack, paper, copy, "m_001")
    office.reopen()
    assert len(office.desk.copies()) == 2


def test_a_frame_fits_the_terminal_and_shows_the_quorum(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers", title="Phiên họp có tên rất dài " * 8))
    view = office.desk.run_session(office.desk.packs[0].pack, lambda _: CallRoll())
    now = Millis(from_rfc3339(view.at) + 61_000)
    for width, height in ((80, 24), (40, 6), (10, 3)):
        lines = watch.frame(view, Options(tmp_path), now=now, width=width, height=height).split("\n")
        plain = [line.replace(watch.BOLD, "").replace(watch.REVERSE, "").replace(watch.PLAIN, "") for line in lines]
        assert len(lines) <= max(height, 3)
        assert max(map(len, plain)) <= max(width, watch.LEAST)
    drawn = watch.frame(view, Options(tmp_path), now=now, width=100, height=30)
    assert "CHƯA ĐỦ, cần 2" in drawn
    assert watch.REVERSE in drawn
    assert "Not seen yet" not in drawn


def test_equal_frames_are_not_drawn_again(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers"))
    first = office.desk.session(office.desk.packs[0].pack)
    states = iter([first, first, structs.replace(first, version=first.version + 1)])
    go = iter([True, True, False])
    shown = list(watch.frames(lambda: next(states), lambda view: str(view.version), lambda: next(go)))
    assert shown == [str(first.version), str(first.version + 1)]
