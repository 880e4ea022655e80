# SPDX-License-Identifier: AGPL-3.0-or-later
"""Labels: text wraps by default; what must stay on one line is cut with an ellipsis and told in full by a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from client.ui.theme.apply import tokens
from client.ui.theme.icons import pixmap


class Label(QLabel):
    """Plain text in one of the roles of the style sheet.

    Args:
        role: ``body``, ``display``, ``title``, ``heading``, ``strong``, ``note``, ``small``, ``error``, ``digits``.
        wrap: Whether it may take several lines.
    """

    def __init__(self, text: str = "", role: str = "body", *, wrap: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_role(self, role: str) -> None:
        """Change how it looks."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Label):
    """One line that shortens to the room it has; the whole text is its tooltip and accessible name."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(text, role, wrap=False, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def setText(self, text: str) -> None:
        """Show ``text``."""
        super().setText(text)
        self.setAccessibleName(text)
        self._update_tip()

    def minimumSizeHint(self) -> QSize:
        """Narrow: it can shrink to an ellipsis."""
        return QSize(24, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tooltip true."""
        super().resizeEvent(event)
        self._update_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the part that fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()

    def _update_tip(self) -> None:
        cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if cut else "")


class ClampedLabel(Label):
    """Wraps to at most ``lines`` lines; what does not fit ends in an ellipsis and is told in full by a tooltip."""

    def __init__(self, text: str = "", role: str = "body", *, lines: int = 2, parent: QWidget | None = None) -> None:
        self._lines = lines
        super().__init__(text, role, parent=parent)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)

    def setText(self, text: str) -> None:
        """Show ``text``."""
        if text != self.text():
            super().setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()
            self._update_tip()

    def heightForWidth(self, width: int) -> int:
        """Of the lines that are shown."""
        return len(self._shown(width)) * self.fontMetrics().lineSpacing()

    def sizeHint(self) -> QSize:
        """One line."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()), metrics.lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """Narrow: it can shrink to an ellipsis."""
        return QSize(24, self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tooltip true."""
        super().resizeEvent(event)
        self._update_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines that fit."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown, step = self._shown(self.width()), self.fontMetrics().lineSpacing()
        top = (self.height() - len(shown) * step) // 2
        for n, line in enumerate(shown):
            place = QRect(0, top + n * step, self.width(), step)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), line)
        painter.end()

    def _shown(self, width: int) -> list[str]:
        """The lines at ``width``, the last one cut where there are more."""
        text, found = self.text(), list[str]()
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            begin = line.textStart()
            if len(found) + 1 == self._lines:
                rest = text[begin:].strip()
                found.append(self.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, width))
                break
            found.append(text[begin : begin + line.textLength()].strip())
        layout.endLayout()
        return found or [""]

    def _update_tip(self) -> None:
        cut = self._shown(self.width())[-1].endswith("…") and not self.text().endswith("…")
        self.setToolTip(self.text() if cut else "")


class IconLabel(QLabel):
    """A decorative icon in a token colour, for example ``"secondary"``; named only if it says something alone."""

    def __init__(
        self,
        name: str,
        colour: str = "secondary",
        *,
        side: int | None = None,
        says: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._colour, self._side = name, colour, side
        self.setAccessibleName(says)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def set_icon(self, name: str, colour: str | None = None) -> None:
        """Show another icon; ``colour`` is a field of ``Colours`` or ``#RRGGBB``."""
        self._name, self._colour = name, colour or self._colour
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Tint again when the theme changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        colour = self._colour if self._colour.startswith("#") else getattr(tokens().colours, self._colour)
        side = self._side or tokens().measures.icon
        self.setPixmap(pixmap(self._name, colour, side, self.devicePixelRatioF()))
        self.setFixedSize(side, side)
