# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the view showed when zooming began, stretched to where its pages are now.

Decides: which part of a page the old view can stand in for. Refuses: to outlive a change of what is on the page;
its owner drops it then. Rule: one picture with all layers is stretched, instead of every layer of every page, so
that each frame of a pinch costs one copy; gaps between pages do not scale, so each page is mapped by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from client.viewer.view.frame import Frame


@dataclass(frozen=True)
class Still:
    """``image`` is what ``frame`` looked like, every layer of it."""

    image: QImage
    frame: Frame

    def paint(self, painter: QPainter, frame: Frame, page: int) -> QRect:
        """Stretch the page's old look to its place in ``frame``; returns what of the view that covers."""
        part, target = self.match(frame, page)
        if not part.isEmpty():
            painter.drawImage(target, self.image, QRectF(part))
        return target.toRect()

    def match(self, frame: Frame, page: int) -> tuple[QRect, QRectF]:
        """The part of the picture that shows ``page``, and where that part lies in ``frame``; both may be empty."""
        if page not in self.frame.visible:
            return QRect(), QRectF()
        old, new = self.frame.page_rect(page), frame.page_rect(page)
        part = old & self.image.rect()
        if part.isEmpty():
            return QRect(), QRectF()
        factor_x, factor_y = new.width() / old.width(), new.height() / old.height()
        offset = part.topLeft() - old.topLeft()
        corner = QPointF(new.x() + offset.x() * factor_x, new.y() + offset.y() * factor_y)
        return part, QRectF(corner.x(), corner.y(), part.width() * factor_x, part.height() * factor_y)
