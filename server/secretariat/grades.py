# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds a secrecy grade stamped on page 1 (product.md, section 2; Law on State Secrets 117/2025/QH15).

A mark is a line of its own: MẬT, TỐI MẬT or TUYỆT MẬT, spaced out or not, with or without "Độ mật:" before it.
Papers in the old TCVN3 and VNI encodings spell the same marks in other characters, listed here. Refuses to guess
from running text: "bí mật" in a sentence is not a mark. A scan has no text; the caller says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from client.domain.paper import SecrecyLevel

NAMES: Final = {
    SecrecyLevel.SECRET: "MẬT",
    SecrecyLevel.TOP_SECRET: "TỐI MẬT",
    SecrecyLevel.ULTRA_SECRET: "TUYỆT MẬT",
}

_PREFIXES: Final = ("độmật", "®émët", "ñoämaät")
_SPELLINGS: Final = {
    "mật": SecrecyLevel.SECRET,
    "tốimật": SecrecyLevel.TOP_SECRET,
    "tuyệtmật": SecrecyLevel.ULTRA_SECRET,
    # TCVN 5712:1993 bytes read as Latin-1
    "mët": SecrecyLevel.SECRET,
    "tèimët": SecrecyLevel.TOP_SECRET,
    "tuyötmët": SecrecyLevel.ULTRA_SECRET,
    # VNI
    "maät": SecrecyLevel.SECRET,
    "toáimaät": SecrecyLevel.TOP_SECRET,
    "tuyeätmaät": SecrecyLevel.ULTRA_SECRET,
}
_DECORATION: Final = " \t\xa0:.,-–—_*|[](){}<>\"'“”"


def stamped(lines: Iterable[str]) -> SecrecyLevel | None:
    """The highest grade that stands on a line of its own, or None.

    Args:
        lines: The text lines of page 1 as extracted.
    """
    order = list(SecrecyLevel)
    found = [grade for line in lines if (grade := _grade(line)) is not None]
    return max(found, key=order.index, default=None)


def _grade(line: str) -> SecrecyLevel | None:
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", line).casefold())
    letters = "".join(c for c in text if c not in _DECORATION and not c.isspace())
    for prefix in _PREFIXES:
        letters = letters.removeprefix(prefix) or letters
    return _SPELLINGS.get(letters)
