# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small cabinet against the real service: keys, members, devices, signed objects, signed requests."""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.crypto import dsse, hashing, hpke
from client.crypto.request import sign_request
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, BallotKind, Choice, LatePolicy, NoteRule, VoteMode
from client.domain.ids import Hash, Moment, RuleSetId
from client.domain.live import Plan, Presence
from client.protocol import codec, names
from client.protocol import live_commands as do
from client.protocol.http import DSSE_MEDIA, MetadataUpload, SessionOrder, StatementAnswer
from client.protocol.messages import (
    ClosingList,
    CommentStatement,
    DeviceEntry,
    DeviceState,
    Directory,
    MemberEntry,
    PollDefinition,
    PollQuestion,
    Receipt,
    SealedFor,
    SessionPlan,
    Signed,
    Target,
    VoteClock,
    VoteStatement,
)
from server.config import Limits
from server.embedded import EmbeddedService
from server.secretariat.rules import PRESETS
from tests.helpers.ceremony import Ceremony

START = from_rfc3339("2026-11-27T01:00:00.000Z")
FAR = Moment("2027-11-27T00:00:00.000Z")
_SEAL = hpke.generate().public  # one is enough: the service never looks into it


class HandClock:
    """A clock that a test sets."""

    def __init__(self, now: Millis = START) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> Millis:
        return self._now

    def monotonic(self) -> float:
        return self._elapsed

    def pass_s(self, seconds: float) -> None:
        self._now = Millis(self._now + round(seconds * 1000))
        self._elapsed += seconds


def at(seconds: float) -> Moment:
    """``seconds`` after the start."""
    return Moment(to_rfc3339(Millis(START + round(seconds * 1000))))


@dataclass
class Device:
    """One member's device; counts its statements."""

    id: str
    member: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    state: DeviceState = DeviceState.ACTIVE
    until: Moment = FAR
    n: int = 0
    prev: Hash | None = None

    def entry(self) -> DeviceEntry:
        return DeviceEntry(self.id, self.member, self.key.public, _SEAL, self.state, at(-3600), self.until)  # type: ignore[arg-type]

    def sign(self, value: Signed) -> bytes:
        return dsse.sign(codec.encode(value), keyid=self.id, key=self.key)


QUESTION = PollQuestion(
    id="q1",  # type: ignore[arg-type]
    text=Hash("sha256:" + "1" * 64),
    choices=(
        Choice("yes", "Đồng ý", "Agree"),  # type: ignore[arg-type]
        Choice("no", "Không đồng ý", "Disagree", NoteRule.REQUIRED),  # type: ignore[arg-type]
    ),
)


class World:
    """Root, registrar, publisher, two members with three devices, and a running service."""

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits | None = None,
        database_url: str | None = None,
        port: int = 0,
    ) -> None:
        self.folder = folder
        self.clock = HandClock()
        self.ceremony = Ceremony(EmbeddedService.prepare(folder), self.clock.now())
        self.registrar, self.publisher = self.ceremony.registrar.key, self.ceremony.publisher.key
        self.root = self.ceremony.root
        self.embedded = EmbeddedService(
            folder,
            root=self.root,
            clock=self.clock,
            limits=limits or Limits(heartbeat_s=0.2, tick_s=0.05),
            database_url=database_url,
            port=port,
        )
        self.devices = [Device("d_an01", "m_an"), Device("d_an02", "m_an"), Device("d_binh01", "m_binh")]
        self.an, self.an2, self.binh = self.devices
        self.http = httpx.Client(timeout=20, trust_env=False)
        self.version = 0
        self.directory_version = 0
        self.targets: dict[str, Target] = {}
        self._nonces = itertools.count()

    def start(self) -> None:
        self.embedded.start()
        self.put_directory()

    def stop(self) -> None:
        self.http.close()
        self.embedded.stop()

    # -- requests ------------------------------------------------------------------------------------------

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        who: Device | str | None,
        headers: Mapping[str, str] | None = None,
        skew_s: int = 0,
        nonce: str | None = None,
        url: str | None = None,
    ) -> httpx.Response:
        return self.http.send(
            self.request(method, path, body, who=who, headers=headers, skew_s=skew_s, nonce=nonce, url=url)
        )

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        who: Device | str | None,
        headers: Mapping[str, str] | None = None,
        skew_s: int = 0,
        nonce: str | None = None,
        url: str | None = None,
    ) -> httpx.Request:
        url = url or self.embedded.url + path
        sent = dict(headers or {})
        if body:
            sent.setdefault("Content-Type", DSSE_MEDIA)
        if who is not None:
            keyid, key = self._signer(who)
            sent |= sign_request(
                method=method,
                url=url,
                headers=sent,
                body=body,
                keyid=keyid,
                key=key,
                created=self.clock.now() // 1000 + skew_s,
                nonce=nonce or base64.b64encode(os.urandom(12)).decode(),
            )
        return self.http.build_request(method, url, content=body or None, headers=sent)

    def _signer(self, who: Device | str) -> tuple[str, SigningKey]:
        if isinstance(who, Device):
            return who.id, who.key
        return (f"{who}-1", {"registrar": self.registrar, "publisher": self.publisher}[who])

    # -- what the secretariat does -------------------------------------------------------------------------

    def directory(self, version: int) -> bytes:
        directory = Directory(
            version=version,
            devices=tuple(device.entry() for device in self.devices),
            members=(
                MemberEntry("m_an", "An (dữ liệu giả định)", ("government",), "member"),  # type: ignore[arg-type]
                MemberEntry("m_binh", "Bình (dữ liệu giả định)", ("government",), "member"),  # type: ignore[arg-type]
            ),
            services=(self.embedded.receipt,),
            readers=(),
        )
        return dsse.sign(codec.encode(directory), keyid="registrar-1", key=self.registrar)

    def put_target(self, name: str, data: bytes, who: str = "publisher") -> httpx.Response:
        answer = self.send("PUT", f"/tuf/targets/{name}", data, who=who)
        if answer.status_code == 204:
            self.targets[name] = Target(Hash(hashing.sha256(data)), len(data))
        return answer

    def metadata(self, targets: dict[str, Target] | None = None, **how: Any) -> MetadataUpload:
        """The next release, not sent; ``how`` as for ``Ceremony.sign``."""
        how = {"version": self.version + 1, "now": self.clock.now(), **how}
        return self.ceremony.sign(self.targets if targets is None else targets, **how)

    def put_metadata(self, upload: MetadataUpload, who: str = "publisher") -> httpx.Response:
        return self.send("PUT", "/tuf/release", codec.encode(upload), who=who)

    def release(self) -> httpx.Response:
        upload = self.metadata()
        self.version += 1
        return self.put_metadata(upload)

    def metadata_file(self, name: str, who: Device | str = "publisher") -> bytes:
        return ok(self.send("GET", f"/tuf/metadata/{name}", who=who)).content

    def put_directory(self) -> None:
        self.targets = {name: t for name, t in self.targets.items() if not name.startswith("d/")}
        self.directory_version += 1
        name = names.directory_target(self.directory_version)
        ok(self.put_target(name, self.directory(self.directory_version), who="registrar"))
        ok(self.release())

    def definition(self, poll: str = "po_12", **changes: Any) -> PollDefinition:
        fields: dict[str, Any] = {
            "poll": poll,
            "kind": BallotKind.OPINION,
            "pack": "pk_7f3a",
            "item": None,
            "questions": (QUESTION,),
            "eligible": ("m_an", "m_binh"),
            "opens": at(-60),
            "closes": at(3600),
            "openers": ("m_binh",),
            "tie_breaker": None,
            "revote": True,
            "late": LatePolicy.NOT_COUNTED,
            "rules": "gov-2025/1",
        }
        return PollDefinition(**{**fields, **changes})

    def put_poll(self, definition: PollDefinition) -> httpx.Response:
        return self.send("PUT", f"/polls/{definition.poll}", self.by_publisher(definition), who="publisher")

    def a_poll(self, poll: str = "po_12", **changes: Any) -> PollDefinition:
        definition = self.definition(poll, **changes)
        ok(self.put_poll(definition))
        return definition

    def put_plan(self, session: str = "se_0412", pack: str = "pk_7f3a") -> Hash:
        """A session of the two members under the Government's rules; the plan's hash."""
        name = names.rules_target("gov-2025", 1)
        if name not in self.targets:
            rules = codec.encode(PRESETS[RuleSetId("gov-2025/1")])
            ok(self.put_target(name, dsse.sign(rules, keyid="publisher-1", key=self.publisher)))
            ok(self.release())
        plan = SessionPlan(
            session=session,  # type: ignore[arg-type]
            pack=pack,  # type: ignore[arg-type]
            version=1,
            plan=Plan(at(0), ("m_an", "m_binh"), "m_binh", (), "gov-2025/1", ()),  # type: ignore[arg-type]
        )
        ok(self.send("PUT", f"/sessions/{session}", self.by_publisher(plan), who="publisher"))
        return digest(plan)

    def by_publisher(self, value: Signed) -> bytes:
        return dsse.sign(codec.encode(value), keyid="publisher-1", key=self.publisher)

    def sit(self, *here: str, session: str = "se_0412") -> None:
        """The session is planned, these members are present and it has begun."""
        plan = self.put_plan(session)
        marks = tuple(do.PresenceMark(member, Presence.PRESENT) for member in here)  # type: ignore[arg-type]
        for command in (do.CallRoll(), do.MarkPresence(marks), do.BeginSession()):
            order = codec.encode(SessionOrder(plan, command))
            ok(self.send("POST", f"/sessions/{session}/orders", order, who="publisher"))

    # -- what a member does --------------------------------------------------------------------------------

    def vote(self, device: Device, definition: PollDefinition, choice: str = "yes", /, **changes: Any) -> VoteStatement:
        device.n += 1
        fields: dict[str, Any] = {
            "poll": definition.poll,
            "poll_def": digest(definition),
            "pack": definition.pack,
            "rev": 1,
            "member": device.member,
            "device": device.id,
            "n": device.n,
            "prev": device.prev,
            "replaces": None,
            "answers": (Answer("q1", choice, "vì có lý do" if choice == "no" else None),),  # type: ignore[arg-type]
            "papers": Hash("sha256:" + "2" * 64),
            "mode": VoteMode.IN_ROOM,
            "reason": None,
            "cast_at": at(0),
            "clock": VoteClock(None, None),
            "nonce": os.urandom(12),
        }
        statement = VoteStatement(**{**fields, **changes})
        device.prev = digest(statement)
        return statement

    def comment(self, device: Device, /, **changes: Any) -> CommentStatement:
        device.n += 1
        fields: dict[str, Any] = {
            "comment": f"co_{device.n:04d}",
            "pack": "pk_7f3a",
            "rev": 1,
            "member": device.member,
            "device": device.id,
            "n": device.n,
            "prev": device.prev,
            "text": (SealedFor("reader-1", b"sealed"),),
            "made": at(0),
            "nonce": os.urandom(12),
        }
        statement = CommentStatement(**{**fields, **changes})
        device.prev = digest(statement)
        return statement

    def post(
        self, device: Device, statement: Signed, *, envelope: bytes | None = None, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or digest(statement)}
        return self.send("POST", "/statements", envelope or device.sign(statement), who=device, headers=headers)

    def cast(self, device: Device, definition: PollDefinition, choice: str = "yes", /, **changes: Any) -> Receipt:
        answer = self.post(device, self.vote(device, definition, choice, **changes))
        receipt: Receipt = self.receipt(answer, Receipt)
        return receipt

    # -- reading answers -----------------------------------------------------------------------------------

    def receipt(self, answer: httpx.Response, kind: type[Any]) -> Any:
        ok(answer)
        return self.opened(codec.decode(answer.content, StatementAnswer, limit=codec.MAX_STATEMENT).receipt, kind)

    def opened(self, envelope: bytes, kind: type[Any]) -> Any:
        """A signed object of the service, verified."""
        keys = {self.embedded.receipt.id: self.embedded.receipt.sign}
        return codec.decode(dsse.open_(envelope, keys).payload, kind, limit=codec.MAX_CLOSING)

    def closing(self, poll: str, who: Device | str = "publisher") -> ClosingList:
        found: ClosingList = self.opened(ok(self.send("GET", f"/closing/{poll}", who=who)).content, ClosingList)
        return found


def digest(value: Signed) -> Hash:
    return Hash(hashing.sha256(codec.encode(value)))


def ok(answer: httpx.Response) -> httpx.Response:
    assert answer.is_success, f"{answer.status_code} {answer.text[:300]}"
    return answer


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and problem code; the document must be a proper one."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text[:300]
    document = json.loads(answer.content)
    assert document["status"] == answer.status_code
    return answer.status_code, document["type"].removeprefix("urn:ecab:problem:")


def signed_of(answer: httpx.Response) -> bytes:
    return base64.b64decode(json.loads(answer.content)["signed"])
