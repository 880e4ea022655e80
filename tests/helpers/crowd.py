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
import ssl
import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeVar

import httpx

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
from tests.helpers.pack import YEAR_MS, Office, moment

T = TypeVar("T")
CLIENTS = 16
"""The library's pool looks at all its connections for every request: sixteen small ones cost less than a large one."""
AT_ONCE = 4 * CLIENTS
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


class Crowd:
    """What all of them do together; use as an asynchronous context manager.

    Attributes:
        took_ms: How long each vote waited for its receipt.
    """

    def __init__(self, office: Office, tablets: Sequence[Tablet], seed: int) -> None:
        self.office, self.tablets, self.url = office, tablets, office.url
        self.rng = random.Random(seed)
        self.took_ms: list[float] = []

    async def __aenter__(self) -> Self:
        self._clients = _clients(AT_ONCE // CLIENTS)
        self._listeners: list[httpx.AsyncClient] = []
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.hang_up()
        await _all(client.aclose() for client in self._clients)

    def _signed(self, tablet: Tablet, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
        return sign_request(
            method=method,
            url=self.url + path,
            headers=headers,
            body=body,
            keyid=tablet.device,
            key=tablet.key,
            created=self.office.clock.now() // 1000,
            nonce=base64.b64encode(os.urandom(18)).decode(),
        )

    async def _ask(self, tablet: Tablet, method: str, path: str, body: bytes = b"", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        signed = named | self._signed(tablet, method, path, body, named)
        client = self._clients[tablet.n_th % CLIENTS]
        return await client.request(method, self.url + path, content=body or None, headers=signed)

    # -- listening ------------------------------------------------------------------------------------------------

    async def listen(self) -> float:
        """Everybody opens the stream of hints at once and asks what there is; seconds until the last one has both."""
        began = time.perf_counter()
        self._listeners = _clients(None)
        await _all(self._join(self._listeners[tablet.n_th % CLIENTS], tablet) for tablet in self.tablets)
        return time.perf_counter() - began

    async def _join(self, client: httpx.AsyncClient, tablet: Tablet) -> None:
        headers = {"Accept": "text/event-stream"}
        signed = headers | self._signed(tablet, "GET", http.PATH_EVENTS, b"", headers)
        request = client.build_request("GET", self.url + http.PATH_EVENTS, headers=signed)
        answer = await client.send(request, stream=True)
        assert answer.status_code == httpx.codes.OK, answer.status_code
        async for line in answer.aiter_lines():
            assert line.startswith("retry:")
            break
        for path in (http.PATH_TIME, http.PATH_METADATA.format(name="timestamp.json")):
            assert (await self._ask(tablet, "GET", path)).status_code == httpx.codes.OK

    async def hang_up(self) -> None:
        """Everybody loses the line at the same moment."""
        await _all(client.aclose() for client in self._listeners)
        self._listeners = []

    # -- voting ---------------------------------------------------------------------------------------------------

    async def vote(self, polls: Sequence[PollWording], manifest: PackManifest, tablets: Sequence[Tablet]) -> float:
        """Each of ``tablets`` votes in each poll, one after the other; seconds until the last receipt."""
        began = time.perf_counter()
        await _all(self._vote_in_all(tablet, polls, manifest) for tablet in tablets)
        return time.perf_counter() - began

    async def _vote_in_all(self, tablet: Tablet, polls: Sequence[PollWording], manifest: PackManifest) -> None:
        for wording in polls:
            choice = self.rng.choice(("yes", "yes", "yes", "no"))
            key, envelope = tablet.vote(wording, manifest, choice, moment(self.office.clock))
            times = 2 if self.rng.random() < TWICE else 1
            await _all(self._post(tablet, key, envelope) for _ in range(times))

    async def _post(self, tablet: Tablet, key: Hash, envelope: bytes) -> None:
        began = time.perf_counter()
        answer = await self._ask(
            tablet, "POST", http.PATH_STATEMENTS, envelope, Content_Type=http.DSSE_MEDIA, Idempotency_Key=key
        )
        self.took_ms.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == httpx.codes.OK, answer.text[:300]
        receipt = codec.decode(answer.content, StatementAnswer, limit=codec.MAX_STATEMENT).receipt
        tablet.receipts.setdefault(key, []).append(receipt)

    async def ask_time(self, count: int) -> None:
        """``count`` requests for the signed time, spread over everybody."""

        async def ask(tablet: Tablet, times: int) -> None:
            for _ in range(times):
                assert (await self._ask(tablet, "GET", http.PATH_TIME)).status_code == httpx.codes.OK

        await _all(ask(tablet, count // len(self.tablets)) for tablet in self.tablets)

    async def closing(self, poll: PollId) -> ClosingList:
        """The service's signed list."""
        answer = await self._ask(self.tablets[0], "GET", http.PATH_CLOSING.format(poll=poll))
        assert answer.status_code == httpx.codes.OK, answer.text[:300]
        return self._opened(answer.content, ClosingList)

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


def _clients(connections: int | None) -> list[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    tls = ssl.create_default_context()  # never used, and dear to make sixteen times
    return [httpx.AsyncClient(timeout=60, trust_env=False, limits=limits, verify=tls) for _ in range(CLIENTS)]


async def _all(work: Iterable[Coroutine[None, None, None]]) -> None:
    """Everything at once; the first failure is the failure."""
    async with asyncio.TaskGroup() as group:
        for each in work:
            group.create_task(each)
