# SPDX-License-Identifier: AGPL-3.0-or-later
"""A ballot that a member leaves unanswered: the member's aide is told that, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.clock import from_rfc3339
from client.crypto import dsse
from client.domain.ballot import WhyNot
from client.domain.ids import MemberId
from client.domain.reminders import ReminderKind
from client.errors import ContentMismatch, SignatureInvalid
from client.protocol import codec
from client.protocol.http import PollAnswer
from client.protocol.messages import MemberAnswered
from client.store import polls
from client.sync import ballots
from client.ui.models.home import home_view
from client.ui.models.live import Viewer, views_of
from client.ui.models.reminders import occasions_of
from tests.helpers.chamber import Chamber
from tests.helpers.device import Device
from tests.unit.secretariat.test_ballots import opinion

MINISTER, OTHER, AIDE = MemberId("m_002"), MemberId("m_003"), MemberId("m_960")


@pytest.fixture
def chamber(tmp_path: Path) -> Iterator[Chamber]:
    made = Chamber(tmp_path, members=3)
    table = tmp_path / "aides.csv"
    table.write_text(f"id,name,groups,role\n{AIDE},Ngô Trợ Lý,office,aide\n", "utf-8")
    made.desk.import_members(table)
    made.desk.set_serves(AIDE, [MINISTER])
    yield made
    made.close()


@pytest.fixture
def devices(chamber: Chamber, tmp_path: Path) -> tuple[Device, Device]:
    minister, aide = chamber.client(MINISTER), chamber.client(AIDE)
    chamber.publish(opinion(tmp_path / "papers"))
    for device in (minister, aide):
        device.sync()
    return minister, aide


def home(device: Device, at: int):
    def read(conn):
        return home_view((), views_of(conn, polls.all(conn), device.clock, Viewer(device.member, True)), {}, at)

    return device.record.read(read).result()


def test_the_aide_sees_who_has_not_answered_until_the_vote_is_there(
    chamber: Chamber, devices: tuple[Device, Device]
) -> None:
    minister, aide = devices
    poll = chamber.poll(1)
    [shown] = home(aide, chamber.clock.now()).to_remind
    assert shown.poll.silent == (MINISTER,), "the one served, not the other members"
    assert (shown.why_not, home(aide, chamber.clock.now()).due) == (WhyNot.NOT_ELIGIBLE, ())
    assert home(minister, chamber.clock.now()).to_remind == ()
    assert minister.poll(poll.id).served == ()
    minister.vote(poll.id)
    aide.sync()
    assert aide.poll(poll.id).silent == (MINISTER,), "saved there is not answered"
    minister.sync()
    aide.sync()
    assert home(aide, chamber.clock.now()).to_remind == ()


def test_an_overdue_ballot_warns_the_aide_as_it_warns_the_member(
    chamber: Chamber, devices: tuple[Device, Device]
) -> None:
    minister, aide = devices
    poll = chamber.poll(1)
    closes = from_rfc3339(aide.poll(poll.id).closes)
    [occasion] = occasions_of(home(aide, chamber.clock.now()), aide.engine.status().lease)
    assert (occasion.kind, occasion.subject, occasion.due) == (ReminderKind.SERVED, poll.id, closes)
    chamber.desk.close_poll(poll.id)
    for device in devices:
        device.sync()
        [missed] = home(device, chamber.clock.now()).missed
        assert missed.poll.id == poll.id
    assert home(minister, chamber.clock.now()).missed[0].poll.silent == ()


def test_a_link_that_ended_tells_nothing_more(chamber: Chamber, devices: tuple[Device, Device]) -> None:
    _, aide = devices
    chamber.desk.set_serves(AIDE, [])
    aide.sync()
    assert aide.poll(chamber.poll(1).id).served == ()


def test_what_the_service_says_about_a_member_is_signed_and_about_this_ballot(
    chamber: Chamber, devices: tuple[Device, Device]
) -> None:
    _, aide = devices
    wording = chamber.poll(1).wording
    answer = aide.engine._look._means.transport.get_poll(chamber.poll(1).id)
    assert isinstance(answer, PollAnswer)
    [envelope] = answer.served
    told = codec.decode(dsse.peek_unverified(envelope)[0], MemberAnswered, limit=codec.MAX_SMALL)
    assert (told.member, told.answered) == (MINISTER, False)
    services = aide.trust.service_keys()
    assert ballots.open_served((envelope,), wording, services=services)[0].member == MINISTER
    with pytest.raises(SignatureInvalid):
        ballots.open_served((envelope,), wording, services={"receipt-1": chamber.publisher().public})
    service = chamber.service.service
    assert service is not None
    other = MemberAnswered("po_other", told.poll_def, told.member, True, told.at, told.by)
    with pytest.raises(ContentMismatch):
        ballots.open_served((service.signer.sign(other),), wording, services=services)
