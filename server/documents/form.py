# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of Vietnamese Government papers, by Decree 30/2020/NĐ-CP, Annexes I and III.

Decides: header, name and summary, headings, addressees and signature. Refuses: the text between them.

Rules (Annex I, part II):
1. Header: issuing body on the left, bold with a rule a third to a half of its length; the State's name (bold, 12)
   and motto (bold, 13, ruled full length) on the right; number under the left, place and date in italics right.
2. Days below 10 and the months 1 and 2 have a leading zero.
3. Name of the kind in capitals, summary bold and centred, a rule of a third of a line below.
4. Addressees bottom left (bold italic 12, list 11); authority, office and name bottom right, no state emblem. An
   invented paper has no real name: its signature reads "(đã ký - dữ liệu giả định)".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from server.documents.model import Align, Block, Cell, Columns, Face, Line, Para

SQUEEZE: Final = 0.86
SIGNED: Final = "(đã ký - dữ liệu giả định)"


def long_date(day: date | None) -> str:
    """Place and date as written under the motto; ``None`` leaves the day open, as drafts do."""
    if day is None:
        return "Hà Nội, ngày       tháng       năm 2026"
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"Hà Nội, ngày {day.day:02d} tháng {month} năm {day.year}"


def header(agency: str, number: str, day: date | None, *, draft: str = "") -> Columns:
    """The two-column head of page 1.

    Args:
        agency: Issuing body.
        number: Number and symbol with its label ("Số: 12/TTr-BTC").
        day: Date of issue.
        draft: Mark under the number ("DỰ THẢO (bản 2)").
    """
    left = [
        Cell(text=agency.upper(), face=Face.BOLD, size=12.5, ruled=0.4),
        Cell(text=number, size=13, gap=5),
    ]
    if draft:
        left.append(Cell(text=draft, face=Face.BOLD, size=12, gap=3))
    right = (
        Cell(text="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", face=Face.BOLD, size=12.5),
        Cell(text="Độc lập - Tự do - Hạnh phúc", face=Face.BOLD, size=13.5, ruled=1.0),
        Cell(text=long_date(day), face=Face.ITALIC, size=13.5, gap=4),
    )
    return Columns(left=tuple(left), right=right, squeeze=SQUEEZE, after=14)


def name(kind: str, summary: str) -> list[Block]:
    """Kind of paper and summary (trích yếu) with the rule below."""
    return [
        Para(text=kind.upper(), face=Face.BOLD, size=14, align=Align.CENTRE, before=4, after=0, keep=True),
        Para(text=summary, face=Face.BOLD, size=14, align=Align.CENTRE, before=0, after=2, inset=26),
        Line(share=0.3, after=12),
    ]


def to_whom(text: str) -> Para:
    """The "Kính gửi" line."""
    return Para(text=f"Kính gửi: {text}.", size=14, align=Align.CENTRE, before=2, after=8)


def grounds(texts: Sequence[str]) -> list[Block]:
    """The legal grounds, in italics (Annex I, part II, 6.d)."""
    return [Para(text=text, face=Face.ITALIC, size=13.5) for text in texts]


def section(text: str, *, level: int = 1) -> Para:
    """A numbered heading of a report; level 1 in capitals bold, level 2 bold, level 3 bold italic."""
    face = Face.BOLD_ITALIC if level == 3 else Face.BOLD
    return Para(text=text, face=face, before=8 if level == 1 else 5, keep=True, bookmark=level)


def body(text: str) -> Para:
    """A paragraph of running text."""
    return Para(text=text)


def chapter(numeral: str, title: str) -> list[Block]:
    """A chapter heading of a draft."""
    return [
        Para(
            text=f"Chương {numeral}",
            face=Face.BOLD,
            align=Align.CENTRE,
            before=12,
            after=0,
            keep=True,
            bookmark=1,
            outline=f"Chương {numeral}. {title}",
        ),
        Para(text=title, face=Face.BOLD, align=Align.CENTRE, before=0, after=6, keep=True),
    ]


def article(number: str, title: str, *, level: int = 2) -> Para:
    """An article heading of a draft."""
    return Para(text=f"Điều {number}. {title}", face=Face.BOLD, before=6, keep=True, bookmark=level)


def annex_head(numeral: str, title: str, source: str) -> list[Block]:
    """Head of an annex: no header of its own, a reference to the paper it belongs to."""
    outline = f"Phụ lục {numeral}. {title}"
    return [
        Para(
            text=f"Phụ lục {numeral}",
            face=Face.BOLD,
            size=14,
            align=Align.CENTRE,
            after=0,
            keep=True,
            bookmark=1,
            outline=outline,
        ),
        Para(text=title.upper(), face=Face.BOLD, size=13, align=Align.CENTRE, before=0, inset=20, keep=True),
        Para(text=source, face=Face.ITALIC, size=13, align=Align.CENTRE, before=0, after=2, keep=True),
        Line(share=0.25, after=8),
    ]


def signatures(left: Sequence[str], right: Sequence[str]) -> Columns:
    """Two signatures side by side, as minutes have them (Annex III, form 1.11).

    Args:
        left: Office and name of who kept the minutes.
        right: Office and name of who chaired.
    """
    sides = []
    for office, *name_lines in (left, right):
        cells = [Cell(text=office, face=Face.BOLD, size=13)]
        cells += [Cell(text=line, face=Face.BOLD, size=13, gap=62) for line in name_lines]
        sides.append(tuple(cells))
    return Columns(left=sides[0], right=sides[1], share=0.5, before=16)


def close(
    office: Sequence[str], copies: Sequence[str], *, signed: bool = True, signer: str = SIGNED, gap: float = 38
) -> Columns:
    """Addressees and signature.

    Args:
        office: Authority and office, one line each ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG").
        copies: Addressees without dash and stop; the last one is the file copy. Laws have none.
        signed: False for drafts, which carry no signature.
        signer: What stands under the office: the name of who signs.
        gap: Room for the signature above it, points.
    """
    left = [Cell(text="Nơi nhận:", face=Face.BOLD_ITALIC, size=12, left=True)] if copies else []
    left += [
        Cell(text=f"- {text}{'.' if index == len(copies) else ';'}", size=11, left=True)
        for index, text in enumerate(copies, 1)
    ]
    right = [Cell(text=line, face=Face.BOLD, size=13) for line in office]
    face = Face.ITALIC if signer == SIGNED else Face.BOLD
    right.append(Cell(text=signer if signed else " ", face=face, size=12 if signer == SIGNED else 13, gap=gap))
    return Columns(left=tuple(left), right=tuple(right), share=0.53, before=16)
