# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen in every look is as it was last looked at, big enough to hit, named, whole, and reached by keyboard."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QWidget

from client.ui.screens.enrol import EnrolScreen
from client.ui.screens.held import HeldScreen
from client.ui.screens.lock import LockScreen
from client.ui.screens.registry import SCREENS
from tests.golden import screens
from tests.golden.screens import ALL, DIFFERENT, FOLDER, QUICK, READ_ALOUD, TOLERANCE, TREES, distance, kept, picture
from tests.helpers.gallery import PORTRAIT, Exhibit, Look, exhibits
from tests.helpers.ui_audit import Longer, cut_off, too_small, unnamed, unreachable

QUICK_NAMES = {look.name for look in QUICK}


def faults(shown: Exhibit) -> list[str]:
    """What must hold of every screen."""
    found = too_small(shown.root) + unnamed(shown.root) + cut_off(shown.root)
    return [f"{shown.name}: {fault}" for fault in found]


def other_look(shown: Exhibit, look: Look) -> list[str]:
    """Whether it looks as it is kept; what differs is written down to be looked at."""
    now = picture(shown, look)
    apart = distance(now, kept(look, shown.name))
    if apart <= TOLERANCE:
        return []
    DIFFERENT.mkdir(exist_ok=True)
    now.save(str(DIFFERENT / f"{shown.name}-{look.name}.png"))
    return [f"{shown.name}: another look by {apart:.1f}"]


def other_tree(shown: Exhibit) -> list[str]:
    """Whether a screen reader meets what it met."""
    path = TREES / f"{shown.name}.txt"
    before = path.read_text("utf-8") if path.exists() else ""
    now = screens.tree(shown.root)
    lines = difflib.unified_diff(before.splitlines(), now.splitlines(), shown.name, "now", n=0, lineterm="")
    return list(lines)


class Strays(QObject):
    """Notes widgets that come up as windows of their own: they flash, and take the focus."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.seen: list[str] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.Show
            and isinstance(watched, QWidget)
            and watched.isWindow()
            and not isinstance(watched, QMainWindow | QDialog | LockScreen | EnrolScreen | HeldScreen)
        ):
            self.seen.append(f"{type(watched).__name__} {watched.accessibleName()!r} came up as a window")
        return False


def walk(app: QApplication, look: Look, folder: Path) -> None:
    """Through every screen once; all that is wrong is told together."""
    wrong: list[str] = []
    names: set[str] = set()
    strays = Strays(app)
    for shown in exhibits(look, folder):
        names.add(shown.name)
        wrong += other_look(shown, look)
        if look == READ_ALOUD:
            wrong += other_tree(shown)
        wrong += faults(shown)
    app.removeEventFilter(strays)
    wrong += strays.seen
    there = {path.stem for path in (FOLDER / look.name).glob("*.png")}
    wrong += [f"{name}: kept, but no such screen" for name in sorted(there - names)]
    assert not wrong, "see tests/golden/diff, look, then: make golden\n" + "\n".join(wrong)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", QUICK, ids=lambda look: look.name)
def test_the_looks_met_most(qapp: QApplication, look: Look, tmp_path: Path) -> None:
    qapp.setStyle("Fusion")
    walk(qapp, look, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("look", [look for look in ALL if look.name not in QUICK_NAMES], ids=lambda look: look.name)
def test_every_look(qapp: QApplication, look: Look, tmp_path: Path) -> None:
    qapp.setStyle("Fusion")
    walk(qapp, look, tmp_path)


@pytest.mark.timeout(300)
def test_longer_words_fit_and_tab_reaches_everything(qapp: QApplication, tmp_path: Path) -> None:
    """A language whose words are 40 % longer, in large type on the narrow side; every control by keyboard."""
    qapp.setStyle("Fusion")
    longer, wrong, routes = Longer(), list[str](), set[type]()
    look = Look(PORTRAIT, 125, QUICK[0].theme, "vi")
    qapp.installTranslator(longer)
    try:
        for shown in exhibits(look, tmp_path):
            wrong += faults(shown)
            wrong += [f"{shown.name}: {name} is not reached with Tab" for name in unreachable(shown.root)]
            routes.add(type(shown.route))
    finally:
        qapp.removeTranslator(longer)
    assert not wrong, "\n".join(wrong)
    assert set(SCREENS) <= routes, "a new kind of screen needs an exhibit in tests/helpers/gallery.py"


def test_nothing_is_kept_that_is_not_compared() -> None:
    here = {path.name for path in FOLDER.iterdir()}
    assert here <= {look.name for look in ALL}
    assert here >= QUICK_NAMES, "the others are compared by night: make golden draws them too"
    there = {path.stem for path in (FOLDER / READ_ALOUD.name).glob("*.png")}
    assert {path.stem for path in TREES.iterdir()} == there


def test_a_moved_part_is_noticed() -> None:
    home = kept(QUICK[0], "home")
    moved = home.copy(0, 5, home.width(), home.height())
    assert distance(home, home) == 0
    assert distance(home, moved) > TOLERANCE
    assert distance(home, home.copy(0, 0, 10, 10)) == 255.0
