# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cache and schedule of pictures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.viewer.geometry import Box, Layout
from client.viewer.messages import MAX_PIXELS, NEXT, ON_SCREEN, PREVIEW
from client.viewer.tile_cache import DEFAULT_BYTES, LEAST_BYTES, WHOLE, TileCache, TileKey, fitting_bytes, scale_bucket
from client.viewer.tile_schedule import TILE_PX, WHOLE_PIXELS, Viewport, plan, preview_request

A4 = (595.0, 842.0)


def key(page: int, scale: float = 1.0, doc: str = "d", **fields: int) -> TileKey:
    return TileKey(doc, page, scale_bucket(scale), 0, False, **fields)


def test_least_recently_used_goes_first_and_previews_last() -> None:
    cache: TileCache[str] = TileCache(100)
    cache.put(key(0, 0.2), "preview", 10, preview=True)
    cache.put(key(1), "one", 40)
    cache.put(key(2), "two", 40)
    assert cache.get(key(1)) == "one"
    cache.put(key(3), "three", 40)
    assert key(2) not in cache
    assert {key(0, 0.2), key(1), key(3)} == {k for k in (key(0, 0.2), key(1), key(2), key(3)) if k in cache}
    assert cache.used_bytes == 90


def test_a_picture_as_large_as_the_cache_fits_one_byte_more_does_not() -> None:
    cache: TileCache[str] = TileCache(100)
    assert cache.put(key(1), "fits", 100)
    assert not cache.put(key(2), "too large", 101)
    assert (key(1) in cache, key(2) in cache) == (True, False)


def test_a_smaller_cache_forgets_the_oldest_at_once_and_never_grows_over_its_first_size() -> None:
    cache: TileCache[str] = TileCache(100)
    for page in range(5):
        cache.put(key(page), str(page), 20)
    cache.resize(50)
    assert [page for page in range(5) if key(page) in cache] == [3, 4]
    cache.resize(1_000)
    assert not cache.put(key(9), "too large", 101)


@pytest.mark.parametrize(("width", "height"), [(720, 640), (1250, 830), (912, 1368), (2600, 1700), (5000, 3000)])
def test_room_for_all_that_is_planned_ahead_and_no_more_than_the_most(width: int, height: int) -> None:
    scale = width / A4[0]
    layout = Layout([A4] * 40)
    window = Box(0, layout.page_box(20, scale, width).y, width, height)
    wanted = plan("d", layout, Viewport(window=window, scale=scale, direction=1), frozenset()).requests
    room = fitting_bytes(width * height)
    assert LEAST_BYTES <= room <= DEFAULT_BYTES
    assert sum(4 * request.width * request.height for request in wanted) <= room


def test_stand_in_is_the_nearest_whole_page() -> None:
    cache: TileCache[str] = TileCache(1_000)
    for scale in (0.2, 1.0, 3.0):
        cache.put(key(0, scale), str(scale), 10)
    cache.put(key(0, 1.9, column=0, row=0), "tile", 10)
    assert cache.stand_in(key(0, 1.8)) == key(0, 1.0)
    assert cache.stand_in(key(0, 1.8)._replace(rotation=90)) is None
    assert cache.stand_in(key(1, 1.8)) is None


def test_everything_is_forgotten_together() -> None:
    cache: TileCache[str] = TileCache(1_000)
    cache.put(key(0, doc="a"), "a", 10)
    cache.put(key(0, doc="b"), "b", 20)
    assert (len(cache), cache.used_bytes) == (2, 30)
    cache.clear()
    assert (len(cache), cache.used_bytes) == (0, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 60), st.booleans()), max_size=60))
def test_the_limit_is_never_exceeded(puts: list[tuple[int, int, bool]]) -> None:
    cache: TileCache[int] = TileCache(100)
    for page, size, preview in puts:
        cache.put(key(page), size, size, preview=preview)
        assert cache.get(key(page)) == size
        held = [cache.get(key(p)) or 0 for p in range(6)]
        assert cache.used_bytes == sum(held) <= 100


def view(page: int, layout: Layout, scale: float, direction: int = 0) -> Viewport:
    box = layout.page_box(page, scale, 1_000)
    return Viewport(window=Box(0, box.y, 1_000, 800), scale=scale, direction=direction, generation=7)


def test_on_screen_then_next_by_direction_then_previews() -> None:
    layout = Layout([A4] * 50)
    down = plan("d", layout, view(20, layout, 1.5, 1), ())
    assert [r.priority for r in down.requests] == sorted(r.priority for r in down.requests)
    assert [r.page for r in down.requests if r.priority == ON_SCREEN] == [20]
    assert [r.page for r in down.requests if r.priority == NEXT] == [21, 22, 19]
    up = plan("d", layout, view(20, layout, 1.5, -1), ())
    assert [r.page for r in up.requests if r.priority == NEXT] == [19, 18, 21]
    previews = [r.page for r in down.requests if r.priority == PREVIEW]
    assert previews[:2] == [18, 23]
    assert down.pages[0] == 20
    assert {r.generation for r in down.requests} == {7}


def test_centre_out() -> None:
    layout = Layout([(600.0, 100.0)] * 9)
    seen = plan("d", layout, Viewport(window=Box(0, 0, 632, 1_000), scale=1.0), ())
    pages = [r.page for r in seen.requests if r.priority == ON_SCREEN]
    assert pages[0] == 4
    assert set(pages) == set(range(9))


def test_cached_pictures_are_not_asked_for() -> None:
    layout = Layout([A4] * 3)
    first = plan("d", layout, view(0, layout, 1.0), ())
    cached = {request.key for request in first.requests}
    assert plan("d", layout, view(0, layout, 1.0), cached).requests == ()


def test_large_pages_are_cut_into_tiles_that_cover_the_window() -> None:
    layout = Layout([A4])
    scale = 6.0
    box = layout.page_box(0, scale, 1_000)
    window = Box(700, 900, 1_000, 800)
    wanted = plan("d", layout, Viewport(window=window, scale=scale), ())
    tiles = [r for r in wanted.requests if r.priority == ON_SCREEN]
    assert all(tile.width <= TILE_PX and tile.height <= TILE_PX and tile.column != WHOLE for tile in tiles)
    need = box.intersection(window)
    assert need is not None
    for x, y in ((need.x, need.y), (need.x + need.width - 1, need.y + need.height - 1)):
        covering = [t for t in tiles if t.x <= x - box.x < t.x + t.width and t.y <= y - box.y < t.y + t.height]
        assert len(covering) == 1
    assert [r.priority for r in wanted.requests][-1] == PREVIEW


@pytest.mark.parametrize("extra", [0, 1])
def test_whole_pages_up_to_the_limit(extra: int) -> None:
    layout = Layout([(2_000.0, WHOLE_PIXELS / 2_000 + extra)], margin=0)
    request = plan("d", layout, Viewport(window=Box(0, 0, 500, 500), scale=1.0), ()).requests[0]
    assert (request.column == WHOLE) is (extra == 0)


@given(
    st.lists(st.tuples(st.floats(3, 14_400), st.floats(3, 14_400)), min_size=1, max_size=8),
    st.floats(0.1, 16.0),
    st.integers(0, 10**6),
    st.sampled_from([0, 90, 180, 270]),
)
def test_every_request_is_within_its_page_and_the_limits(
    sizes: list[tuple[float, float]], scale: float, y: int, rotation: int
) -> None:
    layout = Layout(sizes, rotation=rotation)
    top = min(y, max(layout.sheet_size(scale)[1] - 800, 0))
    for request in plan("d", layout, Viewport(window=Box(0, top, 1_200, 800), scale=scale), ()).requests:
        width, height = layout.pixels(request.page, request.scale)
        assert 0 <= request.x < request.x + request.width <= width
        assert 0 <= request.y < request.y + request.height <= height
        assert request.width * request.height <= MAX_PIXELS


def test_thumbnail_request_is_the_preview() -> None:
    layout = Layout([A4] * 20)
    assert preview_request("d", layout, 9).key in {
        r.key for r in plan("d", layout, view(5, layout, 1.0), ()).requests if r.is_preview
    }
