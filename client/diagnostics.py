# SPDX-License-Identifier: AGPL-3.0-or-later
"""What IT staff may know of this machine, and the bundle that a member can read before handing it over.

A diagnosis holds states, counts, sizes, versions and codes. It never holds a title, a name, a text, a vote or a key,
and nothing leaves the machine by itself: the bundle is a ZIP file that the member saves where they choose.
"""

from __future__ import annotations

import platform
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from client.clock import Clock, to_rfc3339
from client.crash import CrashReports
from client.domain.ids import DeviceId, Moment
from client.domain.releases import ReleaseNews, Standing
from client.errors import DiskFull
from client.logs import redact
from client.paths import ProfilePaths
from client.policy import Policy
from client.store import outbox, packs, papers
from client.store.gate import Gate
from client.sync.engine import Engine
from client.sync.events import Connectivity
from client.sync.timekeeper import Timekeeper

MAX_LOG_BYTES: Final = 512 * 1024
"""Of each log file, from its end: what happened last matters."""
MAX_REPORTS: Final = 5
LARGE_OFFSET_MS: Final = 60_000
LITTLE_SPACE: Final = 500_000_000
"""Bytes free below which a large pack may not fit."""


class Finding(Struct, frozen=True):
    """One fact.

    Attributes:
        key: What it is about; the screen has the words.
        value: A code, a count, a size in bytes or a time.
        attention: Somebody should look at it.
    """

    key: str
    value: str
    attention: bool = False


class Diagnosis(Struct, frozen=True):
    """All facts, at one moment."""

    made: Moment
    version: str
    platform: str
    findings: tuple[Finding, ...]

    @property
    def remarkable(self) -> int:
        """Facts that somebody should look at."""
        return sum(finding.attention for finding in self.findings)

    def of(self, key: str) -> Finding:
        """The finding of that key."""
        return next(finding for finding in self.findings if finding.key == key)


class Part(Struct, frozen=True):
    """One file of the bundle, as text that can be read before it is saved."""

    name: str
    text: str


@dataclass(frozen=True)
class Diagnostics:
    """Looks at a running client. All calls wait for the stores: not for the GUI thread.

    Args:
        keystore: Name of the back end that holds the device's secret.
        sandbox: What confines the render process, once it runs.
        release_news: What is known of newer releases; None where nobody is asked.
    """

    version: str
    device: DeviceId
    server_url: str
    keystore: str
    sandbox: Callable[[], str]
    paths: ProfilePaths
    policy: Policy
    record: Gate
    papers: Gate
    engine: Engine
    time: Timekeeper
    clock: Clock
    reports: CrashReports
    release_news: Callable[[], ReleaseNews | None] = lambda: None

    def look(self) -> Diagnosis:
        """Ask every part how it is."""
        return Diagnosis(
            made=self.time.moment(),
            version=self.version,
            platform=f"{platform.system()} {platform.release()} {platform.machine()}, "
            f"Python {platform.python_version()}",
            findings=(*self._service(), *self._clocks(), *self._stores(), *self._machine()),
        )

    def free_bytes(self) -> int:
        """Left on the disk that holds the stores."""
        return shutil.disk_usage(self.paths.base).free

    def bundle(self) -> tuple[Part, ...]:
        """The files a bundle would hold: the diagnosis, the ends of the logs, the last failures."""
        found = msgspec.json.format(msgspec.json.encode(self.look())).decode()
        logs = sorted(self.paths.log.parent.glob(self.paths.log.name + "*"))
        reports = self.reports.all()[:MAX_REPORTS]
        return (
            Part("diagnosis.json", found),
            *(Part(f"log/{path.name}", _end_of(path)) for path in logs),
            *(Part(f"crash/{path.name}", _end_of(path)) for path in reports),
        )

    def _service(self) -> list[Finding]:
        status = self.engine.status()
        return [
            Finding("server", self.server_url),
            Finding("connection", status.online.value, attention=status.online is not Connectivity.ONLINE),
            Finding("problem", status.error.code if status.error else "", attention=status.error is not None),
            Finding("last_sync", status.last_sync or ""),
            Finding("device", self.device),
            Finding("device_active", _yes(yes=status.active), attention=not status.active),
        ]

    def _clocks(self) -> list[Finding]:
        offset, error = self.clock.now() - self.time.now(), self.time.error_ms()
        return [
            Finding("wall_clock", to_rfc3339(self.clock.now())),
            Finding("clock_offset_ms", str(offset), attention=abs(offset) > LARGE_OFFSET_MS),
            Finding("clock_error_ms", "" if error is None else str(error)),
        ]

    def _stores(self) -> list[Finding]:
        acts = Counter(item.state.value for item in self.record.read(outbox.items).result())
        revisions = Counter(revision.state.value for revision in self.record.read(packs.all_revisions).result())
        used, present = self.papers.read(lambda conn: (papers.usage(conn), len(papers.present(conn)))).result()
        free = self.free_bytes()
        return [
            Finding("acts", _counts(acts)),
            Finding("packs", _counts(revisions), attention=bool(revisions["blocked"])),
            Finding("papers", str(present)),
            Finding("papers_bytes", str(used)),
            Finding("record_bytes", str(self.paths.record.stat().st_size)),
            Finding("free_bytes", str(free), attention=free < LITTLE_SPACE),
        ]

    def _machine(self) -> list[Finding]:
        fixed = sorted(
            name for name, value in msgspec.structs.asdict(self.policy).items() if value != getattr(Policy(), name)
        )
        sandbox, failures = self.sandbox(), self.reports.all()
        return [
            Finding("keystore", self.keystore, attention="demo" in self.keystore),
            Finding("sandbox", sandbox, attention=sandbox in {"", "none"}),
            Finding("policy", ", ".join(fixed)),
            Finding("failures", str(len(failures)), attention=bool(failures)),
            self._release(),
        ]

    def _release(self) -> Finding:
        news = self.release_news()
        if news is None:
            return Finding("release", "")
        parts = (news.standing.value, news.version, news.trouble)
        wanted = news.standing in {Standing.NEWER, Standing.TOO_OLD}
        return Finding("release", " ".join(filter(None, parts)), attention=wanted or bool(news.trouble))


def save(target: Path, parts: tuple[Part, ...]) -> None:
    """Write a bundle as a ZIP file.

    Raises:
        DiskFull: It could not be written; nothing is left behind.
    """
    aside = target.with_name(target.name + ".part")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.writestr(part.name, part.text)
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise DiskFull(type(error).__name__) from error


def _end_of(path: Path) -> str:
    """The end of a text file, redacted once more: whoever wrote it may have been an older version."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - MAX_LOG_BYTES))
        return redact(file.read(MAX_LOG_BYTES).decode("utf-8", "replace"))


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


def _yes(*, yes: bool) -> str:
    return "yes" if yes else "no"
