# SPDX-License-Identifier: AGPL-3.0-or-later
"""Polls, results and comments between the desk and the real service."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from msgspec import structs

from client.clock import Millis, to_rfc3339
from client.crypto import dsse, hashing, hpke, request
from client.crypto.random import system_random
from client.domain.ballot import Answer, NoteRule, PollBlock, VoteMode
from client.domain.ids import ChoiceCode, CommentId, Hash, MemberId, Moment, QuestionId
from client.domain.rules import Outcome, RuleTopic
from client.errors import ContentMismatch, ServiceRefused, UserError
from client.protocol import codec, http, names
from client.protocol.messages import (
    ClosingList,
    CommentStatement,
    CommentText,
    CountedVote,
    LogPosition,
    PollStatus,
    SealedFor,
    VoteClock,
    VoteStatement,
)
from server.secretariat import ballots, results, rules
from server.secretariat.ballots import Renewal
from server.secretariat.findings import FolderRefused
from server.secretariat.results import NotClosedYet
from tests.unit.secretariat.office import DEVICE, Office, make_pdf, write_session


def act(office: Office, statement: VoteStatement | CommentStatement) -> None:
    """Sign and send a statement as the device does."""
    payload = codec.encode(statement)
    body = dsse.sign(payload, keyid=DEVICE, key=office.signing)
    headers = {"content-type": http.DSSE_MEDIA, "idempotency-key": hashing.sha256(payload)}
    url = office.url + http.PATH_STATEMENTS
    signed = request.sign_request(
        method="POST",
        url=url,
        headers=headers,
        body=body,
        keyid=DEVICE,
        key=office.signing,
        created=office.clock.now() // 1000,
        nonce=system_random(12).hex(),
    )
    answer = httpx.post(url, content=body, headers={**headers, **signed})
    assert answer.status_code < 300, answer.text


def vote(office: Office, record, choice: str, n: int = 1) -> VoteStatement:
    return VoteStatement(
        poll=record.id,
        poll_def=record.wording.definition,
        pack=office.desk.packs[0].pack,
        rev=1,
        member=MemberId("m_017"),
        device=DEVICE,
        n=n,
        prev=None,
        replaces=None,
        answers=(Answer(QuestionId("q1"), ChoiceCode(choice), "vì lý do thử"),),
        papers=Hash(hashing.sha256(b"")),
        mode=VoteMode.IN_ROOM,
        reason=None,
        cast_at=Moment(to_rfc3339(office.clock.now())),
        clock=VoteClock(None, None),
        nonce=system_random(12),
    )


def test_a_vote_is_opened_cast_closed_and_counted_again(office: Office, tmp_path: Path) -> None:
    office.enrol()
    office.desk.publish(write_session(tmp_path / "papers"))
    record = office.desk.packs[0].polls[0]
    with pytest.raises(NotClosedYet):
        office.desk.results(record.id)
    assert office.desk.open_poll(record.id, dry_run=True).state.value == "published"
    with pytest.raises(ServiceRefused, match="session-state"):
        office.desk.open_poll(record.id)  # nobody has called the roll
    office.sit("m_001", "m_017")
    assert office.desk.open_poll(record.id).state.value == "open"
    act(office, vote(office, record, "no"))
    assert office.desk.close_poll(record.id[:8]).state.value == "closed"
    found = office.desk.results(record.id)
    assert (found.counted, found.eligible, found.no_response, found.in_room) == (1, 2, 1, 1)
    [question] = found.questions
    assert question.counts[ChoiceCode("no")] == 1
    assert (question.outcome, question.needed) == (Outcome.NOT_ADOPTED, 2)


def closing(record, **changes) -> ClosingList:
    definition = ballots.definition_of(record)
    made = ClosingList(
        poll=record.id,
        poll_def=record.wording.definition,
        closed=Moment("2026-11-27T10:00:00.000Z"),
        counted=(CountedVote(MemberId("m_017"), Hash("sha256:" + "1" * 64), VoteMode.IN_ROOM),),
        late=(),
        totals={QuestionId("q1"): {ChoiceCode("yes"): 1, ChoiceCode("no"): 0}},
        eligible=len(definition.eligible),
        rules=definition.rules,
        present=None,
        tie={},
        void=False,
        log=LogPosition(1, Hash("sha256:" + "2" * 64)),
        by="receipt-1",
    )
    return structs.replace(made, **changes)


def test_a_closing_list_that_does_not_add_up_is_refused(office: Office, tmp_path: Path) -> None:
    office.desk.publish(write_session(tmp_path / "papers"))
    record = office.desk.packs[0].polls[0]
    definition, poll_def = ballots.definition_of(record), record.wording.definition
    results.verify(closing(record), definition, poll_def)
    one = closing(record).counted[0]
    q1 = QuestionId("q1")
    for wrong in (
        {"poll": "po_other"},
        {"poll_def": Hash("sha256:" + "3" * 64)},
        {"eligible": 3},
        {"counted": (one, one), "totals": {q1: {ChoiceCode("yes"): 2}}},
        {"counted": (structs.replace(one, member=MemberId("m_090")),)},
        {"totals": {q1: {ChoiceCode("yes"): 2}}},
        {"totals": {q1: {ChoiceCode("maybe"): 1}}},
        {"totals": {}},
        {"rules": "gov-2024/1"},
    ):
        with pytest.raises(ContentMismatch):
            results.verify(closing(record, **wrong), definition, poll_def)


def opinion(folder: Path, *, question: str = "Đồng ý?") -> Path:
    make_pdf(folder / "a.pdf", ["Hồ sơ"])
    (folder / "session.toml").write_text(
        f"""title = "Phiếu lấy ý kiến"
kind = "opinion"
starts = 2026-01-01T08:00:00+07:00
[[agenda]]
title = "Hồ sơ"
[[agenda.papers]]
file = "a.pdf"
title = "Tờ trình"
[[polls]]
kind = "opinion"
summary = "Tóm tắt"
closes = 2099-01-01T17:00:00
[[polls.questions]]
text = "{question}"
choices = ["yes", "other_opinion"]
[[polls.open_issues]]
text = "Mức thuế"
options = ["phương án 1", {{ text = "phương án 2", held_by = ["Bộ Tư pháp"] }}]
pages = [{{ file = "a.pdf", page = 1 }}]
""",
        "utf-8",
    )
    return folder


def test_an_open_opinion_ballot_freezes_wording_and_papers(office: Office, tmp_path: Path) -> None:
    office.enrol()
    folder = opinion(tmp_path / "papers")
    report = office.desk.publish(folder)
    assert report.pack is not None
    [wording] = office.manifest(report.pack, 1).polls
    [issue] = wording.issues
    assert issue.positions == (("phương án 1", ()), ("phương án 2", ("Bộ Tư pháp",)))
    assert [(link.paper, link.page) for link in issue.pages] == [(office.manifest(report.pack, 1).papers[0].id, 0)]
    definition = ballots.definition_of(office.desk.packs[0].polls[0])
    assert names.wording_hash(wording.salt, QuestionId("q1"), wording.text[QuestionId("q1")]) == (
        definition.questions[0].text
    )
    assert [choice.code for choice in definition.questions[0].choices] == ["yes", "other_opinion"]
    assert office.desk.poll_status(wording.id).state.value == "open"
    assert office.desk.publish(folder).changed is False
    with pytest.raises(FolderRefused) as refused:
        office.desk.publish(opinion(folder, question="Khác?"))
    assert "poll.changed" in {found.code for found in refused.value.findings}
    opinion(folder)
    make_pdf(folder / "a.pdf", ["Hồ sơ sửa"])
    with pytest.raises(FolderRefused) as refused:
        office.desk.publish(folder)
    assert ("poll.frozen", "a.pdf") in {(found.code, found.file) for found in refused.value.findings}
    with pytest.raises(FolderRefused):
        office.desk.replace_paper(office.desk.packs[0].pack, "Tờ trình", folder / "a.pdf")
    old = office.desk.packs[0].polls[0]
    soon, past = (Moment(to_rfc3339(Millis(office.clock.now() + hours * 3_600_000 + 60_000))) for hours in (7, -1))
    for hasty, code in ((Renewal(soon), "poll.short"), (Renewal(past, "Bão số 9"), "poll.closed_before")):
        with pytest.raises(FolderRefused) as refused:
            office.desk.replace_paper(office.desk.packs[0].pack, "Tờ trình", folder / "a.pdf", renewal=hasty)
        assert code in {found.code for found in refused.value.findings}
        assert office.desk.poll_status(old.id).state.value == "open", "what is refused voids nothing"
    urgent = Renewal(soon, "Bão số 9 (dữ liệu giả định)")
    tried = office.desk.replace_paper(
        office.desk.packs[0].pack, "Tờ trình", folder / "a.pdf", renewal=urgent, dry_run=True
    )
    [notice] = [found for found in tried.folder.findings if found.code == "poll.short_notice"]
    assert "7 giờ" in notice.vi
    office.desk.replace_paper(office.desk.packs[0].pack, "Tờ trình", folder / "a.pdf", renewal=Renewal())
    new = office.desk.packs[0].polls[0]
    assert ballots.definition_of(new).closes == ballots.definition_of(old).closes
    assert new.id != old.id
    assert new.wording.text == old.wording.text
    assert office.desk.poll_status(new.id).state.value == "open"
    [waits] = office.desk.awaited(within_s=3600)
    assert (waits.poll, waits.missing, waits.overdue) == (new.id, ("m_001", "m_017"), False)
    assert office.desk.awaited(within_s=90 * 365 * 86_400)[0].overdue
    core = office.desk._core
    status = dsse.peek_unverified(core.require_service().poll(old.id).status)[0]
    assert codec.decode(status, PollStatus, limit=codec.MAX_SMALL).block is PollBlock.PAPERS_CHANGED
    closing = dsse.peek_unverified(core.require_service().closing(old.id))[0]
    assert codec.decode(closing, ClosingList, limit=codec.MAX_CLOSING).void


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("closes = 2099-01-01T17:00:00", "closes = 2020-01-01T17:00:00", "poll.closed_before"),
        ("closes = 2099-01-01T17:00:00", "opens = 2098-12-30T17:00:00\ncloses = 2099-01-01T17:00:00", "poll.short"),
        ('kind = "opinion"\nsummary', 'kind = "opinion"\ngroup = "nobody"\nsummary', "poll.no_members"),
        ('"yes", "other_opinion"', '"yes", "maybe"', "toml.value"),
        ('kind = "opinion"\nsummary', 'kind = "opinion"\nrules = "moon-2025/1"\nsummary', "toml.value"),
        ('file = "a.pdf", page = 1', 'file = "b.pdf", page = 1', "toml.value"),
        ('file = "a.pdf", page = 1', 'file = "a.pdf", page = 0', "toml.value"),
    ],
)
def test_a_poll_that_cannot_run_is_refused(office: Office, tmp_path: Path, old: str, new: str, code: str) -> None:
    folder = opinion(tmp_path / "papers")
    toml = folder / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace(old, new), "utf-8")
    assert code in {found.code for found in office.desk.check_folder(folder).findings}


def test_an_opinion_ballot_at_short_notice_needs_a_reason(office: Office, tmp_path: Path) -> None:
    folder = opinion(tmp_path / "papers")
    toml = folder / "session.toml"
    hurried = "opens = 2098-12-30T17:00:00\ncloses = 2099-01-01T17:00:00"
    words = toml.read_text("utf-8").replace("closes = 2099-01-01T17:00:00", hurried)
    toml.write_text(words.replace("summary", 'short_notice = "Bão số 9 (dữ liệu giả định)"\nsummary'), "utf-8")
    report = office.desk.check_folder(folder)
    [notice] = [found for found in report.findings if found.code == "poll.short_notice"]
    assert report.is_ready
    assert notice.vi == "phiếu 1: lấy ý kiến gấp, 48 giờ thay cho 3 ngày: Bão số 9 (dữ liệu giả định)"


def test_a_ballot_keeps_the_rules_it_was_published_under(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = opinion(tmp_path / "papers")
    monkeypatch.setattr(rules, "DEFAULT", rules.FORMER[0])
    office.desk.publish(folder)
    before = office.desk.packs[0].polls
    monkeypatch.undo()
    assert office.desk.publish(folder).polls == 0
    assert office.desk.packs[0].polls == before


def test_an_unopened_vote_may_be_reworded(office: Office, tmp_path: Path) -> None:
    folder = write_session(tmp_path / "papers")
    office.desk.publish(folder)
    first = office.desk.packs[0].polls[0]
    toml = folder / "session.toml"
    toml.write_text(toml.read_text("utf-8").replace("Thông qua dự thảo?", "Biểu quyết dự thảo?"), "utf-8")
    assert office.desk.publish(folder).polls == 1
    second = office.desk.packs[0].polls[0]
    assert (second.id != first.id, second.wording.salt != first.wording.salt) == (True, True)


def test_the_presets_say_what_the_regulations_say() -> None:
    government = rules.PRESETS[rules.DEFAULT]
    assert {choice.code: choice.note for choice in government.choices} == {
        "yes": NoteRule.OPTIONAL,
        "no": NoteRule.REQUIRED,
        "other_opinion": NoteRule.REQUIRED,
    }
    for ident, codes in (
        ("committee-2025", ["for", "against", "not_voting"]),
        ("council-2025", ["yes", "no", "blank"]),
    ):
        for version in (1, 2, 3):
            assert [choice.code for choice in rules.PRESETS[f"{ident}/{version}"].choices] == codes
    assert government.article(RuleTopic.QUORUM) == "Luật Tổ chức Chính phủ 2025"
    assert rules.PRESETS["gov-2025/1"].run.speech_s == government.run.speech_s == 300


def comment(office: Office, text: str, *, n: int = 1, sealed_to: str | None = None) -> CommentStatement:
    ident, reader = CommentId(f"co_{n:04}"), office.desk._core.reader_entry()
    manifest = office.manifest(office.desk.packs[0].pack, 1)
    inner = codec.encode(CommentText(manifest.session.agenda[0].id, manifest.papers[0].id, 1, "đoạn trích", text))
    sealed = hpke.seal_to(sealed_to or reader.seal, names.comment_info(ident, "m_017", reader.id), inner)
    return CommentStatement(
        comment=ident,
        pack=office.desk.packs[0].pack,
        rev=1,
        member=MemberId("m_017"),
        device=DEVICE,
        n=n,
        prev=None,
        text=(SealedFor(reader.id, sealed),),
        made=Moment(to_rfc3339(office.clock.now())),
        nonce=system_random(12),
    )


def test_comments_open_with_their_place_and_unreadable_ones_are_listed(office: Office, tmp_path: Path) -> None:
    office.enrol()
    office.desk.publish(write_session(tmp_path / "papers"))
    act(office, comment(office, "Đề nghị làm rõ khoản 2."))
    act(office, comment(office, "không ai đọc được", n=2, sealed_to=office.sealing.public))
    read = office.desk.read_comments()
    first, second = read.comments
    assert (first.text, first.item, first.paper, first.page) == (
        "Đề nghị làm rõ khoản 2.",
        "Nghị định thử",
        "Tờ trình",
        2,
    )
    assert first.name == "Bộ trưởng A (dữ liệu giả định)"
    assert (second.problem, second.text, second.comment) == ("untrusted.sealed", "", "co_0002")
    assert office.desk.read_comments(after=read.next).comments == ()


def test_an_unknown_poll_is_bad_input(office: Office) -> None:
    with pytest.raises(UserError):
        office.desk.results("po_none")
