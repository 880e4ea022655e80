# SPDX-License-Identifier: AGPL-3.0-or-later
"""Single-colour SVG icons, tinted with a token colour and kept by (name, colour, size)."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from client.errors import InternalFault
from client.resources import resource_path


@cache
def _source(name: str) -> str:
    path = resource_path("icons", f"{name}.svg")
    if not path.is_file():
        raise InternalFault(f"icon {name}")
    return path.read_text("utf-8")


def read_ahead() -> None:
    """Read all drawings there are (200 KB), so that the first screens wait for no file; any thread."""
    for path in resource_path("icons").glob("*.svg"):
        _source(path.stem)


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, side: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a square pixmap.

    Args:
        name: File name in ``resources/icons`` without ``.svg``.
        colour: ``#RRGGBB``.
        side: Device-independent pixels.
        ratio: Device pixels per device-independent pixel of the screen it is for.

    Raises:
        InternalFault: There is no icon of that name.
    """
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    pixels = round(side * ratio)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(ratio)
    return made


@lru_cache(maxsize=512)
def icon(name: str, colour: str, side: int, *, disabled: str | None = None, ratio: float = 1.0, gap: int = 0) -> QIcon:
    """The icon for a button.

    Args:
        name: File name in ``resources/icons`` without ``.svg``.
        colour: ``#RRGGBB``; ``disabled``: when the button is off.
        side: Device-independent pixels.
        disabled: See ``colour``.
        ratio: Device pixels per device-independent pixel.
        gap: Empty room at the right, because Qt leaves only 4 px between a button's icon and its words.
    """
    made = QIcon()
    made.addPixmap(_with_gap(pixmap(name, colour, side, ratio), gap))
    if disabled is not None:
        made.addPixmap(_with_gap(pixmap(name, disabled, side, ratio), gap), QIcon.Mode.Disabled)
    return made


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return drawn
    ratio = drawn.devicePixelRatio()
    made = QPixmap(drawn.width() + round(gap * ratio), drawn.height())
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return made


def icon_size(side: int, gap: int = 0) -> QSize:
    """``side`` as the size Qt wants, with the room of :func:`icon`."""
    return QSize(side + gap, side)
