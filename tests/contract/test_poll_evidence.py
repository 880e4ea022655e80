# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot whose papers change under it, and what a member can prove: real desk, service and client."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from client.crypto import dsse
from client.domain.ballot import PollState, WhyNot, why_not
from client.domain.ids import MemberId
from client.protocol import codec
from client.protocol.messages import ClosingList
from client.store import evidence
from server.secretariat.ballots import Renewal
from tests.helpers.chamber import Chamber
from tests.helpers.device import Device
from tests.unit.secretariat.office import make_pdf
from tests.unit.secretariat.test_ballots import opinion

VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verifier" / "verify.py"


@pytest.fixture
def chamber(tmp_path: Path) -> Iterator[Chamber]:
    made = Chamber(tmp_path, members=3)
    yield made
    made.close()


@pytest.fixture
def tablet(chamber: Chamber, tmp_path: Path) -> Device:
    device = chamber.client(MemberId("m_002"))
    chamber.publish(opinion(tmp_path / "papers"))
    device.sync()
    return device


def test_a_ballot_whose_papers_changed_says_so_and_a_new_one_takes_its_place(
    chamber: Chamber, tablet: Device, tmp_path: Path
) -> None:
    old = chamber.poll(1).id
    tablet.vote(old)
    tablet.sync()
    make_pdf(tmp_path / "new.pdf", ["Hồ sơ sửa"])
    chamber.desk.replace_paper(chamber.record.pack, "Tờ trình", tmp_path / "new.pdf", renewal=Renewal())
    tablet.sync()
    kept, fresh = tablet.poll(old), tablet.poll(chamber.poll(1).id)
    assert why_not(kept, cast=True, waiting=False, active=True, now=chamber.now()) is WhyNot.PAPERS_CHANGED
    assert why_not(fresh, cast=False, waiting=False, active=True, now=chamber.now()) is None
    assert fresh.questions[0].text == kept.questions[0].text
    tablet.vote(fresh.id)
    tablet.sync()


def test_a_member_can_prove_what_was_voted_and_what_was_counted(
    chamber: Chamber, tablet: Device, tmp_path: Path
) -> None:
    poll = chamber.poll(1)
    item = tablet.vote(poll.id)
    tablet.sync()
    chamber.desk.close_poll(poll.id)
    tablet.sync()
    assert tablet.poll(poll.id).state is PollState.RESULT_VERIFIED
    file = tmp_path / "bang-chung.json"
    file.write_bytes(tablet.record.read(lambda conn: evidence.export(conn, poll.id, tablet.member)).result())
    found = json.loads(file.read_bytes())
    [own] = found["votes"]
    assert (found["t"], found["member"], found["dispute"], found["certified"]) == ("ecab.evidence/1", "m_002", "", "")
    assert dsse.open_(base64.b64decode(own["statement"]), {tablet.device: tablet.signing.public}).hash == item.statement
    said = recount(file)
    assert (said["counted"], said["own"]) == (1, "counted")
    assert said["questions"]["q1"]["totals"] == {"other_opinion": 0, "yes": 1}
    whole = tmp_path / "all.json"
    whole.write_bytes(chamber.desk.export_poll(poll.id))
    assert recount(whole)["questions"] == said["questions"], "one form, two files, one count"
    vanished(chamber, found, file)
    assert f"vote {item.statement} has a receipt and is not in the closing list" in recount(file, code=1)["error"]


def recount(path: Path, *, code: int = 0) -> dict:
    """What the independent verifier says."""
    ran = subprocess.run([sys.executable, str(VERIFIER), str(path)], capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout) if code == 0 else {"error": ran.stderr}


def vanished(chamber: Chamber, evidence: dict, path: Path) -> None:
    """The same file with a closing list from which the service left the vote out."""
    service = chamber.service.service
    assert service is not None
    payload, _ = dsse.peek_unverified(base64.b64decode(evidence["closing"]))
    closing = codec.decode(payload, ClosingList, limit=codec.MAX_CLOSING)
    nothing = {q: dict.fromkeys(counts, 0) for q, counts in closing.totals.items()}
    forged = service.signer.sign(structs.replace(closing, counted=(), totals=nothing))
    path.write_text(json.dumps(evidence | {"closing": base64.b64encode(forged).decode()}), "utf-8")
