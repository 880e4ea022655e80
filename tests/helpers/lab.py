# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fault lab: a small world prepared once, and copies of it in which one thing goes wrong.

A copy is whole: service folder, desk and tablet, with a relay of its own between tablet and service. Trials
therefore never see each other's votes and can be run in any order.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from msgspec import structs

from client import profile as profiles
from client.clock import SystemClock
from client.crypto.random import system_random
from client.errors import Untrusted
from client.protocol import codec
from server.embedded import EmbeddedService
from server.secretariat.desk import Desk
from tests.helpers.invariants import Diary, device_evidence, service_evidence
from tests.helpers.invariants import breaches as broken
from tests.helpers.member import Member
from tests.helpers.weather import Weather
from tests.helpers.world import PASSPHRASE, ROOT, MemberProcess, World

HANOI: Final = timezone(timedelta(hours=7))
LARGE: Final = 3 * 1024 * 1024
"""Bytes of one paper, so that its rows wait for the store while it is being fetched."""
JUDGED: Final = {"result_verified"}


class Lab:
    """What every trial starts from.

    Args:
        folder: The prepared world lies below it.

    Attributes:
        poll: The one poll, open.
        paper: A paper with several pages.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start = datetime.now(HANOI).replace(microsecond=0) + timedelta(days=4)
        with World(folder, start=start) as world:
            self.root = world.desk.root()
            session = world.write_session()
            enlarge(session.revised, LARGE)
            assert world.desk.publish(session.session).changed
            tablet = Member(folder / "tablet")
            world.enrol(tablet)
            world.replace_a_root_key()
            self.poll = str(world.desk.packs[0].polls[0].id)
            world.open_poll(self.poll)
            shutil.copytree(folder / "tablet", folder / "synced")
            synced = Member(folder / "synced")
            synced.unlock()
            assert synced.sync()["error"] is None
            [pack] = synced.packs()
            assert pack["state"] == "ready"
            self.pack: str = pack["pack"]
            readable = [synced.paper(name)[1] for name in pack["papers"]]
            self.paper = str(next(p.id for p in readable if not p.is_stub and p.pages > 1 and p.size < LARGE))
            synced.close()
        self.root_file = folder / "root.json"
        self.root_file.write_bytes(codec.encode(self.root) + b"\n")

    def trial(self, folder: Path, *, synced: bool = True, process: bool = False) -> Trial:
        """A copy; ``process`` puts the service into a process of its own."""
        return Trial(self, folder, synced=synced, process=process)


def enlarge(pdf: Path, size: int) -> None:
    """Make a PDF that large with a comment behind its end; it stays the same document."""
    whole = pdf.read_bytes()
    tail = whole[whole.rindex(b"startxref") :]
    filler = b"% (du lieu gia dinh) du cho them byte 0123456789\n"
    pdf.write_bytes(whole + b"\n" + filler * ((size - len(whole)) // len(filler) + 1) + tail)


class ServiceProcess:
    """``ecabinet-server serve`` as an operator runs it, to be killed.

    Attributes:
        url: Where it answers.
    """

    def __init__(self, data: Path, root: Path) -> None:
        self._data, self._root = data, root
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self, *, die_at: str = "") -> str:
        """Start, at the same address as before, and wait until it answers; ``die_at`` as in ``doomed_service``."""
        program = ["tests.helpers.doomed_service", die_at] if die_at else ["server"]
        arguments = ["serve", "--data", str(self._data), "--root", str(self._root), "--port", str(self._port), "--json"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", *program, *arguments],
            cwd=ROOT,
            env={key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        self.url = json.loads(self._process.stdout.readline())["url"]
        self._port = urlsplit(self.url).port or 0
        return self.url

    def kill(self) -> None:
        """SIGKILL; harmless when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    stop = kill


class Trial:
    """One copy of the prepared world.

    Attributes:
        weather: Between tablet and service.
        diary: What the member was shown.
    """

    def __init__(self, lab: Lab, folder: Path, *, synced: bool, process: bool) -> None:
        self.lab, self.folder = lab, folder
        self.service_folder, self.tablet_folder = folder / "service", folder / "tablet"
        shutil.copytree(lab.folder / "service", self.service_folder)
        shutil.copytree(lab.folder / "desk", folder / "desk")
        shutil.copytree(lab.folder / ("synced" if synced else "tablet"), self.tablet_folder)
        self.service: EmbeddedService | ServiceProcess = (
            ServiceProcess(self.service_folder, lab.root_file)
            if process
            else EmbeddedService(self.service_folder, root=lab.root)
        )
        self.diary = Diary()
        self.recovery: dict[str, Any] = {}
        self.unlock_s = 0.0
        self._members: list[Member] = []
        self._processes: list[MemberProcess] = []

    def __enter__(self) -> Self:
        address = urlsplit(self.service.start())
        assert address.hostname
        assert address.port
        self.weather = Weather((address.hostname, address.port))
        self.desk = Desk.open(self.folder / "desk", PASSPHRASE, SystemClock(), system_random, testing=True)
        self.desk.connect(self.service.url)
        self.point_to(self.weather.url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
        for member in self._members:
            member.close()
        self.weather.cut()
        self.desk.close()
        self.service.stop()

    def point_to(self, url: str, *, ca_file: Path | None = None) -> None:
        """Tell the tablet another address of the service."""
        path = self.tablet_folder / "profile" / "profile.json"
        profile = profiles.load(path)
        assert profile is not None
        changed = structs.replace(profile, server_url=url, ca_file=None if ca_file is None else str(ca_file))
        profiles.save(path, changed)

    # -- members -----------------------------------------------------------------------------------------------

    def process(self, crash_at: str = "") -> MemberProcess:
        """The member in a process of its own."""
        made = MemberProcess(self.tablet_folder, crash_at=crash_at)
        self._processes.append(made)
        return made

    def member(self) -> Member:
        """The member in this process, unlocked; what recovery found and how long it took is kept."""
        clock, made = SystemClock(), Member(self.tablet_folder)
        began = clock.monotonic()
        self.recovery = made.unlock()
        self.unlock_s = clock.monotonic() - began
        self._members.append(made)
        return made

    def vote(self, member: Member, choice: str = "yes") -> int:
        """Vote as shown to the member."""
        notes = {"q1": "Chưa đủ cơ sở (dữ liệu giả định)"} if choice == "no" else None
        n = member.vote(self.lab.poll, {"q1": choice}, notes=notes)
        self.diary.told(n)
        self.diary.saw(member.status())
        return n

    def says(self, member: Member) -> list[str]:
        """The sentences of the outbox, also noted in the diary."""
        status = member.status()
        self.diary.saw(status)
        return [item["says"] for item in status["outbox"]]

    # -- judging -----------------------------------------------------------------------------------------------

    def breaches(self, member: Member, *, settled: bool = False) -> list[str]:
        """Which invariants do not hold now; ``settled`` also demands an answer to everything."""
        return broken(
            self.diary,
            device_evidence(member, recovery=self.recovery, unlock_s=self.unlock_s),
            service_evidence(self.service_folder),
            services={role.id: role.sign for role in self.desk._core.state.services},
            settled=settled,
        )

    def closing_breaches(self, member: Member) -> list[str]:
        """Close the poll, count, let the member check the list; what does not hold."""
        self.desk.close_poll(self.lab.poll)
        found = self.breaches(member, settled=True)
        try:
            found += service_evidence(self.service_folder).count_breaches(self.desk.results(self.lab.poll))
        except Untrusted as error:
            found.append(f"D the published result does not verify: {error.detail}")
        assert member.sync()["error"] is None
        states = {poll["state"] for poll in member.polls()}
        return found + [f"L the member's own check ends in {state}" for state in states - JUDGED]
