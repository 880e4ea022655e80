# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures on screen to pictures in the store and back; on a worker thread, never on the GUI's.

Text pages have no colour: as grey they are a quarter of the bytes, and both ways are faster for it.
"""

from __future__ import annotations

from PySide6.QtGui import QImage

from client.viewer.last_view import Picture
from client.viewer.tile_cache import TileKey

_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}


def taken(key: TileKey, image: QImage) -> Picture:
    """``image`` as the store keeps it."""
    depth = 1 if image.allGray() else 3
    plain = image.convertToFormat(_FORMATS[depth])
    width, stride = plain.width() * depth, plain.bytesPerLine()
    held = bytes(plain.constBits())
    if stride != width:  # rows are padded to four bytes
        held = b"".join(held[at : at + width] for at in range(0, stride * plain.height(), stride))
    return Picture(key, plain.width(), plain.height(), depth, held)


def shown(picture: Picture) -> QImage:
    """``picture`` in the screen's own format."""
    stride = picture.width * picture.depth
    image = QImage(picture.pixels, picture.width, picture.height, stride, _FORMATS[picture.depth])
    return image.convertToFormat(QImage.Format.Format_RGB32)
