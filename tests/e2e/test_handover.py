# SPDX-License-Identifier: AGPL-3.0-or-later
"""The network is dead: a vote goes to the secretariat by hand, its receipt comes back, and it is counted once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from client.domain.outbox import OutboxState
from client.errors import BadInput, FormatRefused, ServiceRefused, Untrusted
from client.protocol import carried, codec
from client.protocol.messages import CarriedReceipt
from server.secretariat.cli import app
from server.secretariat.desk import Desk
from tests.helpers.member import Member
from tests.helpers.world import PASSPHRASE, World


@pytest.fixture
def poll(world: World) -> str:
    world.desk.publish(world.write_session().session)
    found: str = world.desk.packs[0].polls[0].id
    return found


@pytest.fixture
def tablet(world: World, poll: str) -> Member:
    """Synchronised, then cut off, with one vote that waits."""
    member = Member(world.folder / "tablet")
    world.enrol(member)
    member.unlock()
    world.open_poll(poll)
    assert member.sync()["error"] is None
    world.wire.cut()
    member.vote(poll, {"q1": "yes"})
    return member


def says(tablet: Member) -> list[str]:
    return [item["says"] for item in tablet.status()["outbox"]]


def counted(world: World, poll: str) -> int:
    world.desk.close_poll(poll)
    return world.desk.results(poll).counted


def hand_out(tablet: Member, folder: Path, n: int = 1) -> Path:
    path = folder / f"{n}.ecab"
    path.write_bytes(tablet.core.engine.carrier.hand_out(n))
    return path


def test_counted_by_hand_and_not_again_by_the_network(world: World, tablet: Member, poll: str, tmp_path: Path) -> None:
    path = hand_out(tablet, tmp_path)
    assert says(tablet) == ["saved_not_counted"], "a file is not a receipt"
    with pytest.raises(BadInput):
        tablet.core.acts.withdraw(1).result()
    [shown] = world.desk.take_statements([path], dry_run=True).taken
    assert (shown.member, shown.status) == ("m_017", "")
    [taken] = world.desk.take_statements([path]).taken
    assert (taken.member, taken.subject, taken.status) == ("m_017", poll, "counted")
    page = Path(taken.codes).read_text("utf-8")
    lines = carried.lines(Path(taken.receipt).read_bytes())
    assert page.count("<svg") == len(lines) <= 6, "a receipt fits a few codes"
    assert "<script" not in page
    item = tablet.core.engine.carrier.take_receipt("\r\n".join(reversed(lines)).encode())
    assert item.state is OutboxState.RECEIPTED
    assert says(tablet) == ["counted"]
    world.wire.join()
    assert tablet.sync()["error"] is None
    again = world.desk.take_statements([path]).taken
    assert [one.received for one in again] == [taken.received], "the same receipt again"
    assert counted(world, poll) == 1
    assert tablet.sync()["error"] is None
    assert tablet.polls()[0]["state"] == "result_verified"
    tablet.close()


def test_the_network_is_first(world: World, tablet: Member, poll: str, tmp_path: Path) -> None:
    path = hand_out(tablet, tmp_path)
    world.wire.join()
    assert tablet.sync()["error"] is None
    assert says(tablet) == ["counted"]
    [taken] = world.desk.take_statements([path]).taken
    assert taken.status == "counted"
    assert tablet.core.engine.carrier.take_receipt(Path(taken.receipt).read_bytes()).n == 1
    assert counted(world, poll) == 1
    tablet.close()


def test_codes_from_a_scanner_and_a_comment_beside_the_vote(
    world: World, tablet: Member, poll: str, tmp_path: Path
) -> None:
    paper = next(p for p in tablet.packs()[0]["papers"] if not tablet.paper(p)[1].is_stub)
    tablet.comment(paper, "Đề nghị làm rõ (dữ liệu giả định)")
    scanned = tmp_path / "scanned.txt"
    scanned.write_text("\n".join(reversed(carried.lines(hand_out(tablet, tmp_path).read_bytes()))))
    report = world.desk.take_statements([scanned, hand_out(tablet, tmp_path, 2)])
    assert [one.status for one in report.taken] == ["counted", "recorded"]
    for one in report.taken:
        tablet.core.engine.carrier.take_receipt(Path(one.receipt).read_bytes())
    assert says(tablet) == ["counted", "recorded"]
    tablet.close()


def test_too_late_is_told_as_such(world: World, tablet: Member, poll: str, tmp_path: Path) -> None:
    path = hand_out(tablet, tmp_path)
    world.desk.close_poll(poll)
    [taken] = world.desk.take_statements([path]).taken
    assert taken.status == "late"
    tablet.core.engine.carrier.take_receipt(Path(taken.receipt).read_bytes())
    assert says(tablet) == ["late_not_counted"]
    tablet.close()


def test_what_is_forged_or_of_another_changes_nothing(world: World, tablet: Member, poll: str, tmp_path: Path) -> None:
    carrier = tablet.core.engine.carrier
    path = hand_out(tablet, tmp_path)
    held = path.read_bytes()
    assert b"yes" not in held
    assert poll.encode() not in held, "the file does not say what was voted on"
    path.write_bytes(held.replace(b'"content":"', b'"content":"AAAA', 1))
    with pytest.raises(Untrusted):
        world.desk.take_statements([path])
    with pytest.raises(FormatRefused):
        world.desk.take_statements([_write(tmp_path / "x", b"not a file of ours")])
    with pytest.raises(BadInput):
        world.desk.take_statements([tmp_path / "absent"])
    path.write_bytes(held)
    [taken] = world.desk.take_statements([path]).taken
    receipt = codec.decode(Path(taken.receipt).read_bytes(), CarriedReceipt, limit=carried.MAX_FILE)
    forged = codec.encode(CarriedReceipt(statement=receipt.statement, receipt=receipt.receipt[:-9] + b'AAAAAA"}]}'))
    with pytest.raises(Untrusted):
        carrier.take_receipt(forged)
    other = CarriedReceipt(statement="sha256:" + "0" * 64, receipt=receipt.receipt)  # type: ignore[arg-type]
    with pytest.raises(BadInput):
        carrier.take_receipt(codec.encode(other))
    assert says(tablet) == ["saved_not_counted"]
    carrier.take_receipt(codec.encode(receipt))
    with pytest.raises(BadInput):
        carrier.hand_out(1)
    tablet.close()


def test_a_revoked_tablet_s_vote_is_refused_by_hand_too(
    world: World, tablet: Member, poll: str, tmp_path: Path
) -> None:
    path = hand_out(tablet, tmp_path)
    world.desk.revoke(tablet.core.profile.device)
    with pytest.raises(ServiceRefused) as refused:
        world.desk.take_statements([path])
    assert refused.value.problem == "device-revoked"
    assert counted(world, poll) == 0
    tablet.close()


def test_by_the_command_line(
    world: World, tablet: Member, poll: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hand_out(tablet, tmp_path)
    broken = _write(tmp_path / "broken.ecab", b"{}")
    desk, url = world.folder / "desk", world.desk.server
    world.desk.close()
    cheap = partial(Desk.open, testing=True)  # the desk of the tests was sealed at the tests' cost
    monkeypatch.setattr(Desk, "open", cheap)
    monkeypatch.setenv("ECABINET_DESK_PASSPHRASE", PASSPHRASE)
    answer = CliRunner().invoke(
        app, ["statements", "take", str(path), str(broken), "--desk", str(desk), "--server", url, "--lang", "en"]
    )
    assert answer.exit_code == 0, answer.output
    assert "counted" in answer.output
    assert "broken.ecab: untrusted.format" in answer.output
    assert Path(f"{path}.receipt").exists()
    tablet.close()


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
