# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole cabinet and its staff at once: many devices that listen, lose the line together, and vote.

Each device signs its requests and statements with its own key and keeps its receipts, as the client does; there is no
store and no window, so that hundreds fit into one process. What the service promised is judged afterwards from the
receipts and its signed closing lists alone.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Self, TypeVar
from urllib.parse import urlsplit

from client.crypto import dsse, hashing
from client.crypto.hpke import SealingKey
from client.crypto.request import sign_request
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, VoteMode
from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, PollId, QuestionId
from client.protocol import codec, http
from client.protocol.http import StatementAnswer
from client.protocol.messages import (
    ClosingList,
    DeviceEntry,
    DeviceState,
    PackManifest,
    PollWording,
    Receipt,
    ReceiptStatus,
    VoteClock,
    VoteStatement,
)
from tests.helpers import lines
from tests.helpers.lines import Line
from tests.helpers.pack import YEAR_MS, Office, moment

T = TypeVar("T")
AT_ONCE = 64
"""Connections for votes: a balancer, or the members' own hesitation, lets no more through at a time."""
TWICE = 0.05
"""Share of votes whose answer is taken as lost: the same bytes go out again before the first answer is back."""
QUESTION = QuestionId("q1")
PAPERS = Hash("sha256:" + "0" * 64)


@dataclass
class Tablet:
    """One device of a member."""

    n_th: int
    device: DeviceId
    member: MemberId
    key: SigningKey
    n: int = 0
    prev: Hash | None = None
    sent: dict[Hash, tuple[PollId, ChoiceCode]] = field(default_factory=dict)
    receipts: dict[Hash, list[bytes]] = field(default_factory=dict)

    def vote(self, wording: PollWording, manifest: PackManifest, choice: str, cast_at: str) -> tuple[Hash, bytes]:
        """The next signed vote: its hash and envelope."""
        self.n += 1
        statement = VoteStatement(
            poll=wording.id,
            poll_def=wording.definition,
            pack=manifest.pack,
            rev=manifest.rev,
            member=self.member,
            device=self.device,
            n=self.n,
            prev=self.prev,
            replaces=None,
            answers=(Answer(QUESTION, ChoiceCode(choice), "vì có lý do" if choice == "no" else None),),
            papers=PAPERS,
            mode=VoteMode.IN_ROOM,
            reason=None,
            cast_at=cast_at,  # type: ignore[arg-type]
            clock=VoteClock(None, None),
            nonce=os.urandom(12),
        )
        payload = codec.encode(statement)
        self.prev = Hash(hashing.sha256(payload))
        self.sent[self.prev] = wording.id, ChoiceCode(choice)
        return self.prev, dsse.sign(payload, keyid=self.device, key=self.key)


def make_crowd(office: Office, count: int) -> list[Tablet]:
    """``count`` members with a device each, in a directory of their own; the office needs them as its members."""
    seal = SealingKey.generate().public  # nothing is sealed to them
    made = [Tablet(n, DeviceId(f"d_{n:04}"), MemberId(f"m_{n:04}"), SigningKey.generate()) for n in range(1, count + 1)]
    since, until = moment(office.clock, -1000), moment(office.clock, YEAR_MS)
    entries = [
        DeviceEntry(one.device, one.member, one.key.public, seal, DeviceState.ACTIVE, since, until) for one in made
    ]
    office.put_directory(devices=tuple(entries))
    return made


@dataclass(frozen=True, slots=True)
class Ready:
    """A vote written and signed: the same statement in one request, or in two that go out together."""

    tablet: Tablet
    key: Hash
    requests: tuple[bytes, ...]


class Crowd:
    """What all of them do together; use as an asynchronous context manager.

    Signing costs a device more than answering costs the service, so votes are signed before they are sent: what is
    timed is the service, and the reading and writing of bytes.

    Attributes:
        took_ms: How long each vote waited for its receipt.
    """

    def __init__(self, office: Office, tablets: Sequence[Tablet], seed: int) -> None:
        self.office, self.tablets, self.url = office, tablets, office.url
        self.rng = random.Random(seed)
        self.took_ms: list[float] = []
        address = urlsplit(office.url)
        assert address.hostname is not None
        assert address.port is not None
        self._address, self._host = (address.hostname, address.port), address.netloc
        self._free: asyncio.Queue[Line] = asyncio.Queue()
        self._lines: list[Line] = []
        self._listeners: list[Line] = []

    async def __aenter__(self) -> Self:
        self._lines = [Line(*self._address) for _ in range(AT_ONCE)]
        for line in self._lines:
            self._free.put_nowait(line)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.hang_up()
        for line in self._lines:
            line.hang_up()

    def _written(
        self, tablet: Tablet, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> bytes:
        """A request of this device, signed now."""
        named = headers or {}
        signed = sign_request(
            method=method,
            url=self.url + path,
            headers=named,
            body=body,
            keyid=tablet.device,
            key=tablet.key,
            created=self.office.clock.now() // 1000,
            nonce=base64.b64encode(os.urandom(18)).decode(),
        )
        return lines.request(method, path, self._host, named | signed, body)

    async def _ask(self, request: bytes) -> bytes:
        """The answer, over whichever line is free."""
        line = await self._free.get()
        try:
            status, body = await line.ask(request)
        finally:
            self._free.put_nowait(line)
        assert status == HTTPStatus.OK, f"{status} {body[:300]!r}"
        return body

    # -- listening ------------------------------------------------------------------------------------------------

    async def listen(self) -> float:
        """Everybody opens the stream of hints at once and asks what there is; seconds until the last one has both."""
        stream = {"Accept": "text/event-stream"}
        paths = (http.PATH_TIME, http.PATH_METADATA.format(name="timestamp.json"))
        signed = [
            (
                self._written(tablet, "GET", http.PATH_EVENTS, headers=stream),
                [self._written(tablet, "GET", path) for path in paths],
            )
            for tablet in self.tablets
        ]
        self._listeners = [Line(*self._address) for _ in self.tablets]
        began = time.perf_counter()
        await _all(self._join(line, *requests) for line, requests in zip(self._listeners, signed, strict=True))
        return time.perf_counter() - began

    async def _join(self, line: Line, stream: bytes, asked: Sequence[bytes]) -> None:
        status, first = await line.listen(stream)
        assert (status, first[:6]) == (HTTPStatus.OK, b"retry:")
        for request in asked:
            await self._ask(request)

    def hang_up(self) -> None:
        """Everybody loses the line at the same moment."""
        for line in self._listeners:
            line.hang_up()
        self._listeners = []

    # -- voting ---------------------------------------------------------------------------------------------------

    def sign(
        self, polls: Sequence[PollWording], manifest: PackManifest, tablets: Sequence[Tablet]
    ) -> list[list[Ready]]:
        """A vote of each of ``tablets`` in each poll; to be sent within the few minutes that a signature is good."""
        return [[self._sign(tablet, wording, manifest) for wording in polls] for tablet in tablets]

    def _sign(self, tablet: Tablet, wording: PollWording, manifest: PackManifest) -> Ready:
        choice = self.rng.choice(("yes", "yes", "yes", "no"))
        key, envelope = tablet.vote(wording, manifest, choice, moment(self.office.clock))
        headers = {"Content-Type": http.DSSE_MEDIA, "Idempotency-Key": key}
        times = 2 if self.rng.random() < TWICE else 1
        requests = (self._written(tablet, "POST", http.PATH_STATEMENTS, envelope, headers) for _ in range(times))
        return Ready(tablet, key, tuple(requests))

    async def send(self, votes: Sequence[Sequence[Ready]]) -> float:
        """Each list one after the other, all lists at once; seconds until the last receipt."""
        began = time.perf_counter()
        await _all(self._send(each) for each in votes)
        return time.perf_counter() - began

    async def _send(self, votes: Sequence[Ready]) -> None:
        for ready in votes:
            await _all(self._post(ready, request) for request in ready.requests)

    async def _post(self, ready: Ready, request: bytes) -> None:
        began = time.perf_counter()
        answer = await self._ask(request)
        self.took_ms.append(1000 * (time.perf_counter() - began))
        receipt = codec.decode(answer, StatementAnswer, limit=codec.MAX_STATEMENT).receipt
        ready.tablet.receipts.setdefault(ready.key, []).append(receipt)

    async def ask_time(self, count: int) -> float:
        """``count`` requests for the signed time, spread over everybody; seconds until the last answer."""
        request = lines.request("GET", http.PATH_TIME, self._host, {})

        async def ask(times: int) -> None:
            for _ in range(times):
                await self._ask(request)

        began = time.perf_counter()
        await _all(ask(count // len(self.tablets)) for _ in self.tablets)
        return time.perf_counter() - began

    async def closing(self, poll: PollId) -> ClosingList:
        """The service's signed list."""
        answer = await self._ask(self._written(self.tablets[0], "GET", http.PATH_CLOSING.format(poll=poll)))
        return self._opened(answer, ClosingList)

    def _opened(self, envelope: bytes, kind: type[T]) -> T:
        keys = {self.office.receipt.id: self.office.receipt.sign}
        return codec.decode(dsse.open_(envelope, keys).payload, kind, limit=codec.MAX_CLOSING)

    # -- judging --------------------------------------------------------------------------------------------------

    async def judge(self, polls: Sequence[PollWording]) -> dict[ReceiptStatus, int]:
        """None lost, none doubled, every receipt right; how many receipts of each kind there are.

        Raises:
            AssertionError: A promise was broken; which one is said.
        """
        found: dict[ReceiptStatus, int] = {}
        counted: dict[PollId, dict[MemberId, Hash]] = {wording.id: {} for wording in polls}
        late: dict[PollId, set[Hash]] = {wording.id: set() for wording in polls}
        places: set[int] = set()
        for tablet in self.tablets:
            assert set(tablet.receipts) == set(tablet.sent), "a vote without a receipt"
            for vote, envelopes in tablet.receipts.items():
                assert len(set(envelopes)) == 1, "two receipts for one vote"
                receipt = self._opened(envelopes[0], Receipt)
                poll, _ = tablet.sent[vote]
                assert (receipt.vote, receipt.member, receipt.poll) == (vote, tablet.member, poll)
                assert receipt.log.index not in places, "two votes in one place of the audit chain"
                places.add(receipt.log.index)
                found[receipt.status] = found.get(receipt.status, 0) + 1
                if receipt.status is ReceiptStatus.COUNTED:
                    counted[poll][tablet.member] = vote
                else:
                    late[poll].add(vote)
        for wording in polls:
            closing = await self.closing(wording.id)
            listed = [(line.member, line.vote) for line in closing.counted]
            assert len(listed) == len(dict(listed)), "a member twice in a closing list"
            assert dict(listed) == counted[wording.id], "the closing list is not what the receipts promise"
            assert {line.vote for line in closing.late} <= late[wording.id], "late before the list was signed"
            choices = [choice for tablet in self.tablets for choice in self._choices(tablet, wording.id, dict(listed))]
            totals = {choice: count for choice, count in closing.totals[QUESTION].items() if count}
            assert totals == {choice: choices.count(choice) for choice in set(choices)}
        return found

    @staticmethod
    def _choices(tablet: Tablet, poll: PollId, listed: dict[MemberId, Hash]) -> list[ChoiceCode]:
        vote = listed.get(tablet.member)
        return [] if vote is None else [tablet.sent[vote][1]]


async def _all(work: Iterable[Coroutine[None, None, None]]) -> None:
    """Everything at once; the first failure is the failure."""
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)
