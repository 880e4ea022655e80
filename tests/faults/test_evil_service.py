# SPDX-License-Identifier: AGPL-3.0-or-later
"""An evil service, attack by attack: none succeeds, each is told, and honesty afterwards makes everything good.

The sentence they all try to break (docs/protocol.md): the service may store and forward, but it can neither read a
paper, nor add a device, nor change or lose a vote without being seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import structs

from client.clock import Millis, to_rfc3339
from client.crypto import dsse, hashing, hpke
from client.crypto.secret import Secret
from client.domain.ballot import PollState, ServicePollState
from client.domain.ids import DeviceId, Hash, MemberId, Moment, PackId, PollId
from client.domain.outbox import OutboxState, Standing, standing
from client.errors import Unreachable
from client.protocol import codec, names
from client.protocol.http import PollAnswer, StatementAnswer
from client.protocol.messages import (
    ClosingList,
    DeviceEntry,
    DeviceState,
    Directory,
    EnvelopeBody,
    PollDefinition,
    PollStatus,
    Receipt,
    SignedTime,
    Target,
)
from server.secretariat.rules import GOVERNMENT
from tests.helpers.ceremony import Ceremony, held, published
from tests.helpers.evil import DAY_MS, RECEIPT_KEY, EvilService
from tests.helpers.pack import some_bytes
from tests.helpers.weather import Line

Check = Callable[[], object]
Attack = Callable[[EvilService], Check | None]
SIGNATURE, CONTENT, FORMAT = "untrusted.signature", "untrusted.content", "untrusted.format"
ROLLBACK, EXPIRED = "untrusted.rollback", "untrusted.expired"
LIMIT, SEALED = "untrusted.limit", "untrusted.sealed"
ATTACKS: Final[dict[str, tuple[Attack, frozenset[str]]]] = {}


def attack(*codes: str) -> Callable[[Attack], Attack]:
    """An attack and the codes of which at least one must be told."""

    def register(function: Attack) -> Attack:
        ATTACKS[function.__name__] = function, frozenset(codes)
        return function

    return register


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[EvilService]:
    with EvilService(tmp_path, int(time.time() * 1000)) as service:
        yield service
        service.repent()


# -- whose word counts -------------------------------------------------------------------------------------------


@attack(SIGNATURE)
def a_device_is_added(evil: EvilService) -> None:
    """A directory with a device of the attacker's, signed by the service in the registrar's name."""
    mine = DeviceEntry(
        id=DeviceId("d_evil"),
        member=MemberId("m_017"),
        sign=evil.stranger.public,
        seal=hpke.generate().public,
        state=DeviceState.ACTIVE,
        since=Moment(to_rfc3339(evil.clock.now())),
        until=Moment(to_rfc3339(Millis(evil.clock.now() + 365 * DAY_MS))),
    )
    office = evil.office
    wider = structs.replace(
        office.directory, version=office.directory.version + 1, devices=(*office.directory.devices, mine)
    )
    _forge_directory(evil, wider)


@attack(SIGNATURE)
def the_members_keys_are_swapped(evil: EvilService) -> None:
    """The member's own device gets the attacker's keys, so that what is sealed to it can be read by another."""
    office = evil.office
    swapped = tuple(
        structs.replace(entry, sign=evil.stranger.public, seal=hpke.generate().public)
        for entry in office.directory.devices
    )
    changed = structs.replace(office.directory, version=office.directory.version + 1, devices=swapped)
    _forge_directory(evil, changed)


@attack(SIGNATURE)
def a_root_of_its_own(evil: EvilService) -> None:
    """A second root, signed by keys that the first one does not know."""
    other = Ceremony(evil.office.receipt, evil.clock.now())
    [mine] = other.trusted.roots
    evil.lie("get_metadata", lambda truth, name, *_: mine if name == "2.root.json" else truth())


@attack(ROLLBACK)
def an_older_release(evil: EvilService) -> None:
    """What was true before is served again, so that a recalled paper comes back or a revocation is forgotten."""
    old = evil.honest.get_metadata("timestamp.json", codec.MAX_DIRECTORY)
    evil.office.release()
    evil.device.sync()
    evil.metadata({"timestamp": old})


@attack(EXPIRED)
def the_world_stands_still(evil: EvilService) -> None:
    """The service goes on answering with the last true release for weeks and hides everything newer."""
    kept: dict[str, bytes] = {}

    def answer(truth: Callable[[], bytes], name: str, *_: object) -> bytes:
        return kept.setdefault(name, truth())

    evil.lie("get_metadata", answer)
    evil.device.engine.run_once()
    _new_paper(evil)
    evil.clock.days(15)


@attack(ROLLBACK, CONTENT, SIGNATURE)
def roles_of_two_releases_are_mixed(evil: EvilService) -> None:
    """Newer timestamp, older packs."""
    names_seen: dict[str, bytes] = {}
    evil.lie("get_metadata", lambda truth, name, *_: names_seen.setdefault(name, truth()))
    evil.device.engine.run_once()
    evil.repent()
    _new_paper(evil)
    old = next(data for name, data in names_seen.items() if "snapshot" in name or "timestamp" in name)
    assert old
    before = {name.rpartition(".")[0].rpartition(".")[2]: data for name, data in names_seen.items()}
    evil.metadata({"snapshot": before.get("snapshot", old), "publisher": before.get("publisher", old)})


# -- packs ---------------------------------------------------------------------------------------------------------


def _next_revision(evil: EvilService) -> PackId:
    evil.office.publish(evil.pack, [evil.office.paper(name, data) for name, data in evil.papers.items()])
    return PackId(evil.pack)


@attack(SIGNATURE)
def an_envelope_of_its_own(evil: EvilService) -> None:
    """A scope key that the service knows, sealed to the device in the publisher's name."""
    pack = PackId("pk_0002")
    evil.office.publish(pack, [evil.office.paper("do_9", some_bytes(100))])
    info = names.envelope_info(pack, 1, evil.device.device)
    sealed = hpke.seal_to(evil.device.sealing.public, info, Secret(b"k" * 32).reveal())
    body = EnvelopeBody(scope=pack, epoch=1, device=evil.device.device, sealed=sealed)
    mine = dsse.sign(codec.encode(body), keyid=evil.office.ceremony.publisher.keyid, key=evil.key)
    evil.lie("get_envelope", lambda _truth, *_: mine)


@attack(SIGNATURE, CONTENT)
def an_envelope_of_another_pack(evil: EvilService) -> None:
    """A true envelope in the wrong place."""
    pack = PackId("pk_0002")
    evil.office.publish(pack, [evil.office.paper("do_9", some_bytes(100))])
    true = evil.honest.get_envelope(PackId(evil.pack), 1, evil.device.device)
    evil.lie("get_envelope", lambda _truth, *_: true)


@attack(CONTENT)
def another_manifest(evil: EvilService) -> None:
    """The bytes of the newest revision are replaced."""
    _next_revision(evil)
    evil.lie("get_target", lambda truth, name, *_: truth()[:-1] + b"\0" if name.startswith("p/") else truth())


@attack(CONTENT)
def an_old_manifest_under_a_new_name(evil: EvilService) -> None:
    """Revision 1 is served where revision 2 is promised."""
    old = evil.honest.get_target(names.pack_target(PackId(evil.pack), 1), codec.MAX_DIRECTORY)
    _next_revision(evil)
    evil.lie("get_target", lambda truth, name, *_: old if name.startswith("p/") else truth())


@attack(CONTENT)
def packs_are_mixed(evil: EvilService) -> None:
    """The manifest of one session is served as that of another."""
    evil.office.publish("pk_0002", [evil.office.paper("do_9", some_bytes(100))])
    evil.device.sync()
    other = evil.honest.get_target(names.pack_target(PackId("pk_0002"), 1), codec.MAX_DIRECTORY)
    _next_revision(evil)
    evil.lie("get_target", lambda truth, name, *_: other if name.startswith("p/pk_0001") else truth())


def _new_paper(evil: EvilService) -> None:
    papers = [evil.office.paper(name, data) for name, data in evil.papers.items()]
    evil.office.publish(evil.pack, [*papers, evil.office.paper("do_3", some_bytes(50_000))])


@attack(SEALED, CONTENT)
def a_paper_is_altered(evil: EvilService) -> None:
    """One bit of a sealed paper flips."""
    _new_paper(evil)
    evil.lie_about_blobs(lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])


@attack(SEALED, CONTENT)
def a_paper_is_cut_short(evil: EvilService) -> None:
    """The end of a paper, with the clause that matters, is missing."""
    _new_paper(evil)
    evil.lie_about_blobs(lambda data: data[: len(data) // 2])


@attack(SEALED, CONTENT, LIMIT)
def a_paper_grows(evil: EvilService) -> None:
    """Bytes are appended to a paper."""
    _new_paper(evil)
    evil.lie_about_blobs(lambda data: data + b"more")


@attack(SEALED, CONTENT)
def another_paper_in_its_place(evil: EvilService) -> None:
    """A true sealed paper of the same pack is served under the other's name."""
    known = evil.office.blob_keys
    other = next(iter(known.values()))[1]
    _new_paper(evil)
    evil.lie_about_blobs(lambda _data: other)


@attack(LIMIT)
def bytes_without_end(evil: EvilService) -> None:
    """An answer that never ends, to fill memory or disk."""

    def flood(line: Line) -> None:
        line.forward()
        line.deliver(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.tuf+json\r\nContent-Length: 9999999999\r\n\r\n")
        for _ in range(10_000):  # until the client hangs up, which ends this with an error of the socket
            line.deliver(b"[" * 65_536)

    evil.weather.lay("GET", "/tuf/metadata/", flood)


@attack(FORMAT)
def a_name_that_is_a_path(evil: EvilService) -> None:
    """Ids that would lead out of a folder, were they ever used as one."""

    def climb(line: Line) -> None:
        line.forward()
        body = b'{"polls":["../../../etc/passwd"]}'
        line.deliver(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )

    evil.weather.lay("GET", "/polls", climb)


# -- polls and votes -----------------------------------------------------------------------------------------------


@attack(SIGNATURE)
def the_question_is_changed(evil: EvilService) -> None:
    """Another definition of the poll, signed by the service."""
    wording = evil.office.poll("po_0002", evil.pack)
    papers = [evil.office.paper(name, data) for name, data in evil.papers.items()]
    evil.office.publish(evil.pack, papers, polls=[evil.wording, wording])

    def answer(truth: Callable[[], PollAnswer], poll: PollId) -> PollAnswer:
        true = truth()
        if poll != wording.id:
            return true
        mine = evil.resigned(true.definition, PollDefinition, eligible=(MemberId("m_018"),))
        return structs.replace(true, definition=mine)

    evil.lie("get_poll", answer)


@attack(SIGNATURE)
def a_state_nobody_signed(evil: EvilService) -> None:
    """A poll is said to be closed by somebody whom the directory does not list."""

    def answer(truth: Callable[[], PollAnswer], _poll: PollId) -> PollAnswer:
        true = truth()
        now = Moment(to_rfc3339(Millis(evil.clock.now() + 60_000)))
        status = evil.resigned(
            true.status, PollStatus, key=evil.stranger, state=ServicePollState.CLOSED, closed=now, at=now
        )
        return structs.replace(true, status=status)

    evil.lie("get_poll", answer)


@attack(CONTENT)
def another_rule_set(evil: EvilService) -> None:
    """The rules of procedure are replaced: half of those present instead of half of all members."""
    evil.office.target("r/gov-2025.1", evil.office.sign(GOVERNMENT))
    evil.office.release()
    evil.lie("get_target", lambda truth, name, *_: truth().swapcase() if name.startswith("r/") else truth())


def _receipt(evil: EvilService, **changes: Any) -> Callable[..., StatementAnswer]:
    def answer(truth: Callable[[], StatementAnswer], *_: object) -> StatementAnswer:
        return StatementAnswer(evil.resigned(truth().receipt, Receipt, **changes))

    return answer


def _not_counted_yet(evil: EvilService) -> Check:
    item = evil.device.vote("po_0001")

    def check() -> None:
        [waiting] = evil.device.items()
        assert waiting.statement == item.statement
        assert standing(waiting) is Standing.SENT_AWAITING_RECEIPT, "never shown as more than it is"

    return check


@attack(SIGNATURE)
def a_forged_receipt(evil: EvilService) -> Check:
    """ "Counted", says somebody whom nobody lists."""
    evil.lie("post_statement", _receipt(evil, key=evil.stranger))
    return _not_counted_yet(evil)


@attack(CONTENT)
def a_receipt_for_another_vote(evil: EvilService) -> Check:
    """The service takes the vote, keeps another and confirms that one."""
    evil.lie("post_statement", _receipt(evil, vote=Hash("sha256:" + "0" * 64)))
    return _not_counted_yet(evil)


@attack(SIGNATURE, FORMAT, CONTENT)
def no_receipt_at_all(evil: EvilService) -> Check:
    """An empty answer where a receipt belongs."""
    evil.lie("post_statement", lambda truth, *_: structs.replace(truth(), receipt=b"{}"))
    return _not_counted_yet(evil)


def _disputed(evil: EvilService, change: Callable[[ClosingList], ClosingList]) -> Check:
    evil.device.vote("po_0001")
    evil.device.sync()
    evil.office.close_poll(evil.wording)

    def answer(truth: Callable[[], bytes], _poll: PollId) -> bytes:
        payload, _ = dsse.peek_unverified(truth(), limit=codec.MAX_CLOSING * 2)
        changed = change(codec.decode(payload, ClosingList, limit=codec.MAX_CLOSING))
        return dsse.sign(codec.encode(changed), keyid=RECEIPT_KEY, key=evil.key)

    evil.lie("get_closing", answer)

    def check() -> None:
        assert evil.device.poll("po_0001").state is PollState.RESULT_DISPUTED

    return check


def _with(closing: ClosingList, lines: Sequence[Any]) -> ClosingList:
    totals = {question: dict.fromkeys(counts, 0) for question, counts in closing.totals.items()}
    for counts in totals.values():
        counts[next(iter(counts))] = len(lines)
    return structs.replace(closing, counted=tuple(lines), totals=totals)


@attack(CONTENT)
def a_vote_is_dropped(evil: EvilService) -> Check:
    """The closing list leaves out a vote that has a receipt."""
    return _disputed(evil, lambda closing: _with(closing, ()))


@attack(CONTENT)
def a_vote_is_replaced(evil: EvilService) -> Check:
    """The closing list names a vote that this member never cast."""
    fake = Hash("sha256:" + "a" * 64)
    return _disputed(evil, lambda c: _with(c, [structs.replace(line, vote=fake) for line in c.counted]))


@attack(CONTENT)
def a_vote_counts_twice(evil: EvilService) -> Check:
    """One member stands in the list twice."""
    return _disputed(evil, lambda closing: _with(closing, (*closing.counted, *closing.counted)))


@attack(CONTENT)
def a_voter_without_a_vote(evil: EvilService) -> Check:
    """Somebody who is not eligible stands in the list."""
    return _disputed(evil, lambda c: _with(c, (*c.counted, structs.replace(c.counted[0], member=MemberId("m_099")))))


@attack(CONTENT)
def totals_that_do_not_add_up(evil: EvilService) -> Check:
    """True lines, false sums."""

    def change(closing: ClosingList) -> ClosingList:
        totals = {
            question: {choice: count + 1 for choice, count in counts.items()}
            for question, counts in closing.totals.items()
        }
        return structs.replace(closing, totals=totals)

    return _disputed(evil, change)


@attack(SIGNATURE, CONTENT)
def the_list_of_another_poll(evil: EvilService) -> Check:
    """A true closing list is replayed for a poll it does not belong to."""
    other = evil.office.poll("po_0002", evil.pack)
    papers = [evil.office.paper(name, data) for name, data in evil.papers.items()]
    evil.office.publish(evil.pack, papers, polls=[evil.wording, other])
    evil.device.sync()
    evil.device.vote("po_0001")
    evil.device.sync()
    for wording in (evil.wording, other):
        evil.office.close_poll(wording)
    true = evil.honest.get_closing(other.id)
    evil.lie("get_closing", lambda _truth, _poll: true)

    def check() -> None:
        assert evil.device.poll("po_0001").state is not PollState.RESULT_VERIFIED

    return check


# -- time ----------------------------------------------------------------------------------------------------------


@attack(SIGNATURE)
def a_time_nobody_signed(evil: EvilService) -> Check:
    """Years ahead, to make everything expire."""
    before = evil.device.time.now()
    later = Moment(to_rfc3339(Millis(evil.clock.now() + 3650 * DAY_MS)))
    evil.lie("time", lambda truth: evil.resigned(truth(), SignedTime, key=evil.stranger, now=later))

    def check() -> None:
        assert evil.device.time.now() - before < DAY_MS

    return check


# -- all of them ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ATTACKS)
def test_none_succeeds_each_is_told_and_honesty_mends_it(evil: EvilService, name: str) -> None:
    make, codes = ATTACKS[name]
    check = make(evil)
    before = evil.facts()
    evil.told()
    evil.device.engine.run_once()
    told = set(evil.told())
    assert told & codes, f"told {told or 'nothing'}, expected one of {set(codes)}"
    after = evil.facts()
    for subject in ("directory", "targets", "packs", "papers", "polls", "votes"):
        if subject in _MAY_MOVE.get(name, frozenset()):
            continue
        assert after[subject] == before[subject], subject
    if check is not None:
        check()
    evil.repent()
    report = evil.device.engine.run_once()
    assert report.error is None, report.problems
    for item in evil.device.items():
        assert item.state is OutboxState.RECEIPTED
    assert {name: evil.facts()["papers"][name] for name in evil.papers} == evil.papers  # type: ignore[index]


_VOTED: Final = frozenset({"votes"})
_CLOSED: Final = frozenset({"polls"})
_MAY_MOVE: Final = {
    **dict.fromkeys(("a_forged_receipt", "a_receipt_for_another_vote", "no_receipt_at_all"), _VOTED),
    **dict.fromkeys(
        (
            "a_vote_is_dropped",
            "a_vote_is_replaced",
            "a_vote_counts_twice",
            "a_voter_without_a_vote",
            "totals_that_do_not_add_up",
            "the_list_of_another_poll",
            "the_world_stands_still",
        ),
        _CLOSED,
    ),
    **dict.fromkeys(
        (
            "an_envelope_of_its_own",
            "an_envelope_of_another_pack",
            "another_manifest",
            "an_old_manifest_under_a_new_name",
            "packs_are_mixed",
            "a_paper_is_altered",
            "a_paper_is_cut_short",
            "a_paper_grows",
            "another_paper_in_its_place",
            "the_question_is_changed",
            "another_rule_set",
        ),
        frozenset({"targets"}),
    ),
    "the_question_is_changed": frozenset({"targets", "packs"}),
}
"""What moves for an honest reason meanwhile: a true release, a vote on its way, a poll that really closed."""


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 20


def test_an_unreachable_service_is_no_attack(evil: EvilService) -> None:
    before = evil.facts()
    evil.weather.cut()
    report = evil.device.engine.run_once()
    assert isinstance(report.error, Unreachable)
    assert evil.facts() == before


def _forge_directory(evil: EvilService, directory: Directory) -> None:
    """Signed by the service in the registrar's name, and a release that names it."""
    data = dsse.sign(codec.encode(directory), keyid=evil.office.ceremony.registrar.keyid, key=evil.key)
    name = names.directory_target(directory.version)
    targets = {n: t for n, t in evil.office.targets.items() if not n.startswith("d/")}
    targets[name] = Target(sha256=Hash(hashing.sha256(data)), size=len(data))
    _forge_release(evil, targets)
    evil.lie("get_target", lambda truth, asked, *_: data if asked == name else truth())


def _forge_release(evil: EvilService, targets: dict[str, Target]) -> None:
    """All roles made by the service: with its own key where it has one, in the others' names where it has none."""
    office = evil.office
    upload = office.ceremony.sign(
        targets,
        version=office.version + 1,
        now=evil.clock.now(),
        registrar=[held(office.ceremony.registrar.keyid)],
        publisher=[held(office.ceremony.publisher.keyid)],
    )
    evil.metadata(published(upload, evil.held, version=evil.clock.now(), now=evil.clock.now()))
