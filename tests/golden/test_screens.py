# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every screen looks as it was last looked at: size, text size, colours and language."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.golden import screens
from tests.golden.screens import ALL, DIFFERENT, FOLDER, QUICK, SCREENS, SITUATIONS, TOLERANCE, Look, distance, pictures


def compare(look: Look, folder: Path) -> None:
    apart = {}
    for name, picture in pictures(look, folder / "device"):
        kept = QImage(str(FOLDER / f"{name}-{look.name}.png"))
        found = distance(picture, kept.convertToFormat(QImage.Format.Format_Grayscale8))
        if found > TOLERANCE:
            DIFFERENT.mkdir(exist_ok=True)
            picture.save(str(DIFFERENT / f"{name}-{look.name}.png"))
            apart[name] = round(found, 1)
    assert not apart, f"another look than in {FOLDER.name}/, see {DIFFERENT.name}/; python -m tests.golden.screens"


@pytest.mark.parametrize("look", QUICK, ids=lambda look: look.name)
def test_the_looks_met_most(qapp: QApplication, look: Look, tmp_path: Path) -> None:
    qapp.setStyle("Fusion")
    compare(look, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", [look for look in ALL if look not in QUICK], ids=lambda look: look.name)
def test_every_look(qapp: QApplication, look: Look, tmp_path: Path) -> None:
    qapp.setStyle("Fusion")
    compare(look, tmp_path)


def test_nothing_is_kept_that_is_not_compared() -> None:
    wanted = {f"{name}-{look.name}.png" for name in SCREENS for look in ALL}
    wanted |= {f"{name}-{look.name}.png" for name in SITUATIONS for look in QUICK}
    assert {path.name for path in FOLDER.glob("*.png")} == wanted


def test_a_moved_part_is_noticed() -> None:
    kept = QImage(str(FOLDER / f"home-{QUICK[0].name}.png")).convertToFormat(QImage.Format.Format_Grayscale8)
    moved = kept.copy(0, 6, kept.width(), kept.height())
    assert distance(kept, kept) == 0
    assert distance(kept, moved) > TOLERANCE
    assert distance(kept, kept.copy(0, 0, 10, 10)) == 255.0
    assert screens.SHRINK == 3
