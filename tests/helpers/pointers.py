# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pens and fingers for tests: synthesised tablet events (ux.md, section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication


def _stylus(kind: QPointingDevice.PointerType, system: int) -> QPointingDevice:
    return QPointingDevice(
        "pen",
        system,
        QInputDevice.DeviceType.Stylus,
        kind,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        3,
    )


PEN = _stylus(QPointingDevice.PointerType.Pen, 71)
ERASER_END = _stylus(QPointingDevice.PointerType.Eraser, 72)
Point = tuple[float, float]


@cache
def touch_device() -> QPointingDevice:
    return QTest.createTouchDevice()


def pen_event(
    view: QAbstractScrollArea,
    kind: QEvent.Type,
    at: Point,
    device: QPointingDevice = PEN,
    *,
    pressure: float = 0.6,
    buttons: Qt.MouseButton = Qt.MouseButton.LeftButton,
    stamp_ms: int = 0,
) -> QTabletEvent:
    """One event, delivered to the view."""
    place = QPointF(*at)
    target = view.viewport()
    lifted = kind is QEvent.Type.TabletRelease
    event = QTabletEvent(
        kind, device, place, QPointF(target.mapToGlobal(place.toPoint())), 0.0 if lifted else pressure,
        0.0, 0.0, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton if lifted else buttons,
    )  # fmt: skip
    event.setTimestamp(stamp_ms)
    QApplication.sendEvent(target, event)
    return event


def drag_pen(
    view: QAbstractScrollArea,
    start: Point,
    end: Point,
    *,
    via: Sequence[Point] = (),
    steps: int = 20,
    device: QPointingDevice = PEN,
    buttons: Qt.MouseButton = Qt.MouseButton.LeftButton,
    step_ms: int = 8,
) -> None:
    """Down at ``start``, along straight lines ``via`` places, up at ``end``; ``steps`` samples for each line."""
    pen_event(view, QEvent.Type.TabletPress, start, device, buttons=buttons, stamp_ms=step_ms)
    stamp = step_ms
    for here, there in pairwise((start, *via, end)):
        for step in range(1, steps + 1):
            share = step / steps
            at = (here[0] + (there[0] - here[0]) * share, here[1] + (there[1] - here[1]) * share)
            stamp += step_ms
            pen_event(view, QEvent.Type.TabletMove, at, device, buttons=buttons, stamp_ms=stamp)
    pen_event(view, QEvent.Type.TabletRelease, end, device, stamp_ms=stamp + step_ms)
