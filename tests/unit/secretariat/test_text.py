# SPDX-License-Identifier: AGPL-3.0-or-later
"""Scans get a text layer from hOCR or tesseract: words where they are seen, unseen themselves, the scan kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pymupdf
import pytest
from typer.testing import CliRunner

from client.errors import BadInput
from client.viewer.worker.render import Renderer
from server.secretariat import hocr, text
from server.secretariat.cli import app
from server.secretariat.folder import read
from server.secretariat.inspect import Inspector
from tests.unit.secretariat.office import FONT, make_pdf

WORDS = ((300, 400, 520, 450, "Nghị"), (540, 400, 700, 450, "quyết"), (300, 500, 640, 550, "phiên&nbsp;họp"))


def hocr_of(*pages: tuple[tuple[int, int, int, int, str], ...], size: tuple[int, int] = (2480, 3508)) -> str:
    body = "".join(
        f"<div class='ocr_page' title='image \"x\"; bbox 0 0 {size[0]} {size[1]}; ppageno {number}'>"
        + "".join(
            f"<span class='ocrx_word' title='bbox {x0} {y0} {x1} {y1}; x_wconf 91'><strong>{word}</strong></span> "
            for x0, y0, x1, y1, word in words
        )
        + "</div>"
        for number, words in enumerate(pages)
    )
    return f"<!DOCTYPE html><html><body>{body}</body></html>"


def make_scan(path: Path, *, pages: int = 1, rotation: int = 0, line: str = "Nghị quyết phiên họp") -> Path:
    """Pages that are pictures of print."""
    with pymupdf.open() as text_pages, pymupdf.open() as made:
        for _ in range(pages):
            page = text_pages.new_page(width=595, height=842)
            page.insert_font(fontname="F0", fontfile=str(FONT))
            page.insert_text((72, 106), line, fontname="F0", fontsize=16)
            picture = page.get_pixmap(dpi=300, colorspace=pymupdf.csGRAY)
            sheet = made.new_page(width=595, height=842)
            sheet.insert_image(sheet.rect, stream=picture.tobytes("png"))
            sheet.set_rotation(rotation)
        path.parent.mkdir(parents=True, exist_ok=True)
        made.save(path, deflate=True)
    return path


def of_reader(path: Path, page: int = 0) -> tuple[list[str], bool, list[tuple[float, float]]]:
    """Words as the member's reader has them, whether it knows they were recognised, and their corners."""
    renderer = Renderer()
    renderer.open(1, path.read_bytes())
    words = renderer.words(1, page)
    return [word.text for word in words], renderer.recognised(1, page), [(word.x0, word.y0) for word in words]


def test_a_sidecar_becomes_text_that_the_reader_finds_and_calls_recognised(tmp_path: Path) -> None:
    scan = make_scan(tmp_path / "01 Nghi quyet.pdf", pages=2)
    before, looks = scan.read_bytes(), pymupdf.open(scan)[0].get_pixmap(dpi=72).samples
    scan.with_suffix(".hocr").write_text(hocr_of(WORDS, WORDS[:1]), "utf-8")
    assert text.add_text(tmp_path, recognise=None, dry_run=True) == (text.TextReport(scan.name, "would"),)
    assert scan.read_bytes() == before
    (report,) = text.add_text(tmp_path, recognise=None)
    assert report == text.TextReport(scan.name, "done", 4)
    words, recognised, corners = of_reader(scan)
    assert words == ["Nghị", "quyết", "phiên", "họp"]
    assert recognised
    for (x, y), (x0, y0, *_rest) in zip(corners[:2], WORDS[:2], strict=True):
        assert (x, y) == pytest.approx((x0 * 595 / 2480, y0 * 842 / 3508), abs=4)
    assert of_reader(scan, 1)[0] == ["Nghị"]
    assert pymupdf.open(scan)[0].get_pixmap(dpi=72).samples == looks, "what is seen is the scan"
    assert (tmp_path / f"{scan.name}.goc").read_bytes() == before
    (again,) = text.add_text(tmp_path, recognise=None)
    assert again.outcome == "has_text"
    with Inspector() as inspector:
        found = read(tmp_path, inspector)
    assert [one.code for one in found.findings if one.code in {"paper.scan", "file.not_pdf"}] == []


def test_a_turned_scan_has_its_words_where_they_are_seen(tmp_path: Path) -> None:
    scan = make_scan(tmp_path / "quay.pdf", rotation=90)
    scan.with_suffix(".hocr").write_text(hocr_of(WORDS[:1], size=(3508, 2480)), "utf-8")
    assert text.add_text(tmp_path, recognise=None)[0].outcome == "done"
    words, recognised, corners = of_reader(scan)
    assert (words, recognised) == (["Nghị"], True)
    assert corners[0] == pytest.approx((300 * 842 / 3508, 400 * 595 / 2480), abs=4)


def test_a_recogniser_is_given_each_page_as_a_picture(tmp_path: Path) -> None:
    make_scan(tmp_path / "a.pdf", pages=2)
    seen: list[bytes] = []
    told: list[tuple[str, int, int]] = []

    def recognise(picture: bytes) -> str:
        seen.append(picture[:8])
        return hocr_of(WORDS)

    (report,) = text.add_text(tmp_path, recognise=recognise, progress=lambda *at: told.append(at))
    assert report.outcome == "done"
    assert seen == [b"\x89PNG\r\n\x1a\n"] * 2
    assert told == [("a.pdf", 1, 2), ("a.pdf", 2, 2)]


def test_what_must_stay_as_it_is(tmp_path: Path) -> None:
    make_pdf(tmp_path / "chu.pdf")
    signed = make_scan(tmp_path / "ky.pdf")
    with pymupdf.open(signed) as document:
        catalog = document.pdf_catalog()
        document.xref_set_key(catalog, "AcroForm", "<</SigFlags 3/Fields[]>>")
        document.saveIncr()
    (tmp_path / "hong.pdf").write_bytes(b"%PDF-1.7 not really")
    make_scan(tmp_path / "khong.pdf")
    bad = make_scan(tmp_path / "sai.pdf")
    bad.with_suffix(".hocr").write_text("<html><div class='ocr_page'></div></html>", "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    found = {one.file: one.outcome for one in text.add_text(tmp_path, recognise=None)}
    assert found == {
        "chu.pdf": "has_text", "ky.pdf": "signed", "hong.pdf": "failed", "khong.pdf": "no_words", "sai.pdf": "failed",
    }  # fmt: skip
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_hocr_limits_one_over_and_one_under() -> None:
    with pytest.raises(BadInput):
        hocr.parse("<p>no page</p>")
    many = tuple((n, 1, n + 1, 2, "từ") for n in range(hocr.MAX_WORDS + 1))
    (page,) = hocr.parse(hocr_of(many, size=(hocr.MAX_WORDS + 2, 10)))
    assert len(page.words) == hocr.MAX_WORDS
    assert len(hocr.parse("<div class='ocr_page' title='bbox 0 0 9 9'></div>" * hocr.MAX_PAGES)) == hocr.MAX_PAGES
    with pytest.raises(BadInput):
        hocr.parse("<div class='ocr_page' title='bbox 0 0 9 9'></div>" * (hocr.MAX_PAGES + 1))
    with pytest.raises(BadInput):
        hocr.parse(" " * (hocr.MAX_CHARS + 1))
    (page,) = hocr.parse(hocr_of(((0, 0, 5, 5, "dài" * 50), (5, 5, 99_999, 9, "ngoài"), (3, 3, 3, 9, "rỗng"))))
    assert [word.text for word in page.words] == [("dài" * 50)[: hocr.MAX_WORD]]
    doubtful = hocr_of(((0, 0, 5, 5, "bẩn"),)).replace("x_wconf 91", f"x_wconf {hocr.MIN_CONFIDENCE - 1}")
    assert hocr.parse(doubtful)[0].words == ()


def test_the_command_tells_what_became_of_each(tmp_path: Path) -> None:
    scan = make_scan(tmp_path / "a.pdf")
    scan.with_suffix(".hocr").write_text(hocr_of(WORDS), "utf-8")
    done = CliRunner().invoke(app, ["text", str(tmp_path), "--lang", "en"])
    assert done.exit_code == 0, done.output
    assert "a.pdf: text layer added, 3 words" in done.output
    assert CliRunner().invoke(app, ["text", str(tmp_path / "none")]).exit_code == 2


@pytest.mark.skipif(
    shutil.which("tesseract") is None or text.tesseract() is None, reason="tesseract with Vietnamese is not installed"
)
def test_tesseract_itself(tmp_path: Path) -> None:
    scan = make_scan(tmp_path / "a.pdf")
    (report,) = text.add_text(tmp_path, recognise=text.tesseract())
    assert report.outcome == "done"
    assert "quyết" in of_reader(scan)[0]
