# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link from one paper to a file, as drafting agencies make them, and the paper of the pack that it means.

Papers have no file names here, so the name is compared with what a paper is called. Decides: the paper whose number
stands in the name, else whose title is the name, else the only one whose title and the name contain one another.
Refuses: to guess between two, and anything but a PDF: such a link is shown and goes nowhere. Nothing is ever opened by
a path: the name only chooses among papers that are here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from msgspec import Struct

from client.domain.paper import PaperVersion
from client.store.search import fold

MAX_URI: Final = 2_048
MAX_PAGE: Final = 100_000
_SHORTEST: Final = 12
"""Letters of a title that is looked for inside a name: "phụ lục" is inside too many."""
_PAGE: Final = re.compile(r"(?:^|[&#])page=(\d{1,6})(?:&|$)")


class FileTarget(Struct, frozen=True):
    """Where a link leads.

    Attributes:
        name: Of the file, without folders and ``.pdf``.
        page: Counts from 0; None where the link names none.
    """

    name: str
    page: int | None = None


def file_target(uri: str) -> FileTarget | None:
    """What a link of the kinds GoToR, Launch or a relative address means; None if it is no PDF file."""
    if len(uri) > MAX_URI:
        return None
    path, _, fragment = uri.partition("#")
    scheme, colon, rest = path.partition(":")
    if colon and scheme.casefold() != "file":
        return None
    name = re.split(r"[/\\]", unquote(rest if colon else path))[-1].strip()
    if not name.casefold().endswith(".pdf") or len(name) <= len(".pdf"):
        return None
    found = _PAGE.search(fragment)
    page = int(found[1]) - 1 if found and 0 < int(found[1]) <= MAX_PAGE else None
    return FileTarget(name[: -len(".pdf")], page)


def paper_meant(papers: Sequence[PaperVersion], name: str) -> PaperVersion | None:
    """The paper of a pack that a file of this name is; None if none is, or more than one could be."""
    folded = fold(name)
    letters = _letters(folded)
    bare = _letters(re.sub(r"^[\d.\s_-]+(?=\D)", "", folded))
    titles = [(paper, _letters(fold(paper.title))) for paper in papers]
    for found in (
        [paper for paper in papers if paper.number and _number_in(paper.number).search(folded)],
        [paper for paper, title in titles if title in {letters, bare}],
        [paper for paper, title in titles if _one_in_the_other(title, bare)],
    ):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _letters(folded: str) -> str:
    return "".join(letter for letter in folded if letter.isalnum())


def _number_in(number: str) -> re.Pattern[str]:
    """``123/TTr-BTC`` as it stands in a file's name, where a slash cannot."""
    parts = [re.escape(part) for part in re.split(r"[^0-9a-z]+", fold(number).lstrip("0")) if part]
    return re.compile(r"(?<![0-9a-z])0*" + r"[^0-9a-z]*".join(parts) + r"(?![0-9a-z])" if parts else r"(?!)")


def _one_in_the_other(title: str, name: str) -> bool:
    return min(len(title), len(name)) >= _SHORTEST and (title in name or name in title)
