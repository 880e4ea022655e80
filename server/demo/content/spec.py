# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the demo session consists of, as values: papers, agenda items, questions.

Decides: the fields. Refuses: the list itself (``agenda``) and the text (``reports``, ``drafts``).
"""

from __future__ import annotations

from dataclasses import dataclass

from server.demo.content.topic import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSpec:
    """One paper of the demo."""

    file: str
    kind: str
    """Code of ``session.toml`` (to_trinh, du_thao, tham_dinh, tiep_thu, bao_cao, phu_luc, khac)."""
    style: str
    """Which builder writes it, see `server.demo.content.styles.build`."""
    number: str
    title: str
    age: int
    """Days from issue to the session."""
    agency: str
    topic: Topic
    weight: int = 4
    """Length: paragraphs a section, clauses an article or tables, as the style reads it."""
    urgency: str = "normal"
    secrecy: str = "normal"
    copy: str = ""
    form: str = "plain"
    """``plain``, ``scan`` (page images) or ``old`` (TCVN3 text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSpec:
    """One agenda item; ``minutes`` is its length."""

    title: str
    agency: str
    minutes: int
    papers: tuple[PaperSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSpec:
    """One question of a poll."""

    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSpec:
    """An open difference put to the members; ``held_by`` beside each option, ``pages`` from 1 beside a file."""

    text: str
    options: tuple[str, ...]
    held_by: tuple[tuple[str, ...], ...]
    pages: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSpec:
    """A vote; ``closes`` is hours after the session's start, 0 for none."""

    kind: str
    questions: tuple[QuestionSpec, ...]
    item: int = 0
    closes: int = 0
    issues: tuple[IssueSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSpec:
    """A folder's worth: one session or one opinion ballot."""

    title: str
    kind: str
    place: str
    items: tuple[ItemSpec, ...]
    polls: tuple[PollSpec, ...]
