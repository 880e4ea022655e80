# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ecabinet demo``: the real client against a real service on this machine, with invented papers.

State is kept between runs, so that strokes and votes of the last demonstration are still there; ``--reset`` starts
anew. Without a display the same program runs off screen, walks through its screens and writes them as PNG files.
This is the only module of the client that reaches into ``server``.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from client import logs, policy, profile
from client.clock import SystemClock, to_rfc3339
from client.core import Core
from client.crypto.random import system_random
from client.crypto.secret import Secret
from client.domain.annotation import Annotation, InkStroke, Rect, TextNote
from client.domain.ids import AnnotationId, MemberId, Moment
from client.domain.pack import PackRevision
from client.domain.paper import PaperKind
from client.enrol import NewDevice, ask_state
from client.keys.device import DeviceKeys
from client.keys.keyring_store import PassphraseFileStore
from client.launch import open_windows
from client.paths import ProfilePaths, default_profile
from client.resources import resource_path
from client.store import annotations as marks
from client.store import packs, shares
from client.store.changes import NOTHING, Written
from client.store.connection import Connection
from client.surroundings import Surroundings, vault_of
from client.viewer.ink import InkPoint, pack_points

PIN: Final = "271828"
_PASSPHRASE: Final = b"e-Cabinet: ban trinh dien"
_TOUR_FOLDER: Final = Path("demo-output")


def run_demo(options: argparse.Namespace) -> int:
    """Run the demonstration; see the module."""
    folder: Path = options.folder or default_profile().base.parent / "demo"
    if options.reset or options.reset_only:
        shutil.rmtree(folder, ignore_errors=True)
        if options.folder is None:
            shutil.rmtree(folder.with_name("demo-tour"), ignore_errors=True)
        if options.reset_only:
            print(f"Đã xóa / removed: {folder}")
            return 0
    shots: Path | None = options.tour or (None if has_display() else _TOUR_FOLDER)
    if shots is not None and options.folder is None:
        folder = folder.with_name("demo-tour")
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    logs.set_up(folder / "demo.log", verbose=options.verbose)
    from server.demo.stage import AIDE, MEMBER, DemoStage

    fonts = resource_path("fonts")
    with DemoStage(folder / "service", fonts=fonts, clock=SystemClock(), rng=system_random, say=_say) as stage:
        stage.publish()
        member = DemoMember(folder)
        if member.is_new:
            stage.enrol(lambda ticket: member.enrol(stage.service.url, stage.root, ticket))
            member.confirm()
            member.look_once()
            aide = DemoMember(folder / "aide")
            stage.enrol(lambda ticket: aide.enrol(stage.service.url, stage.root, ticket), AIDE)
            aide.confirm()
            stage.revise()
            _say("Máy của thư ký chuẩn bị ghi chú (dữ liệu giả định) …")
            aide.prepare_notes(MemberId(MEMBER))
        if shots is not None:
            from client.tour import run_tour

            return run_tour(member, shots, language=options.language or "vi", pin=PIN)
        print(f"Mã PIN của bản trình diễn / demo PIN: {PIN}")
        return member.run_windows(options.language or "vi")


def has_display() -> bool:
    """Whether a window could be shown."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class DemoMember:
    """The demonstration's member: a profile of its own with a keystore sealed under a known passphrase.

    Args:
        folder: Kept between runs.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.paths = ProfilePaths(folder / "profile")
        keystore = PassphraseFileStore(folder / "keystore.sealed", Secret(_PASSPHRASE))
        self.around = Surroundings(keystore=keystore, policy=policy.Policy())

    @property
    def is_new(self) -> bool:
        """Not enrolled yet."""
        return profile.load(self.paths.profile) is None

    def enrol(self, url: str, root: object, ticket: str) -> tuple[str, str]:
        """Make keys, hand the ticket in; device id and the 24 digits to compare."""
        from client.protocol.messages import Root

        assert isinstance(root, Root)
        device = NewDevice(self.paths, self.around, root, url)
        device.set_pin(PIN)
        known = device.hand_in(ticket)
        device.close()
        return known.device, known.digits

    def confirm(self) -> None:
        """The registrar approved: take note."""
        known = profile.load(self.paths.profile)
        assert known is not None
        ask_state(self.paths, known, self.around)

    def look_once(self) -> None:
        """Fetch the first revision, so that the second one shows as changed."""
        known = profile.load(self.paths.profile)
        assert known is not None
        core = Core(self.paths, known, self.keys(PIN), self.around)
        core.engine.run_once()
        core.close()

    def prepare_notes(self, reader: MemberId) -> None:
        """As an aide does: read the draft, write on it, share it with ``reader`` alone; then put the device away."""
        known = profile.load(self.paths.profile)
        assert known is not None
        core = Core(self.paths, known, self.keys(PIN), self.around)
        core.engine.run_once()
        notes = prepared_notes(core.record.read(packs.current).result(), Moment(to_rfc3339(self.around.clock.now())))

        def write(conn: Connection) -> Written[None]:
            changes = NOTHING
            for note in notes:
                changes |= marks.add(conn, note)[1]
            return None, changes | shares.choose(conn, [note.id for note in notes], (reader,))[1]

        core.record.write(write).result()
        core.engine.run_once()
        core.close()

    def keys(self, pin: str) -> DeviceKeys:
        """What the PIN opens."""
        known = profile.load(self.paths.profile)
        assert known is not None
        return vault_of(self.paths, self.around, known.device).unlock(pin)

    def run_windows(self, language: str) -> int:
        """Show the windows until they are closed."""
        app, _windows = open_windows(self.paths, self.around, language=language, hint=f"Bản trình diễn: mã PIN {PIN}")
        return app.exec()


def prepared_notes(revisions: Sequence[PackRevision], now: Moment) -> tuple[Annotation, ...]:
    """What an aide leaves on the second page of the longest draft: a note, and a ring in the margin."""
    paper = max(
        (one for revision in revisions for one in revision.papers if one.kind is PaperKind.DRAFT and one.plain),
        key=lambda one: (one.version, one.pages),
    )
    assert paper.plain is not None
    ring = [InkPoint(62 + 14 * math.cos(k / 9), 300 + 40 * math.sin(k / 9), 0.5, 8) for k in range(58)]
    note = TextNote(
        id=AnnotationId("a_aide_1"),
        paper=paper.id,
        plain=paper.plain,
        page=1,
        made=now,
        at=Rect(40, 240, 60, 260),
        text="Đề nghị Bộ trưởng hỏi lại về nguồn kinh phí (dữ liệu giả định).",
    )
    ink = InkStroke(
        id=AnnotationId("a_aide_2"),
        paper=paper.id,
        plain=paper.plain,
        page=1,
        made=now,
        colour="#0F4C81",
        width=2.2,
        points=pack_points(ring),
    )
    return note, ink


def _say(text: str) -> None:
    print(text, flush=True)
