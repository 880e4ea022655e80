# SPDX-License-Identifier: AGPL-3.0-or-later
"""``session.toml``: what a folder of papers says about itself.

Decides the file's form: every key is listed here, an unknown key, a wrong type or a wrong word is refused with
its place. Refuses to look at any other file. Times without an offset are Việt Nam time (UTC+7).
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, timedelta, timezone
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from client.domain.ballot import MAX_LINKS, MAX_OPTIONS, BallotKind, Holders, LatePolicy
from client.domain.ids import ChoiceCode, MemberId, Moment, PackId, RuleSetId
from client.domain.paper import PaperKind, PaperPolicy, SecrecyLevel, Urgency
from client.domain.session import LocalTime, SessionKind, Title
from server.secretariat.findings import Finding, finding

FILE_NAME: Final = "session.toml"
MAX_FILE: Final = 1024 * 1024
"""Bytes."""
MAX_ITEMS: Final = 100
VIETNAM: Final = timezone(timedelta(hours=7))

NonEmpty = Annotated[Title, Meta(min_length=1)]


class PaperEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[agenda.papers]]``; without ``file`` only for a graded paper."""

    title: NonEmpty
    file: Annotated[str, Meta(min_length=1, max_length=400)] | None = None
    kind: PaperKind = PaperKind.OTHER
    number: Title = ""
    issued: date | None = None
    agency: Title = ""
    urgency: Urgency = Urgency.NORMAL
    secrecy: SecrecyLevel = SecrecyLevel.NORMAL
    copy: Annotated[str, Meta(max_length=40)] = ""
    hide_title: bool = False
    policy: PaperPolicy = PaperPolicy()


class ItemEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[agenda]]``."""

    title: NonEmpty
    starts: LocalTime | None = None
    ends: LocalTime | None = None
    agency: Title = ""
    chair: MemberId | None = None
    guests: Annotated[tuple[NonEmpty, ...], Meta(max_length=100)] = ()
    papers: Annotated[tuple[PaperEntry, ...], Meta(max_length=500)] = ()


class QuestionEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[polls.questions]]``; ``choices`` picks codes of the rule set, all of them by default."""

    text: NonEmpty
    choices: Annotated[tuple[ChoiceCode, ...], Meta(max_length=12)] = ()


class OptionEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``{ text = "…", held_by = ["…"] }``: an option and the agencies that hold it."""

    text: NonEmpty
    held_by: Holders = ()


class PageEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``{ file = "….pdf", page = 7 }``: where a paper of the folder speaks about it; ``page`` counts from 1."""

    file: Annotated[str, Meta(min_length=1, max_length=400)]
    page: Annotated[int, Meta(ge=1, le=20_000)]


class IssueEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """``[[polls.open_issues]]``; an option is its words, or a table that also says who holds it.

    What is not stated is left out of the hash that makes a ballot the same ballot.
    """

    text: NonEmpty
    options: Annotated[tuple[Title | OptionEntry, ...], Meta(max_length=MAX_OPTIONS)] = ()
    pages: Annotated[tuple[PageEntry, ...], Meta(max_length=MAX_LINKS)] = ()


class PollEntry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``[[polls]]``; ``item`` counts from 1, ``group`` narrows who may vote.

    ``short_notice`` says why an opinion ballot leaves less time than the rules give; without it such a ballot is
    refused. It is left out of the hash that makes a ballot the same ballot where it is not stated.
    """

    kind: BallotKind
    questions: Annotated[tuple[QuestionEntry, ...], Meta(min_length=1, max_length=40)]
    title: Title = ""
    summary: Annotated[str, Meta(max_length=20_000)] = ""
    item: Annotated[int, Meta(ge=1, le=MAX_ITEMS)] | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    open_issues: Annotated[tuple[IssueEntry, ...], Meta(max_length=40)] = ()
    rules: RuleSetId | None = None
    group: Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$")] | None = None
    late: LatePolicy | None = None
    short_notice: Annotated[str, Meta(min_length=3, max_length=400)] | UnsetType = UNSET


class SessionFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file; ``comments_until`` is when members' comments on the papers are due."""

    title: NonEmpty
    kind: SessionKind = SessionKind.REGULAR
    starts: datetime | None = None
    place: Title = ""
    read_until: datetime | None = None
    comments_until: datetime | None = None
    pack: PackId | None = None
    rules: RuleSetId | None = None
    chair: MemberId | None = None
    agenda: Annotated[tuple[ItemEntry, ...], Meta(max_length=MAX_ITEMS)] = ()
    polls: Annotated[tuple[PollEntry, ...], Meta(max_length=40)] = ()


def parse(data: bytes) -> SessionFile | Finding:
    """The file's content, or the one finding that says where and why it is refused.

    Args:
        data: The bytes of ``session.toml``.
    """
    if len(data) > MAX_FILE:
        return finding("file.too_big", FILE_NAME, size=len(data), limit=MAX_FILE)
    try:
        text = data.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return finding("toml.syntax", FILE_NAME, why=f"not UTF-8 (at line {line})")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return finding("toml.syntax", FILE_NAME, why=str(error) or "nesting")
    try:
        found = msgspec.convert(tables, SessionFile)
    except msgspec.ValidationError as error:
        return finding("toml.value", FILE_NAME, why=_place(str(error), text))
    return _check(found) or found


def moment(value: datetime) -> Moment:
    """A time of the file as the wire writes it; without an offset it is Việt Nam time."""
    aware = value if value.tzinfo is not None else value.replace(tzinfo=VIETNAM)
    utc = aware.astimezone(timezone.utc)  # noqa: UP017 - next to timezone(timedelta) the plain name reads better
    return Moment(utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z")


def _check(found: SessionFile) -> Finding | None:
    """What types cannot say."""
    late = found.starts and found.comments_until and moment(found.comments_until) > moment(found.starts)
    if late and found.kind is not SessionKind.OPINION:
        return finding("toml.value", FILE_NAME, why="comments_until: after the session starts")
    for number, poll in enumerate(found.polls, 1):
        if poll.item is not None and poll.item > len(found.agenda):
            return finding("toml.value", FILE_NAME, why=f"polls[{number}].item = {poll.item}: no such agenda item")
        if poll.opens and poll.closes and moment(poll.opens) >= moment(poll.closes):
            return finding("toml.value", FILE_NAME, why=f"polls[{number}]: closes before it opens")
    for item_number, item in enumerate(found.agenda, 1):
        for number, paper in enumerate(item.papers, 1):
            if paper.file is None and paper.secrecy is SecrecyLevel.NORMAL:
                why = f"agenda[{item_number}].papers[{number}]: no file, and not a graded paper"
                return finding("toml.value", FILE_NAME, why=why)
    return None


_INDEX = re.compile(r"\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


def _place(message: str, text: str) -> str:
    """The library's message with indices counted from 1 and, for an unknown key, the line it stands on."""
    shown = _INDEX.sub(lambda match: f"[{int(match[1]) + 1}]", message).replace("`$.", "`")
    unknown = _UNKNOWN.search(message)
    if unknown is not None:
        key = re.compile(rf'\s*(\[+\s*)?([\w.]*\.)?"?{re.escape(unknown[1])}"?\s*[=\]]')
        lines = [number for number, line in enumerate(text.splitlines(), 1) if key.match(line)]
        if len(lines) == 1:
            shown += f" (line {lines[0]})"
    return shown
