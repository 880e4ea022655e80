# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proves an installation with the parts that members use: ``ecabinet --self-test``.

It enrols nobody and touches no profile. In a folder of its own it builds a real client (``Core``) with throw-away
keys, writes a canary through the store, draws a page in a render process, and then reads its own files as a
thief would. A check is ``ok``, ``failed`` (papers or votes would not be safe here: exit status 1) or ``notice``
(true of this machine now, for IT staff to judge: no keystore in this login session, service not reachable).
"""

from __future__ import annotations

import platform
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from client import profile as profiles
from client import selftest_machine as machine
from client import updates
from client.build_info import build_info
from client.clock import Millis
from client.core import Core, tls_context
from client.crypto.metadata import write
from client.crypto.metadata.keys import HeldKey
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.crypto.signing import SigningKey
from client.domain.annotation import Rect, TextNote
from client.domain.ids import AnnotationId, DeviceId, Hash, MemberId, Moment, PaperId
from client.errors import EcabinetError, StoreDamaged, Text
from client.keys import device as devices
from client.keys.keyring_store import MemoryStore, OsKeyring
from client.paths import ProfilePaths
from client.policy import Policy
from client.profile import Profile
from client.protocol.messages import Root
from client.selftest_machine import Check, said
from client.store import annotations as marks
from client.store.connection import open_record
from client.surroundings import Surroundings
from client.sync.releases import KeepsNothing
from client.sync.transport import Transport
from client.viewer.events import Event, PixelsReady, RequestFailed, TileRequest, WorkerReady
from client.viewer.messages import BYTES_PER_PIXEL

CANARY: Final = "Hoàng Sa và Trường Sa – câu kiểm tra không được thấy trên đĩa"
NOWHERE: Final = "http://127.0.0.1:9"
WAIT_S: Final = 30.0


class SelfTest(Struct, frozen=True):
    """All findings and what they were found on."""

    ok: bool
    version: str
    platform: str
    checks: tuple[Check, ...]


def run(policy: Policy, profile: ProfilePaths) -> SelfTest:
    """Check this installation; takes a few seconds.

    Args:
        policy: As read from the machine.
        profile: Only asked for the service's address.
    """
    folder, info = Path(tempfile.mkdtemp(prefix="ecabinet-self-test-")), build_info()
    try:
        checks = [
            *_checked("render", lambda: _client_checks(folder, policy)),
            *_checked("keystore", _keystore),
            *_checked("policy", lambda: machine.policy(policy)),
            *_checked("tls", lambda: machine.authorities(policy)),
            *_checked("service", lambda: _service(policy, profile)),
            *machine.modules(),
            *machine.build(info),
            *machine.update(policy, info),
            *_checked("releases", lambda: _releases(policy)),
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # holds nothing but sealed throw-away bytes
    return SelfTest(
        ok=all(check.state != "failed" for check in checks),
        version=info.label,
        platform=f"{platform.system()} {platform.release()} {platform.machine()}, Python {platform.python_version()}",
        checks=tuple(checks),
    )


def _checked(name: str, check: Callable[[], list[Check]]) -> list[Check]:
    try:
        return check()
    except EcabinetError as error:
        return [Check(name, "failed", str(error), error.title.vi, error.title.en)]


def _client_checks(folder: Path, policy: Policy) -> list[Check]:
    paths = ProfilePaths(folder / "profile")
    painted = _Painted()
    around = Surroundings(keystore=MemoryStore(), policy=policy, on_render=painted.hear)
    ident = DeviceId("d_selftest")
    keys = devices.generate(ident, around.rng)
    profile = Profile(
        NOWHERE,
        _root(around.clock.now()),
        ident,
        "self-test",
        around.keystore.backend_name,
        member=MemberId("m_selftest"),
    )
    core = Core(paths, profile, keys, around)
    try:
        core.record.write(lambda conn: marks.add(conn, _note())).result(WAIT_S)
        kept = core.record.read(lambda conn: [a.id for a in marks.all_live(conn)]).result(WAIT_S)
        rendered = _rendered(core, painted)
        at_rest = _at_rest(folder, paths)  # while everything is open: the log file counts too
    finally:
        core.close()
    return [rendered, _stored(paths, kept), at_rest]


def _root(now: Millis) -> Root:
    """A root that nobody will ever use again."""
    top, registrar, publisher = (HeldKey(f"self-test-{n}", SigningKey.generate()) for n in range(3))
    plan = write.RootPlan({top.keyid: top.public}, 1, {registrar.keyid: registrar.public})
    who = write.Delegation({registrar.keyid: registrar.public}, {publisher.keyid: publisher.public})
    root = write.root(plan, version=1, expires=now, signers=[top])
    return Root("self-test", (root,), write.targets(who, version=1, expires=now, signers=[top]))


def _stored(paths: ProfilePaths, kept: list[AnnotationId]) -> Check:
    try:
        open_record(paths.record, Secret.random(48, system_random), read_only=True).close()
        refused = False
    except StoreDamaged:
        refused = True
    return said(
        "store",
        refused and kept == [_note().id],
        "sqlcipher",
        Text(
            "Kho dữ liệu mã hóa hoạt động; khóa sai bị từ chối.", "The encrypted store works; a wrong key is refused."
        ),
        Text("Kho dữ liệu không hoạt động đúng.", "The store does not work as it should."),
    )


def _at_rest(folder: Path, paths: ProfilePaths) -> Check:
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    plain = [CANARY.encode(), CANARY.encode("utf-16-le"), _PDF[:64]]
    leaked = any(needle in data for data in files for needle in plain)
    encrypted = not paths.record.read_bytes().startswith(b"SQLite format 3")
    return said(
        "plaintext",
        encrypted and not leaked,
        f"{len(files)} files",
        Text("Không có bản rõ trên đĩa.", "No plaintext on the disk."),
        Text("Có bản rõ trên đĩa!", "Plaintext on the disk!"),
    )


class _Painted:
    """Collects what the render host says."""

    def __init__(self) -> None:
        self.sandbox = ""
        self.event: PixelsReady | RequestFailed | None = None
        self.arrived = threading.Event()

    def hear(self, event: Event) -> None:
        if isinstance(event, WorkerReady):
            self.sandbox = event.sandbox
        if isinstance(event, PixelsReady | RequestFailed):
            self.event = event
            self.arrived.set()


def _rendered(core: Core, painted: _Painted) -> Check:
    core.start_rendering()
    pages = core.render.open_paper("self-test", _PDF).result(WAIT_S).pages
    core.render.request(TileRequest(doc="self-test", page=0, scale=1.0, x=0, y=0, width=100, height=100))
    painted.arrived.wait(WAIT_S)
    event = painted.event
    drawn = (
        isinstance(event, PixelsReady)
        and len(pages) == 1
        and _pixel(event, 25, 25) == b"\0\0\0"
        and _pixel(event, 75, 75) == b"\xff\xff\xff"
    )
    return said(
        "render",
        drawn,
        f"sandbox {painted.sandbox or 'unknown'}",
        Text("Trang được vẽ trong tiến trình riêng.", "A page was drawn in a process of its own."),
        Text("Không vẽ được trang thử.", "The test page could not be drawn."),
    )


def _pixel(event: PixelsReady, x: int, y: int) -> bytes:
    at = y * event.stride + BYTES_PER_PIXEL * x
    return bytes(event.pixels[at : at + 3])


def _keystore() -> list[Check]:
    good = Text("Kho khóa của hệ điều hành dùng được.", "The system keystore is usable.")
    try:
        return [said("keystore", True, OsKeyring().backend_name, good, good)]
    except EcabinetError as error:
        return [Check("keystore", "notice", error.detail, error.title.vi, error.title.en)]


def _service(policy: Policy, paths: ProfilePaths) -> list[Check]:
    known = profiles.load(paths.profile)
    url = known.server_url if known else policy.server_url
    none = Text("Chưa đặt địa chỉ máy chủ.", "No service address is set.")
    if url is None:
        return [Check("service", "notice", "no address", none.vi, none.en)]
    around = Surroundings(keystore=MemoryStore())
    context = tls_context(known.ca_file if known else policy.ca_file, policy.ca_pins)
    transport = Transport(url, verify=context, clock=around.clock, rng=around.rng, signer=None, proxy=policy.proxy)
    fine = Text("Kết nối được máy chủ.", "The service is reachable.")
    try:
        transport.time()
        return [said("service", True, "reachable", fine, fine)]
    except EcabinetError as error:
        return [Check("service", "notice", error.code, error.title.vi, error.title.en)]
    finally:
        transport.close()


def _releases(policy: Policy) -> list[Check]:
    """Whether the mirror of update metadata can be read and believed, and what it says; nothing is kept."""
    if not updates.wanted(policy):
        return []
    around = Surroundings(keystore=MemoryStore())
    try:
        releases, mirror = updates.follow(
            policy,
            KeepsNothing(),
            verify=tls_context(policy.ca_file),
            clock=around.clock,
            rng=around.rng,
            now=around.clock.now,
        )
    except EcabinetError as error:
        return [Check("releases", "notice", error.code, error.title.vi, error.title.en)]
    try:
        return [machine.releases(releases.look(mirror))]
    finally:
        mirror.close()


def _note() -> TextNote:
    return TextNote(
        id=AnnotationId("a_selftest"),
        paper=PaperId("do_selftest"),
        plain=Hash("sha256:" + "0" * 64),
        page=0,
        made=Moment("2026-11-23T00:00:00.000Z"),
        at=Rect(0, 0, 10, 10),
        text=CANARY,
    )


def _pdf() -> bytes:
    """One page of 100 by 100 points, its upper left quarter black."""
    content = b"0 50 50 50 re f"
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
    )
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 5\n0000000000 65535 f \n" + rows
    return out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


_PDF: Final = _pdf()
