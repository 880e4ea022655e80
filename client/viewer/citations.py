# SPDX-License-Identifier: AGPL-3.0-or-later
"""References in Vietnamese legal text, and where they lead inside a paper.

Decides: what is a reference: a document's number (``39/2022/NĐ-CP``, ``117/2025/QH15``, ``123/TTr-BTC``), a provision
(``Điều 5 khoản 2``, ``điểm a khoản 1 Điều 3``), an annex (``Phụ lục II``); and that a provision followed by a number
belongs to that document. Refuses: to guess; "Điều" without a number is a word. Text beyond ``MAX_TEXT`` is not looked
at. Forms of numbers: Decree 30/2020/NĐ-CP, appendix I; parts of a provision: Law on Promulgation of Legal Documents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from msgspec import Struct

from client.viewer.messages import Word

MAX_TEXT: Final = 200_000
_SPACE: Final = r"[ \t\n\u00a0]{1,3}"
_NUMBER: Final = r"\d{1,5}(?:/\d{4})?/[A-ZĐ][A-Za-zĐđƯư]{0,7}\d{0,3}(?:-[A-ZĐ][A-ZĐƯa-z]{0,9}){0,3}"
_NUMBERS: Final = re.compile(rf"(?<![\w/])({_NUMBER})(?![\w/])")
_PART: Final = re.compile(
    rf"(?<!\w)(?:(điều){_SPACE}(\d{{1,4}}[a-zđ]?)|(khoản){_SPACE}(\d{{1,3}}[a-zđ]?)|(điểm){_SPACE}([a-zđ]{{1,2}}))(?!\w)",
    re.IGNORECASE,
)
_ANNEX: Final = re.compile(
    rf"(?<!\w)phụ{_SPACE}lục(?:{_SPACE}số)?{_SPACE}([ivxlc]{{1,7}}|\d{{1,3}}|[A-Z])(?!\w)", re.IGNORECASE
)
_BETWEEN: Final = re.compile(r"[\s,\u00a0]{0,3}")
_OF: Final = re.compile(
    rf"[\s,]{{0,3}}(?:của{_SPACE})?(?:nghị{_SPACE}định|luật|thông{_SPACE}tư|nghị{_SPACE}quyết|quyết{_SPACE}định|tờ"
    rf"{_SPACE}trình|báo{_SPACE}cáo)?(?:{_SPACE}số)?[\s:]{{0,3}}({_NUMBER})(?![\w/])",
    re.IGNORECASE,
)


class Citation(Struct, frozen=True, kw_only=True):
    """One reference.

    Attributes:
        start, end: Where it stands in the text, characters.
        number: The document it names, as written; empty for the paper it stands in.
        article, clause, point: ``5``, ``2``, ``a``; empty where not named.
        annex: ``II``; empty for none.
    """

    start: int
    end: int
    number: str = ""
    article: str = ""
    clause: str = ""
    point: str = ""
    annex: str = ""


def find_citations(text: str) -> tuple[Citation, ...]:
    """All references in ``text``, in order, none overlapping."""
    text = unicodedata.normalize("NFC", text)[:MAX_TEXT] if not text.isascii() else text[:MAX_TEXT]
    found: list[Citation] = []
    taken = 0
    for one in sorted([*_provisions(text), *_annexes(text), *_numbers(text)], key=lambda c: (c.start, -c.end)):
        if one.start >= taken:
            found.append(one)
            taken = one.end
    return tuple(found)


def _numbers(text: str) -> Iterator[Citation]:
    for match in _NUMBERS.finditer(text):
        yield Citation(start=match.start(), end=match.end(), number=match.group(1))


def _annexes(text: str) -> Iterator[Citation]:
    for match in _ANNEX.finditer(text):
        start, end, number = _with_document(text, match.start(), match.end())
        yield Citation(start=start, end=end, annex=match.group(1).upper(), number=number)


def _provisions(text: str) -> Iterator[Citation]:
    """Parts that stand together, each kind once: "điểm a khoản 1 Điều 3", "Điều 5 khoản 2"."""
    group: list[re.Match[str]] = []
    for match in _PART.finditer(text):
        if group and not (_joins(text, group, match)):
            yield from _provision(text, group)
            group = []
        group.append(match)
    if group:
        yield from _provision(text, group)


def _kind(match: re.Match[str]) -> str:
    return str(match.group(1) or match.group(3) or match.group(5)).casefold()


def _joins(text: str, group: list[re.Match[str]], match: re.Match[str]) -> bool:
    apart = text[group[-1].end() : match.start()]
    return _BETWEEN.fullmatch(apart) is not None and _kind(match) not in {_kind(one) for one in group}


def _provision(text: str, group: list[re.Match[str]]) -> Iterator[Citation]:
    parts = {_kind(one): str(one.group(2) or one.group(4) or one.group(6)) for one in group}
    start, end, number = _with_document(text, group[0].start(), group[-1].end())
    article, clause, point = parts.get("điều", ""), parts.get("khoản", ""), parts.get("điểm", "")
    if article or clause:
        yield Citation(
            start=start, end=end, number=number, article=article.lower(), clause=clause.lower(), point=point.lower()
        )


def _with_document(text: str, start: int, end: int) -> tuple[int, int, str]:
    """The reference and the document named right behind it."""
    match = _OF.match(text, end)
    return (start, match.end(), match.group(1)) if match else (start, end, "")


def same_number(one: str, other: str) -> bool:
    """Whether two numbers are the same but for case, spaces, leading zeros and the stroke of Đ."""
    return bool(one) and _plain_number(one) == _plain_number(other)


def _plain_number(number: str) -> str:
    plain = unicodedata.normalize("NFC", number).casefold().replace("đ", "d")
    return re.sub(r"\s+", "", plain).lstrip("0")


class Spot(Struct, frozen=True):
    """A place in a paper: page from 0, height on it in points."""

    page: int
    y: float


def find_place(pages: Sequence[Sequence[Word]], wanted: Citation) -> Spot | None:
    """Where a provision or annex begins in a paper: its heading at the start of a line, not a mention of it.

    A clause or point that is not found leads to the article it is in.
    """
    best: Spot | None = None
    inside = not wanted.article and not wanted.annex
    clause = False
    for page, words in enumerate(pages):
        for _, line in groupby(words, key=lambda word: (word.block, word.line)):
            start = list(line)
            if _is_heading(start, wanted):
                best, inside, clause = Spot(page, start[0].y0), True, False
            elif inside and _begins_another(start):
                if best is not None:
                    return best
                inside = False
            elif inside and wanted.clause and not clause and _opens(start[0].text, wanted.clause, "."):
                best, clause = Spot(page, start[0].y0), True
                if not wanted.point:
                    return best
            elif inside and wanted.point and (clause or not wanted.clause) and _opens(start[0].text, wanted.point, ")"):
                return Spot(page, start[0].y0)
    return best


def _is_heading(line: Sequence[Word], wanted: Citation) -> bool:
    texts = [unicodedata.normalize("NFC", word.text).casefold() for word in line[:4]]
    if wanted.annex:
        marks = [text.strip(".:") for text in texts if text != "số"]
        number = [mark.lstrip("0") for mark in marks[2:3]]
        return marks[:2] == ["phụ", "lục"] and number == [wanted.annex.casefold().lstrip("0")]
    leaders = any("..." in word.text for word in line)  # a line of a table of contents
    return (
        bool(wanted.article)
        and not leaders
        and len(texts) > 1
        and texts[0] == "điều"
        and texts[1].rstrip(".:") == wanted.article
        and (texts[1][-1] in ".:" or len(line) == 2)  # noqa: PLR2004 - the two words of the heading alone
    )


def _begins_another(line: Sequence[Word]) -> bool:
    texts = [word.text.casefold() for word in line[:2]]
    return len(texts) > 1 and texts[0] == "điều" and texts[1][:1].isdigit() and texts[1][-1] in ".:"


def _opens(text: str, label: str, mark: str) -> bool:
    return text.casefold() == f"{label}{mark}"


def citation_at(words: Sequence[Word], index: int) -> Citation | None:
    """The reference that the word at ``index`` belongs to; its ``start`` and ``end`` are indexes of words then."""
    first, last = max(0, index - 24), min(len(words), index + 25)
    starts: list[int] = []
    text = ""
    for word in words[first:last]:
        starts.append(len(text))
        text += unicodedata.normalize("NFC", word.text) + " "
    at = starts[index - first]
    for one in find_citations(text):
        if one.start <= at < one.end or at <= one.start < at + len(words[index].text):
            inside = [first + n for n, start in enumerate(starts) if start < one.end and start >= one.start - 1]
            return Citation(
                start=min(inside, default=index), end=max(inside, default=index) + 1, number=one.number,
                article=one.article, clause=one.clause, point=one.point, annex=one.annex,
            )  # fmt: skip
    return None
