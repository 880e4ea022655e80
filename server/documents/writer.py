# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes typeset demo papers as PDF: fonts, text map, outline.

Decides: how a layout becomes bytes, and what an old-font paper looks like inside.
Refuses: to lay out text (``layout.py``) or to invent it (``content/``). It makes test papers; it never
opens a paper somebody sends, so the render process's guards are not needed here.

Rules:
1. The same layout and fonts give the same bytes: no dates but those passed, no new file identifiers.
2. Fonts are embedded whole by glyph number (Identity-H) and then cut to the glyphs used; the text map is written
   here, from the characters drawn, so that search and copy give NFC Vietnamese.
3. A paper in the old encoding draws the right glyphs but maps them to TCVN3 bytes read as Latin-1, under the font
   names ``.VnTime`` and ``.VnTimeH``: what a paper typed in 1999 and saved as PDF holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pymupdf as _untyped

from server.documents.layout import PAGE_HEIGHT, PAGE_WIDTH
from server.documents.model import Face, Layout, Metrics, Sheet
from server.documents.tcvn import needs_capital_font, tcvn_char

pymupdf: Any = _untyped
"""The library has no annotations; seen as ``Any`` once here instead of excused at every call."""

CHARACTERS: Final = "".join(
    [
        *map(chr, range(0x20, 0x7F)),
        *map(chr, range(0xA0, 0x180)),
        "ƠơƯưƀ",
        *map(chr, range(0x1EA0, 0x1EFA)),
        "–—‘’“”…₫€",
    ]
)
"""What a demo paper may contain."""


class TypeFamily:
    """The four cuts of the document typeface with their metrics.

    Args:
        fonts: Folder holding ``NotoSerif-*.ttf``.

    Raises:
        FileNotFoundError: A font file is missing.
    """

    def __init__(self, fonts: Path) -> None:
        self.files = {face: (fonts / f"NotoSerif-{face.value}.ttf").read_bytes() for face in Face}
        cuts = {face: pymupdf.Font(fontbuffer=data) for face, data in self.files.items()}
        self.glyphs: Mapping[Face, Mapping[str, int]] = {
            face: {char: gid for char in CHARACTERS if (gid := cut.has_glyph(ord(char)))} for face, cut in cuts.items()
        }
        self.metrics: Metrics = {
            face: {char: float(cut.glyph_advance(ord(char))) for char in self.glyphs[face]}
            for face, cut in cuts.items()
        }


class _Slot:
    """One embedded font of a document and the characters drawn with it."""

    def __init__(self, name: str, face: Face) -> None:
        self.name = name
        self.face = face
        self.used: dict[int, str] = {}


class _Writer:
    """Builds one document; use once."""

    def __init__(self, family: TypeFamily, *, old_encoding: bool) -> None:
        self._family = family
        self._old = old_encoding
        self._doc: Any = pymupdf.open()
        self._slots: dict[tuple[Face, bool], _Slot] = {}

    def write(self, layout: Layout, *, title: str, agency: str, made: datetime) -> bytes:
        for sheet in layout.sheets:
            self._page(sheet)
        for slot in self._slots.values():
            self._doc[0].insert_font(fontname=slot.name, fontbuffer=self._family.files[slot.face])
        fonts = {entry[4]: int(entry[0]) for entry in self._doc.get_page_fonts(0)}
        self._share(fonts)
        self._doc.subset_fonts()
        if self._old:
            self._rename(fonts)
            self._share(fonts)
        for slot in self._slots.values():
            target = int(self._doc.xref_get_key(fonts[slot.name], "ToUnicode")[1].split()[0])
            self._doc.update_stream(target, _text_map(slot.used), new=True)
        self._doc.set_toc(_outline(layout), collapse=2)
        stamp = made.strftime("D:%Y%m%d%H%M%S") + made.strftime("%z")[:3] + "'" + made.strftime("%z")[3:] + "'"
        self._doc.set_metadata({"title": title, "author": agency, "creationDate": stamp, "modDate": stamp})
        self._doc.xref_set_key(self._doc.pdf_catalog(), "Lang", "(vi-VN)")
        return finish(self._doc)

    def _slot(self, face: Face, *, capitals: bool) -> _Slot:
        key = (face, capitals)
        if key not in self._slots:
            self._slots[key] = _Slot(f"F{len(self._slots)}", face)
        return self._slots[key]

    def _page(self, sheet: Sheet) -> None:
        page = self._doc.new_page(width=PAGE_WIDTH, height=PAGE_HEIGHT)
        parts = [
            f"{rule.width:g} w {rule.x0:.2f} {PAGE_HEIGHT - rule.y0:.2f} m {rule.x1:.2f} {PAGE_HEIGHT - rule.y1:.2f} l S"
            for rule in sheet.rules
        ]
        parts.append("BT")
        for run in sheet.runs:
            parts.append(f"{run.squeeze * 100:g} Tz 1 0 0 1 {run.x:.2f} {PAGE_HEIGHT - run.y:.2f} Tm")
            gap = f"> {-run.stretch * 1000 / run.size:.1f} <" if run.stretch else ""
            parts.extend(self._show(run.face, run.size, run.text, gap))
        parts.append("ET")
        xref = self._doc.get_new_xref()
        self._doc.update_object(xref, "<<>>")
        self._doc.update_stream(xref, "\n".join(parts).encode("ascii"))
        page.set_contents(xref)

    def _show(self, face: Face, size: float, text: str, gap: str) -> list[str]:
        """Show operators for one run, split where the old encoding must change fonts."""
        glyphs = self._family.glyphs[face]
        parts: list[str] = []
        for capitals, piece in _split(text) if self._old else [(False, text)]:
            slot = self._slot(face, capitals=capitals)
            codes = []
            for char in piece:
                gid = glyphs[char]
                slot.used[gid] = _text_of(char, old=self._old, capitals=capitals)
                codes.append(f"{gid:04x}{gap}" if char == " " else f"{gid:04x}")
            parts.append(f"/{slot.name} {size:g} Tf [<{''.join(codes)}>] TJ")
        return parts

    def _share(self, fonts: Mapping[str, int]) -> None:
        """Give every page the same font resources."""
        entries = " ".join(f"/{name} {xref} 0 R" for name, xref in sorted(fonts.items()))
        for page in self._doc:
            self._doc.xref_set_key(page.xref, "Resources", f"<</Font<<{entries}>>>>")

    def _rename(self, fonts: dict[str, int]) -> None:
        """Split fonts that share a file into objects of their own and give them the old names."""
        doc = self._doc
        for (_, capitals), slot in self._slots.items():
            name = "/.VnTimeH" if capitals else "/.VnTime"
            font = self._copy(fonts[slot.name])
            child = self._copy(int(doc.xref_get_key(font, "DescendantFonts")[1].strip("[]").split()[0]))
            descriptor = self._copy(int(doc.xref_get_key(child, "FontDescriptor")[1].split()[0]))
            text_map = doc.get_new_xref()
            doc.update_object(text_map, "<<>>")
            doc.xref_set_key(descriptor, "FontName", name)
            doc.xref_set_key(child, "BaseFont", name)
            doc.xref_set_key(child, "FontDescriptor", f"{descriptor} 0 R")
            doc.xref_set_key(font, "BaseFont", name)
            doc.xref_set_key(font, "DescendantFonts", f"[{child} 0 R]")
            doc.xref_set_key(font, "ToUnicode", f"{text_map} 0 R")
            fonts[slot.name] = font

    def _copy(self, xref: int) -> int:
        copy = int(self._doc.get_new_xref())
        self._doc.update_object(copy, self._doc.xref_object(xref, compressed=True))
        return copy


def write_pdf(
    layout: Layout,
    family: TypeFamily,
    *,
    title: str,
    agency: str,
    made: datetime,
    old_encoding: bool = False,
) -> bytes:
    """A layout as PDF bytes, with outline, text map and metadata.

    Args:
        layout: The typeset pages.
        family: Fonts the layout was measured with.
        title: Document title (metadata).
        agency: Author (metadata).
        made: Creation and change date of the file (aware).
        old_encoding: Map the text to TCVN3 bytes under ``.VnTime`` (rule 3).
    """
    return _Writer(family, old_encoding=old_encoding).write(layout, title=title, agency=agency, made=made)


def _split(text: str) -> list[tuple[bool, str]]:
    """Pieces of a run that one old font can show: headings and toned capitals take the capital font."""
    if text.isupper():
        return [(True, text)]
    pieces: list[tuple[bool, str]] = []
    for char in text:
        capitals = needs_capital_font(char)
        if pieces and pieces[-1][0] == capitals:
            pieces[-1] = (capitals, pieces[-1][1] + char)
        else:
            pieces.append((capitals, char))
    return pieces


def _text_of(char: str, *, old: bool, capitals: bool) -> str:
    """What a drawn character is in the text map; the capital font holds lower-case codes."""
    if not old:
        return char
    return tcvn_char(char.lower() if capitals else char)


def _outline(layout: Layout) -> list[list[Any]]:
    return [
        [mark.level, mark.title, mark.page + 1, {"kind": pymupdf.LINK_GOTO, "to": pymupdf.Point(0, mark.y)}]
        for mark in layout.bookmarks
    ]


def _text_map(used: Mapping[int, str]) -> bytes:
    """A ToUnicode CMap (ISO 32000-1, 9.10.3) for two-byte glyph codes."""
    entries = [f"<{gid:04x}> <{char.encode('utf-16-be').hex()}>" for gid, char in sorted(used.items())]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")


def finish(document: Any) -> bytes:
    """Close the document and return its bytes, compressed and without new identifiers."""
    data: bytes = document.tobytes(garbage=3, deflate=True, deflate_fonts=True, use_objstms=1, no_new_id=True)
    document.close()
    return data
