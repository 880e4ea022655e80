# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns Qt's tablet, touch, mouse, wheel and key events into sessions, zooming and scrolling.

Who may write is decided by ``ink_input.InputPolicy``; what a session does by ``sessions``. Every tablet event is
accepted: otherwise Qt makes a mouse stroke of it, and the pen writes twice.
"""

from __future__ import annotations

import math
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QInputEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)

from client.clock import Clock
from client.viewer.document_state import Tool
from client.viewer.shapes import Shape
from client.viewer.view.ink_input import InputPolicy, Intent
from client.viewer.view.kinetic import Kinetic
from client.viewer.view.outcomes import Outcome
from client.viewer.view.scene import Selection
from client.viewer.view.sessions import Erasing, Highlighting, Panning, Session, Surface, Writing
from client.viewer.view.sessions_pen import Carrying, Choosing, Lassoing, Shaping
from client.viewer.view.style import PenStyle

WHEEL_ZOOM: Final = 1.15
"""Factor for one notch of the wheel."""
_LIFTED: Final = QEventPoint.State.Released
_TOUCH: Final = frozenset({QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd})
_TABLET: Final = frozenset({QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease})
_MOUSE: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseButtonDblClick,
    }
)


class Target(Surface, Protocol):
    """What input acts on."""

    @property
    def tool(self) -> Tool:
        """The tool in hand."""
        ...

    @property
    def pen(self) -> PenStyle:
        """What the pen writes with."""
        ...

    @property
    def highlighter(self) -> str:
        """Colour of highlights."""
        ...

    def selected_at(self, view: QPointF) -> Selection | None:
        """What the lasso caught, if a view pixel is within its frame."""
        ...

    def zoom_by(self, factor: float, focus: QPointF, *, settled: bool) -> None:
        """Zoom about a view pixel; not settled while fingers still move."""
        ...

    def settle(self) -> None:
        """Zooming is over: sharp pictures, please."""
        ...

    def glide(self) -> None:
        """Let the sheet go on moving."""
        ...

    def take(self, outcome: Outcome, *, tool: Tool) -> None:
        """A session came to something."""
        ...


class CanvasInput:
    """One canvas's pointers.

    Attributes:
        policy: Who may write.
        kinetic: The glide after a finger lets go.
    """

    def __init__(self, target: Target, clock: Clock, kinetic: Kinetic, *, pen_only: bool = True) -> None:
        self._target = target
        self._clock = clock
        self.policy = InputPolicy(pen_only=pen_only)
        self.kinetic = kinetic
        self._session: Session | None = None
        self._by = QEvent.Type.None_
        self._last_ms = 0.0
        self._pinch: tuple[float, QPointF] | None = None
        self._ignoring_touch = False

    def handle(self, event: QEvent) -> bool:
        """Whether the event was one of ours; then it is accepted."""
        kind = event.type()
        if kind in _TABLET:
            assert isinstance(event, QTabletEvent)
            self._tablet(event)
        elif kind in _TOUCH or kind is QEvent.Type.TouchCancel:
            assert isinstance(event, QTouchEvent)
            self._touch(event)
        elif kind in _MOUSE:
            assert isinstance(event, QMouseEvent)
            return self._mouse(event)
        elif kind is QEvent.Type.Wheel:
            assert isinstance(event, QWheelEvent)
            return self._wheel(event)
        elif kind is QEvent.Type.NativeGesture:
            assert isinstance(event, QNativeGestureEvent)
            return self._gesture(event)
        else:
            return False
        event.accept()
        return True

    def cancel(self) -> None:
        """Drop what is under way, for example when the paper closes."""
        if self._session is not None:
            self._session.cancel()
        self._session = None
        self._pinch = None
        self.kinetic.stop()

    @property
    def pinching(self) -> bool:
        """Whether two fingers zoom."""
        return self._pinch is not None

    @property
    def busy(self) -> bool:
        """Whether a pointer is down."""
        return self._session is not None or self._pinch is not None

    # helpers

    def _place(self, position: QPointF) -> QPointF:
        return position * self._target.frame().ratio

    def _begin(self, intent: Intent, at: QPointF, pressure: float, by: QEvent.Type) -> None:
        self.cancel()
        self._by = by
        target = self._target
        match intent:
            case Intent.WRITE if target.pen.shape is not Shape.FREE:
                self._session = Shaping(target, target.pen, at)
            case Intent.WRITE:
                self._session = Writing(target, target.pen, at, pressure)
            case Intent.ERASE:
                self._session = Erasing(target, at)
            case Intent.HIGHLIGHT:
                self._session = Highlighting(target, target.highlighter, at)
            case Intent.LASSO:
                held = target.selected_at(at)
                self._session = Lassoing(target, at) if held is None else Carrying(target, held, at)
            case Intent.CHOOSE:
                self._session = Choosing(target, at)
            case Intent.PAN | Intent.NOTE:
                self._session = Panning(target, at)
            case Intent.IGNORE:
                self._session = None

    def _move(self, at: QPointF, pressure: float, dt_ms: int) -> None:
        if self._session is not None:
            self._deliver(self._session.move(at, pressure, dt_ms))

    def _finish(self, at: QPointF, dt_ms: int) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._deliver(session.finish(at, dt_ms))

    def _deliver(self, outcome: Outcome | None) -> None:
        if outcome is not None:
            self._target.take(outcome, tool=self._target.tool)

    def _since_last_ms(self, event: QInputEvent) -> int:
        now = float(event.timestamp()) or self._clock.monotonic() * 1000
        passed, self._last_ms = now - self._last_ms, now
        return min(max(round(passed), 0), 65_535)

    # pen

    def _tablet(self, event: QTabletEvent) -> None:
        now = self._clock.monotonic()
        at = self._place(event.position())
        passed = self._since_last_ms(event)
        kind = event.type()
        if kind is QEvent.Type.TabletPress:
            side = Qt.MouseButton.RightButton | Qt.MouseButton.MiddleButton
            intent = self.policy.pen_pressed(
                self._target.tool,
                now,
                eraser_end=event.pointerType() is QPointingDevice.PointerType.Eraser,
                barrel=bool(event.buttons() & side),
            )
            self._begin(intent, at, event.pressure(), kind)
        elif kind is QEvent.Type.TabletMove:
            self.policy.pen_near(now)
            if self._by is QEvent.Type.TabletPress:
                self._move(at, event.pressure(), passed)
        else:
            self.policy.pen_released(now)
            if self._by is QEvent.Type.TabletPress:
                self._finish(at, passed)

    # fingers

    def _touch(self, event: QTouchEvent) -> None:
        now = self._clock.monotonic()
        passed = self._since_last_ms(event)
        down = [point for point in event.points() if point.state() is not _LIFTED]
        if event.type() is QEvent.Type.TouchCancel:
            self._end_touch()
        elif event.type() is QEvent.Type.TouchBegin:
            self._begin_touch(down, now)
        elif self._ignoring_touch or self.policy.is_palm(now):
            self._ignoring_touch = event.type() is not QEvent.Type.TouchEnd
        elif len(down) >= 2:
            self._pinched(down)
        elif self._pinch is not None:
            self._end_touch()
            self._ignoring_touch = event.type() is not QEvent.Type.TouchEnd  # the finger left over does nothing
        elif self._by is QEvent.Type.TouchBegin:
            at = self._place(event.points()[0].position())
            if event.type() is QEvent.Type.TouchEnd or not down:
                self._lift_finger(at, now, passed)
            else:
                self.kinetic.add(at.x(), at.y(), now)
                self._move(at, 1.0, passed)

    def _begin_touch(self, down: list[QEventPoint], now: float) -> None:
        self.kinetic.stop()
        self._ignoring_touch = False
        if not down:
            return
        intent = self.policy.touched(self._target.tool, now, fingers=len(down))
        if intent is Intent.IGNORE:
            self._ignoring_touch = True
            return
        at = self._place(down[0].position())
        self._begin(intent, at, 1.0, QEvent.Type.TouchBegin)
        self.kinetic.add(at.x(), at.y(), now)
        if len(down) >= 2:
            self._pinched(down)

    def _lift_finger(self, at: QPointF, now: float, passed: int) -> None:
        pans = isinstance(self._session, Panning)
        self._finish(at, passed)
        if pans:
            self.kinetic.release(now)
            if self.kinetic.gliding:
                self._target.glide()

    def _pinched(self, down: list[QEventPoint]) -> None:
        one, two = self._place(down[0].position()), self._place(down[1].position())
        apart = max(1.0, math.hypot(one.x() - two.x(), one.y() - two.y()))
        middle = (one + two) / 2
        if self._pinch is None:
            if self._session is not None:
                self._session.cancel()
                self._session = None
        else:
            before, was = self._pinch
            self._target.pan(was.x() - middle.x(), was.y() - middle.y())
            self._target.zoom_by(apart / before, middle, settled=False)
        self._pinch = apart, middle

    def _end_touch(self) -> None:
        if self._session is not None and self._by is QEvent.Type.TouchBegin:
            self._session.cancel()
            self._session = None
        if self._pinch is not None:
            self._pinch = None
            self._target.settle()

    # mouse and touchpad

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if event.source() is not Qt.MouseEventSource.MouseEventNotSynthesized:
            return True  # made from a touch or a pen that was handled already
        at = self._place(event.position())
        passed = self._since_last_ms(event)
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            if event.button() is Qt.MouseButton.MiddleButton:
                self._begin(Intent.PAN, at, 1.0, QEvent.Type.MouseButtonPress)
            elif event.button() is Qt.MouseButton.LeftButton:
                intent = self.policy.clicked(self._target.tool, self._clock.monotonic())
                self._begin(intent, at, 1.0, QEvent.Type.MouseButtonPress)
            else:
                return False
        elif self._by is not QEvent.Type.MouseButtonPress:
            return False
        elif kind is QEvent.Type.MouseMove:
            self._move(at, 1.0, passed)
        else:
            self._finish(at, passed)
        event.accept()
        return True

    def _wheel(self, event: QWheelEvent) -> bool:
        self.kinetic.stop()
        if self._session is not None:
            event.accept()  # a stroke under way belongs to the sheet where it lies
            return True
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        notches = event.angleDelta().y() / 120
        self._target.zoom_by(WHEEL_ZOOM**notches, self._place(event.position()), settled=True)
        event.accept()
        return True

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self._target.zoom_by(1.0 + event.value(), self._place(event.position()), settled=True)
            return True
        return False
