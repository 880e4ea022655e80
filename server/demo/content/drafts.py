# SPDX-License-Identifier: AGPL-3.0-or-later
"""Draft decrees, laws and resolutions: grounds, chapters, articles, clauses, points.

Decides: the run of a draft and what its second version changes. Refuses: document form (``documents_form``).

The second version of a draft differs from the first in exactly three ways: the mark under the number, the second
clause of the articles in ``CHANGED``, and one article on a page of its own at the end of chapter II.
"""

from __future__ import annotations

from typing import Final

from server.demo.content import phrases
from server.demo.content.compose import Composer
from server.demo.content.spec import PaperSpec
from server.documents import form
from server.documents.model import Block, Face, PageBreak, Para

CHANGED: Final = frozenset({4, 8, 14, 21})
"""Articles whose second clause the second version rewrites."""
INSERTED: Final = "Kiểm thử kết nối trước khi vận hành"
"""Title of the article the second version adds."""
INSERTED_CLAUSES: Final = 10

_NUMERALS: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
_NAMES: Final = {"law": "Luật", "decree": "Nghị định", "resolution": "Nghị quyết"}
_COPIES: Final = (
    "Ban Bí thư Trung ương Đảng",
    "Thủ tướng, các Phó Thủ tướng Chính phủ",
    "Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ",
    "HĐND, UBND các tỉnh, thành phố trực thuộc trung ương",
    "Văn phòng Quốc hội",
    "Tòa án nhân dân tối cao",
    "Viện kiểm sát nhân dân tối cao",
    "Kiểm toán nhà nước",
    "VPCP: BTCN, các PCN, các Vụ, Cục, Công báo",
    "Lưu: VT, KSTT (2b)",
)


def draft(spec: PaperSpec, *, revision: int) -> list[Block]:
    """Blocks of a draft; ``spec.style`` says which kind."""
    composer = Composer(spec.topic, spec.file)
    return [*_opening(spec, revision), *_chapters(spec, composer, revision), *_closing(spec)]


def _opening(spec: PaperSpec, revision: int) -> list[Block]:
    mark = f"DỰ THẢO (bản {revision})"
    topic = spec.topic
    if spec.style == "law":
        return [
            form.header("Quốc hội", "Luật số:        /2027/QH16", None, draft=mark),
            *form.name("Luật", capital_title(topic.field)),
            *form.grounds(
                (
                    "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;",
                    f"Quốc hội ban hành Luật {capital_title(topic.field)}.",
                )
            ),
        ]
    kind, code = _NAMES[spec.style], "NQ-CP" if spec.style == "resolution" else "NĐ-CP"
    verb = "Về một số cơ chế thí điểm" if spec.style == "resolution" else "Quy định về"
    return [
        form.header("Chính phủ", f"Số:        /2026/{code}", None, draft=mark),
        *form.name(kind, f"{verb} {topic.field}"),
        *form.grounds(
            (
                "Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;",
                "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
                "Căn cứ Luật Ban hành văn bản quy phạm pháp luật ngày 19 tháng 02 năm 2025;",
                f"Theo đề nghị của Bộ trưởng {topic.agency};",
                f"Chính phủ ban hành {kind} {verb[0].lower()}{verb[1:]} {topic.field}.",
            )
        ),
    ]


def _chapters(spec: PaperSpec, composer: Composer, revision: int) -> list[Block]:
    blocks: list[Block] = []
    number = 0
    for index, (title, articles) in enumerate(spec.topic.chapters):
        if title:
            if index == 2 and spec.style == "decree":
                blocks.append(PageBreak())
            blocks += form.chapter(_NUMERALS[index], title)
        for heading in articles:
            number += 1
            blocks += _article(spec, composer, number, heading, revision)
        if index == 1 and revision > 1:
            blocks += _inserted(spec, number)
    return blocks


def _article(spec: PaperSpec, composer: Composer, number: int, heading: str, revision: int) -> list[Block]:
    blocks: list[Block] = [form.article(str(number), heading, level=2 if spec.topic.chapters[0][0] else 1)]
    texts = composer.article(heading, clauses=spec.weight + composer.chance.randint(-1, 1))
    if revision > 1 and number in CHANGED:
        second = Composer(spec.topic, f"{spec.file}/{number}/{revision}")
        texts = [
            (kind, f"2. {second.sentence(phrases.CLAUSE)}" if text.startswith("2. ") else text) for kind, text in texts
        ]
    this = f"{_NAMES[spec.style]} này"
    blocks.extend(Para(text=text.replace("Văn bản này", this).replace("văn bản này", this)) for _, text in texts)
    return blocks


def _inserted(spec: PaperSpec, after: int) -> list[Block]:
    composer = Composer(spec.topic, f"{spec.file}/inserted")
    clauses = [f"{index}. {composer.sentence(phrases.CLAUSE)}" for index in range(1, INSERTED_CLAUSES + 1)]
    return [PageBreak(), form.article(f"{after}a", INSERTED), *(Para(text=text) for text in clauses)]


def _closing(spec: PaperSpec) -> list[Block]:
    if spec.style == "law":
        text = "Luật này được Quốc hội nước Cộng hòa xã hội chủ nghĩa Việt Nam khóa XVI, kỳ họp thứ ba thông qua ngày        tháng        năm 2027."
        return [
            Para(text=text, face=Face.ITALIC, before=14),
            form.close(("CHỦ TỊCH QUỐC HỘI",), (), signed=False),
        ]
    return [form.close(("TM. CHÍNH PHỦ", "THỦ TƯỚNG"), _COPIES, signed=False)]


def capital_title(text: str) -> str:
    """The text with its first letter upper case, as laws are named."""
    return text[:1].upper() + text[1:]
