# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which paper of the pack the file name in a link means; no name is ever a path."""

from __future__ import annotations

import pytest

from client.domain.ids import PaperId
from client.domain.paper import PaperKind, PaperVersion
from client.ui.paper_links import MAX_URI, FileTarget, file_target, paper_meant
from tests.helpers.ui_world import paper

PAPERS = (
    paper(PaperId("x_one"), "Tờ trình về dự án Luật mẫu", PaperKind.SUBMISSION, 3, number="123/TTr-BTC"),
    paper(PaperId("x_two"), "Tờ trình bổ sung", PaperKind.SUBMISSION, 3, number="23/TTr-BTC"),
    paper(PaperId("x_three"), "Báo cáo thẩm định dự án Luật mẫu", PaperKind.APPRAISAL, 9, number="45/BC-BTP"),
    paper(PaperId("x_four"), "Phụ lục", PaperKind.ANNEX, 2),
    paper(PaperId("x_five"), "Phụ lục", PaperKind.ANNEX, 2, number="2/PL-BTC"),
    paper(PaperId("x_six"), "Nghị định mẫu", PaperKind.OTHER, 20, number="39/2022/NĐ-CP"),
)


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("file:02_To-trinh%20123-TTr-BTC.pdf#page=3&zoom=nan,0,0", FileTarget("02_To-trinh 123-TTr-BTC", 2)),
        ("file:///C:/Users/x/Ho%20so/Bao%20cao.PDF", FileTarget("Bao cao")),
        (r"..\hồ sơ\Phụ lục.pdf#page=1", FileTarget("Phụ lục", 0)),
        ("bao-cao.pdf#page=0", FileTarget("bao-cao")),
        ("bao-cao.pdf#nameddest=muc2", FileTarget("bao-cao")),
        ("https://example.gov.vn/tai-lieu.pdf", None),
        ("javascript:x.pdf", None),
        ("file:setup.exe", None),
        ("file:.pdf", None),
        ("", None),
        ("file:" + "a" * (MAX_URI - 9) + ".pdf", FileTarget("a" * (MAX_URI - 9))),
        ("file:" + "a" * (MAX_URI - 8) + ".pdf", None),
    ],
)
def test_where_a_link_leads(uri: str, target: FileTarget | None) -> None:
    assert file_target(uri) == target


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("02_To-trinh 123-TTr-BTC", "x_one"),
        ("23.TTr-BTC", "x_two"),
        ("0023_ttr_btc ban cuoi", "x_two"),
        ("39-2022-ND-CP", "x_six"),
        ("39_2022_NĐ-CP", "x_six"),
        ("bao cao tham dinh du an luat mau", "x_three"),
        ("03 Báo cáo thẩm định dự án Luật mẫu (bản ký)", "x_three"),
        ("Phụ lục", None),  # two are called so
        ("phu luc 2-PL-BTC", "x_five"),
        ("To trinh", None),
        ("139-2022-ND-CP", None),
        ("39-2022-ND-CPX", None),
        ("", None),
    ],
)
def test_which_paper_is_meant(name: str, meant: str | None) -> None:
    found: PaperVersion | None = paper_meant(PAPERS, name)
    assert (found.id if found else None) == meant
