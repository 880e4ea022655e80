# SPDX-License-Identifier: AGPL-3.0-or-later
"""One person in two bodies: two enrolments side by side, switched between, never mixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from client import bodies
from client import profile as profiles
from client.body_door import BodyDoor
from client.domain.bodies import Body
from client.paths import ProfilePaths, new_sibling, siblings
from client.protocol import codec
from client.ui import navigator as places
from client.ui.body_switch import BodiesCard, BodyStripe, BodySwitch, stripe_colour
from client.ui.screens.enrol import EnrolScreen
from client.ui.screens.lock import LockScreen
from client.ui.screens.sessions import SessionsScreen
from client.ui.screens.settings import SettingsScreen
from client.ui.theme.tokens import DARK, LIGHT, contrast
from tests.helpers.ui_audit import cut_off, too_small, unnamed
from tests.helpers.ui_world import UiWorld
from tests.helpers.world import World
from tests.ui.conftest import ShowWindow
from tests.ui.test_entry import SOON, Tablet

TWO = (Body("default", "Chính phủ (dữ liệu giả định)", here=True), Body("body-2", "Hội đồng (dữ liệu giả định)"))


@pytest.fixture
def cabinets(tmp_path: Path) -> Iterator[tuple[World, World]]:
    start = datetime.now(timezone(timedelta(hours=7))).replace(microsecond=0) + timedelta(days=4)
    with World(tmp_path / "one", start=start) as one, World(tmp_path / "two", start=start) as two:
        yield one, two


def test_profiles_are_found_and_named_by_us_alone(tmp_path: Path) -> None:
    first = ProfilePaths(tmp_path / "default")
    first.create()
    (tmp_path / "demo" / "profile").mkdir(parents=True)
    (tmp_path / "demo" / "profile" / "profile.json").write_bytes(b"{}")
    assert [each.base.name for each in siblings(first)] == ["default"], "the demo is no body"
    second = new_sibling(first)
    assert second.base.name == "body-2"
    second.create()
    assert new_sibling(first).base.name == "body-3"
    second.profile.write_bytes(b"noise")
    assert bodies.beside(first) == (), "one that cannot be read is passed over"


def test_two_bodies_are_never_mixed(
    ui_app: QApplication, cabinets: tuple[World, World], tmp_path: Path, qtbot: QtBot
) -> None:
    one, two = cabinets
    tablet = Tablet(ui_app, one, tmp_path / "data" / "default", qtbot)
    first = tablet.enrol()
    tablet.unlock()
    tablet.ready()
    core = tablet.windows.core
    assert core is not None
    root = tmp_path / "root.json"
    root.write_bytes(codec.encode(two.desk.root()) + b"\n")
    door = BodyDoor(tablet.windows.window, tablet.paths, tablet.windows._move_to, lambda error: pytest.fail(error.code))
    door.add_with_root(str(root))
    tablet.front(EnrolScreen)
    assert tablet.windows.core is None, "the first body is closed before the second is begun"
    tablet.world, tablet.paths = two, ProfilePaths(tmp_path / "data" / "body-2")
    second = tablet.enrol()
    tablet.unlock()
    tablet.ready()
    other = tablet.windows.core
    assert other is not None
    assert other is not core
    assert {other.paths.record, other.paths.papers}.isdisjoint({core.paths.record, core.paths.papers})
    assert other.profile.server_url != core.profile.server_url
    named = {name.split("/")[1] for name in tablet.keystore._secrets}
    assert named == {first, second}
    window = tablet.windows.window
    assert window.workspace is not None
    window.workspace.go(places.Preferences())
    screen = window.workspace.screen_of(places.Preferences)
    assert isinstance(screen, SettingsScreen)
    [card] = screen.findChildren(BodiesCard)
    QTest.mouseClick(card.row.buttons["default"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.front, LockScreen), timeout=SOON)
    lock = window.front
    assert isinstance(lock, LockScreen)
    assert window.workspace is None, "nothing of the body that was left stays in memory"
    assert lock.bodies is not None
    assert list(lock.bodies.buttons) == ["body-2"]
    tablet.unlock()
    tablet.ready()
    assert tablet.windows.core is not None
    assert tablet.windows.core.profile.device == first
    assert window.workspace is not None
    assert "khởi động lại" not in window.workspace.trouble.text, "left on purpose is not a failure"
    known = profiles.load(ProfilePaths(tmp_path / "data" / "body-2").profile)
    assert known is not None
    assert known.device == second
    tablet.close()


@pytest.mark.parametrize("size", [(1368, 912), (912, 1368)], ids=["wide", "tall"])
def test_the_lock_screen_names_the_body_and_has_room(
    ui_app: QApplication, tmp_path: Path, qtbot: QtBot, size: tuple[int, int]
) -> None:
    from tests.ui.test_lock import Locked

    locked, chosen = Locked(tmp_path), list[str]()
    screen = LockScreen(
        locked.vault, locked.tasks, locked.clock, bodies=BodySwitch(TWO, chosen.append, lambda: chosen.append("add"))
    )
    qtbot.addWidget(screen)
    screen.resize(*size)
    with qtbot.waitExposed(screen):
        screen.show()
    qtbot.waitUntil(lambda: locked.tasks.running == 0)
    assert any(label.text() == TWO[0].name for label in screen.findChildren(QLabel))
    [stripe] = screen.findChildren(BodyStripe)
    assert stripe.accessibleName() == f"Cơ quan: {TWO[0].name}", "never colour alone"
    assert (too_small(screen), unnamed(screen), cut_off(screen)) == ([], [], [])
    assert screen.bodies is not None
    QTest.mouseClick(screen.bodies.buttons["body-2"], Qt.MouseButton.LeftButton)
    assert chosen == ["body-2"]
    locked.tasks.stop()


def test_one_body_alone_is_not_spoken_of(ui_app: QApplication, tmp_path: Path, qtbot: QtBot) -> None:
    alone = BodySwitch(TWO[:1], lambda _name: None, None)
    assert not alone.several
    assert not BodyStripe(alone).isVisibleTo(None)


def test_each_body_has_its_colour_and_its_name_on_home(world: UiWorld, show: ShowWindow, qtbot: QtBot) -> None:
    """The colour belongs to the profile: it stays when another body is added, and it can be seen in both themes."""

    def switch(here: str, *others: str) -> BodySwitch:
        found = tuple(Body(name, f"Cơ quan {name} (dữ liệu giả định)", here=name == here) for name in (here, *others))
        return BodySwitch(found, lambda _name: None, None)

    names = ("default", "body-2", "body-3", "body-4")
    tones = [switch(name, *(each for each in names if each != name)).tone() for name in names]
    assert len(set(tones)) == len(names)
    assert switch("default", "body-2").tone() is tones[0]
    for colours in (LIGHT, DARK):
        drawn = [stripe_colour(colours, tone) for tone in tones]
        assert len(set(drawn)) == len(names)
        for one in drawn:
            assert contrast(one, colours.ground) >= 2.5
    for here, tone in zip(("default", "body-2"), tones, strict=False):
        world.ctx = replace(world.ctx, bodies=switch(here, "body-2" if here == "default" else "default"))
        window = show(places.Home())
        qtbot.waitUntil(lambda: world.tasks.running == 0)
        [stripe] = [each for each in window.findChildren(BodyStripe) if each.isVisible()]
        assert stripe.grab().toImage().pixelColor(50, 3).name().upper() == stripe_colour(LIGHT, tone)
        [home] = [each for each in window.findChildren(SessionsScreen) if each.isVisible()]
        assert home.header.note.text() == f"Cơ quan {here} (dữ liệu giả định)"
        assert home.header.note.isVisible()
    world.ctx = replace(world.ctx, bodies=switch("default"))
    window = show(places.Home())
    assert not any(each.isVisible() for each in window.findChildren(BodyStripe))
    assert window.findChild(SessionsScreen).header.note.text() == ""
