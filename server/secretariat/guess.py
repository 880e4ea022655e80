# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sensible defaults for a folder without ``session.toml``: from file names and the head of page 1.

Pure. Every guess is only a starting point that the dry run shows; none of them decides secrecy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from client.domain.paper import PaperKind
from server.secretariat.session_file import VIETNAM

_KINDS: Final = (
    ("to trinh", PaperKind.SUBMISSION),
    ("phu luc", PaperKind.ANNEX),
    ("tham dinh", PaperKind.APPRAISAL),
    ("tham tra", PaperKind.APPRAISAL),
    ("tiep thu", PaperKind.RESPONSE),
    ("giai trinh", PaperKind.RESPONSE),
    ("du thao", PaperKind.DRAFT),
    ("bao cao", PaperKind.REPORT),
)
_TYPE_NAMES: Final = frozenset(
    {
        "to trinh", "nghi dinh", "nghi quyet", "bao cao", "quyet dinh", "luat", "du thao", "phu luc", "cong van",
        "thong bao", "de an", "phuong an", "chi thi", "phieu lay y kien", "ke hoach", "chuong trinh",
    }
)  # fmt: skip
_DIGITS = re.compile(r"(\d+)")
_LEADING = re.compile(r"\s*(\d{1,3})(?!\d)")
_NUMBER = re.compile(r"Số\s*:\s*(\d[\w./-]{0,60}|/[\w./-]{2,60})", re.IGNORECASE)
_ISSUED = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_NAME_DATE = re.compile(r"(?<!\d)(?:(20\d\d)[-_.](\d{1,2})[-_.](\d{1,2})|(\d{1,2})[-_.](\d{1,2})[-_.](20\d\d))(?!\d)")
_TITLE_LINES: Final = 3
_HEAD_LINES: Final = 60


def fold(text: str) -> str:
    """Lower case without accents, ``đ`` as ``d``, everything but letters and digits as one space."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``2-x`` before ``10-x``, and each folder's files together."""
    parts = _DIGITS.split(fold_keeping_folders(name))
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part)


def fold_keeping_folders(name: str) -> str:
    """As :func:`fold`, with the folder separator kept below every letter."""
    return "\x00".join(fold(part) for part in name.split("/"))


def kind(name: str) -> PaperKind:
    """What a paper is, by the words of its file name, with or without accents."""
    folded = fold(name)
    return next((kind for words, kind in _KINDS if words in folded), PaperKind.OTHER)


def group(name: str) -> str:
    """Files of one group make one agenda item: a subfolder, else the leading number, else all together."""
    folder, separator, _ = name.partition("/")
    if separator:
        return f"/{folder}"
    leading = _LEADING.match(name)
    return str(int(leading[1])) if leading else ""


def title_of_name(name: str) -> str:
    """``02-to-trinh_nghi-dinh.pdf`` as ``to trinh nghi dinh``."""
    stem = re.sub(r"\.pdf$", "", name.rpartition("/")[2], flags=re.IGNORECASE)
    words = re.sub(r"[-_\s]+", " ", re.sub(r"^[\d.\s_-]+(?=\D)", "", stem)).strip()
    return unicodedata.normalize("NFC", words or stem)


def title_of_page(lines: Sequence[str]) -> str:
    """Type and subject (tên loại, trích yếu: Decree 30/2020/NĐ-CP, Annex I) from the head of page 1, or ``""``."""
    head = [" ".join(line.split()) for line in lines[:_HEAD_LINES]]
    for at, line in enumerate(head):
        if fold(line) in _TYPE_NAMES and line == line.upper():
            subject: list[str] = []
            for following in head[at + 1 : at + 1 + _TITLE_LINES]:
                if not following or fold(following).startswith(("kinh gui", "can cu", "chinh phu", "so ")):
                    break
                subject.append(following)
            if subject:
                return unicodedata.normalize("NFC", f"{line.capitalize()} {' '.join(subject)}")[:600]
    return ""


def number_of_page(lines: Sequence[str]) -> str:
    """Số, ký hiệu, or ``""``."""
    found = _NUMBER.search(unicodedata.normalize("NFC", "\n".join(lines[:_HEAD_LINES])))
    return found[1] if found else ""


def issued_of_page(lines: Sequence[str]) -> date | None:
    """The date under the motto, if there is one."""
    found = _ISSUED.search(unicodedata.normalize("NFC", " ".join(lines[:_HEAD_LINES])))
    return _date(found[3], found[2], found[1]) if found else None


def starts_of_name(folder: str) -> datetime | None:
    """08:00 in Việt Nam on the date in a folder's name (``2026-11-27`` or ``27-11-2026``)."""
    found = _NAME_DATE.search(folder)
    if found is None:
        return None
    day = _date(found[1], found[2], found[3]) if found[1] else _date(found[6], found[5], found[4])
    return datetime(day.year, day.month, day.day, 8, tzinfo=VIETNAM) if day else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # the thirty-first of a month that has thirty days is no date, and so no guess
        return None
