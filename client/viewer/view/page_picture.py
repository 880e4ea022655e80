# SPDX-License-Identifier: AGPL-3.0-or-later
"""One page to look at, as wide as its place, with bands over passages and notes as they were drawn.

For places where a page is shown and not worked on: beside another version, beside another place. Asks the render
host for one picture of the whole page; sharp, because it is asked for at the size it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QScrollArea, QScroller, QSizePolicy, QWidget

from client.domain.annotation import Annotation, Highlight, InkStroke, Rect, TextNote
from client.viewer.events import Event, PixelsReady, RequestDropped, RequestFailed, TileRequest
from client.viewer.messages import ASKED
from client.viewer.view.marks import paint_bands, paint_note
from client.viewer.view.pictures import Renders
from client.viewer.view.stroke_shape import StrokeShape, paint_shape

ABOVE: Final = 0.3
"""Where in the window a place that is revealed stands, from the top."""


class PagePicture(QWidget):
    """The page; put it into a :class:`PageWindow`."""

    def __init__(self, host: Renders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._doc, self._page = "", -1
        self._size = (595.0, 842.0)
        self._bands: tuple[tuple[Rect, ...], str] = ((), "")
        self._marks: tuple[Annotation, ...] = ()
        self._shapes: list[StrokeShape] = []
        self._image: QImage | None = None
        self._asked: TileRequest | None = None
        self.failed = False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def shown(self) -> tuple[str, int]:
        """Paper (as the host knows it) and page."""
        return self._doc, self._page

    @property
    def ready(self) -> bool:
        """Whether the picture is here."""
        return self._image is not None

    def show_page(self, doc: str, page: int, size: tuple[float, float]) -> None:
        """Another page; ``size`` in points. ``doc`` is open in the render process."""
        if (doc, page) != (self._doc, self._page):
            self._image, self._asked, self.failed = None, None, False
        self._doc, self._page, self._size = doc, page, size
        self.updateGeometry()
        self._ask()
        self.update()

    def clear(self) -> None:
        """No page."""
        self._doc, self._page, self._image, self._asked = "", -1, None, None
        self.mark()
        self.update()

    def mark(self, bands: Sequence[Rect] = (), colour: str = "", marks: Sequence[Annotation] = ()) -> None:
        """What lies over the page: bands over passages, notes as drawn."""
        self._bands = (tuple(bands), colour)
        self._marks = tuple(marks)
        self._shapes = [StrokeShape(mark) for mark in marks if isinstance(mark, InkStroke)]
        self.update()

    def take(self, event: Event) -> bool:
        """An event of the render host; whether it was meant for this picture."""
        asked = self._asked
        if asked is None or not isinstance(event, PixelsReady | RequestFailed | RequestDropped):
            return False
        if event.request.key != asked.key:
            return False
        self._asked = None
        if isinstance(event, PixelsReady):
            self._image = QImage(event.pixels, event.width, event.height, event.stride, QImage.Format.Format_RGBX8888)
        elif isinstance(event, RequestFailed):
            self.failed = True
        else:
            self._ask()
        self.update()
        return True

    @property
    def page_width(self) -> float:
        """Points."""
        return self._size[0]

    @property
    def scale(self) -> float:
        """Pixels of the widget per point."""
        return self.width() / self._size[0]

    def heightForWidth(self, width: int) -> int:
        """As the page is."""
        return round(width * self._size[1] / self._size[0])

    def hasHeightForWidth(self) -> bool:
        """It has."""
        return True

    def sizeHint(self) -> QSize:
        """The width there is."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size is another picture."""
        super().resizeEvent(event)
        self._ask()

    def _ask(self) -> None:
        if not self._doc or self.failed or self.width() < 2:
            return
        scale = self.scale * self.devicePixelRatioF()
        width, height = round(self._size[0] * scale), round(self._size[1] * scale)
        request = TileRequest(
            doc=self._doc, page=self._page, scale=scale, x=0, y=0, width=width, height=height, priority=ASKED
        )
        known = self._image is not None and (self._image.width(), self._image.height()) == (width, height)
        if not known and (self._asked is None or self._asked.key != request.key or self._asked.width != width):
            self._asked = request
            self._host.request(request)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """White paper, the picture, bands, notes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(0, 0, self.width(), self.heightForWidth(self.width()))
        painter.fillRect(whole, QColor("#FFFFFF"))
        if self._image is not None:
            painter.drawImage(whole, self._image)
        to_view = QTransform.fromScale(self.scale, self.scale)
        bands, colour = self._bands
        if bands:
            paint_bands(painter, bands, colour, to_view, night=False)
        for mark in self._marks:
            if isinstance(mark, Highlight):
                paint_bands(painter, mark.rects, mark.colour, to_view, night=False, underline=mark.underline)
        painter.save()
        painter.setTransform(to_view, combine=True)
        for shape in self._shapes:
            paint_shape(painter, shape, QColor(shape.colour))
        painter.restore()
        for mark in self._marks:
            if isinstance(mark, TextNote):
                paint_note(painter, mark, to_view, 1.0)


class PageWindow(QScrollArea):
    """A page that scrolls with finger, wheel and keys."""

    def __init__(self, host: Renders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PagePicture(host)
        self.setWidget(self.picture)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self._place: float | None = None

    def reveal(self, y: float) -> None:
        """Scroll so that ``y`` (points from the page's top) is in sight, now and when the size changes."""
        self._place = y
        self._scroll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The place stays in sight."""
        super().resizeEvent(event)
        self._scroll()

    def _scroll(self) -> None:
        if self._place is not None:
            self.picture.setMinimumHeight(self.picture.heightForWidth(self.viewport().width()))
            bar = self.verticalScrollBar()
            scale = self.viewport().width() / max(1.0, self.picture.page_width)
            bar.setValue(round(self._place * scale - ABOVE * self.viewport().height()))
