# SPDX-License-Identifier: AGPL-3.0-or-later
"""Papers and their revisions with known truth: every word has an identity that survives editing and re-flow.

A seed makes a paper of articles; another makes a revision of it (words changed, paragraphs put in, taken out or
moved, articles renumbered, pages inserted, the whole set in another size). Notes are then put on the earlier
version, and because identities are known, it is known where each belongs on the later one.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from dataclasses import dataclass, field, replace

from client.domain.annotation import Annotation, Bookmark, Highlight, InkStroke, Quote, Rect, TextNote
from client.domain.ids import AnnotationId, Hash, Moment, PaperId
from client.viewer.anchors import Placement
from client.viewer.highlight import line_rects
from client.viewer.ink import InkPoint, pack_points, unpack_points
from client.viewer.messages import Word

VOCABULARY = re.findall(
    r"\S+",
    """cơ quan nhà nước tổ chức cá nhân quy định trách nhiệm thẩm quyền hồ sơ thủ tục dự án đầu tư công ngân sách địa
    phương trung ương báo cáo kết quả thực hiện kế hoạch giai đoạn phê duyệt điều chỉnh nguồn vốn sử dụng đất đai
    xây dựng hạ tầng giao thông y tế giáo dục công nghệ thông tin dữ liệu số chuyển đổi an ninh quốc phòng kiểm tra
    giám sát xử lý vi phạm khiếu nại tố cáo hiệu lực thi hành chuyển tiếp thời hạn ngày tháng năm quyết định nghị
    quyết thông tư hướng dẫn phối hợp liên quan chủ trì đề xuất lấy ý kiến tổng hợp trình Chính phủ Thủ tướng Bộ
    trưởng chịu trách nhiệm trước pháp luật bảo đảm công khai minh bạch hiệu quả tiết kiệm lãng phí tham nhũng""",
)
BOILERPLATE = re.findall(r"\S+", "theo quy định của pháp luật và các văn bản hướng dẫn thi hành có liên quan")
OLD, NEW = Hash("sha256:" + "a" * 64), Hash("sha256:" + "b" * 64)
PAPER = PaperId("p_generated")


@dataclass(frozen=True)
class Mark:
    """One word with its identity; a changed word has another."""

    uid: int
    text: str


@dataclass(frozen=True)
class Layout:
    """How text is set; points."""

    width: float = 595.0
    height: float = 842.0
    margin: float = 60.0
    size: float = 12.0

    @property
    def leading(self) -> float:
        return self.size * 1.4


@dataclass
class Paper:
    """Pages of words as the render process would give them, and who each word is."""

    pages: list[list[Word]]
    uids: list[list[int]]
    layout: Layout

    @property
    def sizes(self) -> list[tuple[float, float]]:
        return [(self.layout.width, self.layout.height)] * len(self.pages)

    def where(self) -> dict[int, tuple[int, int]]:
        """Page and index of each identity; furniture has identities below zero."""
        return {uid: (page, index) for page, uids in enumerate(self.uids) for index, uid in enumerate(uids) if uid >= 0}


Paragraph = tuple[Mark, ...]


@dataclass
class Source:
    """A text before it is set: paragraphs of marks."""

    rng: random.Random
    counter: itertools.count[int] = field(default_factory=itertools.count)

    def mark(self, text: str) -> Mark:
        return Mark(next(self.counter), text)

    def paragraph(self, words: int | None = None) -> Paragraph:
        count = words or self.rng.randint(25, 90)
        texts = [self.rng.choice(VOCABULARY) for _ in range(count)]
        if self.rng.random() < 0.5:
            texts[-len(BOILERPLATE) :] = BOILERPLATE
        texts[-1] += "."
        return tuple(self.mark(text) for text in texts)

    def article(self, number: int) -> list[Paragraph]:
        head = tuple(self.mark(text) for text in ("Điều", f"{number}.", *self.rng.choices(VOCABULARY, k=6)))
        return [head, *(self.paragraph() for _ in range(self.rng.randint(2, 5)))]

    def text(self, pages: int) -> list[Paragraph]:
        """About ``pages`` pages in the ordinary layout."""
        found: list[Paragraph] = []
        number = 0
        while sum(map(len, found)) < pages * 470:
            number += 1
            found += self.article(number)
        return found


def lay_out(text: list[Paragraph], layout: Layout) -> Paper:
    """Sets paragraphs in lines and pages, with a running head and a page number."""
    paper = Paper([], [], layout)
    y = math.inf

    def new_page() -> None:
        paper.pages.append([])
        paper.uids.append([])
        _line(paper, ["DỰ", "THẢO", "(dữ", "liệu", "giả", "định)"], 30.0, block=10_000)
        _line(paper, [str(len(paper.pages))], layout.height - 30, block=10_001)

    for block, paragraph in enumerate(text):
        x, line = layout.margin, 0
        y += layout.leading * 1.5
        for mark in paragraph:
            width = len(mark.text) * layout.size * 0.48
            if x + width > layout.width - layout.margin:
                x, y, line = layout.margin, y + layout.leading, line + 1
            if y > layout.height - 70:
                new_page()
                y = 70.0
            paper.pages[-1].append(Word(x, y, x + width, y + layout.size, mark.text, block, line))
            paper.uids[-1].append(mark.uid)
            x += width + layout.size * 0.28
    return paper


def _line(paper: Paper, texts: list[str], y: float, *, block: int) -> None:
    x = 200.0
    for text in texts:
        paper.pages[-1].append(Word(x, y, x + 6 * len(text), y + 10, text, block, 0))
        paper.uids[-1].append(-1)
        x += 6 * len(text) + 3


def revise(source: Source, text: list[Paragraph], *, changes: int = 12) -> list[Paragraph]:
    """A revision: what a drafting ministry does between two versions."""
    rng = source.rng
    revised = list(text)
    for _ in range(changes):
        at = rng.randrange(len(revised))
        what = rng.choice(("words", "words", "words", "insert", "delete", "move", "page", "rewrite"))
        if what == "words":
            revised[at] = _reword(source, revised[at])
        elif what == "insert":
            revised.insert(at, source.paragraph())
        elif what == "delete" and len(revised[at]) > 10:
            del revised[at]
        elif what == "move":
            count = rng.randint(1, 3)
            block = revised[at : at + count]
            del revised[at : at + count]
            to = rng.randrange(len(revised))
            revised[to:to] = block
        elif what == "page":
            revised[at:at] = [source.paragraph(80) for _ in range(rng.randint(5, 12))]
        elif what == "rewrite":
            revised[at] = source.paragraph(len(revised[at]))
    if rng.random() < 0.5:
        revised = [_renumbered(source, paragraph) for paragraph in revised]
    return revised


def _reword(source: Source, paragraph: Paragraph) -> Paragraph:
    words = list(paragraph)
    for _ in range(source.rng.randint(1, 3)):
        at = source.rng.randrange(len(words))
        fresh = [source.mark(source.rng.choice(VOCABULARY) + "x") for _ in range(source.rng.randint(0, 4))]
        words[at : at + source.rng.randint(1, 3)] = fresh
    return tuple(words) or source.paragraph()


def _renumbered(source: Source, paragraph: Paragraph) -> Paragraph:
    if len(paragraph) < 2 or paragraph[0].text != "Điều" or not paragraph[1].text.rstrip(".").isdigit():
        return paragraph
    number = int(paragraph[1].text.rstrip(".")) + 1
    return (paragraph[0], replace(paragraph[1], text=f"{number}."), *paragraph[2:])


# -- notes with known truth ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """A note on the earlier version and the identities of the words it is about."""

    note: Annotation
    uids: tuple[int, ...]
    anchor: int
    """Identity of the nearest word, for notes and ink."""


def make_notes(paper: Paper, rng: random.Random, count: int) -> list[Known]:
    """Highlights, notes, ink over and beside text, bookmarks."""
    return [_note(paper, rng, number) for number in range(count)]


def _note(paper: Paper, rng: random.Random, number: int) -> Known:
    page = rng.choice([n for n, words in enumerate(paper.pages) if len(words) > 20])
    words, uids = paper.pages[page], paper.uids[page]
    text = [index for index, uid in enumerate(uids) if uid >= 0]
    on = {
        "id": AnnotationId(f"a_{number:05d}"),
        "paper": PAPER,
        "plain": OLD,
        "page": page,
        "made": Moment(f"2026-11-20T02:{number // 60 % 60:02d}:{number % 60:02d}.000Z"),
    }
    first = text[rng.randrange(len(text))]
    length = rng.choice((1, 2, 4, 8, 15, 30, 60))
    chosen = [index for index in range(first, first + length) if index < len(words) and uids[index] >= 0]
    known = tuple(uids[index] for index in chosen)
    word = words[first]
    match rng.choice(("highlight", "highlight", "note", "circle", "margin", "bookmark")):
        case "highlight":
            boxes = line_rects([words[index] for index in chosen])
            quote = Quote(" ".join(words[index].text for index in chosen)[:4000])
            return Known(Highlight(colour="#FFD54A", rects=boxes, quote=quote, **on), known, uids[first])
        case "note":
            at = Rect(word.x1, word.y0, word.x1 + 20, word.y0 + 20)
            return Known(TextNote(at=at, text="Hỏi lại.", **on), (uids[first],), uids[first])
        case "circle":
            return Known(_stroke(_ring(word), on), (uids[first],), uids[first])
        case "margin":
            line = next(i for i, w in enumerate(words) if uids[i] >= 0 and (w.block, w.line) == (word.block, word.line))
            wave = [InkPoint(8 + 2 * k, word.y0 + 5 + 3 * math.sin(k), 0.5, 8) for k in range(20)]
            return Known(_stroke(wave, on), (uids[line],), uids[line])
        case _:
            return Known(Bookmark(**on), tuple(uids[index] for index in text), -1)


def _ring(word: Word) -> list[InkPoint]:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    a, b = (word.x1 - word.x0) / 2 + 1, (word.y1 - word.y0) / 2 + 1
    return [InkPoint(x + a * math.cos(k / 5), y + b * math.sin(k / 5), 0.5, 8) for k in range(33)]


def _stroke(points: list[InkPoint], on: dict[str, object]) -> InkStroke:
    return InkStroke(colour="#B3261E", width=2.0, points=pack_points(points), **on)


def verdict(known: Known, placement: Placement, later: Paper) -> str:
    """``right``, ``wrong`` (sure of a false place), ``asked`` (in doubt though it is there) or ``rightly asked``."""
    where = later.where()
    left = [where[uid] for uid in known.uids if uid in where]
    gone = len(left) < 0.5 * len(known.uids)
    if not placement.sure:
        return "rightly asked" if gone else "asked"
    return "right" if _is_right(known, placement, later, left) else "wrong"


def _is_right(known: Known, placement: Placement, later: Paper, left: list[tuple[int, int]]) -> bool:
    where = later.where()
    match known.note:
        case Highlight():
            covered = set()
            for target in placement.targets:
                assert isinstance(target, Highlight)
                words = later.pages[target.page]
                covered |= {
                    (target.page, index)
                    for index, word in enumerate(words)
                    for rect in target.rects
                    if rect.x0 <= (word.x0 + word.x1) / 2 <= rect.x1 and rect.y0 <= (word.y0 + word.y1) / 2 <= rect.y1
                }
            return set(left) <= covered and len(covered) <= 1.6 * len(left) + 6
        case Bookmark():
            page = placement.targets[0].page
            shares = [sum(p == page for p, _ in left), max((sum(p == q for p, _ in left) for q, _ in left), default=0)]
            return shares[0] >= 0.8 * shares[1] > 0
    at = where.get(known.anchor)
    if at is None:  # its very word is gone: beside its neighbours is right, anything else would have to ask
        return True
    page, index = at
    word = later.pages[page][index]
    target = placement.targets[0]
    if target.page != page:
        return False
    if isinstance(target, TextNote):
        y = target.at.y0
    else:
        assert isinstance(target, InkStroke)
        ys = [point.y for point in unpack_points(target.points)]
        y = (min(ys) + max(ys)) / 2 - later.layout.size / 2
    return abs(y - word.y0) <= 0.75 * later.layout.leading
