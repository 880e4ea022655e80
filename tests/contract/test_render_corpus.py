# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every paper of the corpus, and broken copies of them, through the real render process."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.errors import EcabinetError, PaperEmpty, PaperFault, PaperLocked
from client.viewer.events import PixelsReady, RequestFailed
from client.viewer.messages import BYTES_PER_PIXEL
from tests.unit.viewer.render_world import CORPUS, WAIT_S, World, whole

PAPERS = sorted(CORPUS.glob("*.pdf"))
REFUSED: dict[str, type[PaperFault]] = {
    "pdfjs_issue15893_reduced.pdf": PaperLocked,
    "pypdf_libreoffice-writer-password.pdf": PaperLocked,
    "pdfjs_issue9105_other.pdf": PaperEmpty,
}
SHORT_RUN = 500
NIGHTLY = 50_000

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(page_timeout_s=20.0) as started:
        started.ready()
        yield started


def test_the_corpus_is_whole() -> None:
    assert len(PAPERS) == 90
    assert REFUSED.keys() <= {path.name for path in PAPERS}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.stem)
def test_first_and_last_page_are_drawn_or_the_paper_refused(world: World, path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(REFUSED[path.name]):
            world.open(path.read_bytes())
        return
    before = world.host.pid
    info = world.open(path.read_bytes())
    for page in {0, len(info.pages) - 1}:
        tile = whole(info, page)
        drawn = world.draw(tile)
        assert isinstance(drawn, PixelsReady), drawn
        assert (drawn.width, drawn.height, drawn.stride) == (tile.width, tile.height, tile.width * BYTES_PER_PIXEL)
        assert len(drawn.pixels) == drawn.height * drawn.stride
        world.host.text("paper", page).result(WAIT_S)
        world.host.links("paper", page).result(WAIT_S)
    world.host.outline("paper").result(WAIT_S)
    world.host.close_paper("paper")
    assert world.host.pid == before  # nothing in the corpus costs a process


def mutants(count: int) -> Iterator[bytes]:
    """Corpus papers with flipped bytes, cut ends, doubled or exchanged stretches; the same every run."""
    source = random.Random(20261123)
    small = [path for path in PAPERS if path.stat().st_size < 200_000]
    for _ in range(count):
        data = bytearray(source.choice(small).read_bytes())
        for _ in range(source.randint(1, 12)):
            at, length = source.randrange(len(data)), source.randint(1, 400)
            match source.randrange(5):
                case 0:
                    data[at] ^= 1 << source.randrange(8)
                case 1:
                    data[at : at + length] = source.randbytes(length)
                case 2:
                    del data[at : at + length]
                case 3:
                    data[at:at] = data[source.randrange(len(data)) :][:length]
                case _:
                    data[at : at + 4] = source.choice((b"9999", b"-1  ", b"<<<<", b"0 R "))
            if len(data) < 16:
                break
        yield bytes(data)


def survive(world: World, count: int) -> tuple[int, int]:
    """Feeds mutants; returns how many opened and how many were refused."""
    opened = refused = 0
    for data in mutants(count):
        try:
            info = world.open(data)
        except PaperFault:
            refused += 1
            continue
        opened += 1
        answer = world.draw(whole(info, len(info.pages) - 1, longest=300))
        if isinstance(answer, RequestFailed):
            assert isinstance(answer.error, PaperFault)
        for future in (world.host.text("paper", 0), world.host.links("paper", 0), world.host.outline("paper")):
            error = future.exception(WAIT_S)
            assert error is None or isinstance(error, EcabinetError)
    return opened, refused


def test_mutants_are_drawn_or_refused_and_never_take_the_host_down() -> None:
    with World(page_timeout_s=3.0) as world:
        opened, refused = survive(world, SHORT_RUN)
        assert opened + refused == SHORT_RUN
        assert opened > 0
        assert refused > 0
        good = world.open((CORPUS / "pypdf_minimal-document.pdf").read_bytes())
        assert isinstance(world.draw(whole(good)), PixelsReady)


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_many_mutants() -> None:
    with World(page_timeout_s=3.0) as world:
        opened, refused = survive(world, NIGHTLY)
        assert opened + refused == NIGHTLY
