# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small secretariat for tests of synchronisation: real keys, real sealing, real requests, no folders.

It writes what ``server.secretariat`` would, with a handle on every step so that a test can also write it wrong.
"""

from __future__ import annotations

import base64
import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
from msgspec import structs

from client.clock import Clock, Millis, SystemClock, to_rfc3339
from client.crypto import dsse, hashing, hpke, request, stream
from client.crypto.hpke import SealingKey
from client.crypto.secret import Secret
from client.domain.ballot import BallotKind, Choice, LatePolicy, NoteRule
from client.domain.ids import (
    ChoiceCode,
    DeviceId,
    Hash,
    ItemId,
    MemberId,
    Moment,
    PackId,
    PaperId,
    PollId,
    QuestionId,
    RuleSetId,
    SessionId,
)
from client.domain.paper import PaperKind, PaperVersion
from client.domain.session import AgendaItem, Session, SessionKind
from client.protocol import codec, http, names
from client.protocol.messages import (
    DeviceEntry,
    DeviceState,
    Directory,
    EnvelopeBody,
    MemberEntry,
    PackManifest,
    PollDefinition,
    PollQuestion,
    PollWording,
    Reader,
    Target,
)
from server.embedded import EmbeddedService
from tests.helpers.ceremony import Ceremony

YEAR_MS = 365 * 24 * 3600 * 1000
CHOICES = (
    Choice(ChoiceCode("yes"), "Đồng ý", "Agree"),
    Choice(ChoiceCode("no"), "Không đồng ý", "Disagree", NoteRule.REQUIRED),
)
MEMBER = MemberId("m_017")


def moment(clock: Clock, plus_ms: int = 0) -> Moment:
    return Moment(to_rfc3339(Millis(clock.now() + plus_ms)))


class Office:
    """Registrar and publisher in one."""

    def __init__(self, folder: Path, *, clock: Clock | None = None, members: Sequence[MemberId] = (MEMBER,)) -> None:
        self.clock = clock or SystemClock()
        self.reader = SealingKey.generate()
        self.folder = folder
        self.receipt = EmbeddedService.prepare(folder)
        self.ceremony = Ceremony(self.receipt, self.clock.now())
        self.root = self.ceremony.root
        self.directory = Directory(
            version=0,
            devices=(),
            members=tuple(MemberEntry(m, "Thành viên (dữ liệu giả định)", ("government",), "member") for m in members),
            services=(self.receipt,),
            readers=(Reader("reader-1", self.reader.public),),
        )
        self.targets: dict[str, Target] = {}
        self.version = 0
        self.scope_keys: dict[PackId, Secret] = {}
        self.manifests: dict[PackId, PackManifest] = {}
        self.blob_keys: dict[Hash, tuple[bytes, bytes]] = {}
        self.uploads: list[str] = []
        self.url = ""
        self._http = httpx.Client(timeout=30, trust_env=False)

    def service(self, **options: object) -> EmbeddedService:
        return EmbeddedService(self.folder, root=self.root, clock=self.clock, **options)  # type: ignore[arg-type]

    def connect(self, url: str) -> None:
        self.url = url

    def close(self) -> None:
        self._http.close()

    # -- requests -------------------------------------------------------------------------------------------

    def put(self, path: str, body: bytes, *, registrar: bool = False, method: str = "PUT") -> bytes:
        answer = self.ask(path, body, registrar=registrar, method=method)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        self.uploads.append(path)
        return answer.content

    def ask(self, path: str, body: bytes, *, registrar: bool = False, method: str = "PUT") -> httpx.Response:
        """A signed request and whatever the service says to it."""
        role = self.ceremony.registrar if registrar else self.ceremony.publisher
        headers = {"Content-Type": http.BLOB_MEDIA}
        headers |= request.sign_request(
            method=method,
            url=self.url + path,
            headers=headers,
            body=body,
            keyid=role.keyid,
            key=role.key,
            created=self.clock.now() // 1000,
            nonce=base64.b64encode(os.urandom(18)).decode(),
        )
        return self._http.request(method, self.url + path, headers=headers, content=body)

    def target(self, name: str, data: bytes, *, registrar: bool = False, **more: object) -> None:
        self.put(http.PATH_TARGET.format(name=name), data, registrar=registrar)
        self.targets[name] = Target(sha256=Hash(hashing.sha256(data)), size=len(data), **more)  # type: ignore[arg-type]

    def release(self) -> None:
        """Sign and upload metadata over all targets: what was put before counts from now on."""
        self.version += 1
        upload = self.ceremony.sign(self.targets, version=self.version, now=self.clock.now())
        self.put(http.PATH_RELEASE, codec.encode(upload))

    def sign(self, value: object) -> bytes:
        publisher = self.ceremony.publisher
        return dsse.sign(codec.encode(value), keyid=publisher.keyid, key=publisher.key)

    # -- who is who -------------------------------------------------------------------------------------------

    def put_directory(self, **changes: object) -> None:
        """The next directory; the release still has to be signed."""
        self.directory = structs.replace(self.directory, version=self.directory.version + 1, **changes)
        registrar = self.ceremony.registrar
        data = dsse.sign(codec.encode(self.directory), keyid=registrar.keyid, key=registrar.key)
        for name in [name for name in self.targets if name.startswith("d/")]:
            del self.targets[name]
        self.target(names.directory_target(self.directory.version), data, registrar=True)

    def add_device(self, device: DeviceId, *, sign: str, seal: str, member: MemberId = MEMBER) -> None:
        entry = DeviceEntry(
            id=device,
            member=member,
            sign=sign,
            seal=seal,
            state=DeviceState.ACTIVE,
            since=moment(self.clock, -1000),
            until=moment(self.clock, YEAR_MS),
        )
        self.put_directory(devices=(*self.directory.devices, entry))
        for pack in self.scope_keys:
            self.put_envelope(pack, entry)

    def set_state(self, device: DeviceId, state: DeviceState) -> None:
        devices = (structs.replace(d, state=state) if d.id == device else d for d in self.directory.devices)
        self.put_directory(devices=tuple(devices))
        self.release()

    def put_envelope(self, pack: PackId, entry: DeviceEntry, key: Secret | None = None) -> None:
        info = names.envelope_info(pack, 1, entry.id)
        sealed = hpke.seal_to(entry.seal, info, (key or self.scope_keys[pack]).reveal())
        body = EnvelopeBody(scope=pack, epoch=1, device=entry.id, sealed=sealed)
        self.put(http.PATH_ENVELOPE.format(scope=pack, epoch=1, device=entry.id), self.sign(body))

    # -- packs --------------------------------------------------------------------------------------------------

    def paper(self, ident: str, data: bytes, *, version: int = 1) -> PaperVersion:
        """Seal and upload one paper; the same bytes keep blob and key."""
        plain = Hash(hashing.sha256(data))
        if plain not in self.blob_keys:
            key = os.urandom(32)
            sealed = stream.seal_bytes(Secret(key), names.blob_context(plain), data, rng=os.urandom)
            self.blob_keys[plain] = key, sealed
            self.put(http.PATH_BLOB.format(hash=hashing.sha256(sealed)), sealed)
        key, sealed = self.blob_keys[plain]
        return PaperVersion(
            id=PaperId(ident),
            kind=PaperKind.SUBMISSION,
            title=f"Tờ trình {ident} (dữ liệu giả định)",
            version=version,
            pages=1,
            plain=plain,
            size=len(data),
            blob=Hash(hashing.sha256(sealed)),
            blob_size=len(sealed),
            key=key,
        )

    def publish(
        self,
        pack: str,
        papers: Sequence[PaperVersion],
        *,
        polls: Sequence[PollWording] = (),
        release: bool = True,
        **changes: object,
    ) -> PackManifest:
        """The next revision of a pack, with envelopes for all devices and, unless told otherwise, its release."""
        name = PackId(pack)
        before = self.manifests.get(name)
        manifest = PackManifest(
            pack=name,
            rev=1 if before is None else before.rev + 1,
            prev=None if before is None else Hash(hashing.sha256(codec.encode(before))),
            grade="normal",
            read_until=moment(self.clock, YEAR_MS),
            session=Session(
                id=SessionId("se_0001"),
                title="Phiên họp thử (dữ liệu giả định)",
                kind=SessionKind.REGULAR,
                starts=moment(self.clock, 24 * 3600 * 1000),
                agenda=(AgendaItem(ItemId("it_1"), "Nội dung 1", tuple(p.id for p in papers)),),
            ),
            papers=tuple(papers),
            polls=tuple(polls),
        )
        manifest = structs.replace(manifest, **changes)
        if name not in self.scope_keys:
            self.scope_keys[name] = Secret(os.urandom(32))
        for entry in self.directory.devices:
            self.put_envelope(name, entry)
        self.put_manifest(manifest)
        self.manifests[name] = manifest
        if release:
            self.release()
        return manifest

    def put_manifest(self, manifest: PackManifest) -> None:
        key = self.scope_keys[manifest.pack]
        context = names.manifest_context(manifest.pack, manifest.rev)
        sealed = stream.seal_bytes(key, context, codec.encode(manifest), rng=os.urandom)
        for old in [name for name in self.targets if name.startswith(f"p/{manifest.pack}.")]:
            del self.targets[old]
        self.target(
            names.pack_target(manifest.pack, manifest.rev),
            sealed,
            scope=manifest.pack,
            epoch=1,
            key_hash=Hash(hashing.sha256(key.reveal())),
        )

    # -- polls ----------------------------------------------------------------------------------------------------

    def poll(self, ident: str, pack: str, **changes: object) -> PollWording:
        """Define and upload a poll; its wording goes into a manifest."""
        salt, question = os.urandom(16), QuestionId("q1")
        text = "Đồng ý thông qua? (dữ liệu giả định)"
        definition = PollDefinition(
            poll=PollId(ident),
            kind=BallotKind.OPINION,
            pack=PackId(pack),
            item=None,
            questions=(PollQuestion(question, names.wording_hash(salt, question, text), CHOICES),),
            eligible=tuple(member.id for member in self.directory.members),
            opens=moment(self.clock, -1000),
            closes=moment(self.clock, 24 * 3600 * 1000),
            openers=(),
            tie_breaker=None,
            revote=True,
            late=LatePolicy.NOT_COUNTED,
            rules=RuleSetId("gov-2025/1"),
        )
        definition = structs.replace(definition, **changes)
        self.put(http.PATH_POLL.format(poll=ident), self.sign(definition))
        return PollWording(
            id=PollId(ident),
            definition=Hash(hashing.sha256(codec.encode(definition))),
            salt=salt,
            title="Phiếu lấy ý kiến (dữ liệu giả định)",
            summary="",
            text={question: text},
        )

    def close_poll(self, wording: PollWording) -> None:
        body = codec.encode(http.CloseRequest(wording.definition))
        self.put(http.PATH_POLL_CLOSE.format(poll=wording.id), body, method="POST")

    def open_poll(self, wording: PollWording) -> None:
        body = codec.encode(http.OpenRequest(wording.definition))
        self.put(http.PATH_POLL_OPEN.format(poll=wording.id), body, method="POST")


_counter = itertools.count(1)


def some_bytes(size: int, seed: int | None = None) -> bytes:
    """Incompressible, distinct, repeatable bytes."""
    number = next(_counter) if seed is None else seed
    head = f"%PDF-1.7 {number}\n".encode()
    block = hashing.sha256(head).encode()
    return (head + block * (size // len(block) + 1))[:size]


Headers = Mapping[str, str]
