# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers: kinds, grades and the version a manifest names.

A paper with a secrecy grade is a *stub*: it has no bytes, no hash and no key anywhere in the system (Law on
State Secrets 117/2025/QH15; product.md, section 2). ``PaperVersion.is_stub`` is decided by the grade alone,
and ``carries_bytes`` by the presence of any field that could lead to bytes, so that the two can disagree
and the disagreement be refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated

from msgspec import Meta, Struct

from client.domain.ids import Hash, Moment, PaperId
from client.domain.session import Title

DAYS_AHEAD = 3
"""Papers are due at least three days before a session (product.md, section 2)."""


class PaperKind(Enum):
    """What a paper is in the dossier of an item."""

    SUBMISSION = "to_trinh"
    DRAFT = "du_thao"
    APPRAISAL = "tham_dinh"
    RESPONSE = "tiep_thu"
    REPORT = "bao_cao"
    ANNEX = "phu_luc"
    OTHER = "khac"


class SecrecyLevel(Enum):
    """Độ mật."""

    NORMAL = "normal"
    SECRET = "mat"  # noqa: S105 - a grade, not a password
    TOP_SECRET = "toi_mat"  # noqa: S105 - a grade, not a password
    ULTRA_SECRET = "tuyet_mat"  # noqa: S105 - a grade, not a password


class Urgency(Enum):
    """Độ khẩn (Decree 30/2020/NĐ-CP)."""

    NORMAL = "normal"
    URGENT = "urgent"
    FLASH = "flash"


class PaperPolicy(Struct, frozen=True, forbid_unknown_fields=True):
    """What a member may do with the paper outside the reader."""

    print: bool = False
    export: bool = True
    copy: bool = True


class PaperVersion(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One version of one paper in one revision of a pack.

    Attributes:
        version: 1 for the first text, 2 for its replacement ("bản 2"), and so on.
        plain: Hash of the PDF; ``size`` its length in bytes.
        blob: Hash of the sealed bytes; ``blob_size`` their length; ``key`` the 32-byte blob key.
        sent: When this version was published; decides the late badge.
        copy_number: For a stub, which paper copy the member receives.
        recalled: When it was withdrawn; then nothing of it leads to bytes and devices erase what they have.
    """

    id: PaperId
    kind: PaperKind
    title: Title
    version: Annotated[int, Meta(ge=1, le=999)] = 1
    number: Title = ""
    agency: Title = ""
    issued: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    urgency: Urgency = Urgency.NORMAL
    secrecy: SecrecyLevel = SecrecyLevel.NORMAL
    copy_number: Annotated[str, Meta(max_length=40)] = ""
    sent: Moment | None = None
    media: Annotated[str, Meta(pattern=r"^application/pdf$")] = "application/pdf"
    pages: Annotated[int, Meta(ge=0, le=20_000)] = 0
    plain: Hash | None = None
    size: Annotated[int, Meta(ge=0, le=1 << 30)] = 0
    blob: Hash | None = None
    blob_size: Annotated[int, Meta(ge=0, le=1 << 30)] = 0
    key: bytes | None = None
    policy: PaperPolicy = PaperPolicy()
    recalled: Moment | None = None

    def __repr__(self) -> str:
        """Id and version only: the title and the blob key must not reach a log."""
        return f"PaperVersion({self.id} v{self.version})"

    @property
    def is_stub(self) -> bool:
        """True for a state secret: handed out on paper, never as bytes."""
        return self.secrecy is not SecrecyLevel.NORMAL

    @property
    def can_open(self) -> bool:
        """Whether there are bytes to show: neither on paper only nor recalled."""
        return not self.is_stub and self.recalled is None

    @property
    def carries_bytes(self) -> bool:
        """True when any field could lead to bytes."""
        return bool(self.plain or self.blob or self.key or self.size or self.blob_size)

    def is_late_for(self, starts: Moment) -> bool:
        """Whether this version came less than ``DAYS_AHEAD`` days before ``starts``."""
        if self.sent is None:
            return False
        return datetime.fromisoformat(starts) - datetime.fromisoformat(self.sent) < timedelta(days=DAYS_AHEAD)
