# SPDX-License-Identifier: AGPL-3.0-or-later
"""The demo folders hold what the walking path needs, in the right form, the same every time."""

import tomllib
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from server.demo.content.agenda import REGULAR
from server.demo.content.agenda_more import OPINION, SMALL
from server.demo.content.drafts import INSERTED
from server.demo.documents_folder import DemoFolder, write_demo_folder, write_revision

SCAN = "09-02-ban-quet-bao-cao-y-te.pdf"
OLD = "09-03-tai-lieu-tham-khao-cu.pdf"
LAW = "05-02-du-thao-luat.pdf"


def texts(path: Path) -> list[str]:
    with pymupdf.open(path) as document:
        return [page.get_text() for page in document]


def toml(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "session.toml").read_text("utf-8"))


def papers(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [paper for item in data["agenda"] for paper in item.get("papers", [])]


def test_size_of_the_regular_session(demo: DemoFolder) -> None:
    files = sorted(demo.session.glob("*.pdf"))
    pages = sum(len(texts(path)) for path in files)
    assert len(files) == demo.papers >= 26
    assert pages >= 300


def test_every_page_of_every_paper_says_it_is_invented(demo: DemoFolder) -> None:
    assert demo.opinion is not None
    for path in [*demo.session.glob("*.pdf"), *demo.opinion.glob("*.pdf")]:
        if path.name in (SCAN, OLD):
            continue
        for number, text in enumerate(texts(path), 1):
            assert "(dữ liệu giả định)" in text, (path.name, number)


def test_text_is_nfc_and_found_by_search(demo: DemoFolder) -> None:
    with pymupdf.open(demo.session / LAW) as document:
        text = "".join(page.get_text() for page in document)
        assert text == unicodedata.normalize("NFC", text)
        assert "\ufffd" not in text
        assert document[0].search_for("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        assert document[0].search_for("Độc lập - Tự do - Hạnh phúc")
        assert sum(len(page.search_for("bảo trì")) for page in document) > 20


def test_a_draft_has_an_outline_of_chapters_and_articles(demo: DemoFolder) -> None:
    with pymupdf.open(demo.session / LAW) as document:
        entries = document.get_toc()
        assert next(title for level, title, _ in entries if level == 1) == "Chương I. NHỮNG QUY ĐỊNH CHUNG"
        articles = [(title, page) for level, title, page in entries if level == 2]
        assert [title.split(".")[0] for title, _ in articles] == [f"Điều {n}" for n in range(1, len(articles) + 1)]
        for title, page in articles:
            assert document[page - 1].search_for(title.split(".")[0]), title


def test_most_papers_have_an_outline(demo: DemoFolder) -> None:
    without = []
    for path in demo.session.glob("*.pdf"):
        with pymupdf.open(path) as document:
            if not document.get_toc():
                without.append(path.name)
    assert sorted(without) == ["01-01-chuong-trinh.pdf", SCAN]


def test_page_number_from_the_second_page_on(demo: DemoFolder) -> None:
    with pymupdf.open(demo.session / LAW) as document:
        for number, page in enumerate(document, 1):
            head = page.get_text(clip=pymupdf.Rect(200, 0, 400, 50)).split()
            assert head == ([] if number == 1 else [str(number)])


def test_text_keeps_the_margins_of_decree_30(demo: DemoFolder) -> None:
    millimetre = 72 / 25.4
    for path in demo.session.glob("0[1-7]*.pdf"):
        with pymupdf.open(path) as document:
            for page in document:
                assert page.rect.width == pytest.approx(210 * millimetre, abs=1)
                assert page.rect.height == pytest.approx(297 * millimetre, abs=1)
                for block in page.get_text("words", clip=pymupdf.Rect(0, 52, 595, 842)):
                    assert block[0] >= 30 * millimetre - 0.5, path.name
                    assert block[2] <= 595 - 15 * millimetre, path.name
                    assert block[3] <= 842 - 18 * millimetre, path.name


def test_the_scan_is_six_grey_images_at_300_dpi_without_text(demo: DemoFolder) -> None:
    with pymupdf.open(demo.session / SCAN) as document:
        assert len(document) == 6
        for page in document:
            assert page.get_text().strip() == ""
            [image] = page.get_images()
            info = document.extract_image(image[0])
            assert (info["ext"], info["colorspace"]) == ("jpeg", 1)
            assert info["width"] == pytest.approx(8.27 * 300, abs=3)


def test_the_old_paper_reads_as_tcvn3_not_as_vietnamese(demo: DemoFolder) -> None:
    with pymupdf.open(demo.session / OLD) as document:
        text = "".join(page.get_text() for page in document)
        names = {font[3] for font in document.get_page_fonts(0)}
    assert names == {".VnTime", ".VnTimeH"}
    assert "Céng hßa".lower() in text.lower()
    assert "§éc lËp - Tù do - H¹nh phóc" in text
    assert "Độc lập" not in text
    assert all(ord(char) < 0x100 for char in text)


def test_the_old_paper_looks_like_any_other(demo: DemoFolder) -> None:
    """The drawn page shows the motto: same shapes where a Unicode paper has them."""

    def motto(name: str) -> bytes:
        with pymupdf.open(demo.session / name) as document:
            clip = pymupdf.Rect(280, 74, 560, 94)
            return bytes(document[0].get_pixmap(dpi=72, clip=clip, colorspace=pymupdf.csGRAY).samples)

    old, plain = motto(OLD), motto("09-01-cai-cach-hanh-chinh.pdf")
    assert min(old) < 120
    assert sum(abs(a - b) for a, b in zip(old, plain, strict=True)) / len(old) < 1.0


def test_session_toml_describes_exactly_the_files(demo: DemoFolder) -> None:
    data = toml(demo.session)
    listed = [paper["file"] for paper in papers(data) if "file" in paper]
    assert sorted(listed) == sorted(path.name for path in demo.session.glob("*.pdf"))
    assert len(data["agenda"]) == 9
    assert data["kind"] == "regular"
    assert data["starts"].isoformat() == "2026-11-27T08:00:00+07:00"
    assert all(isinstance(paper["issued"], date) for paper in papers(data))
    assert data["agenda"][1]["starts"] == "08:10"
    [poll] = data["polls"]
    assert (poll["kind"], poll["item"]) == ("session", 3)
    assert poll["questions"][0]["choices"] == ["yes", "no", "other_opinion"]


def test_the_secret_paper_is_metadata_only(demo: DemoFolder) -> None:
    [secret] = [paper for paper in papers(toml(demo.session)) if paper["secrecy"] != "normal"]
    assert secret["secrecy"] == "mat"
    assert secret["copy"] == "01/27"
    assert "file" not in secret


def test_secret_bytes_only_when_asked_for(tmp_path: Path, fonts: Path, start: datetime) -> None:
    folder = write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True, secret_bytes=True).session
    [secret] = [paper for paper in papers(toml(folder)) if paper["secrecy"] != "normal"]
    assert (folder / secret["file"]).read_bytes().startswith(b"%PDF")


def test_the_opinion_ballot_has_questions_and_an_open_issue(demo: DemoFolder) -> None:
    assert demo.opinion is not None
    data = toml(demo.opinion)
    assert data["kind"] == "opinion"
    assert len(papers(data)) == 3
    [poll] = data["polls"]
    assert poll["closes"].isoformat() == "2026-11-27T17:00:00+07:00"
    assert len(poll["questions"]) == 2
    [issue] = poll["open_issues"]
    assert all(len(option["held_by"]) == 2 for option in issue["options"])
    assert issue["pages"][0]["file"] in {paper["file"] for paper in papers(data)}


def test_small_demo_is_five_papers_on_twelve_pages(tmp_path: Path, fonts: Path, start: datetime) -> None:
    folder = write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    assert folder.papers == 5
    assert folder.opinion is None
    assert sum(len(texts(path)) for path in folder.session.glob("*.pdf")) == 12


def test_same_input_same_bytes(tmp_path: Path, fonts: Path, start: datetime) -> None:
    one = write_demo_folder(tmp_path / "a", fonts=fonts, start=start, small=True).session
    two = write_demo_folder(tmp_path / "b", fonts=fonts, start=start, small=True).session
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()
    }


def test_a_current_folder_is_left_alone_and_a_torn_one_completed(tmp_path: Path, fonts: Path, start: datetime) -> None:
    folder = write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    kept = folder.session / "01-01-chuong-trinh.pdf"
    kept.write_bytes(b"kept")
    write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    assert kept.read_bytes() == b"kept"
    folder.revised.unlink()
    write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    assert folder.revised.is_file()
    assert kept.read_bytes() != b"kept"


def test_the_second_version_changes_articles_and_adds_a_page(
    tmp_path: Path, demo: DemoFolder, fonts: Path, start: datetime
) -> None:
    before = texts(demo.revised)
    for name in (demo.revised.name, "session.toml"):
        (tmp_path / name).write_bytes((demo.session / name).read_bytes())
    after = texts(write_revision(tmp_path, fonts=fonts, start=start))
    assert len(after) == len(before) + 1
    assert "DỰ THẢO (bản 1)" in before[0]
    assert "DỰ THẢO (bản 2)" in after[0]
    [added] = [index for index, text in enumerate(after) if INSERTED in text]
    same = sum(old == new for old, new in zip(before[:added], after[:added], strict=True))
    assert 0 < same < added


def test_a_start_without_a_time_zone_is_refused(tmp_path: Path, fonts: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_demo_folder(tmp_path, fonts=fonts, start=datetime(2026, 11, 27, 8, 0), small=True)  # noqa: DTZ001


def test_no_ministry_that_was_merged_away(demo: DemoFolder) -> None:
    gone = (
        "Bộ Kế hoạch và Đầu tư",
        "Bộ Thông tin và Truyền thông",
        "Bộ Tài nguyên và Môi trường",
        "Bộ Giao thông vận tải",
        "Bộ Lao động",
    )
    for path in demo.session.glob("*.pdf"):
        text = " ".join("".join(texts(path)).split())
        assert not [name for name in gone if name in text], path.name


def test_titles_are_marked_invented_and_files_are_unique() -> None:
    for session in (REGULAR, SMALL, OPINION):
        files = [paper.file for item in session.items for paper in item.papers if paper.file]
        assert session.title.endswith("(dữ liệu giả định)")
        assert len(files) == len(set(files))


def test_a_revised_small_folder_is_restored_by_writing_it_again(tmp_path: Path, fonts: Path, start: datetime) -> None:
    folder = write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    first = folder.revised.read_bytes()
    second = write_revision(folder.session, fonts=fonts, start=start, small=True).read_bytes()
    assert second != first
    assert toml(folder.session)["kind"] == "regular"
    write_demo_folder(tmp_path / "s", fonts=fonts, start=start, small=True)
    assert folder.revised.read_bytes() == first
