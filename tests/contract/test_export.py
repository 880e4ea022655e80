# SPDX-License-Identifier: AGPL-3.0-or-later
"""Copies with notes: made in the confined process, opened with other programs, annotations compared."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pypdfium2
import pytest
from pypdfium2 import raw

from client.clock import SystemClock
from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.errors import PaperBroken
from client.surroundings import render_command
from client.viewer.events import CopyRequest
from client.viewer.export import copy_marks, text_sheet
from client.viewer.host import RenderHost
from client.viewer.ink import InkPoint, pack_points

POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
STAMP = "Nguyễn Văn Giả Định · 26/11/2026"
TEXT = "Hỏi Bộ Tư pháp về thời hạn chuyển tiếp"
ON = {"paper": PaperId("p_one1"), "plain": Hash("sha256:" + "a" * 64), "made": Moment("2026-11-26T01:32:00.000Z")}


def paper(rotation: int = 0, *, crop: bool = False) -> bytes:
    with pymupdf.open() as made:
        for number in range(3):
            page = made.new_page(width=595, height=842)
            page.insert_text((60, 100), f"Page {number + 1} of a paper", fontsize=12)
            if crop:
                page.set_cropbox(pymupdf.Rect(20, 30, 575, 812))
            page.set_rotation(rotation)
        return bytes(made.tobytes())


def notes() -> tuple[Annotation, ...]:
    ring = [InkPoint(200 + k, 300 + (k % 7), 0.5, 8) for k in range(60)]
    return (
        InkStroke(id=AnnotationId("a_ink0"), page=0, colour="#B3261E", width=3.0, points=pack_points(ring), **ON),
        Highlight(
            id=AnnotationId("a_high"), page=0, colour="#FFD54A", quote=Quote("a paper"),
            rects=(Rect(60, 200, 160, 214), Rect(60, 216, 120, 230)), **ON,
        ),
        Highlight(
            id=AnnotationId("a_line"), page=1, colour="#0F4C81", rects=(Rect(60, 90, 160, 104),), underline=True, **ON
        ),
        TextNote(id=AnnotationId("a_note"), page=1, at=Rect(300, 120, 320, 140), text=TEXT, **ON),
        Bookmark(id=AnnotationId("a_mark"), page=2, label="Xem lại với Thứ trưởng", **ON),
    )  # fmt: skip


@pytest.fixture
def host() -> Iterator[RenderHost]:
    made = RenderHost(render_command(), SystemClock(), lambda _event: None)
    made.start()
    yield made
    made.stop()


def export(host: RenderHost, data: bytes, *, stamp: str = "") -> bytes:
    host.open_paper("p", data).result(30)
    wanted = CopyRequest(marks=copy_marks(notes(), bookmark="Đánh dấu"), author="Thành viên 17", stamp=stamp)
    return host.copy_with_notes("p", wanted).result(60)


def annotations(data: bytes) -> list[tuple[int, str, str, pymupdf.Rect]]:
    with pymupdf.open(stream=data, filetype="pdf") as opened:
        return [
            (page.number, annot.type[1], annot.info["content"], annot.rect * page.rotation_matrix)
            for page in opened
            for annot in page.annots()
        ]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [False, True])
def test_each_note_is_the_annotation_it_should_be_where_it_was(host: RenderHost, rotation: int, *, crop: bool) -> None:
    found = annotations(export(host, paper(rotation, crop=crop)))
    assert [(page, kind) for page, kind, _, _ in found] == [
        (0, "Highlight"),
        (0, "Ink"),
        (1, "Underline"),
        (1, "Text"),
        (2, "FreeText"),
    ]
    (_, _, quote, band), (_, _, _, ink), (_, _, _, line), (_, _, words, note), (_, _, _, label) = found
    assert (quote, words) == ("a paper", TEXT)
    for box, expected in ((band, (60, 200, 160, 230)), (line, (60, 90, 160, 104)), (ink, (200, 300, 259, 306))):
        assert all(abs(a - b) <= 9 for a, b in zip(box, expected, strict=True)), (box, expected)
    assert abs(note.x0 - 300) <= 24
    assert abs(note.y0 - 120) <= 24
    width = (
        {0: 595, 90: 842, 180: 595, 270: 842}[rotation] if not crop else {0: 555, 90: 782, 180: 555, 270: 782}[rotation]
    )
    assert label.x1 <= width
    assert label.y0 >= 0


def test_authors_and_moments_are_kept(host: RenderHost) -> None:
    with pymupdf.open(stream=export(host, paper()), filetype="pdf") as opened:
        infos = [annot.info for page in opened for annot in page.annots()]
    assert {info["title"] for info in infos} == {"Thành viên 17"}
    assert {info["creationDate"] for info in infos} == {"D:20261126013200Z"}


@POPPLER
@pytest.mark.parametrize("rotation", [0, 90])
def test_poppler_shows_the_notes_and_the_watermark(host: RenderHost, tmp_path: Path, rotation: int) -> None:
    for name, data in (("plain", paper(rotation)), ("copy", export(host, paper(rotation), stamp=STAMP))):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        subprocess.run(["pdftoppm", "-r", "72", "-png", tmp_path / f"{name}.pdf", tmp_path / name], check=True)
    said = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "copy.pdf", "-"], capture_output=True, text=True, check=True
    )
    assert "Nguyễn Văn Giả Định" in said.stdout
    assert "Page 1 of a paper" in said.stdout
    before, after = (pymupdf.Pixmap(str(tmp_path / f"{name}-1.png")) for name in ("plain", "copy"))
    assert (before.width, before.height) == (after.width, after.height)
    assert before.pixel(100, 207) == (255, 255, 255)
    red, green, blue = after.pixel(100, 207)[:3]
    assert blue < min(red, green) - 30, "the highlight is yellow where it was drawn"
    red, green, blue = after.pixel(230, 303)[:3]
    assert red > green + 60, "the stroke is red where it was drawn"
    assert red > blue + 60


def test_pdfium_finds_the_same_annotations_and_shows_them(host: RenderHost) -> None:
    kinds = {
        raw.FPDF_ANNOT_HIGHLIGHT: "Highlight",
        raw.FPDF_ANNOT_INK: "Ink",
        raw.FPDF_ANNOT_UNDERLINE: "Underline",
        raw.FPDF_ANNOT_TEXT: "Text",
        raw.FPDF_ANNOT_FREETEXT: "FreeText",
        raw.FPDF_ANNOT_POPUP: "Popup",
    }
    copy = export(host, paper(), stamp=STAMP)
    opened = pypdfium2.PdfDocument(copy)
    found = []
    for number in range(len(opened)):
        page = opened[number]
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annot = raw.FPDFPage_GetAnnot(page, index)
            box = raw.FS_RECTF()
            assert raw.FPDFAnnot_GetRect(annot, box)
            found.append((number, kinds[raw.FPDFAnnot_GetSubtype(annot)], box))
            raw.FPDFPage_CloseAnnot(annot)
    ours = [(page, kind, rect) for page, kind, _, rect in annotations(copy)]
    shown = [one for one in found if one[1] != "Popup"]
    assert [(page, kind) for page, kind, _ in shown] == [(page, kind) for page, kind, _ in ours]
    for (_, _, theirs), (_, _, rect) in zip(shown, ours, strict=True):
        assert abs(theirs.left - rect.x0) <= 1
        assert abs((842 - theirs.top) - rect.y0) <= 1
    picture = opened[0].render(scale=1, may_draw_forms=False)
    width = picture.stride
    pixels = bytes(picture.buffer)
    depth = picture.n_channels

    def pixel(x: int, y: int) -> tuple[int, int, int]:
        at = y * width + x * depth
        return pixels[at], pixels[at + 1], pixels[at + 2]  # blue, green, red

    blue, green, red = pixel(100, 207)
    assert blue < min(red, green) - 30
    blue, green, red = pixel(230, 303)
    assert red > max(green, blue) + 60
    assert "Giả Định" in opened[0].get_textpage().get_text_bounded()
    opened.close()


def test_pdfium_reads_the_same_words_and_authors_on_every_page_with_the_watermark(host: RenderHost) -> None:
    copy = export(host, paper(), stamp=STAMP)
    opened = pypdfium2.PdfDocument(copy)
    found = []
    for number in range(len(opened)):
        page = opened[number]
        assert "Giả Định" in page.get_textpage().get_text_bounded(), "the watermark is on every page"
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            annot = raw.FPDFPage_GetAnnot(page, index)
            if raw.FPDFAnnot_GetSubtype(annot) != raw.FPDF_ANNOT_POPUP:
                found.append(tuple(_value(annot, key) for key in (b"T", b"Contents")))
            raw.FPDFPage_CloseAnnot(annot)
    opened.close()
    with pymupdf.open(stream=copy, filetype="pdf") as ours:
        expected = [(one.info["title"], one.info["content"]) for page in ours for one in page.annots()]
    assert found == expected
    assert (TEXT in {words for _, words in found}, {by for by, _ in found}) == (True, {"Thành viên 17"})


def _value(annot: raw.FPDF_ANNOTATION, key: bytes) -> str:
    """A text of an annotation's dictionary; pdfium gives UTF-16LE with a zero at its end."""
    length = raw.FPDFAnnot_GetStringValue(annot, key, None, 0)
    room = (raw.FPDF_WCHAR * (length // 2))()
    raw.FPDFAnnot_GetStringValue(annot, key, room, length)
    return bytes(room).decode("utf-16-le").rstrip("\0")


@POPPLER
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_poppler_and_pdfium_draw_the_notes_in_the_same_places(host: RenderHost, tmp_path: Path, rotation: int) -> None:
    copy, plain = export(host, paper(rotation)), paper(rotation)
    for name, data in (("plain", plain), ("copy", copy)):
        (tmp_path / f"{name}.pdf").write_bytes(data)
        subprocess.run(["pdftocairo", "-r", "72", "-png", tmp_path / f"{name}.pdf", tmp_path / name], check=True)
    for number in (0, 1):
        before, after = (pymupdf.Pixmap(str(tmp_path / f"{name}-{number + 1}.png")) for name in ("plain", "copy"))
        by_poppler = _changed(before.samples, after.samples, after.width, after.n)
        pictures = []
        for data in (plain, copy):
            with pypdfium2.PdfDocument(data) as opened:
                drawn = opened[number].render(scale=1, may_draw_forms=False)
                pictures.append((bytes(drawn.buffer), drawn.width, drawn.n_channels, drawn.stride))
        (first, width, depth, stride), (second, *_) = pictures
        assert stride == width * depth
        by_pdfium = _changed(first, second, width, depth)
        assert by_poppler
        for one, other in zip(by_poppler, by_pdfium, strict=True):
            assert abs(one - other) <= 12, (number, by_poppler, by_pdfium)


def _changed(before: bytes, after: bytes, width: int, depth: int) -> tuple[int, int, int, int]:
    """The box of what differs between two pictures, pixels."""
    at = [k // depth for k, (one, other) in enumerate(zip(before, after, strict=True)) if abs(one - other) > 24]
    xs, ys = [k % width for k in at], [k // width for k in at]
    return min(xs), min(ys), max(xs), max(ys)


@POPPLER
def test_a_bookmark_says_its_words_on_the_page(host: RenderHost, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(export(host, paper()))
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-f", "3", tmp_path / "copy.pdf", tmp_path / "page"], check=True)
    (picture,) = tmp_path.glob("page*.png")
    shown = pymupdf.Pixmap(str(picture))
    corner = {shown.pixel(x, y) for x in range(363, 583) for y in range(12, 34)}
    assert len(corner) > 10, "letters, not an empty box"


def test_the_watermark_is_in_the_copy_once_however_many_pages(host: RenderHost) -> None:
    with pymupdf.open() as made:
        for _ in range(60):
            made.new_page()
        data = bytes(made.tobytes())
    few, many = (len(export(host, part, stamp=STAMP)) for part in (paper(), data))
    assert many - len(data) < few + 60 * 1_000


def test_what_could_run_is_not_in_the_copy(host: RenderHost) -> None:
    with pymupdf.open() as made:
        made.new_page()
        made.new_page()
        made.new_page()
        made.embfile_add("x.txt", b"embedded")
        xref = made.get_new_xref()
        made.update_object(xref, "<</S/JavaScript/JS(app.alert(1))>>")
        made.xref_set_key(made.pdf_catalog(), "OpenAction", f"{xref} 0 R")
        data = bytes(made.tobytes())
    assert re.search(rb"/JavaScript|app\.alert", data)
    copy = export(host, data)
    with pymupdf.open(stream=copy, filetype="pdf") as opened:
        assert opened.embfile_count() == 0
        kept = "".join(opened.xref_object(n) for n in range(1, opened.xref_length()))
    assert "app.alert" not in kept


def test_a_note_beyond_the_last_page_is_refused(host: RenderHost) -> None:
    with pymupdf.open() as made:
        made.new_page()
        data = bytes(made.tobytes())
    with pytest.raises(PaperBroken):
        export(host, data)


def test_the_sheet_names_every_page_and_note_once() -> None:
    twice = (*notes(), *(note for note in notes() if isinstance(note, InkStroke)))
    sheet = text_sheet(
        "Ghi chú", twice, page_line=lambda page: f"Trang {page + 1}", say=lambda note: type(note).__name__
    )
    assert sheet.splitlines() == [
        "Ghi chú", "", "Trang 1", "  - Highlight", "  - InkStroke", "", "Trang 2", "  - Highlight", "  - TextNote", "",
        "Trang 3", "  - Bookmark",
    ]  # fmt: skip
