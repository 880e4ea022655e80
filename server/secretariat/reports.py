# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a check or a publish says, as values: printed for people, or as JSON with ``--json``."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from client.domain.ballot import BallotKind
from client.domain.ids import Moment, PackId, PollId
from client.domain.paper import PaperKind, SecrecyLevel
from client.domain.session import SessionKind
from server.secretariat.findings import Finding, errors


class Change(Enum):
    """How a paper stands to the revision before."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    STUB = "stub"
    RECALLED = "recalled"


class PaperReport(Struct, frozen=True):
    """One paper; ``size`` in bytes of the PDF."""

    file: str
    title: str
    kind: PaperKind
    number: str
    secrecy: SecrecyLevel
    change: Change
    version: int
    pages: int
    size: int
    late: bool


class ItemReport(Struct, frozen=True):
    """One agenda item."""

    title: str
    papers: tuple[PaperReport, ...]


class PollReport(Struct, frozen=True):
    """One ballot; ``new`` when its definition has to be sent."""

    id: PollId
    kind: BallotKind
    title: str
    questions: int
    eligible: int
    opens: Moment
    closes: Moment | None
    new: bool


class FolderReport(Struct, frozen=True):
    """A folder as it would be published.

    Attributes:
        to_send_bytes: Of the PDFs that are new or changed.
        removed: Titles of papers of the last revision that are no longer here.
        devices: Active devices that will be able to open it.
    """

    title: str
    kind: SessionKind
    starts: Moment | None
    items: tuple[ItemReport, ...]
    polls: tuple[PollReport, ...]
    findings: tuple[Finding, ...]
    removed: tuple[str, ...] = ()
    to_send: int = 0
    to_send_bytes: int = 0
    unchanged: int = 0
    stubs: int = 0
    pages: int = 0
    devices: int = 0

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands against publishing."""
        return not errors(self.findings)


class PublishReport(Struct, frozen=True):
    """What was published.

    Attributes:
        changed: False when the service already had exactly this; then nothing was sent.
        resumed: An interrupted publish of the same folder was completed.
        blobs, blob_bytes: Sealed papers that had to be there.
    """

    pack: PackId | None
    rev: int
    changed: bool
    dry_run: bool
    folder: FolderReport
    resumed: bool = False
    blobs: int = 0
    blob_bytes: int = 0
    envelopes: int = 0
    polls: int = 0
    release: int = 0
