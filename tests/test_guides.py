# SPDX-License-Identifier: AGPL-3.0-or-later
"""The printed guides: one page each, as their source says, every letter there."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from unicodedata import normalize

import pymupdf
import pytest

from tests.helpers.guides import FOLDER, finished, pages

SOURCES = sorted(FOLDER.glob("*.html"))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", normalize("NFC", text))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_guide_is_one_page_and_says_what_its_source_says(source: Path) -> None:
    html = source.read_text("utf-8")
    kept = pymupdf.open(source.with_suffix(".pdf"))
    assert kept.page_count == 1
    text = kept[0].get_text()
    assert "\ufffd" not in text
    body = html[html.index("<body>") :]
    said = words(unescape(re.sub(r"<[^>]+>", " ", body)))
    shown = [word for word in words(text) if not word.isdigit()]
    assert [word for word in said if not word.isdigit()] == shown, "run: python -m tests.helpers.guides"
    fresh = pymupdf.open(stream=finished(html), filetype="pdf")
    assert fresh[0].get_text() == text


def test_a_guide_that_grew_too_long_is_an_error() -> None:
    long = "<body>" + "<p>Một câu dài hơn một trang.</p>" * 200 + "</body>"
    assert len(pages(long)) > 1
    with pytest.raises(ValueError, match="pages"):
        finished(long)


def test_each_role_has_its_guide() -> None:
    assert {path.stem for path in SOURCES} == {"thanh-vien", "tro-ly-nguoi-du-thay", "thu-ky", "can-bo-ky-thuat"}
