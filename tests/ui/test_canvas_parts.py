# SPDX-License-Identifier: AGPL-3.0-or-later
"""The small parts of the page view that need no window: who writes, gliding, night colours, layers, finding words."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from itertools import count

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QTransform
from PySide6.QtWidgets import QApplication

from client.domain.annotation import MAX_POINTS, InkStroke
from client.domain.ids import AnnotationId, PaperId
from client.ui.screens.reader_find import places
from client.viewer.document_state import Tool
from client.viewer.geometry import Box, Layout
from client.viewer.ink import InkPoint, crosses, segments, unpack_points
from client.viewer.messages import Word
from client.viewer.view.frame import Frame
from client.viewer.view.ink_input import PALM_S, InputPolicy, Intent
from client.viewer.view.ink_layers import AROUND_PX, LAYER_PIXELS, InkLayers
from client.viewer.view.kinetic import LEAST, Kinetic
from client.viewer.view.maker import AnnotationMaker
from client.viewer.view.style import night_colour
from client.viewer.view.wet_ink import WetInk
from tests.helpers.ui_world import SetClock, digest


class TickingClock(SetClock):
    """Every look takes a millisecond."""

    def monotonic(self) -> float:
        self.advance(0.001)
        return super().monotonic()


def make_maker() -> AnnotationMaker:
    numbers = count(1)
    return AnnotationMaker(PaperId("x_paper"), digest("x"), SetClock(), lambda: AnnotationId(f"a_{next(numbers)}"))


# -- who writes ------------------------------------------------------------------------------------------------


def test_the_pen_uses_the_tool_its_other_end_erases() -> None:
    policy = InputPolicy()
    assert policy.pen_pressed(Tool.HAND, 0) is Intent.PAN
    assert policy.pen_pressed(Tool.PEN, 0) is Intent.WRITE
    assert policy.pen_pressed(Tool.HAND, 0, eraser_end=True) is Intent.ERASE
    assert policy.pen_pressed(Tool.HIGHLIGHT, 0, barrel=True) is Intent.ERASE
    assert policy.pen_pressed(Tool.NOTE, 0, barrel=True) is Intent.NOTE


def test_palms_count_for_nothing_until_half_a_second_after_the_pen() -> None:
    policy = InputPolicy()
    assert policy.touched(Tool.PEN, 0) is Intent.PAN
    policy.pen_pressed(Tool.PEN, 1)
    assert policy.touched(Tool.PEN, 99) is Intent.IGNORE
    policy.pen_released(100)
    assert policy.touched(Tool.PEN, 100 + PALM_S - 0.01) is Intent.IGNORE
    assert policy.touched(Tool.PEN, 100 + PALM_S) is Intent.PAN


def test_a_hovering_pen_is_no_palm_guard_but_ends_the_mouse_writing() -> None:
    policy = InputPolicy()
    assert policy.clicked(Tool.PEN, 0) is Intent.WRITE
    policy.pen_near(1)
    assert policy.touched(Tool.PEN, 1) is Intent.PAN
    assert policy.clicked(Tool.PEN, 1) is Intent.PAN
    assert policy.clicked(Tool.HIGHLIGHT, 1) is Intent.HIGHLIGHT


def test_fingers_write_where_the_member_allows_it() -> None:
    policy = InputPolicy(pen_only=False)
    assert policy.touched(Tool.PEN, 0) is Intent.WRITE
    assert policy.touched(Tool.PEN, 0, fingers=2) is Intent.PAN


# -- gliding ---------------------------------------------------------------------------------------------------


def test_a_flick_glides_slower_and_slower_and_stops() -> None:
    kinetic = Kinetic()
    for step in range(6):
        kinetic.add(0, -20.0 * step, 0.01 * step)
    kinetic.release(0.05)
    assert kinetic.gliding
    steps = []
    while kinetic.gliding:
        steps.append(kinetic.step(0.016)[1])
    assert steps == sorted(steps, reverse=True)
    assert 200 < sum(steps) < 1500


def test_a_finger_that_stood_still_does_not_glide() -> None:
    kinetic = Kinetic()
    kinetic.add(0, 0, 0)
    kinetic.add(0, -200, 0.05)
    kinetic.release(0.5)
    assert not kinetic.gliding
    kinetic.add(0, 0, 1.0)
    kinetic.add(0, -LEAST * 0.05, 1.06)
    kinetic.release(1.06)
    assert not kinetic.gliding


# -- drawing ---------------------------------------------------------------------------------------------------


def test_night_turns_lightness_over_and_keeps_the_hue(qapp: QApplication) -> None:
    assert night_colour("#000000").name() == "#ffffff"
    red = night_colour("#B3261E")
    assert red.hue() == pytest.approx(QColor("#B3261E").hue(), abs=2)
    assert red.lightness() > 120


def test_a_layer_is_painted_in_slices_and_shows_the_old_one_meanwhile(qapp: QApplication) -> None:
    layers = InkLayers(TickingClock(), lambda colour, _night: QColor(colour))
    maker = make_maker()
    strokes = [maker.stroke(0, [InkPoint(n, 10, 1, 8), InkPoint(n, 90, 1, 8)], "#0F3D8C", 1.0) for n in range(99)]
    layers.set_all(strokes)
    frame = Frame(Layout([(100, 100)], gap=0, margin=0), 2.0, Box(0, 0, 200, 200), 1.0)
    layer = layers.layer(0, frame.look(0, night=False))
    assert layer is not None
    assert layers.busy
    turns = 0
    while layers.busy:
        layers.work(0.004)
        turns += 1
    assert turns > 3
    assert layer.image.pixelColor(40, 100).alpha() == 255
    layers.remove(0, [one.id for one in strokes[:60]])
    assert layers.busy, "sixty strokes are more than one slice"
    turns = 0
    while layers.busy:
        ((page, dirty),) = layers.work(0.004)
        assert (page, dirty.isEmpty()) == (0, False)
        turns += 1
    assert turns >= 1
    assert layer.image.pixelColor(20, 100).alpha() == 0
    assert layer.image.pixelColor(150, 100).alpha() > 0


def waves(count: int) -> list[InkStroke]:
    """Strokes that cross one another, some short, some over the whole page, with and without pressure."""
    maker, chance = make_maker(), random.Random(count)
    made = []
    for n in range(count):
        x, y, step = chance.uniform(5, 90), chance.uniform(5, 90), chance.choice((0.5, 3.0))
        points = [
            InkPoint(x + step * k, y + 6 * math.sin(k / 3 + n), 1.0 if n % 2 else 0.5 + 0.5 * math.sin(k / 5), 4)
            for k in range(40)
        ]
        made.append(maker.stroke(0, points, "#0F3D8C", 1.6))
    return made


@pytest.mark.parametrize("clock", [SetClock, TickingClock])
def test_after_any_erasing_and_adding_a_layer_looks_as_if_painted_anew(
    qapp: QApplication, clock: type[SetClock]
) -> None:
    frame = Frame(Layout([(100, 100)], gap=0, margin=0), 2.0, Box(0, 0, 200, 200), 1.0)
    layers = InkLayers(clock(), lambda colour, _night: QColor(colour))
    strokes = waves(60)
    late = [replace(one, id=AnnotationId(f"b_{one.id}")) for one in waves(20)]
    layers.set_all(strokes)
    layer = layers.layer(0, frame.look(0, night=False))
    assert layer is not None
    layers.remove(0, [strokes[3].id])  # some are not painted yet
    while layers.busy:
        layers.work()
    for at in range(4, 40, 4):
        layers.remove(0, [one.id for one in strokes[at : at + 2]])
    layers.add(*late)
    layers.remove(0, [late[0].id, late[19].id])
    while layers.busy:
        layers.work()
    anew = InkLayers(SetClock(), lambda colour, _night: QColor(colour))
    anew.set_all(layers.strokes(0).values())
    fresh = anew.layer(0, frame.look(0, night=False))
    assert fresh is not None
    assert not anew.busy
    one, other = layer.image, fresh.image
    apart = [
        (x, y)
        for x in range(200)
        for y in range(200)
        if abs(one.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha()) > 24
    ]
    assert apart == []


def test_the_eraser_finds_what_a_look_at_every_stroke_finds(qapp: QApplication) -> None:
    layers = InkLayers(SetClock(), lambda colour, _night: QColor(colour))
    strokes = waves(80)
    layers.set_all(strokes)
    chance = random.Random(7)
    found = 0
    for _ in range(200):
        start = QPointF(chance.uniform(0, 200), chance.uniform(0, 110))
        end = start + QPointF(chance.uniform(-9, 9), chance.uniform(-9, 9))
        hit = layers.crossed(0, start, end, 2.0)
        ends = (start.x(), start.y()), (end.x(), end.y())
        plain = [one for one in strokes if crosses(segments(unpack_points(one.points), one.width), *ends, 2.0)]
        assert {one.id for one in hit} == {one.id for one in plain}
        found += len(hit)
    assert found > 100


def test_the_last_stroke_of_a_page_leaves_nothing_behind(qapp: QApplication) -> None:
    layers = InkLayers(TickingClock(), lambda colour, _night: QColor(colour))
    strokes = waves(30)
    layers.set_all(strokes)
    look = Frame(Layout([(100, 100)], gap=0, margin=0), 2.0, Box(0, 0, 200, 200), 1.0).look(0, night=False)
    layers.layer(0, look)
    assert layers.remove(0, [one.id for one in strokes]) == look.size, "all of the page is to be painted"
    assert layers.layer(0, look) is None
    assert not layers.busy


def test_of_a_huge_page_only_the_part_in_view_is_kept(qapp: QApplication) -> None:
    layers = InkLayers(SetClock(), lambda colour, _night: QColor(colour))
    layers.set_all([make_maker().stroke(0, [InkPoint(5, 5, 1, 0)], "#0F3D8C", 1.0)])
    frame = Frame(Layout([(1000, 1000)], gap=0, margin=0), 8.0, Box(2000, 2000, 800, 600), 1.0)
    layer = layers.layer(0, frame.look(0, night=False))
    assert layer is not None
    assert layer.area == QRect(2000 - AROUND_PX, 2000 - AROUND_PX, 800 + 2 * AROUND_PX, 600 + 2 * AROUND_PX)
    assert layer.image.width() * layer.image.height() <= LAYER_PIXELS


def test_wet_ink_ends_a_stroke_at_its_limit(qapp: QApplication) -> None:
    wet = WetInk()
    wet.prepare(QRect(0, 0, 50, 50).size())
    wet.begin(QColor("#0F3D8C"), 1.0, QTransform(), QRect(0, 0, 50, 50))
    for n in range(MAX_POINTS - 2):
        wet.points.append(InkPoint(n % 50, 5, 1, 1))
    assert not wet.full
    wet.add(10, 10, 1.0, 1)
    assert wet.full


def written_y(path: Iterable[float]) -> list[float]:
    """Heights that come out of pen samples at 240 Hz, after the first turn."""
    wet = WetInk()
    wet.prepare(QRect(0, 0, 50, 50).size())
    wet.begin(QColor("#0F3D8C"), 1.0, QTransform(), QRect(0, 0, 50, 50))
    due = 0.0
    for n, y in enumerate(path):
        due += 1000 / 240
        stamp = round(due) - round(due - 1000 / 240)
        wet.add(n / 8, y, 0.5, stamp)
    return [point.y for point in wet.points[60:]]


@pytest.mark.parametrize(("hertz", "height_pt", "kept"), [(5, 4.0, 0.95), (8, 2.0, 0.85)])
def test_smoothing_leaves_letters_and_tone_marks_their_height(
    qapp: QApplication, hertz: float, height_pt: float, kept: float
) -> None:
    out = written_y(20 + height_pt * math.sin(2 * math.pi * hertz * n / 240) for n in range(240))
    assert kept * height_pt <= max(out) - 20 <= height_pt
    assert kept * height_pt <= 20 - min(out) <= height_pt


def test_smoothing_steadies_a_shaking_sample(qapp: QApplication) -> None:
    shakes = [20 + 0.15 * (-1) ** n for n in range(240)]
    assert max(abs(y - 20) for y in written_y(shakes)) < 0.15 / 2


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_transforms_agree_with_the_geometry(rotation: int) -> None:
    frame = Frame(Layout([(300, 500), (200, 400)], rotation=rotation), 1.5, Box(0, 120, 900, 700), 1.0)
    for page in (0, 1):
        at = frame.to_view(page).map(QPointF(40, 70))
        there = frame.place_at(at)
        assert there.page == page
        assert there.x == pytest.approx(40, abs=0.7)
        assert there.y == pytest.approx(70, abs=0.7)


# -- finding ---------------------------------------------------------------------------------------------------


def words_of(text: str) -> list[Word]:
    return [Word(10.0 * n, 0, 10.0 * n + 9, 10, part, 0, 0) for n, part in enumerate(text.split())]


def test_places_fold_accents_and_take_words_in_order() -> None:
    words = words_of("Nghị định này, quy định chi tiết; nghị quyết")
    assert [rects[0].x0 for rects in places(words, "nghi dinh")] == [0]
    assert [rects[0].x0 for rects in places(words, "nghị q")] == [70]
    assert [rects[0].x0 for rects in places(words, "định chi")] == [40]
    assert places(words, "...") == []
    assert places(words, "không có") == []
    assert len(places(words, "dinh nghi")) == 4  # nowhere in this order: each by itself
