# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole session of 27 members against the real service, recounted by the independent verifier.

Three devices are lost, four members absent (two vote with consent, one does not vote, one has no consent), one votes
from two devices, one vote ends in a tie, one ballot comes late and another late one is admitted.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from client.domain.ballot import PollState, VoteMode
from client.domain.live import (
    ActText,
    Approver,
    CheckIn,
    DeclareAbsence,
    Position,
    Presence,
    RequestToSpeak,
    SessionDraft,
    TakePosition,
)
from client.domain.outbox import OutboxState, Standing
from client.domain.projection import ballot_view
from client.domain.rules import Outcome
from client.protocol import live_commands as do
from client.store import outbox
from server.secretariat.late import Admission
from server.secretariat.papers import PaperName
from tests.helpers.chamber import SITTING, Chamber, Refused
from tests.helpers.device import Device
from tests.unit.secretariat.office import make_pdf

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verifier" / "verify.py"
ABSENT_REASON = "Đi công tác nước ngoài (dữ liệu giả định)"


def write_agenda(folder: Path) -> Path:
    for number, title in enumerate(("Nghị định thứ nhất", "Nghị quyết thứ hai", "Báo cáo thứ ba"), 1):
        make_pdf(folder / f"{number:02d}.pdf", [title.upper()], pages=3)
    items = "".join(
        f"""
[[agenda]]
title = "{title} (dữ liệu giả định)"
starts = "{8 + n // 2:02d}:{30 * (n % 2):02d}"
ends = "{8 + (n + 1) // 2:02d}:{30 * ((n + 1) % 2):02d}"
[[agenda.papers]]
file = "{n + 1:02d}.pdf"
kind = "to_trinh"
title = "{title}"
"""
        for n, title in enumerate(("Nghị định thứ nhất", "Nghị quyết thứ hai", "Báo cáo thứ ba"))
    )
    polls = """
[[polls]]
kind = "session"
item = 1
late = "secretary_decides"
[[polls.questions]]
text = "Thông qua Nghị định thứ nhất?"
[[polls]]
kind = "session"
item = 2
[[polls.questions]]
text = "Thông qua Nghị quyết thứ hai?"
"""
    head = 'title = "Phiên họp thường kỳ tháng 11 (dữ liệu giả định)"\nstarts = 2026-11-27T08:00:00+07:00\n'
    (folder / "session.toml").write_text(head + items + polls, "utf-8")
    return folder


def recount(path: Path, export: bytes, *, code: int = 0) -> dict:
    path.write_bytes(export)
    ran = subprocess.run([sys.executable, str(VERIFIER), str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout) if code == 0 else {"error": ran.stderr}


class Sitting:
    """The chamber with its two real clients and lost devices replaced."""

    def __init__(self, base: Path) -> None:
        self.chamber = Chamber(base)
        self.reader = self.chamber.client(self.chamber.members[1])
        self.traveller = self.chamber.client(self.chamber.members[2])
        self.chamber.publish(write_agenda(base / "papers"))
        self.lights = [self.chamber.lights[member] for member in self.chamber.members]

    def client_vote(self, device: Device, number: int, choice: str) -> None:
        device.vote(self.chamber.poll(number).id, choice)

    def votes(self, number: int, choice: str, members: Iterator[int]) -> None:
        for member in members:
            self.lights[member - 1].vote(self.chamber.poll(number), choice)


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    made = Sitting(tmp_path)
    yield made
    made.chamber.close()


def before_the_session(sitting: Sitting) -> None:
    chamber, lights = sitting.chamber, sitting.lights
    first, _, third = chamber.session.agenda
    sitting.reader.sync()
    sitting.traveller.sync()
    for light in lights:
        light.act(TakePosition(third.id, Position.NO_OBJECTION))
    lights[14].act(TakePosition(first.id, Position.WISH_TO_SPEAK), ActText(text="Về nguồn lực (dữ liệu giả định)"))
    for number in (24, 25, 26, 27):
        lights[number - 1].act(DeclareAbsence(), ActText(text=ABSENT_REASON))
    for number in (24, 25, 26):
        chamber.desk.decide_absence(chamber.record.pack, f"m_{number:03d}", approved=True, by=Approver.PRIME_MINISTER)
    chamber.desk.decide_absence(chamber.record.pack, "m_027", approved=False, by=Approver.PRIME_MINISTER)


def roll_call(sitting: Sitting) -> None:
    chamber = sitting.chamber
    pack = chamber.record.pack
    chamber.clock.at = SITTING
    chamber.desk.run_session(pack, lambda _: do.CallRoll())
    for number in (1, *range(7, 24)):
        sitting.lights[number - 1].act(CheckIn())
    sitting.reader.acts.act_in_session(SessionDraft(chamber.session.id, pack, CheckIn())).result()
    sitting.reader.sync()
    assert chamber.desk.run_session(pack, lambda _: do.ConfirmCheckIns()).room.present == 19
    chamber.desk.mark_presence(pack, dict.fromkeys(chamber.members[2:6], Presence.PRESENT))
    for member in chamber.members[3:6]:  # three devices are lost; two members get another one
        chamber.desk.revoke(f"d_{member[2:]}a")
        with pytest.raises(Refused, match="device-revoked"):
            chamber.lights[member].act(CheckIn())
        sitting.lights[int(member[2:]) - 1] = chamber.second_light(member)
    view = chamber.desk.run_session(pack, lambda _: do.BeginSession())
    assert (view.room.present, view.room.needed) == (23, 18)


def first_vote(sitting: Sitting, tmp_path: Path) -> None:
    """14 of 27 in favour, two of them absent with consent; one double vote; one late and admitted."""
    chamber, lights, poll = sitting.chamber, sitting.lights, sitting.chamber.poll(1)
    pack, first = chamber.record.pack, chamber.session.agenda[0]
    chamber.desk.run_session(pack, lambda _: do.GoToItem(first.id))
    lights[15].act(RequestToSpeak(first.id))
    view = chamber.desk.run_session(pack, lambda _: do.CallSpeaker(allotted_s=300))
    assert view.room.speaker is not None
    assert (view.room.speaker.member, [each.member for each in view.room.queue]) == ("m_015", ["m_016"])
    chamber.pass_s(600)
    chamber.desk.open_poll(poll.id)
    sitting.reader.sync()
    sitting.client_vote(sitting.reader, 1, "yes")
    sitting.reader.sync()
    sitting.votes(1, "yes", iter((1, 4, 5, *range(7, 15))))
    sitting.votes(1, "no", iter(range(15, 21)))
    sitting.votes(1, "other_opinion", iter(range(21, 24)))
    with pytest.raises(Refused, match="vote-conflict"):
        chamber.second_light(chamber.members[6]).vote(poll, "no")
    for number in (24, 25):
        lights[number - 1].vote(poll, "yes", mode=VoteMode.ABSENT_APPROVED, reason=ABSENT_REASON)
    with pytest.raises(Refused, match="absence-not-approved"):
        lights[26].vote(poll, "no", mode=VoteMode.ABSENT_APPROVED, reason=ABSENT_REASON)
    sitting.traveller.sync()
    sitting.client_vote(sitting.traveller, 1, "yes")  # saved, and the network is gone
    chamber.pass_s(120)
    chamber.desk.close_poll(poll.id)
    found = chamber.desk.results(poll.id)
    assert (found.counted, found.in_room, found.absent, found.no_response, found.present) == (23, 21, 2, 4, 23)
    [question] = found.questions
    assert question.counts == {"yes": 14, "no": 6, "other_opinion": 3}
    assert (question.outcome, question.sentence.vi) == (
        Outcome.ADOPTED,
        "14/27 đồng ý: quá nửa tổng số thành viên",
    )
    sitting.traveller.sync()
    [late] = sitting.traveller.items()
    assert late.state is OutboxState.LATE
    [listed] = chamber.desk.late_votes(poll.id)
    assert (listed.vote, listed.member, listed.admission) == (late.statement, "m_003", Admission.POSSIBLE)
    assert "yes" not in repr(listed)  # whoever admits a vote is not told what it would change
    chamber.desk.certify_poll(poll.id, admit=(listed.vote,))
    assert [each.admission for each in chamber.desk.late_votes(poll.id)] == [Admission.CERTIFIED]
    again = recount(tmp_path / "first.json", chamber.desk.export_poll(poll.id))
    assert again["questions"]["q1"] == {"totals": {"yes": 15, "no": 6, "other_opinion": 3}, "outcome": "adopted"}
    sitting.traveller.sync()
    kept = sitting.traveller.poll(poll.id)
    assert (kept.certified, kept.admitted, kept.state) == (True, True, PollState.RESULT_VERIFIED)
    votes = sitting.traveller.record.read(lambda conn: outbox.of_poll(conn, poll.id)).result()
    shown = ballot_view(kept, votes, active=True, now=chamber.now())
    assert [vote.standing for vote in shown.history] == [Standing.LATE_ADMITTED]


def second_vote(sitting: Sitting, tmp_path: Path) -> None:
    """A tie of 12 and 12 that the Prime Minister's side decides; a ballot too late to count."""
    chamber, lights, poll = sitting.chamber, sitting.lights, sitting.chamber.poll(2)
    second = chamber.session.agenda[1]
    chamber.desk.run_session(chamber.record.pack, lambda _: do.GoToItem(second.id))
    chamber.pass_s(900)
    chamber.desk.open_poll(poll.id)
    for device, choice in ((sitting.reader, "yes"), (sitting.traveller, "no")):
        device.sync()
        sitting.client_vote(device, 2, choice)
        device.sync()
    sitting.votes(2, "yes", iter((1, 4, 5, *range(7, 15))))
    sitting.votes(2, "no", iter(range(15, 24)))
    for number in (24, 25):
        lights[number - 1].vote(poll, "no", mode=VoteMode.ABSENT_APPROVED, reason=ABSENT_REASON)
    chamber.desk.close_poll(poll.id)
    lights[5].vote(poll, "no")
    found = chamber.desk.results(poll.id)
    [question] = found.questions
    assert (question.counts["yes"], question.counts["no"], found.late) == (12, 12, 1)
    assert question.outcome is Outcome.ADOPTED
    assert "theo ý kiến Thủ tướng" in question.sentence.vi
    assert [each.admission for each in chamber.desk.late_votes(poll.id)] == [Admission.BY_RULE_NOT]
    export = chamber.desk.export_poll(poll.id)
    again = recount(tmp_path / "second.json", export)
    assert (again["questions"]["q1"]["outcome"], again["late"]) == ("adopted", 1)
    for device in (sitting.reader, sitting.traveller):
        device.sync()
        assert device.poll(poll.id).state is PollState.RESULT_VERIFIED
    check_the_verifier_refuses(tmp_path / "altered.json", export)


def check_the_verifier_refuses(path: Path, export: bytes) -> None:
    """Whatever is changed in the files, the recount does not agree."""

    def envelope(text: str, **changes: object) -> str:
        body = json.loads(base64.b64decode(text))
        payload = json.loads(base64.b64decode(body["payload"])) | changes
        body["payload"] = base64.b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode()
        return base64.b64encode(json.dumps(body).encode()).decode()

    good = json.loads(export)
    votes = good["votes"]
    for change, words in (
        ({"votes": votes[1:]}, "not in the export"),
        ({"closing": envelope(good["closing"], late=[1])}, "ecab.closing/1: signature"),
        ({"rules": envelope(good["rules"], majority="1/3")}, "ecab.rules/1: signature"),
        ({"definition": envelope(good["definition"], eligible=["m_001"])}, "ecab.poll/1: signature"),
        ({"directory": envelope(good["directory"], devices=[])}, "ecab.directory/1: signature"),
        ({"votes": [votes[0] | {"receipt": votes[1]["receipt"]}, *votes[1:]]}, "receipt"),
        ({"closing": good["definition"]}, "not a ecab.closing/1"),
        ({"closing": ""}, "ecab.closing/1 is missing"),
        ({"keys": {"registrar": {}, "publisher": {}}}, "signed by nobody known"),
    ):
        assert words in recount(path, json.dumps(good | change).encode(), code=1)["error"], change.keys()


def test_a_session_of_twenty_seven(sitting: Sitting, tmp_path: Path) -> None:
    before_the_session(sitting)
    roll_call(sitting)
    first_vote(sitting, tmp_path)
    second_vote(sitting, tmp_path)
    chamber = sitting.chamber
    pack, third = chamber.record.pack, chamber.session.agenda[2]
    counts = {each.item: each.counts for each in chamber.desk.session(pack).room.positions}
    assert counts[third.id] == {Position.NO_OBJECTION: 27}
    chamber.desk.conclude(pack, "3", "Thông qua không thảo luận (dữ liệu giả định).", without_debate=True)
    chamber.desk.conclude(pack, "1", "Chính phủ thống nhất thông qua (dữ liệu giả định).")
    chamber.desk.conclude(pack, "2", "Chính phủ thông qua theo ý kiến Thủ tướng (dữ liệu giả định).")
    view = chamber.desk.run_session(pack, lambda _: do.CloseSession())
    assert [item.spent_s for item in view.room.items] == [720, 900, 0]
    sitting.reader.sync()
    check_the_papers(chamber, tmp_path)
    figures = chamber.desk.trial_report()
    [session] = figures.sessions
    assert (session.planned_s, session.spent_s, session.saved_percent, session.goal_percent) == (5400, 1620, 70, 30)
    assert (figures.papers, figures.papers_in_time, figures.pages_not_printed) == (3, 3, 3 * 3 * 27)
    assert not any(word in repr(figures) for word in ("m_0", "Trần", "Nghị"))


def check_the_papers(chamber: Chamber, folder: Path) -> None:
    """Each paper is a PDF of the right form that states what was recounted; kept for whoever wants to look."""
    texts = {}
    for which in PaperName:
        data = chamber.desk.session_paper(chamber.record.pack, which)
        (folder / f"{which.value}.pdf").write_bytes(data)
        with pymupdf.open(stream=data, filetype="pdf") as document:
            texts[which] = " ".join("".join(page.get_text() for page in document).split())
    for text in texts.values():
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
        assert "Hà Nội, ngày 27 tháng 11 năm 2026" in text
    minutes = texts[PaperName.MINUTES]
    for words in (
        "Có mặt 23/27 thành viên Chính phủ",
        "Vắng mặt, được đồng ý (3)",
        "Vắng mặt (1)",
        "Đã phát biểu: Nguyễn Thị Ánh 15",
        "15/27 đồng ý: quá nửa tổng số thành viên (Luật Tổ chức Chính phủ 2025)",
        "Kết luận: Thông qua không thảo luận",
        "Phiên họp kết thúc vào",
    ):
        assert words in minutes, words
    assert "2 phiếu biểu quyết vắng mặt" in texts[PaperName.RESULTS]
    assert "QUYẾT NGHỊ:" in texts[PaperName.RESOLUTION]
    assert "theo ý kiến Thủ tướng" in texts[PaperName.RESOLUTION]
