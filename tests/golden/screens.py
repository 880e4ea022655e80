# SPDX-License-Identifier: AGPL-3.0-or-later
"""How each screen looks and reads, kept small: grey pictures at a fraction of their size, and accessibility trees.

``make golden`` (``python -m tests.golden.screens [LOOK ...]``) draws it anew. Look before you commit it: the
tests can only say that a screen is different from before, not that it is right.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "screens"
TREES: Final = Path(__file__).parent / "accessible"
DIFFERENT: Final = Path(__file__).parent / "diff"
TOLERANCE: Final = 4.0
"""Root mean square difference of grey values, 0 to 255: a moved button is 6 and more, another rounding below 1."""
SHRINK: Final = 4
"""For looks that are compared on every commit."""
SHRINK_MORE: Final = 6
"""For the others."""
_STEP: Final = 16
"""Of 256 grey values only every such one is kept: it halves the files and hides no button."""

if __name__ in {"__main__", "__mp_main__"}:
    os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=tests/screen.json"

from PySide6.QtCore import QSize, Qt  # noqa: E402 - the platform is chosen first
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from client.settings import Theme  # noqa: E402
from tests.helpers.gallery import LANDSCAPE, PORTRAIT, Exhibit, Look, exhibits  # noqa: E402

ALL: Final = tuple(
    Look(size, percent, theme, language)
    for size in (LANDSCAPE, PORTRAIT)
    for percent in (100, 125, 150)
    for theme in (Theme.LIGHT, Theme.DARK)
    for language in ("vi", "en")
)
_MET_MOST: Final = {
    "landscape-100-light-vi",
    "portrait-100-light-vi",
    "landscape-150-light-vi",
    "portrait-150-dark-en",
}
QUICK: Final = tuple(look for look in ALL if look.name in _MET_MOST)
READ_ALOUD: Final = next(look for look in QUICK if look.name == "landscape-100-light-vi")
"""The look whose accessibility trees are kept: roles and names do not depend on sizes and colours."""


def picture(shown: Exhibit, look: Look) -> QImage:
    """The screen as it is kept: small, grey, in few steps."""
    drawn = shown.window.grab()
    if shown.sheet is not None:
        painter = QPainter(drawn)
        painter.fillRect(drawn.rect(), QColor(0, 0, 0, 110))
        sheet = shown.sheet.grab()
        painter.drawPixmap(drawn.rect().center() - sheet.rect().center(), sheet)
        painter.end()
    image, shrink = drawn.toImage(), SHRINK if look in QUICK else SHRINK_MORE
    width = image.width() // shrink // 4 * 4  # rows without padding, whose bytes would be compared too
    size = QSize(width, image.height() // shrink)
    smooth = Qt.TransformationMode.SmoothTransformation
    grey = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth).convertToFormat(
        QImage.Format.Format_Grayscale8
    )
    table = bytes(value // _STEP * _STEP + _STEP // 2 for value in range(256))
    data = bytes(grey.constBits()).translate(table)
    return QImage(data, grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Grayscale8).copy()


def tree(root: QWidget) -> str:
    """Role, name, description and state of everything a screen reader can walk to, in order, one line each."""
    lines: list[str] = []

    def walk(widget: QWidget, depth: int) -> None:
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is None or not widget.isVisible():
            return
        name, more = interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Description)
        value = interface.text(QAccessible.Text.Value)
        state = interface.state()
        marks = [word for word, on in (("off", state.disabled), ("on", state.checked)) if on]
        said = " | ".join(filter(None, (name, more, value, *marks))).replace("\n", " ")
        if said:
            lines.append(f"{'  ' * depth}{interface.role().name}: {said}")
        inside = [child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()]
        for child in sorted(inside, key=lambda child: (child.y(), child.x())):  # not in the order they were made
            walk(child, depth + bool(said))

    walk(root, 0)
    return "\n".join(lines) + "\n"


def distance(left: QImage, right: QImage) -> float:
    """Root mean square difference of two grey pictures; 255 when their sizes differ."""
    if left.size() != right.size():
        return 255.0
    a, b = bytes(left.constBits()), bytes(right.constBits())
    return (sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) / len(a)) ** 0.5


def kept(look: Look, name: str) -> QImage:
    """What is kept of a screen; empty where nothing is."""
    image = QImage(str(FOLDER / look.name / f"{name}.png"))
    return image if image.isNull() else image.convertToFormat(QImage.Format.Format_Grayscale8)


def draw(look: Look) -> str:
    """Draw one look anew, in a process of its own."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setStyle("Fusion")
    folder = FOLDER / look.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        for shown in exhibits(look, Path(scratch)):
            picture(shown, look).save(str(folder / f"{shown.name}.png"), "PNG", 0)  # type: ignore[call-overload]
            if look == READ_ALOUD:
                (TREES / f"{shown.name}.txt").write_text(tree(shown.root), "utf-8")
    return look.name


def main() -> None:
    """Draw the looks that were named, or everything, anew; one process for each core, the looks met most first."""
    named = [look for look in ALL if look.name in sys.argv[1:]]
    looks = named or [*QUICK, *(look for look in ALL if look not in QUICK)]
    if READ_ALOUD in looks:
        shutil.rmtree(TREES, ignore_errors=True)
        TREES.mkdir()
    # Not ProcessPoolExecutor: with ``max_tasks_per_child`` it waits for ever on Python 3.11 (CPython issue 115634).
    with get_context("spawn").Pool(os.cpu_count(), maxtasksperchild=4) as pool:
        for name in pool.imap(draw, looks):
            print(name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
