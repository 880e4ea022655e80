# SPDX-License-Identifier: AGPL-3.0-or-later
"""Vietnamese text without its accents, and where each folded letter came from.

``fold`` = case folded, đ as d (đ is a letter, not an accented d, so Unicode does not do it), decomposed, combining
marks dropped. Hence "nghi dinh" finds "nghị định", and hòa equals hoà. It works letter by letter, which is what
lets a match be found again in the text as it was written (``variants``).
"""

from __future__ import annotations

import itertools
import unicodedata
from functools import cache

_D_WITH_STROKE = str.maketrans({"đ": "d"})


class _Table(dict[int, str]):
    """Folded letters, worked out when first met; at most one entry per code point."""

    def __missing__(self, point: int) -> str:
        plain = chr(point).casefold().translate(_D_WITH_STROKE)
        folded = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
        self[point] = folded
        return folded


_TABLE = _Table()


def clean(text: str) -> str:
    """Text that can be stored and compared: NFC, no lone surrogates, no NUL (PDFs yield both)."""
    whole = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
    return unicodedata.normalize("NFC", whole)


def fold(text: str) -> str:
    """``text`` as it is searched without accents; any normal form in gives the same out."""
    return text.translate(_TABLE)


@cache
def variants(letter: str) -> str:
    """Every letter of the Latin blocks that folds to ``letter``, itself included: ``"d"`` gives d, D, đ, Đ."""
    points = itertools.chain(range(0x41, 0x250), range(0x1E00, 0x1F00))
    return letter + "".join(chr(point) for point in points if _TABLE[point] == letter != chr(point))
