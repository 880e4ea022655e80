# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text set in Vietnamese fonts from before Unicode (TCVN3 and VNI), turned into Unicode.

State papers and their annexes still come in ``.VnTime`` or ``VNI-Times``: what looks like "Cộng hòa" is stored as
"Céng hßa", and no search finds it. Decides: which words are such text, by the font's name (``.Vn*``, ``VNI-*``), or,
where a PDF has lost the name, by whether the page reads as Vietnamese only after conversion. Refuses: to touch text
that reads well as it is. TCVN3 has no accented capitals: they live in fonts whose name ends in H.

Sources: TCVN 5712:1993, VN3 (checked in tests against glibc's converter, code set TCVN); the VNI for Windows
character set as its fonts show it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

TCVN3: Final[dict[int, str]] = {
    ord(old): new
    for old, new in zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĂÂÊÔƠƯĐ",
        strict=True,
    )
}
"""Letter for letter."""

_TONES: Final = dict(zip("ùøûõï", "\u0301\u0300\u0309\u0303\u0323", strict=True))
_BREVE: Final = dict(zip("êéèúüë", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_HAT: Final = dict(zip("âáàåãä", ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"), strict=True))
_ALONE: Final = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ", "ô": "ơ", "ö": "ư"}


def _vni_pairs() -> dict[str, str]:
    """Base letter and mark, or a letter alone, in both cases; a mark may be of the other case than its letter."""
    pairs = dict(_ALONE)
    for base in "aeouyôö":
        letter = _ALONE.get(base, base)
        for mark, tone in _TONES.items():
            pairs[base + mark] = letter + tone
    for mark, tone in _BREVE.items():
        pairs["a" + mark] = "ă" + tone
    for base in "aeo":
        for mark, tone in _HAT.items():
            pairs[base + mark] = base + "\u0302" + tone
    both = {}
    for old, new in pairs.items():
        both[old] = unicodedata.normalize("NFC", new)
        both[old.upper()] = unicodedata.normalize("NFC", new.upper())
        if len(old) > 1:
            both[old[0].upper() + old[1]] = unicodedata.normalize("NFC", new.upper())
    return both


VNI: Final = _vni_pairs()
_VNI_RUN: Final = re.compile("|".join(map(re.escape, sorted(VNI, key=len, reverse=True))))

_SIGNS: Final = frozenset(map(chr, TCVN3)) | frozenset("".join(VNI)) - frozenset("aeouyAEOUY")
_ONSET: Final = r"(?:ngh|ng|nh|kh|gh|gi|ch|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
_NUCLEUS: Final = r"(?:uyê|uya|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uơ|uy|ươ|ưa|ua|ia|[aăâeêioôơuưy])(?:ch|ng|nh|[cmnpt]|[iyou])?"
_SYLLABLE: Final = re.compile(_ONSET + _NUCLEUS)
_TONE_MARKS: Final = re.compile("[\u0300\u0301\u0309\u0303\u0323]")
_AROUND_WORD: Final = ".,;:!?()[]\"'“”/"
_LETTERS: Final = re.compile(r"[^\W\d_]+")
POOR: Final = 0.6
GOOD: Final = 0.8
"""Shares of words that are possible syllables: below the one a page is not Vietnamese, above the other it is."""


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """TCVN3 to Unicode; ``capitals`` for text in a font whose name ends in H."""
    made = text.translate(TCVN3)
    if "-" in made and _SYLLABLE.fullmatch(_toneless(made.replace("-", "ư").strip(_AROUND_WORD))):
        made = made.replace("-", "ư")  # the letter's code is that of the soft hyphen, which many fonts call hyphen
    return made.upper() if capitals else made


def from_vni(text: str) -> str:
    """VNI to Unicode."""
    return _VNI_RUN.sub(lambda run: VNI[run.group()], text)


def by_font(text: str, font: str) -> str | None:
    """``text`` converted if the font's name says what it is; None if not."""
    name = font.rpartition("+")[2]  # a subset's tag, ISO 32000-1, 9.6.4
    if name.startswith(".Vn"):
        return from_tcvn3(text, capitals=name.split(",")[0].removesuffix("-Bold").endswith("H"))
    if name.upper().startswith("VNI-"):
        return from_vni(text)
    return None


def suspicious(text: str) -> bool:
    """Whether there is any sign in it that old text would have; plain ASCII has none."""
    return not text.isascii() and not _SIGNS.isdisjoint(text)


def quality(words: Sequence[str]) -> float:
    """Share of words (letters only) that are possible Vietnamese syllables; 1.0 without any."""
    found = [part for word in words for part in _LETTERS.findall(word)]
    if not found:
        return 1.0
    good = sum(_SYLLABLE.fullmatch(_toneless(part)) is not None for part in found)
    return good / len(found)


def by_reading(words: Sequence[str]) -> tuple[str, ...] | None:
    """A whole page converted, if it reads as Vietnamese only then; None if not."""
    if quality(words) >= POOR:
        return None
    tries = [tuple(map(convert, words)) for convert in (from_tcvn3, from_vni)]
    best = max(tries, key=quality)
    return best if quality(best) >= GOOD else None


def _toneless(word: str) -> str:
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", word.casefold())))
