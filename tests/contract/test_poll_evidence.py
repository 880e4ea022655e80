# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot whose papers change under it, and what a member can prove: real desk, service and client."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.crypto import dsse
from client.domain.ballot import PollState, WhyNot, why_not
from client.domain.ids import MemberId
from client.protocol import codec
from client.protocol.messages import ClosingList, Receipt, VoteStatement
from client.store import evidence
from tests.helpers.chamber import Chamber
from tests.helpers.device import Device
from tests.unit.secretariat.office import make_pdf
from tests.unit.secretariat.test_ballots import opinion


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
    chamber.desk.replace_paper(chamber.record.pack, "Tờ trình", tmp_path / "new.pdf", new_poll=True)
    tablet.sync()
    kept, fresh = tablet.poll(old), tablet.poll(chamber.poll(1).id)
    assert why_not(kept, cast=True, waiting=False, active=True, now=chamber.now()) is WhyNot.PAPERS_CHANGED
    assert why_not(fresh, cast=False, waiting=False, active=True, now=chamber.now()) is None
    assert fresh.questions[0].text == kept.questions[0].text
    tablet.vote(fresh.id)
    tablet.sync()


def test_a_member_can_prove_what_was_voted_and_what_was_counted(chamber: Chamber, tablet: Device) -> None:
    poll = chamber.poll(1)
    item = tablet.vote(poll.id)
    tablet.sync()
    chamber.desk.close_poll(poll.id)
    tablet.sync()
    assert tablet.poll(poll.id).state is PollState.RESULT_VERIFIED
    found = json.loads(tablet.record.read(lambda conn: evidence.export(conn, poll.id)).result())
    services = tablet.trust.service_keys()

    def opened(text: str, keys: dict[str, str]) -> dsse.Opened:
        return dsse.open_(base64.b64decode(text), keys)

    closing = codec.decode(opened(found["closing"], dict(services)).payload, ClosingList, limit=codec.MAX_CLOSING)
    [own] = found["votes"]
    vote = opened(own["statement"], {tablet.device: tablet.signing.public})
    receipt = codec.decode(opened(own["receipt"], dict(services)).payload, Receipt, limit=codec.MAX_RECEIPT)
    assert codec.decode(vote.payload, VoteStatement, limit=codec.MAX_STATEMENT).poll == poll.id
    assert vote.hash == receipt.vote == item.statement == closing.counted[0].vote
    publishers = {chamber.publisher().keyid: chamber.publisher().public}
    assert opened(found["definition"], publishers).hash == closing.poll_def
    assert opened(found["rules"], publishers)
    assert found["directory"]
    assert (found["dispute"], found["certified"]) == ("", "")
