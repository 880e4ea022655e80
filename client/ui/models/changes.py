# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a list says about papers that were replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from client.domain.ids import Hash, PaperId
from client.store.replaced import Bases
from client.viewer.changes import unpack_summary


@dataclass(frozen=True, slots=True)
class News:
    """What a list says about a replaced paper.

    Attributes:
        pages: Pages to look at, counting from 0.
        doubts: How many notes wait for a decision.
    """

    pages: tuple[int, ...]
    doubts: int


def news_of(found: Bases, kept: Mapping[tuple[Hash, Hash], bytes]) -> dict[PaperId, News]:
    """What there is to say; papers whose versions have not been compared are left out.

    Args:
        found: Replaced papers.
        kept: What changed, as stored, by earlier and later version (``page_words.comparisons``).
    """
    return {
        paper: News(unpack_summary(kept[old, new]).new_pages, doubts)
        for paper, (old, new, doubts) in found.items()
        if (old, new) in kept
    }


def page_list(pages: Iterable[int], *, most: int = 6) -> str:
    """``3, 7, 19``: page numbers as people count, runs as ``4–9``, cut after ``most`` entries with an ellipsis."""
    runs: list[list[int]] = []
    for page in sorted(set(pages)):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    texts = [f"{a + 1}" if a == b else f"{a + 1}, {b + 1}" if b == a + 1 else f"{a + 1}–{b + 1}" for a, b in runs]
    return ", ".join(texts[:most]) + (" …" if len(texts) > most else "")
