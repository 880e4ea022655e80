# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vote rule of protocol.md section 6, row by row, over the wire."""

from __future__ import annotations

import threading

import pytest

from client.domain.ballot import Answer, BallotKind
from client.domain.ids import Hash
from client.protocol import codec
from client.protocol.http import CloseRequest, OpenRequest, PollAnswer, PollList, StatementAnswer
from client.protocol.messages import (
    CommentReceipt,
    DeviceState,
    LogHead,
    PollStatus,
    Receipt,
    ReceiptStatus,
    VoteHead,
)
from server.storage import log
from tests.unit.server.world import World, at, digest, ok, problem, signed_of


def test_counted_vote_has_a_receipt_that_verifies(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    receipt = world.receipt(world.post(world.an, vote), Receipt)
    assert (receipt.vote, receipt.status) == (digest(vote), ReceiptStatus.COUNTED)
    assert (receipt.member, receipt.poll, receipt.received_at) == ("m_an", "po_12", at(0))


def test_same_statement_gets_the_same_receipt_bytes_for_ever(world: World) -> None:
    definition = world.a_poll()
    vote = world.vote(world.an, definition)
    first = ok(world.post(world.an, vote)).content
    world.cast(world.an, definition, "no", replaces=digest(vote))
    world.clock.pass_s(7200)  # replaced, then closed: still the same promise
    world.closing("po_12")
    world.embedded.stop()
    world.embedded.start()
    assert world.post(world.an, vote).content == first


def test_another_signature_of_a_known_statement_gets_the_same_receipt(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    one, two = world.an.sign(vote), world.an.sign(vote)
    assert one != two
    first = ok(world.post(world.an, vote, envelope=one)).content
    assert world.post(world.an, vote, envelope=two).content == first


def test_known_statement_is_not_shown_to_another_member(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    ok(world.post(world.an, vote))
    assert problem(world.post(world.binh, vote, envelope=world.an.sign(vote))) == (403, "forbidden")
    assert problem(world.send("GET", f"/statements/{digest(vote)}", who=world.binh)) == (404, "not-found")


def test_own_statement_is_handed_back_with_its_receipt(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    envelope = world.an.sign(vote)
    posted = ok(world.post(world.an, vote, envelope=envelope)).content
    found = ok(world.send("GET", f"/statements/{digest(vote)}", who=world.an2)).content
    answer = codec.decode(found, StatementAnswer, limit=codec.MAX_STATEMENT * 2)
    assert answer.statement == envelope
    assert answer.receipt == codec.decode(posted, StatementAnswer, limit=codec.MAX_STATEMENT).receipt


def test_publisher_reads_votes_only_after_the_close(world: World) -> None:
    definition = world.a_poll()
    vote = world.vote(world.an, definition)
    ok(world.post(world.an, vote))
    assert problem(world.send("GET", f"/statements/{digest(vote)}", who="publisher")) == (404, "not-found")
    world.clock.pass_s(3600)
    world.closing("po_12")
    ok(world.send("GET", f"/statements/{digest(vote)}", who="publisher"))


def test_forged_signature_is_refused(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    forged = world.binh.sign(vote).replace(b"d_binh01", b"d_an01")
    assert problem(world.post(world.an, vote, envelope=forged)) == (401, "signature")
    assert world.post(world.an, vote).is_success


def test_idempotency_key_must_be_the_hash(world: World) -> None:
    vote = world.vote(world.an, world.a_poll())
    answer = world.post(world.an, vote, key="sha256:" + "0" * 64)
    assert problem(answer) == (400, "hash-mismatch")


@pytest.mark.parametrize("change", [{"member": "m_binh"}, {"device": "d_an02"}])
def test_statement_in_another_name_is_refused(world: World, change: dict[str, str]) -> None:
    vote = world.vote(world.an, world.a_poll(), **change)
    assert problem(world.post(world.an, vote)) == (403, "forbidden")


def test_member_who_is_not_eligible_is_refused(world: World) -> None:
    definition = world.a_poll(eligible=("m_binh",))
    assert problem(world.post(world.an, world.vote(world.an, definition))) == (403, "not-eligible")


@pytest.mark.parametrize("change", [{"poll_def": Hash("sha256:" + "9" * 64)}, {"pack": "pk_other"}])
def test_other_definition_is_refused(world: World, change: dict[str, str]) -> None:
    vote = world.vote(world.an, world.a_poll(), **change)
    assert problem(world.post(world.an, vote)) == (409, "wrong-definition")


def test_unknown_poll_is_refused(world: World) -> None:
    assert problem(world.post(world.an, world.vote(world.an, world.definition("po_none")))) == (404, "poll-unknown")


def test_number_used_for_something_else_is_a_fork(world: World) -> None:
    definition = world.a_poll()
    receipt = world.cast(world.an, definition)
    again = world.vote(world.an, definition, "no", n=1, replaces=receipt.vote)
    assert problem(world.post(world.an, again)) == (409, "device-fork")
    comment = world.comment(world.an, n=1)
    assert problem(world.post(world.an, comment)) == (409, "device-fork")


def test_poll_that_has_not_opened_refuses_and_the_same_bytes_count_later(world: World) -> None:
    vote = world.vote(world.an, world.a_poll(opens=at(60)))
    assert problem(world.post(world.an, vote)) == (409, "poll-not-open")
    world.clock.pass_s(60)
    assert world.receipt(world.post(world.an, vote), Receipt).status is ReceiptStatus.COUNTED


def test_late_vote_is_stored_and_not_counted(world: World) -> None:
    definition = world.a_poll()
    world.clock.pass_s(3600)
    vote = world.vote(world.an, definition)
    receipt = world.receipt(world.post(world.an, vote), Receipt)
    assert receipt.status is ReceiptStatus.LATE
    closing = world.closing("po_12")
    assert (closing.counted, closing.late, closing.closed) == ((), (), at(3600))
    ok(world.send("GET", f"/statements/{digest(vote)}", who=world.an))


def test_last_millisecond_counts_and_the_next_is_late(world: World) -> None:
    definition = world.a_poll()
    world.clock.pass_s(3599.999)
    assert world.cast(world.an, definition).status is ReceiptStatus.COUNTED
    world.clock.pass_s(0.001)
    assert world.cast(world.binh, definition).status is ReceiptStatus.LATE
    assert [line.member for line in world.closing("po_12").counted] == ["m_an"]


def test_conflict_shows_the_signed_head_and_merges_nothing(world: World) -> None:
    definition = world.a_poll()
    first = world.cast(world.an, definition)
    answer = world.post(world.an2, world.vote(world.an2, definition, "no"))
    assert problem(answer) == (409, "vote-conflict")
    head = world.opened(signed_of(answer), VoteHead)
    assert (head.head, head.device, head.member) == (first.vote, "d_an01", "m_an")
    second = world.cast(world.an2, definition, "no", n=9, replaces=first.vote)
    assert second.status is ReceiptStatus.COUNTED
    stale = world.vote(world.an, definition, replaces=first.vote)
    answer = world.post(world.an, stale)
    assert world.opened(signed_of(answer), VoteHead).head == second.vote


def test_replacing_nothing_is_a_conflict_without_a_head(world: World) -> None:
    vote = world.vote(world.an, world.a_poll(), replaces=Hash("sha256:" + "3" * 64))
    answer = world.post(world.an, vote)
    assert problem(answer) == (409, "vote-conflict")
    assert b'"signed":null' in answer.content


def test_revote_forbidden(world: World) -> None:
    definition = world.a_poll(revote=False)
    first = world.cast(world.an, definition)
    again = world.vote(world.an, definition, "no", replaces=first.vote)
    assert problem(world.post(world.an, again)) == (409, "revote-forbidden")


@pytest.mark.parametrize(
    "answers",
    [
        (Answer("q1", "maybe"),),  # type: ignore[arg-type]
        (Answer("q1", "no"),),  # type: ignore[arg-type]  # needs a reason
        (Answer("q2", "yes"),),  # type: ignore[arg-type]
        (Answer("q1", "yes"), Answer("q1", "yes")),  # type: ignore[arg-type]
    ],
)
def test_answers_that_do_not_fit_are_refused(world: World, answers: tuple[Answer, ...]) -> None:
    vote = world.vote(world.an, world.a_poll(), answers=answers)
    assert problem(world.post(world.an, vote)) == (422, "bad-answers")


def test_revoked_device_is_refused_and_its_counted_vote_stands(world: World) -> None:
    definition = world.a_poll()
    first = world.cast(world.an, definition)
    world.an.state = DeviceState.REVOKED
    world.put_directory()
    again = world.vote(world.an, definition, "no", replaces=first.vote)
    assert problem(world.post(world.an, again)) == (401, "device-revoked")
    world.clock.pass_s(3600)
    assert [line.vote for line in world.closing("po_12").counted] == [first.vote]


def test_votes_of_two_devices_at_once_leave_one_head(world: World) -> None:
    definition = world.a_poll()
    world.devices += [type(world.an)(f"d_more{i}", "m_an") for i in range(4)]
    world.put_directory()
    mine = [device for device in world.devices if device.member == "m_an"]
    requests = []
    for device in mine:
        vote = world.vote(device, definition, "yes")
        headers = {"Idempotency-Key": digest(vote)}
        requests.append(world.request("POST", "/statements", device.sign(vote), who=device, headers=headers))
    gate = threading.Barrier(len(requests))
    answers: list[int] = []

    def send(index: int) -> None:
        gate.wait()
        answers.append(world.http.send(requests[index]).status_code)

    threads = [threading.Thread(target=send, args=(index,)) for index in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * (len(mine) - 1)
    world.clock.pass_s(3600)
    assert len(world.closing("po_12").counted) == 1


def test_closing_list_counts_heads_and_names_every_choice(world: World) -> None:
    definition = world.a_poll()
    first = world.cast(world.an, definition)
    second = world.cast(world.an, definition, "no", replaces=first.vote)
    third = world.cast(world.binh, definition)
    assert problem(world.send("GET", "/closing/po_12", who=world.an)) == (404, "not-found")
    world.clock.pass_s(3600)
    closing = world.closing("po_12", who=world.an)
    assert {line.member: line.vote for line in closing.counted} == {"m_an": second.vote, "m_binh": third.vote}
    assert closing.totals == {"q1": {"yes": 1, "no": 1}}
    assert (closing.eligible, closing.rules) == (2, "gov-2025/1")


def test_session_vote_is_opened_and_closed_in_the_room(world: World) -> None:
    definition = world.a_poll(kind=BallotKind.SESSION, closes=None)
    wish = codec.encode(OpenRequest(digest(definition)))
    assert problem(world.post(world.an, world.vote(world.an, definition))) == (409, "poll-not-open")
    assert problem(world.send("POST", "/polls/po_12/open", wish, who=world.an)) == (403, "forbidden")
    world.sit("m_an", "m_binh")
    answer = ok(world.send("POST", "/polls/po_12/open", wish, who=world.binh))
    status = world.opened(codec.decode(answer.content, PollAnswer, limit=codec.MIB).status, PollStatus)
    assert (status.state.value, status.opened, status.closed) == ("open", at(0), None)
    world.cast(world.an, definition)
    close = codec.encode(CloseRequest(digest(definition)))
    assert problem(world.send("POST", "/polls/po_12/close", close, who=world.an)) == (403, "forbidden")
    ok(world.send("POST", "/polls/po_12/close", close, who=world.binh))
    ok(world.send("POST", "/polls/po_12/close", close, who="publisher"))
    assert len(world.closing("po_12").counted) == 1
    assert problem(world.send("POST", "/polls/po_12/open", wish, who="publisher")) == (409, "poll-state")


def test_a_vote_whose_session_nobody_planned_does_not_open(world: World) -> None:
    """Without a roll nobody could tell whether there is a quorum: no lock is no reason to count."""
    definition = world.a_poll(kind=BallotKind.SESSION, closes=None)
    wish = codec.encode(OpenRequest(digest(definition)))
    assert problem(world.send("POST", "/polls/po_12/open", wish, who="publisher")) == (404, "session-unknown")
    assert problem(world.post(world.an, world.vote(world.an, definition))) == (409, "poll-not-open")


def test_an_open_poll_without_an_end_may_be_given_one_and_an_end_once_told_stays(world: World) -> None:
    definition = world.a_poll(closes=None)
    wish = codec.encode(OpenRequest(digest(definition), at(60)))
    ok(world.send("POST", "/polls/po_12/open", wish, who="publisher"))
    ok(world.send("POST", "/polls/po_12/open", wish, who="publisher"))  # the same again changes nothing
    for moved in (at(30), at(600)):
        other = codec.encode(OpenRequest(digest(definition), moved))
        assert problem(world.send("POST", "/polls/po_12/open", other, who="publisher")) == (409, "poll-state")
    world.clock.pass_s(60)
    assert world.cast(world.an, definition).status is ReceiptStatus.LATE
    past = codec.encode(OpenRequest(digest(definition), at(30)))
    assert problem(world.send("POST", "/polls/po_12/open", past, who="publisher")) == (409, "poll-state")


def test_poll_that_never_opened_cannot_be_closed(world: World) -> None:
    definition = world.a_poll(kind=BallotKind.SESSION, closes=None)
    close = codec.encode(CloseRequest(digest(definition)))
    assert problem(world.send("POST", "/polls/po_12/close", close, who="publisher")) == (409, "poll-state")
    wrong = codec.encode(CloseRequest(Hash("sha256:" + "4" * 64)))
    assert problem(world.send("POST", "/polls/po_12/close", wrong, who="publisher")) == (409, "wrong-definition")


def test_a_poll_is_published_once(world: World) -> None:
    definition = world.a_poll()
    ok(world.put_poll(definition))
    assert problem(world.put_poll(world.definition(revote=False))) == (409, "version-conflict")
    twice = world.definition("po_13", eligible=("m_an", "m_an"))
    assert problem(world.put_poll(twice)) == (400, "bad-request")


def test_polls_are_listed_for_who_votes_or_opens(world: World) -> None:
    world.a_poll("po_12", eligible=("m_an",))
    world.a_poll("po_13", eligible=("m_an",), openers=())

    def listed(who: object) -> tuple[str, ...]:
        answer = ok(world.send("GET", "/polls", who=who))  # type: ignore[arg-type]
        return codec.decode(answer.content, PollList, limit=codec.MIB).polls

    assert listed(world.an) == ("po_12", "po_13") == listed("publisher")
    assert listed(world.binh) == ("po_12",)


def test_comments_have_receipts_and_reach_the_publisher_in_order(world: World) -> None:
    sent = [world.comment(world.an), world.comment(world.binh), world.comment(world.an)]
    devices = [world.an, world.binh, world.an]
    for device, comment in zip(devices, sent, strict=True):
        receipt = world.receipt(world.post(device, comment), CommentReceipt)
        assert (receipt.statement, receipt.comment) == (digest(comment), comment.comment)
    from client.crypto import dsse
    from client.protocol.http import CommentList

    answer = ok(world.send("GET", "/comments?after=0", who="publisher"))
    found = codec.decode(answer.content, CommentList, limit=codec.MIB)
    payloads = [dsse.peek_unverified(envelope)[0] for envelope in found.comments]
    assert payloads == [codec.encode(comment) for comment in sent]
    rest = ok(world.send("GET", f"/comments?after={found.next}", who="publisher"))
    assert codec.decode(rest.content, CommentList, limit=codec.MIB).comments == ()
    assert problem(world.send("GET", "/comments", who=world.an)) == (403, "forbidden")


def test_every_change_is_in_the_chain_and_receipts_name_their_place(world: World) -> None:
    definition = world.a_poll()
    receipt = world.cast(world.an, definition)
    head = world.opened(ok(world.send("GET", "/log/head", who=world.an)).content, LogHead)
    assert (head.index, head.head) == (receipt.log.index, receipt.log.head)
    assert world.embedded.service is not None
    with world.embedded.service.database.read() as conn:
        assert log.verify(conn) == receipt.log


def test_time_never_goes_back_in_the_chain(world: World) -> None:
    definition = world.a_poll()
    world.clock.pass_s(100)
    first = world.cast(world.an, definition)
    world.clock.pass_s(-90)
    assert world.cast(world.binh, definition).received_at == first.received_at
