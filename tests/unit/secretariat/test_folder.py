# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of bad folder: which file, why, and nothing read that must not be."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

import pymupdf
import pytest

from client.domain.paper import PaperKind, SecrecyLevel
from server.secretariat import folder, grades, scan
from server.secretariat.findings import Level
from server.secretariat.inspect import Inspector
from tests.unit.secretariat.office import ROOT, make_pdf, write_session


def codes(found: folder.FoundFolder, level: Level = Level.ERROR) -> list[tuple[str, str]]:
    return [(entry.code, entry.file) for entry in found.findings if entry.level is level]


def test_a_good_folder_is_read_as_its_toml_says(tmp_path: Path, inspector: Inspector) -> None:
    found = folder.read(write_session(tmp_path), inspector)
    assert codes(found) == []
    [item] = found.items
    assert [(p.file, p.kind, p.pages) for p in item.papers] == [
        ("01-to-trinh.pdf", PaperKind.SUBMISSION, 2),
        ("02-du-thao.pdf", PaperKind.DRAFT, 1),
        ("", PaperKind.REPORT, 0),
    ]
    assert item.papers[0].plain == folder.hash_file(tmp_path / "01-to-trinh.pdf")[0]
    assert item.papers[2].path is None


def test_missing_and_empty_folders(tmp_path: Path, inspector: Inspector) -> None:
    assert codes(folder.read(tmp_path / "none", inspector))[0][0] == "folder.missing"
    assert codes(folder.read(tmp_path, inspector)) == [("folder.empty", "")]


def test_a_file_that_cannot_be_read(tmp_path: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch) -> None:
    make_pdf(tmp_path / "a.pdf")
    path = tmp_path / "b.pdf"
    make_pdf(path)
    real = Path.open

    def denied(self: Path, *args, **kwargs):
        if self.name == "b.pdf":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", denied)  # tests run as root, whom no mode keeps out
    found = folder.read(tmp_path, inspector)
    assert codes(found) == [("file.unreadable", "b.pdf")]
    assert "Permission denied" in found.findings[0].vi


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders on Windows")
def test_what_is_not_a_file_is_never_opened(tmp_path: Path, inspector: Inspector) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")  # opening it would wait for ever
    assert codes(folder.read(tmp_path, inspector)) == [("file.unreadable", "pipe.pdf")]


def test_a_two_gigabyte_file_is_refused_before_reading(
    tmp_path: Path, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "big.pdf").open("wb") as file:
        file.truncate(2 << 30)
    monkeypatch.setattr(folder, "hash_file", lambda path: pytest.fail("it was read"))
    assert codes(folder.read(tmp_path, inspector)) == [("file.too_big", "big.pdf")]


def test_the_size_limit_is_exact(tmp_path: Path) -> None:
    scanner = scan.Scanner(tmp_path)
    for name, size, allowed in (("under", scan.MAX_PLAIN, True), ("over", scan.MAX_PLAIN + 1, False)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        assert (scanner.settle(name, name) is not None) is allowed


def test_damaged_locked_and_foreign_pdfs_are_named(tmp_path: Path, inspector: Inspector) -> None:
    make_pdf(tmp_path / "good.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing follows")
    (tmp_path / "text.pdf").write_bytes(b"<html>not a PDF</html>")
    (tmp_path / "zero.pdf").touch()
    document = pymupdf.open(make_pdf(tmp_path / "plain.pdf"))
    document.save(tmp_path / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner")
    document.close()
    found = folder.read(tmp_path, inspector)
    assert sorted(codes(found)) == [
        ("paper.broken", "broken.pdf"),
        ("paper.broken", "text.pdf"),
        ("paper.broken", "zero.pdf"),
        ("paper.locked", "locked.pdf"),
    ]
    assert {paper.file for item in found.items for paper in item.papers} == {"good.pdf", "plain.pdf"}


@pytest.mark.corpus
def test_every_pdf_of_the_corpus_is_judged_and_none_takes_the_tool_down(inspector: Inspector) -> None:
    papers = sorted((ROOT.parent / "shared" / "corpus").glob("*.pdf"))
    states = {path.name: inspector.inspect(path).state for path in papers}
    assert len(states) >= 85
    assert states["pypdf_libreoffice-writer-password.pdf"] == "locked"
    assert states["pypdf_minimal-document.pdf"] == "ok"
    attached = inspector.inspect(ROOT.parent / "shared" / "corpus" / "pypdf_with-attachment.pdf")
    assert attached.embedded == 1


def test_active_content_and_scans_are_warned_of(tmp_path: Path, inspector: Inspector) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 40, 40), False))
    page.insert_link({"kind": pymupdf.LINK_LAUNCH, "from": pymupdf.Rect(0, 0, 9, 9), "file": "calc.exe"})
    document.embfile_add("inside.txt", b"hello")
    xref = document.get_new_xref()
    document.update_object(xref, "<</S/JavaScript/JS(app.alert\\(1\\))>>")
    document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{xref} 0 R")
    document.save(tmp_path / "active.pdf")
    document.close()
    found = folder.read(tmp_path, inspector)
    assert codes(found) == []
    warned = {code for code, _ in codes(found, Level.WARNING)}
    assert warned >= {"paper.javascript", "paper.launch", "paper.embedded", "paper.scan"}


def test_names_that_a_members_machine_would_merge(tmp_path: Path, inspector: Inspector) -> None:
    name = "tờ trình.pdf"
    make_pdf(tmp_path / unicodedata.normalize("NFC", name))
    make_pdf(tmp_path / unicodedata.normalize("NFD", name))
    make_pdf(tmp_path / "TỜ TRÌNH.PDF")
    found = codes(folder.read(tmp_path, inspector))
    assert [code for code, _ in found] == ["file.collision", "file.collision"]


def test_a_name_in_nfd_is_found_by_its_nfc_spelling(tmp_path: Path, inspector: Inspector) -> None:
    make_pdf(tmp_path / unicodedata.normalize("NFD", "Tờ trình số 1.pdf"))
    (tmp_path / "session.toml").write_text(
        'title = "P"\n[[agenda]]\ntitle = "A"\n[[agenda.papers]]\ntitle = "T"\nfile = "Tờ trình số 1.pdf"\n', "utf-8"
    )
    found = folder.read(tmp_path, inspector)
    assert codes(found) == []
    assert found.items[0].papers[0].file == unicodedata.normalize("NFC", "Tờ trình số 1.pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
def test_nothing_outside_the_folder_is_read(tmp_path: Path, inspector: Inspector) -> None:
    make_pdf(tmp_path / "outside.pdf")
    inside = tmp_path / "inside"
    make_pdf(inside / "real.pdf")
    (inside / "link.pdf").symlink_to(tmp_path / "outside.pdf")
    (inside / "own.pdf").symlink_to(inside / "real.pdf")
    (inside / "dangling.pdf").symlink_to(inside / "gone.pdf")
    found = folder.read(inside, inspector)
    assert sorted(codes(found)) == [("file.outside", "link.pdf"), ("file.unreadable", "dangling.pdf")]
    for escape in ("../outside.pdf", str(tmp_path / "outside.pdf"), "..\\\\outside.pdf", "C:/outside.pdf"):
        (inside / "session.toml").write_text(
            f'title = "P"\n[[agenda]]\ntitle = "A"\n[[agenda.papers]]\ntitle = "T"\nfile = "{escape}"\n', "utf-8"
        )
        assert "file.outside" in [code for code, _ in codes(folder.read(inside, inspector))], escape


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('title = "P"\nkind = = 2\n', "line 2, column 8"),
        ('title = "P"\nkind = "weekly"\n', "`kind`"),
        ('title = "P"\ntitel = "Q"\n', "titel"),
        ('title = "P"\ntitel = "Q"\n', "line 2"),
        ("title = 7\n", "`title`"),
        ('kind = "regular"\n', "title"),
        ('title = "P"\n[[agenda]]\ntitle = "A"\nstarts = 8\n', "`agenda[1].starts`"),
        ('title = "P"\n[[agenda]]\ntitle = "A"\n[[agenda.papers]]\ntitle = "T"\n', "agenda[1].papers[1]"),
        ('title = "P"\n[[polls]]\nkind = "session"\nitem = 3\n[[polls.questions]]\ntext = "?"\n', "polls[1].item"),
        ('title = "P"\nstarts = 2026-13-01T00:00:00Z\n', "line 2"),
        ('title = "P"\nstarts = 2026-11-27T08:00:00\ncomments_until = 2026-11-27T08:00:01\n', "comments_until"),
        ("x = " + "[" * 2000, "session.toml"),
        ('title = "\\ud800"\n', "line 1"),
    ],
)
def test_wrong_toml_is_refused_with_its_place(tmp_path: Path, inspector: Inspector, toml: str, said: str) -> None:
    make_pdf(tmp_path / "a.pdf")
    (tmp_path / "session.toml").write_text(toml, "utf-8")
    found = folder.read(tmp_path, inspector)
    [entry] = [entry for entry in found.findings if entry.level is Level.ERROR]
    assert entry.code in {"toml.syntax", "toml.value"}
    assert said in entry.of("vi")
    assert found.items == ()


def test_toml_that_is_not_utf8_or_too_large(tmp_path: Path, inspector: Inspector) -> None:
    (tmp_path / "session.toml").write_bytes(b'title = "P"\nplace = "\xff"\n')
    [entry] = folder.read(tmp_path, inspector).findings
    assert "line 2" in entry.en
    (tmp_path / "session.toml").write_bytes(b"#" * ((1 << 20) + 1))
    assert codes(folder.read(tmp_path, inspector)) == [("file.too_big", "session.toml")]


def test_files_named_but_absent_twice_and_unnamed(tmp_path: Path, inspector: Inspector) -> None:
    write_session(tmp_path)
    (tmp_path / "01-to-trinh.pdf").unlink()
    make_pdf(tmp_path / "99-them.pdf")
    text = (tmp_path / "session.toml").read_text("utf-8")
    again = '[[agenda.papers]]\nfile = "02-du-thao.pdf"\ntitle = "Lại"\n[[polls]]'
    (tmp_path / "session.toml").write_text(text.replace("[[polls]]", again, 1), "utf-8")
    found = folder.read(tmp_path, inspector)
    assert codes(found) == [("file.missing", "01-to-trinh.pdf"), ("file.twice", "02-du-thao.pdf")]
    assert ("file.unnamed", "99-them.pdf") in codes(found, Level.WARNING)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders on Windows")
def test_the_file_of_a_graded_paper_is_never_opened(tmp_path: Path, inspector: Inspector) -> None:
    write_session(tmp_path)
    os.mkfifo(tmp_path / "mat.pdf")  # opening it would wait for ever
    text = (tmp_path / "session.toml").read_text("utf-8")
    (tmp_path / "session.toml").write_text(
        text.replace('secrecy = "mat"', 'secrecy = "mat"\nfile = "mat.pdf"'), "utf-8"
    )
    found = folder.read(tmp_path, inspector)
    assert codes(found) == []
    assert ("secret.bytes_refused", "mat.pdf") in codes(found, Level.WARNING)
    stub = found.items[0].papers[2]
    assert (stub.path, stub.plain, stub.size, stub.secrecy) == (None, None, 0, SecrecyLevel.SECRET)


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "T U Y Ệ T  M Ậ T", "Độ mật: MẬT", "[ MẬT ]"])
def test_a_stamp_on_page_one_stops_the_publish(tmp_path: Path, inspector: Inspector, mark: str) -> None:
    make_pdf(tmp_path / "a.pdf", ["BỘ CÔNG AN", mark, "BÁO CÁO"])
    make_pdf(tmp_path / "b.pdf", ["Giữ bí mật nhà nước", "Phải bảo mật"])
    found = folder.read(tmp_path, inspector)
    assert codes(found) == [("secret.stamp", "a.pdf")]


@pytest.mark.parametrize(
    ("line", "grade"),
    [
        ("MËT", SecrecyLevel.SECRET),
        ("tèi mËt", SecrecyLevel.TOP_SECRET),
        ("TUYEÄT MAÄT", SecrecyLevel.ULTRA_SECRET),
        (unicodedata.normalize("NFD", "TỐI MẬT"), SecrecyLevel.TOP_SECRET),
        ("Tài liệu mật", None),
        ("MAT", None),
        ("", None),
    ],
)
def test_marks_in_old_encodings_and_what_is_no_mark(line: str, grade: SecrecyLevel | None) -> None:
    assert grades.stamped([line]) is grade


def test_a_hanging_or_dying_inspector_costs_one_paper(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf")
    hang = (sys.executable, "-c", "import sys; sys.stdin.read()")
    with Inspector(timeout_s=0.3, command=hang) as inspector:
        assert codes(folder.read(tmp_path, inspector)) == [("paper.timeout", "a.pdf")]
    die = (sys.executable, "-c", "import os, sys; sys.stdin.readline(); os._exit(1)")
    with Inspector(command=die) as inspector:
        assert codes(folder.read(tmp_path, inspector)) == [("paper.crashed", "a.pdf")]
        inspector._command = (sys.executable, "-m", "server.secretariat.inspect.worker")
        assert inspector.inspect(path).state == "ok"


def test_defaults_from_file_names(tmp_path: Path, inspector: Inspector) -> None:
    base = tmp_path / "Phiên họp 2026-11-27"
    make_pdf(base / "10-bao-cao-tai-chinh.pdf")
    make_pdf(
        base / "2-To trinh.pdf", ["Số: 12/TTr-BTC", "Hà Nội, ngày 05 tháng 11 năm 2026", "TỜ TRÌNH", "Về việc thử"]
    )
    make_pdf(base / "2.1-phu-luc-du-thao.pdf")
    make_pdf(base / "2-Dự thảo.pdf")
    (base / "ghi chú.txt").write_text("x", "utf-8")
    found = folder.read(base, inspector)
    assert codes(found) == []
    assert ("file.not_pdf", "ghi chú.txt") in codes(found, Level.WARNING)
    assert [[(p.kind.value, p.number) for p in item.papers] for item in found.items] == [
        [("phu_luc", ""), ("du_thao", ""), ("to_trinh", "12/TTr-BTC")],
        [("bao_cao", "")],
    ]
    assert found.items[0].entry.title == "Tờ trình Về việc thử"
    assert str(found.session.starts) == "2026-11-27 08:00:00+07:00"
