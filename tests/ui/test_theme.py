# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tokens: contrast computed, sizes floored, no colour written elsewhere, icons all there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from client.errors import InternalFault
from client.resources import resource_path
from client.settings import Settings, Theme
from client.ui.theme import icons
from client.ui.theme.apply import apply_tokens, tokens, tokens_for
from client.ui.theme.fonts import FAMILY, font
from client.ui.theme.tokens import (
    AUTHOR_COLOURS,
    DARK,
    LIGHT,
    PEN_COLOURS,
    SCALES,
    Colours,
    Measures,
    Tokens,
    Tone,
    contrast,
)

UI = Path(__file__).resolve().parents[2] / "client" / "ui"
SCHEMES = pytest.mark.parametrize("c", [LIGHT, DARK], ids=["light", "dark"])


@SCHEMES
def test_text_contrast(c: Colours) -> None:
    pairs = [(ink, ground) for ink in (c.ink, c.secondary, c.primary) for ground in (c.ground, c.surface, c.field)]
    pairs += [(c.tone(tone).ink, c.tone(tone).ground) for tone in Tone]
    pairs += [(c.on_primary, c.primary), (c.on_primary, c.primary_pressed), (c.primary, c.selected), (c.ink, c.mark)]
    pairs += [(c.danger.ink, c.surface), (c.ink, c.selected)]
    low = [(ink, ground, round(contrast(ink, ground), 2)) for ink, ground in pairs if contrast(ink, ground) < 4.5]
    assert not low


@SCHEMES
def test_borders_of_controls_can_be_seen(c: Colours) -> None:
    for ground in (c.ground, c.surface, c.field):
        assert contrast(c.border, ground) >= 3
        assert contrast(c.primary, ground) >= 3


def test_names_can_be_read_on_their_colours_and_no_pen_writes_in_one() -> None:
    assert min(contrast("#FFFFFF", colour) for colour in AUTHOR_COLOURS) > 5
    assert not set(AUTHOR_COLOURS) & set(PEN_COLOURS)


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#1B2430", "#F4F5F7") == pytest.approx(14.3, abs=0.1)
    assert contrast("#8A5A00", "#FFF3D6") == pytest.approx(5.4, abs=0.1)


@pytest.mark.parametrize("percent", SCALES)
def test_sizes_have_floors(percent: int) -> None:
    m = Measures(percent)
    assert min(m.small, m.note, m.body) >= 13
    assert (m.touch >= 48, m.tool >= 56, m.choice >= 64) == (True, True, True)
    assert m.body == round(16 * percent / 100)


def test_colours_are_written_in_one_module() -> None:
    guilty = [
        path.name
        for path in UI.rglob("*.py")
        if path.name != "tokens.py" and re.search(r"[\"'({ ]#[0-9A-Fa-f]{6}\b", path.read_text("utf-8"))
    ]
    assert not guilty


def test_tokens_travel_with_the_application(ui_app: QApplication) -> None:
    wanted = tokens_for(Settings(theme=Theme.DARK, text_percent=150))
    assert wanted == Tokens(DARK, Measures(150))
    apply_tokens(ui_app, wanted)
    assert tokens() is wanted
    assert tokens().dark
    assert LIGHT.ink not in ui_app.styleSheet()
    assert DARK.ink in ui_app.styleSheet()


def test_following_the_machine() -> None:
    assert tokens_for(Settings(theme=Theme.SYSTEM), system_dark=True).dark
    assert not tokens_for(Settings(theme=Theme.SYSTEM), system_dark=False).dark
    assert not tokens_for(Settings(theme=Theme.LIGHT), system_dark=True).dark


def test_the_bundled_font_is_used(ui_app: QApplication) -> None:
    assert QFontInfo(font(16)).family() == FAMILY
    assert QFontInfo(ui_app.font()).family() == FAMILY


def test_every_icon_named_in_the_code_exists_and_draws(ui_app: QApplication) -> None:
    there = {path.stem for path in resource_path("icons").glob("*.svg")}
    assert len(there) > 70
    for name in sorted(there):
        drawn = icons.pixmap(name, "#102030", 24).toImage()
        assert any(drawn.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name
    with pytest.raises(InternalFault):
        icons.pixmap("no_such_icon", "#102030", 24)


def test_icons_are_tinted(ui_app: QApplication) -> None:
    drawn = icons.pixmap("lock", "#FF0000", 48, 2.0)
    assert (drawn.width(), drawn.devicePixelRatio()) == (96, 2.0)
    image = drawn.toImage()
    solid = [image.pixelColor(x, y) for x in range(96) for y in range(96) if image.pixelColor(x, y).alpha() == 255]
    assert solid
    assert {(p.red(), p.green(), p.blue()) for p in solid} == {(255, 0, 0)}


def test_every_shape_of_an_icon_takes_the_tokens_colour() -> None:
    """One that does not is black on the dark theme's ground."""
    for path in sorted(resource_path("icons").glob("*.svg")):
        text = path.read_text("utf-8")
        shapes = re.findall(r"<(?:path|circle|rect|ellipse|polygon|line)\b[^>]*>", text)
        assert shapes, path.stem
        of_its_own = path.stem.startswith("ecabinet") or "<g" in text
        assert of_its_own or all("currentColor" in shape for shape in shapes), path.stem
