# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole small world in one folder: the real service, the secretariat's desk, a wire that can be cut, members."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from client.clock import Clock, SystemClock
from client.crypto.metadata.keys import HeldKey
from client.crypto.random import system_random
from client.crypto.signing import SigningKey
from client.domain.live import Approver, Presence, SessionPhase
from client.protocol import codec
from client.protocol.live_commands import BeginSession, CallRoll
from client.resources import resource_path
from server.demo.documents_folder import DemoFolder, write_demo_folder
from server.embedded import EmbeddedService
from server.secretariat import keyfile
from server.secretariat.desk import Desk
from server.secretariat.founding import KEYS
from tests.helpers.member import LIGHT, Member
from tests.helpers.wire import Wire

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a desk of the tests"
MEMBERS = """id,name,groups,role
m_001,Thủ tướng (dữ liệu giả định),government,prime_minister
m_017,Bộ trưởng A (dữ liệu giả định),government,member
m_018,Bộ trưởng B (dữ liệu giả định),government,member
"""


class World:
    """Service, desk and wire; members are added as needed.

    Args:
        folder: Everything lies below it.
        start: When the demo's session starts.
    """

    def __init__(self, folder: Path, *, start: datetime, clock: Clock | None = None) -> None:
        self.folder = folder
        self.service_folder = folder / "service"
        self.clock = clock or SystemClock()
        self.start = start
        receipt = EmbeddedService.prepare(self.service_folder)
        self.desk = Desk.create(
            folder / "desk",
            PASSPHRASE,
            "Chính phủ (dữ liệu giả định)",
            self.clock,
            system_random,
            service_key=receipt.sign,
            params=LIGHT,
        )
        self.service = EmbeddedService(self.service_folder, root=self.desk.root(), clock=self.clock)

    def __enter__(self) -> Self:
        url = self.service.start()
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        self.wire = Wire((address.hostname, address.port))
        self.desk.connect(url)
        members = self.folder / "members.csv"
        members.write_text(MEMBERS, "utf-8")
        self.desk.import_members(members)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wire.cut()
        self.desk.close()
        self.service.stop()

    def write_session(self, *, small: bool = True, secret_bytes: bool = False) -> DemoFolder:
        """The demo's folder of invented papers."""
        return write_demo_folder(
            self.folder / "papers" / "session",
            fonts=resource_path("fonts"),
            start=self.start,
            small=small,
            secret_bytes=secret_bytes,
        )

    def replace_a_root_key(self) -> None:
        """The first root key goes; members have to follow the root."""
        two, three = (keyfile.open_(path, PASSPHRASE, testing=True) for path in self.root_keys()[1:3])
        new = HeldKey("root-4", SigningKey.generate())
        keyfile.write(self.folder / "desk" / KEYS / "root-4.ecabkey", new, PASSPHRASE, rng=system_random, params=LIGHT)
        assert self.desk.replace_root_key("root-1", new, signers=[two, three])

    def root_keys(self) -> list[Path]:
        """Files of the root keys, in order."""
        return sorted((self.folder / "desk" / KEYS).iterdir())

    def open_poll(self, poll: str, *, away: Sequence[str] = ()) -> None:
        """Open a poll; for a vote in a session everybody but ``away`` is here and the session has begun.

        Args:
            poll: Its id.
            away: Members whose absence was consented to.
        """
        pack = next(record for record in self.desk.packs if any(each.id == poll for each in record.polls))
        if self.desk.session(pack.pack).room.phase is SessionPhase.SCHEDULED:
            self.desk.run_session(pack.pack, lambda _: CallRoll())
            here = {member.id: Presence.PRESENT for member in self.desk.members if member.id not in away}
            self.desk.mark_presence(pack.pack, here)
            for member in away:
                self.desk.decide_absence(pack.pack, member, approved=True, by=Approver.PRIME_MINISTER)
            self.desk.run_session(pack.pack, lambda _: BeginSession())
        self.desk.open_poll(poll)

    def enrol(self, member: Member | MemberProcess, who: str = "m_017") -> None:
        """The whole ceremony: ticket, keys, digits compared, approved."""
        ticket = self.desk.open_ticket(who).ticket
        asked = member.enrol(self.wire.url, self.desk.root(), ticket)
        self.desk.approve(asked["device"], asked["digits"])


class MemberProcess:
    """A scripted member in a process of its own, to be killed.

    Args:
        folder: The member's folder, as for ``Member``.
        crash_at: Crash point at which the process kills itself.
    """

    def __init__(self, folder: Path, *, crash_at: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.member", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "ECABINET_CRASH_AT": crash_at, "PYTHONWARNINGS": "error"},
        )

    def enrol(self, url: str, root: Any, ticket: str) -> dict[str, str]:
        """See ``Member.enrol``."""
        answer = self.do("enrol", server_url=url, root=codec.encode(root).decode(), ticket=ticket)
        assert isinstance(answer, dict)
        return answer

    def do(self, name: str, **arguments: Any) -> Any:
        """One command and its answer.

        Raises:
            ProcessLookupError: The process died over it.
            RuntimeError: It answered with an error of the client; the code is its first argument.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps({"do": name, **arguments}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ProcessLookupError(name) from error
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise ProcessLookupError(name)
        reply = json.loads(line)
        if "error" in reply:
            raise RuntimeError(reply["error"], reply["detail"])
        return reply["ok"]

    def kill(self) -> None:
        """SIGKILL: no time for anything."""
        self._process.kill()
        self._process.wait()
        self._close()

    def end(self) -> None:
        """Close the window."""
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(30) == 0
        self._close()

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # what was not written to the dead stays unwritten
                    pipe.close()
