# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole cabinet against the real service: the real desk, light devices that only sign and send, real clients.

A light device does what a member's device does on the wire and keeps nothing; a ``Device`` is the program without
windows. Both are listed in the directory the desk publishes. All share one clock that the test sets.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import msgspec
from msgspec import structs

from client.clock import Millis, from_rfc3339, to_rfc3339
from client.crypto import dsse, hashing, hpke
from client.crypto.metadata.keys import SigningPort
from client.crypto.random import system_random
from client.crypto.request import sign_request
from client.crypto.signing import SigningKey
from client.domain.ballot import Answer, VoteMode
from client.domain.ids import ChoiceCode, DeviceId, Hash, MemberId, Moment, QuestionId
from client.domain.live import ActText, Presence, SessionAct
from client.protocol import codec, http, names
from client.protocol.http import DSSE_MEDIA, StatementAnswer
from client.protocol.live_commands import BeginSession, CallRoll, SessionCommand
from client.protocol.messages import (
    DeviceEntry,
    DeviceState,
    SealedFor,
    SessionActText,
    SessionState,
    SessionStatement,
    Signed,
    VoteClock,
    VoteStatement,
)
from server.embedded import EmbeddedService
from server.secretariat import build
from server.secretariat.desk import Desk
from server.secretariat.model import PackRecord, PollRecord
from tests.helpers.device import Device
from tests.unit.secretariat.office import LIGHT, PASSPHRASE, SetClock

YEAR_MS = 365 * 24 * 3600 * 1000
_SEAL = hpke.generate().public  # one is enough for devices that open nothing
SITTING = from_rfc3339("2026-11-27T01:00:00.000Z")


class Refused(Exception):
    """The service refused a statement; the problem's code."""


@dataclass
class Light:
    """A member's device reduced to what it signs."""

    chamber: Chamber
    member: MemberId
    device: DeviceId
    key: SigningKey = field(default_factory=SigningKey.generate)
    n: int = 0
    prev: Hash | None = None
    last: Hash | None = None

    def entry(self) -> DeviceEntry:
        return self.chamber.entry(self.device, self.member, self.key.public, _SEAL)

    def send(self, statement: Signed) -> StatementAnswer:
        """Sign and send; the receipt's envelope, or ``Refused``."""
        payload = codec.encode(statement)
        digest = Hash(hashing.sha256(payload))
        url = self.chamber.url + http.PATH_STATEMENTS
        body = dsse.sign(payload, keyid=self.device, key=self.key)
        headers = self.signed("POST", url, body, {"Content-Type": DSSE_MEDIA, "Idempotency-Key": digest})
        answer = self.chamber.http.post(url, content=body, headers=headers)
        if answer.status_code >= 300:
            raise Refused(answer.json()["type"].removeprefix(http.PROBLEM_PREFIX))
        self.prev = self.last = digest
        return codec.decode(answer.content, StatementAnswer, limit=codec.MAX_STATEMENT)

    def signed(self, method: str, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers of a request under this device's key."""
        sent = dict(headers or {"Content-Type": "application/json"})
        return sent | sign_request(
            method=method,
            url=url,
            headers=sent,
            body=body,
            keyid=self.device,
            key=self.key,
            created=self.chamber.clock.now() // 1000,
            nonce=base64.b64encode(os.urandom(12)).decode(),
        )

    def act(self, act: SessionAct, words: ActText | None = None) -> StatementAnswer:
        """One act in the session."""
        self.n += 1
        session, nonce = self.chamber.session.id, system_random(16)
        sealed: tuple[SealedFor, ...] = ()
        if words is not None:
            reader = self.chamber.desk._core.reader_entry()
            info = names.act_info(session, self.member, nonce, reader.id)
            text = codec.encode(SessionActText(words=words))
            sealed = (SealedFor(reader.id, hpke.seal_to(reader.seal, info, text)),)
        return self.send(
            SessionStatement(
                session=session,
                pack=self.chamber.record.pack,
                member=self.member,
                device=self.device,
                n=self.n,
                prev=self.prev,
                act=act,
                text=sealed,
                made=self.chamber.now(),
                nonce=nonce,
            )
        )

    def vote(
        self,
        poll: PollRecord,
        choices: Mapping[str, str] | str,
        *,
        replaces: Hash | None = None,
        mode: VoteMode = VoteMode.IN_ROOM,
        reason: str | None = None,
    ) -> StatementAnswer:
        """One vote; ``choices`` by question, or one for all."""
        self.n += 1
        asked = list(poll.wording.text)
        given = dict.fromkeys(asked, choices) if isinstance(choices, str) else choices
        return self.send(
            VoteStatement(
                poll=poll.id,
                poll_def=poll.wording.definition,
                pack=self.chamber.record.pack,
                rev=self.chamber.record.rev,
                member=self.member,
                device=self.device,
                n=self.n,
                prev=self.prev,
                replaces=replaces,
                answers=tuple(
                    Answer(QuestionId(q), ChoiceCode(choice), "lý do (dữ liệu giả định)" if choice != "yes" else None)
                    for q, choice in given.items()
                ),
                papers=Hash(hashing.sha256(b"")),
                mode=mode,
                reason=reason,
                cast_at=self.chamber.now(),
                clock=VoteClock(None, None),
                nonce=system_random(16),
            )
        )


class Chamber:
    """Service, desk and devices; ``publish`` a folder, then ``sit``.

    Args:
        base: Where everything is kept.
        members: How many; the first is the Prime Minister.
    """

    def __init__(self, base: Path, members: int = 27) -> None:
        self.base = base
        self.clock = SetClock(SITTING - 5 * 24 * 3600 * 1000)
        receipt = EmbeddedService.prepare(base / "service")
        self.desk = Desk.create(
            base / "desk",
            PASSPHRASE,
            "Chính phủ (dữ liệu giả định)",
            self.clock,
            system_random,
            service_key=receipt.sign,
            params=LIGHT,
        )
        self.service = EmbeddedService(base / "service", root=self.desk.root(), clock=self.clock)
        self.url = self.service.start()
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.desk.connect(self.url)
        rows = [f"m_{n:03d},{NAMES[n % len(NAMES)]} {n:02d},government,member" for n in range(2, members + 1)]
        table = [
            "id,name,groups,role",
            f"m_001,{NAMES[0]} 01,government,prime_minister",
            *rows,
            "m_900,Thư ký Hội đồng,office,secretariat",
            "m_950,Phạm Khách Mời,office,guest",
        ]
        (base / "members.csv").write_text("\n".join(table) + "\n", "utf-8")
        self.desk.import_members(base / "members.csv")
        self.members = tuple(MemberId(f"m_{n:03d}") for n in range(1, members + 1))
        self.lights = {member: Light(self, member, DeviceId(f"d_{member[2:]}a")) for member in self.members}
        self.list_devices(*(light.entry() for light in self.lights.values()))
        self._devices: list[Device] = []

    def close(self) -> None:
        for device in self._devices:
            device.close()
        self.http.close()
        self.desk.close()
        self.service.stop()

    # -- directory ------------------------------------------------------------------------------------------

    def entry(self, device: str, member: str, sign: str, seal: str) -> DeviceEntry:
        fields = {
            "id": device,
            "member": member,
            "sign": sign,
            "seal": seal,
            "state": DeviceState.ACTIVE.value,
            "since": to_rfc3339(Millis(SITTING - 30 * 24 * 3600 * 1000)),
            "until": to_rfc3339(Millis(SITTING + YEAR_MS)),
        }
        return msgspec.convert(fields, DeviceEntry)

    def list_devices(self, *entries: DeviceEntry) -> None:
        """Put devices into the directory, as after the ceremony in person."""
        core = self.desk._core
        core.edit(lambda state: structs.replace(state, devices=(*state.devices, *entries), directory_stale=True))
        self.desk.publish_directory()

    def second_light(self, member: MemberId) -> Light:
        """Another device of a member."""
        light = Light(self, member, DeviceId(f"d_{member[2:]}b"))
        self.list_devices(light.entry())
        return light

    def client(self, member: MemberId) -> Device:
        """The real program of a member, without windows; to be made before ``publish``."""
        device = Device(
            self.base / f"client_{member}",
            self.desk.root(),
            self.url,
            member=member,
            device=f"d_{member[2:]}c",
            clock=self.clock,
        )
        self.list_devices(self.entry(device.device, member, device.signing.public, device.sealing.public))
        self._devices.append(device.start())
        return device

    # -- the session ------------------------------------------------------------------------------------------

    def now(self) -> Moment:
        return Moment(to_rfc3339(self.clock.now()))

    def pass_s(self, seconds: float) -> None:
        self.clock.at += round(seconds * 1000)

    def publish(self, folder: Path) -> None:
        self.desk.publish(folder)

    @property
    def record(self) -> PackRecord:
        return self.desk.packs[0]

    @property
    def session(self):
        return build.manifest_of(self.record).session

    def poll(self, number: int) -> PollRecord:
        """A poll by its place in the folder, from 1."""
        return self.record.polls[number - 1]

    def sit(self, here: int | None = None) -> None:
        """Call the roll with the first ``here`` members present and begin."""
        self.clock.at = SITTING
        present = self.members[: len(self.members) if here is None else here]
        self.desk.run_session(self.record.pack, lambda _: CallRoll())
        self.desk.mark_presence(self.record.pack, dict.fromkeys(present, Presence.PRESENT))
        self.desk.run_session(self.record.pack, lambda _: BeginSession())

    def order_by(self, light: Light, command: SessionCommand) -> str:
        """A command from a member's device: the phase after it, or the problem's code."""
        plan = self.desk._core.state.plans[self.session.id]
        url = self.url + http.PATH_SESSION_ORDER.format(session=self.session.id)
        body = codec.encode(http.SessionOrder(plan.hash, command))
        answer = self.http.post(url, content=body, headers=light.signed("POST", url, body))
        if answer.status_code >= 300:
            return answer.json()["type"].removeprefix(http.PROBLEM_PREFIX)
        state = codec.decode(answer.content, http.SessionAnswer, limit=4 * codec.MAX_SESSION).state
        payload, _ = dsse.peek_unverified(state)
        return codec.decode(payload, SessionState, limit=codec.MAX_SESSION).room.phase.value

    def publisher(self) -> SigningPort:
        return self.desk._core.publisher


NAMES = (
    "Trần Văn Thuận",
    "Nguyễn Thị Ánh",
    "Lê Hoàng Đức",
    "Phạm Quốc Bảo",
    "Đỗ Minh Châu",
    "Vũ Thị Hằng",
    "Hoàng Gia Khiêm",
)
