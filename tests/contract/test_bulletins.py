# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is told after publishing: the drafting agency's answers and later deadlines, from the desk to the members."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.crypto import dsse
from client.domain.ballot import PollState
from client.domain.bulletin import AnswerWords
from client.domain.comment import CommentDraft
from client.domain.ids import MemberId, Moment
from client.errors import BadInput, ServiceRefused, SignatureInvalid
from client.protocol import codec
from client.protocol.messages import CommentAnswer, PollExtension
from client.store import bulletins, comments
from client.sync import bulletins as sync
from client.sync.events import Problem
from tests.helpers.chamber import Chamber
from tests.helpers.device import Device
from tests.unit.secretariat.test_ballots import opinion

ASKER, OTHER = MemberId("m_002"), MemberId("m_003")
WORDS = AnswerWords("Cơ quan soạn thảo tiếp thu (dữ liệu giả định).", "Bộ Tài chính", "Nguyễn Văn Giả Định, Vụ trưởng")
LATER = Moment("2099-02-01T10:00:00.000Z")


@pytest.fixture
def chamber(tmp_path: Path) -> Iterator[Chamber]:
    made = Chamber(tmp_path, members=3)
    yield made
    made.close()


@pytest.fixture
def tablets(chamber: Chamber, tmp_path: Path) -> tuple[Device, Device]:
    asker, other = chamber.client(ASKER), chamber.client(OTHER)
    chamber.publish(opinion(tmp_path / "papers"))
    for tablet in (asker, other):
        tablet.sync()
    return asker, other


def ask(chamber: Chamber, tablet: Device) -> str:
    """One comment on a passage; its id."""
    record = chamber.record
    paper = next(iter(record.files))
    draft = CommentDraft(record.pack, "Mức này có cao không? (dữ liệu giả định)", paper=paper, page=0, quote="Hồ sơ")
    tablet.acts.send_comment(draft).result()
    tablet.sync()
    [kept] = tablet.record.read(lambda conn: comments.of_pack(conn, record.pack)).result()
    return kept.id


def replies(tablet: Device, chamber: Chamber):
    return tablet.record.read(lambda conn: bulletins.replies(conn, chamber.record.pack)).result()


def extension(tablet: Device, poll: str):
    return tablet.record.read(lambda conn: bulletins.extension(conn, poll)).result()


def test_every_member_reads_question_and_answer_at_the_passage(
    chamber: Chamber, tablets: tuple[Device, Device]
) -> None:
    asker, other = tablets
    comment = ask(chamber, asker)
    talk = chamber.desk.read_comments()
    assert (talk.waiting, talk.answers) == (1, {})
    dry = chamber.desk.answer_comment(comment[:6], WORDS, dry_run=True)
    assert (dry.version, dry.words.question[:3], dry.words.page) == (1, "Mức", 0)
    assert chamber.desk.read_comments().waiting == 1
    chamber.desk.answer_comment(comment, WORDS)
    assert chamber.desk.read_comments().waiting == 0
    for tablet in (asker, other):
        tablet.sync()
        [reply] = replies(tablet, chamber)
        assert (reply.comment, reply.version, reply.words.text) == (comment, 1, WORDS.text)
        assert (reply.words.agency, reply.words.person) == (WORDS.agency, WORDS.person)
        assert (reply.words.question, reply.words.quote, reply.words.page) == (
            "Mức này có cao không? (dữ liệu giả định)",
            "Hồ sơ",
            0,
        )
        assert reply.words.asker is None, "whose comment it was is not passed on"
    chamber.desk.answer_comment(comment, AnswerWords("Đính chính.", "Bộ Tài chính"), quoting=False, named=True)
    other.sync()
    [reply] = replies(other, chamber)
    assert (reply.version, reply.words.text, reply.words.question, reply.words.asker) == (2, "Đính chính.", "", ASKER)


def test_the_service_reads_no_answer_and_takes_each_once(chamber: Chamber, tablets: tuple[Device, Device]) -> None:
    comment = ask(chamber, tablets[0])
    chamber.desk.answer_comment(comment, WORDS)
    service = chamber.desk._core.require_service()
    [envelope] = service.bulletins(0).bulletins
    assert WORDS.text.encode() not in envelope
    assert WORDS.text.encode() not in dsse.peek_unverified(envelope)[0]
    service.post_bulletin(envelope)  # the same again changes nothing
    assert len(service.bulletins(0).bulletins) == 1
    made = codec.decode(dsse.peek_unverified(envelope)[0], CommentAnswer, limit=codec.MAX_STATEMENT)
    other = codec.encode(CommentAnswer(made.pack, made.comment, made.version, made.epoch, b"x" * 60, made.at))
    publisher = chamber.publisher()
    with pytest.raises(ServiceRefused, match="version-conflict"):
        service.post_bulletin(dsse.sign(other, keyid=publisher.keyid, key=publisher.key))
    light = chamber.lights[ASKER]
    with pytest.raises(ServiceRefused):
        service.post_bulletin(dsse.sign(other, keyid=light.device, key=light.key))
    with pytest.raises(BadInput, match="0 match"):
        chamber.desk.answer_comment("c_nothing", WORDS)


def test_a_bulletin_that_does_not_verify_is_told_and_holds_nothing_up(
    chamber: Chamber, tablets: tuple[Device, Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    asker, other = tablets
    comment = ask(chamber, asker)
    chamber.desk.answer_comment(comment, WORDS)
    told: list[Problem] = []
    other.engine.subscribe(lambda event: told.append(event) if isinstance(event, Problem) else None)
    real = sync._read
    failed: list[bytes] = []

    def once(means, envelope):
        if not failed:
            failed.append(envelope)
            raise SignatureInvalid("altered on the way")
        return real(means, envelope)

    monkeypatch.setattr(sync, "_read", once)
    other.sync()
    assert [type(problem.error) for problem in told] == [SignatureInvalid]
    assert replies(other, chamber) == ()
    chamber.desk.answer_comment(comment, AnswerWords("Lần hai.", "Bộ Tài chính"))
    other.sync()
    assert [reply.version for reply in replies(other, chamber)] == [2]


def test_a_ballot_stays_open_longer_and_members_are_told_why(chamber: Chamber, tablets: tuple[Device, Device]) -> None:
    asker, _ = tablets
    poll = chamber.poll(1)
    before = asker.poll(poll.id)
    dry = chamber.desk.extend_poll(poll.id, LATER, "Chờ ý kiến Bộ Tư pháp (dữ liệu giả định)", dry_run=True)
    assert (dry.closes, chamber.desk.poll_status(poll.id).closes) == (LATER, before.closes)
    view = chamber.desk.extend_poll(poll.id, LATER, "Chờ ý kiến Bộ Tư pháp (dữ liệu giả định)")
    assert view.closes == LATER
    asker.sync()
    kept, told = asker.poll(poll.id), extension(asker, poll.id)
    assert (kept.closes, kept.state) == (LATER, PollState.OPEN)
    assert (told.closes, told.version, told.reason) == (LATER, 1, "Chờ ý kiến Bộ Tư pháp (dữ liệu giả định)")
    with pytest.raises(BadInput, match="later"):
        chamber.desk.extend_poll(poll.id, Moment("2099-01-15T10:00:00.000Z"), "sớm hơn")
    with pytest.raises(ServiceRefused, match="poll-state"):
        chamber.desk.open_poll(poll.id, closes=Moment("2030-01-01T00:00:00.000Z"))  # an end once told moves only later
    further = Moment("2099-03-01T10:00:00.000Z")
    chamber.desk.extend_poll(poll.id, further, "Lần hai (dữ liệu giả định)")
    asker.sync()
    assert extension(asker, poll.id).version == 2
    chamber.desk.close_poll(poll.id)
    with pytest.raises(BadInput, match="open poll"):
        chamber.desk.extend_poll(poll.id, Moment("2099-04-01T10:00:00.000Z"), "quá muộn")


def test_a_forged_extension_moves_nothing(chamber: Chamber, tablets: tuple[Device, Device]) -> None:
    poll, publisher = chamber.poll(1), chamber.publisher()
    made = PollExtension(
        pack=chamber.record.pack,
        poll=poll.id,
        poll_def=poll.wording.definition,
        version=1,
        closes=LATER,
        epoch=chamber.record.epoch,
        sealed=b"x" * 60,
        at=chamber.now(),
    )
    service = chamber.desk._core.require_service()
    light = chamber.lights[ASKER]
    for wrong, key in (
        (made, (light.device, light.key)),
        (PollExtension(**{**fields(made), "poll_def": "sha256:" + "0" * 64}), (publisher.keyid, publisher.key)),
        (PollExtension(**{**fields(made), "closes": "2020-01-01T00:00:00.000Z"}), (publisher.keyid, publisher.key)),
        (PollExtension(**{**fields(made), "poll": "po_unknown"}), (publisher.keyid, publisher.key)),
    ):
        with pytest.raises(ServiceRefused):
            service.post_bulletin(dsse.sign(codec.encode(wrong), keyid=key[0], key=key[1]))
    assert chamber.desk.poll_status(poll.id).closes == Moment("2099-01-01T10:00:00.000Z")
    assert service.bulletins(0).bulletins == ()


def fields(extension: PollExtension) -> dict:
    return {name: getattr(extension, name) for name in extension.__struct_fields__}


def test_what_does_not_open_is_told_and_forgotten(chamber: Chamber, tablets: tuple[Device, Device]) -> None:
    asker, _ = tablets
    poll, publisher = chamber.poll(1), chamber.publisher()
    bad = PollExtension(
        pack=chamber.record.pack,
        poll=poll.id,
        poll_def=poll.wording.definition,
        version=1,
        closes=LATER,
        epoch=chamber.record.epoch,
        sealed=b"x" * 60,
        at=chamber.now(),
    )
    service = chamber.desk._core.require_service()
    service.post_bulletin(dsse.sign(codec.encode(bad), keyid=publisher.keyid, key=publisher.key))
    told: list[Problem] = []
    asker.engine.subscribe(lambda event: told.append(event) if isinstance(event, Problem) else None)
    asker.sync()
    assert [problem.subject for problem in told] == [chamber.record.pack]
    assert extension(asker, poll.id) is None
    assert asker.poll(poll.id).closes == LATER  # the end is the service's signed word
    asker.sync()
    assert len(told) == 1
