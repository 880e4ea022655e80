# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text in fonts from before Unicode becomes searchable; Unicode text is left alone."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.viewer.worker import legacy
from client.viewer.worker.render import Renderer

LETTERS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ"
TEXT = "Nghị định quy định chi tiết một số điều của Luật Đầu tư công về quản lý vốn nước ngoài, kỳ hạn và lãi suất"
TO_TCVN3 = {new: chr(old) for old, new in legacy.TCVN3.items()}


def in_tcvn3(text: str) -> str:
    return "".join(TO_TCVN3.get(letter, letter) for letter in text)


def in_vni(text: str) -> str:
    back = {new: old for old, new in sorted(legacy.VNI.items(), reverse=True)}
    return "".join(back.get(letter, letter) for letter in text)


@pytest.mark.skipif(shutil.which("iconv") is None, reason="the command iconv is not installed")
def test_the_tcvn3_table_is_that_of_the_standard() -> None:
    signs = "".join(map(chr, legacy.TCVN3))
    done = subprocess.run(
        ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=signs.encode("latin-1"), capture_output=True, check=True
    )
    assert unicodedata.normalize("NFC", done.stdout.decode()) == legacy.from_tcvn3(signs)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
    ],
)
def test_tcvn3_as_met_in_papers(old: str, new: str) -> None:
    assert legacy.from_tcvn3(old) == new


def test_vni_as_met_in_papers() -> None:
    old = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc, ÑAÀU TÖ"
    assert legacy.from_vni(old) == "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc, ĐẦU TƯ"


@given(st.text(LETTERS + " .,"))
def test_every_letter_comes_back(text: str) -> None:
    assert legacy.from_tcvn3(in_tcvn3(text)) == text


@pytest.mark.parametrize("letter", [*LETTERS.replace("a", "", 1), *LETTERS.upper().replace("A", "", 1)])
def test_every_letter_has_a_vni_form(letter: str) -> None:
    assert letter in set(legacy.VNI.values()) | set("eiouyEIOUY")


def test_the_font_decides() -> None:
    assert legacy.by_font("®Çu t­", ".VnTime") == "đầu tư"
    assert legacy.by_font("®Çu t­", "ABCDEF+.VnTimeH") == "ĐẦU TƯ"
    assert legacy.by_font("ñaàu tö", "VNI-Times") == "đầu tư"
    assert legacy.by_font("đầu tư", "TimesNewRomanPSMT") is None


def test_without_a_name_the_reading_decides() -> None:
    for convert in (in_tcvn3, in_vni):
        assert legacy.by_reading(convert(TEXT).split()) == tuple(TEXT.split())
    assert legacy.by_reading(TEXT.split()) is None
    assert legacy.by_reading(["Résumé:", "über", "naïve", "façade,", "señor", "Ångström"]) is None
    assert legacy.by_reading([]) is None


def test_quality_tells_vietnamese_from_other_text() -> None:
    assert legacy.quality(TEXT.split()) > 0.95
    assert legacy.quality(in_tcvn3(TEXT).split()) < legacy.POOR
    assert legacy.quality(["strengths", "although", "twelfth", "rhythms"]) < legacy.POOR


def legacy_pdf(font_name: str | None) -> bytes:
    """A page whose text is stored in TCVN3, as a PDF from the nineties has it."""
    with pymupdf.open() as made:
        page = made.new_page()
        for row, part in enumerate((TEXT[:49], TEXT[49:])):
            page.insert_text((60, 100 + 20 * row), in_tcvn3(part), fontname="helv", fontsize=11)
        if font_name is not None:
            for xref in range(1, made.xref_length()):
                if made.xref_get_key(xref, "Type")[1] == "/Font":
                    made.xref_set_key(xref, "BaseFont", "/" + font_name)
        return bytes(made.tobytes())


@pytest.mark.parametrize("font", [".VnTime", None])
def test_words_of_an_old_paper_are_unicode(font: str | None) -> None:
    renderer = Renderer()
    renderer.open(1, legacy_pdf(font))
    words = " ".join(word.text for word in renderer.words(1, 0))
    renderer.close(1)
    assert "Đầu tư công về" in words
    assert "quản lý vốn nước ngoài" in words.replace("\n", " ")


@pytest.mark.parametrize(("mode", "picture", "expected"), [(3, True, True), (0, True, False), (3, False, False)])
def test_words_unseen_over_a_picture_were_read_off_it(mode: int, picture: bool, expected: bool) -> None:
    with pymupdf.open() as made:
        page = made.new_page()
        if picture:
            page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 40, 56)))
        page.insert_text((60, 100), "Van ban quet", fontsize=11, render_mode=mode)
        data = made.tobytes()
    renderer = Renderer()
    renderer.open(1, data)
    assert [word.text for word in renderer.words(1, 0)] == ["Van", "ban", "quet"]
    assert renderer.recognised(1, 0) is expected
    renderer.close(1)
