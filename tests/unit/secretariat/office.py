# SPDX-License-Identifier: AGPL-3.0-or-later
"""A secretariat's office for tests: the real service, a real desk, real PDFs, a device with real keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx
import pymupdf

from client.clock import Clock, Millis, SystemClock
from client.crypto import dsse, hashing, stream
from client.crypto.hpke import SealingKey
from client.crypto.kdf import Argon2Params
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.ids import DeviceId, Moment
from client.domain.live import Presence
from client.errors import Unreachable
from client.protocol import codec, http, names
from client.protocol.live_commands import BeginSession, CallRoll
from client.protocol.messages import EnrolRequest, EnvelopeBody, PackManifest
from client.sync.trust import TufTrust
from server.embedded import EmbeddedService
from server.secretariat.desk import Desk
from server.secretariat.enrolment import fingerprint_digits
from server.secretariat.transport import ServiceClient
from tests.helpers.ceremony import MemoryTrustStore

ROOT = Path(__file__).resolve().parents[3]
FONT = ROOT / "resources" / "fonts" / "NotoSerif-Regular.ttf"
PASSPHRASE = "mật khẩu của bài kiểm tra"
LIGHT = Argon2Params(memory_kib=64, iterations=1, testing=True)
MEMBERS = """id,họ tên,nhóm,vai trò
m_001,Thủ tướng (dữ liệu giả định),government,prime_minister
m_017,Bộ trưởng A (dữ liệu giả định),government,member
m_090,Khách mời (dữ liệu giả định),government,guest
"""
DEVICE = DeviceId("d_tablet1")
NOON = Millis(1_795_000_000_000)  # 2026-11-18


class SetClock:
    """A clock that stands where it is put; requests need the service to share it."""

    def __init__(self, now: int = NOON) -> None:
        self.at = now

    def now(self) -> Millis:
        return Millis(self.at)

    def monotonic(self) -> float:
        return self.at / 1000


def make_pdf(path: Path, lines: Sequence[str] = ("Tài liệu (dữ liệu giả định)",), *, pages: int = 1) -> Path:
    """A small PDF with Vietnamese text."""
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page()
        page.insert_font("serif", fontfile=str(FONT))
        for row, line in enumerate(lines if number == 0 else [f"Trang {number + 1}"]):
            page.insert_text((72, 90 + 22 * row), line, fontname="serif", fontsize=12)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(path)
    document.close()
    return path


class CutClient(ServiceClient):
    """Counts requests; fails at one of them, before it is sent or after the service has answered it."""

    def __init__(self, *args, cut_at: int = 0, answered: bool = False, error=None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.requests: list[str] = []
        self._cut_at, self._answered, self._error = cut_at, answered, error or Unreachable("cut by the test")

    def _exchange(self, method, path, *args, **kwargs):
        self.requests.append(f"{method} {path}")
        cut = len(self.requests) == self._cut_at
        if cut and not self._answered:
            raise self._error
        answer = super()._exchange(method, path, *args, **kwargs)
        if cut:
            raise self._error
        return answer


class DeskWire:
    """The desk's connection as trust asks it."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def get_metadata(self, name: str, limit: int) -> bytes:
        return self._client._exchange("GET", http.PATH_METADATA.format(name=name), b"", {}, limit=limit)

    def get_target(self, name: str, limit: int) -> bytes:
        return self._client._exchange("GET", http.PATH_TARGET.format(name=name), b"", {}, limit=limit)


class Followed(TufTrust):
    """A client's trust, with its numbers shown."""

    @property
    def versions(self) -> Mapping[str, int]:
        assert self._held is not None
        return self._held.verified.versions


class Office:
    """Service and desk; ``folder`` is where papers are put."""

    def __init__(self, base: Path, *, clock: Clock | None = None) -> None:
        self.base = base
        self.clock = clock or SystemClock()
        receipt = EmbeddedService.prepare(base / "service")
        self.desk = Desk.create(
            base / "desk", PASSPHRASE, "Chính phủ", self.clock, system_random, service_key=receipt.sign, params=LIGHT
        )
        self.service = EmbeddedService(base / "service", root=self.desk.root(), clock=self.clock)
        self.url = self.service.start()
        self.desk.connect(self.url)
        (base / "members.csv").write_text(MEMBERS, "utf-8")
        self.desk.import_members(base / "members.csv")
        self.signing, self.sealing = SigningKey.generate(), SealingKey.generate()

    def close(self) -> None:
        self.desk.close()
        self.service.stop()

    def client(self, **options) -> CutClient:
        """A connection that counts, and may be cut."""
        core = self.desk._core
        client = CutClient(
            self.url, publisher=core.publisher, registrar=core.registrar, clock=self.clock, rng=system_random, **options
        )
        self.desk.use(client)
        return client

    def reopen(self) -> None:
        """The desk as another process would find it."""
        self.desk.close()
        self.desk = Desk.open(self.base / "desk", PASSPHRASE, self.clock, system_random, testing=True)
        self.desk.connect(self.url)

    def ask_to_enrol(self, ticket: str, device: DeviceId = DEVICE) -> str:
        """What a new device does; returns the digits it shows."""
        request = EnrolRequest(
            device=device,
            ticket=ticket,
            sign=self.signing.public,
            seal=self.sealing.public,
            name="Máy bảng",
            made=Moment("2026-11-20T00:00:00.000Z"),
        )
        body = dsse.sign(codec.encode(request), keyid=device, key=self.signing)
        answer = httpx.post(self.url + http.PATH_ENROL, content=body, headers={"content-type": http.DSSE_MEDIA})
        assert answer.status_code < 300, answer.text
        return fingerprint_digits(self.signing.public, self.sealing.public)

    def enrol(self, device: DeviceId = DEVICE) -> None:
        """The whole ceremony."""
        digits = self.ask_to_enrol(self.desk.open_ticket("m_017").ticket, device)
        self.desk.approve(device, digits)

    def sit(self, *here: str) -> None:
        """The session of the first pack, called to order with these members present."""
        session = self.desk.packs[0].pack
        self.desk.run_session(session, lambda _: CallRoll())
        self.desk.mark_presence(session, dict.fromkeys(here, Presence.PRESENT))
        self.desk.run_session(session, lambda _: BeginSession())

    def in_force(self) -> Followed:
        """What the service has in force, followed as a new client follows it."""
        trust = Followed(self.desk.root(), MemoryTrustStore())
        trust.refresh(DeskWire(self.client()), self.clock.now())
        return trust

    def version(self) -> int:
        """Grows by one with every release of one role."""
        found = self.in_force().versions
        return found["registrar"] + found["publisher"]

    def manifest(self, pack: str, rev: int) -> PackManifest:
        """A manifest as the enrolled device opens it: from the service's bytes alone."""
        trust = self.in_force()
        target = trust.targets()[names.pack_target(pack, rev)]
        client = self.client()
        sealed = client._get(http.PATH_TARGET.format(name=names.pack_target(pack, rev)), limit=codec.MAX_RELEASE)
        path = http.PATH_ENVELOPE.format(scope=pack, epoch=target.epoch, device=DEVICE)
        envelope = client._get(path, limit=codec.MAX_ENVELOPE)
        assert sealed is not None
        assert envelope is not None
        assert hashing.sha256(sealed) == target.sha256
        payload = dsse.open_(envelope, trust.publisher_keys()).payload
        body = codec.decode(payload, EnvelopeBody, limit=codec.MAX_ENVELOPE)
        key = Secret(self.sealing.open(names.envelope_info(pack, target.epoch, DEVICE), body.sealed))
        assert hashing.sha256(key.reveal()) == target.key_hash
        plain = stream.open_bytes(key, names.manifest_context(pack, rev), sealed, limit=codec.MAX_MANIFEST)
        return codec.decode(plain, PackManifest, limit=codec.MAX_MANIFEST)

    def paper(self, paper) -> bytes:
        """A paper's bytes as the device gets them."""
        sealed = self.client()._get(http.PATH_BLOB.format(hash=paper.blob), limit=codec.MAX_BLOB)
        assert sealed is not None
        return stream.open_bytes(Secret(paper.key), names.blob_context(paper.plain), sealed, limit=codec.MAX_BLOB)


def write_session(folder: Path, *, title: str = "Phiên họp (dữ liệu giả định)", extra: str = "") -> Path:
    """Two papers, a secret stub and a session vote."""
    make_pdf(folder / "01-to-trinh.pdf", ["TỜ TRÌNH", "về việc thử", title], pages=2)
    make_pdf(folder / "02-du-thao.pdf", ["DỰ THẢO", title])
    (folder / "session.toml").write_text(
        f"""title = "{title}"
starts = 2027-11-27T08:00:00+07:00
[[agenda]]
title = "Nghị định thử"
starts = "08:10"
[[agenda.papers]]
file = "01-to-trinh.pdf"
kind = "to_trinh"
title = "Tờ trình"
[[agenda.papers]]
file = "02-du-thao.pdf"
kind = "du_thao"
title = "Dự thảo"
[[agenda.papers]]
kind = "bao_cao"
title = "Báo cáo mật"
secrecy = "mat"
copy = "01/27"
[[polls]]
kind = "session"
item = 1
[[polls.questions]]
text = "Thông qua dự thảo?"
{extra}
""",
        "utf-8",
    )
    return folder
