# SPDX-License-Identifier: AGPL-3.0-or-later
"""The old Vietnamese one-byte encoding TCVN3 (TCVN 5712:1993, VN3), as far as the ``.VnTime`` fonts go.

Decides: which byte a character had. Refuses: to guess; a character the fonts never had is an error.

The encoding has every lower-case letter with its tone, and of the capitals only the seven bare ones (Ă Â Ê Ô Ơ Ư Đ).
Toned capitals were typed as the lower-case byte in a font whose glyphs are capitals (``.VnTimeH``).
"""

from __future__ import annotations

from typing import Final

_CAPITALS: Final = dict(zip("ĂÂÊÔƠƯĐ", range(0xA1, 0xA8), strict=True))
_LETTERS: Final = dict(zip("ăâêôơưđ", range(0xA8, 0xAF), strict=True))
_TONED: Final = {
    **dict(zip("àảãáạ", range(0xB5, 0xBA), strict=True)),
    **dict(zip("ằẳẵắ", range(0xBB, 0xBF), strict=True)),
    "ặ": 0xC6,
    **dict(zip("ầẩẫấậ", range(0xC7, 0xCC), strict=True)),
    **dict(zip("èẻẽéẹ", (0xCC, 0xCE, 0xCF, 0xD0, 0xD1), strict=True)),
    **dict(zip("ềểễếệ", range(0xD2, 0xD7), strict=True)),
    **dict(zip("ìỉĩíị", (0xD7, 0xD8, 0xDC, 0xDD, 0xDE), strict=True)),
    **dict(zip("òỏõóọ", (0xDF, 0xE1, 0xE2, 0xE3, 0xE4), strict=True)),
    **dict(zip("ồổỗốộ", range(0xE5, 0xEA), strict=True)),
    **dict(zip("ờởỡớợ", range(0xEA, 0xEF), strict=True)),
    **dict(zip("ùủũúụ", (0xEF, 0xF1, 0xF2, 0xF3, 0xF4), strict=True)),
    **dict(zip("ừửữứự", range(0xF5, 0xFA), strict=True)),
    **dict(zip("ỳỷỹýỵ", range(0xFA, 0xFF), strict=True)),
}
BYTES: Final = {**_CAPITALS, **_LETTERS, **_TONED}
"""Byte of each accented letter; ASCII stands for itself."""
_PLAIN: Final = str.maketrans({"–": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " "})


def needs_capital_font(char: str) -> bool:
    """True for a toned capital, which only the capital font can show."""
    return char not in BYTES and char.lower() in BYTES


def tcvn_char(char: str) -> str:
    """The Latin-1 character that stands for ``char`` in text extracted from an old paper.

    Raises:
        KeyError: The encoding has no such character.
    """
    plain = char.translate(_PLAIN)
    if plain.isascii():
        return plain
    return chr(BYTES[plain] if plain in BYTES else BYTES[plain.lower()])
