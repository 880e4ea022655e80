# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may write: pen, finger, mouse. A pure state machine; Qt events are translated in ``canvas_input``.

Rules (ux.md, section 1):
1. The pen uses the tool in hand. Its eraser end erases whatever the tool; its barrel button turns a writing
   tool into the eraser. With the hand tool the pen moves the page.
2. A finger moves the page; two fingers zoom. While the pen touches, and ``PALM_S`` after, touches are palms.
   A palm that came first is dropped when the pen comes down.
3. A finger writes only where ``pen_only`` is off; choosing text, strokes and places for notes is pointing.
4. The mouse writes and erases only while no pen was ever seen; it always may highlight, place notes and pan.
5. Leaving proximity is never waited for: some devices do not send it.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from client.viewer.document_state import Tool

PALM_S: Final = 0.5


class Intent(Enum):
    """What a pointer that comes down is for."""

    IGNORE = "ignore"
    PAN = "pan"
    WRITE = "write"
    ERASE = "erase"
    HIGHLIGHT = "highlight"
    NOTE = "note"
    LASSO = "lasso"
    CHOOSE = "choose"


_OF_TOOL: Final = {
    Tool.HAND: Intent.PAN,
    Tool.PEN: Intent.WRITE,
    Tool.HIGHLIGHT: Intent.HIGHLIGHT,
    Tool.ERASER: Intent.ERASE,
    Tool.NOTE: Intent.NOTE,
    Tool.LASSO: Intent.LASSO,
    Tool.TEXT: Intent.CHOOSE,
}
_BY_FINGER: Final = frozenset({Tool.NOTE, Tool.LASSO, Tool.TEXT})
"""A finger may point at things even where only a pen writes."""
_WRITING: Final = frozenset({Tool.PEN, Tool.HIGHLIGHT, Tool.ERASER, Tool.LASSO})


class InputPolicy:
    """Remembers what was seen and decides what the next pointer does.

    Args:
        pen_only: Only a pen writes; fingers always move the page.
    """

    def __init__(self, *, pen_only: bool = True) -> None:
        self.pen_only = pen_only
        self._pen_seen = False
        self._pen_down = False
        self._pen_last_s = float("-inf")

    @property
    def pen_seen(self) -> bool:
        """Whether a pen ever came near."""
        return self._pen_seen

    def pen_near(self, now_s: float) -> None:
        """The pen hovers or moves."""
        self._pen_seen = True
        if self._pen_down:
            self._pen_last_s = now_s

    def pen_pressed(self, tool: Tool, now_s: float, *, eraser_end: bool = False, barrel: bool = False) -> Intent:
        """The pen came down."""
        self._pen_seen = self._pen_down = True
        self._pen_last_s = now_s
        if eraser_end or (barrel and tool in _WRITING):
            return Intent.ERASE
        return _OF_TOOL[tool]

    def pen_released(self, now_s: float) -> None:
        """The pen was lifted."""
        self._pen_down = False
        self._pen_last_s = now_s

    def is_palm(self, now_s: float) -> bool:
        """Whether touches count for nothing now."""
        return self._pen_down or now_s - self._pen_last_s < PALM_S

    def touched(self, tool: Tool, now_s: float, *, fingers: int = 1) -> Intent:
        """Fingers came down."""
        if self.is_palm(now_s):
            return Intent.IGNORE
        if fingers == 1 and (not self.pen_only or tool in _BY_FINGER):
            return _OF_TOOL[tool]
        return Intent.PAN

    def clicked(self, tool: Tool, now_s: float) -> Intent:
        """The mouse button came down; a mouse that a palm imitates counts for nothing."""
        if self.is_palm(now_s):
            return Intent.IGNORE
        intent = _OF_TOOL[tool]
        return Intent.PAN if self._pen_seen and intent in {Intent.WRITE, Intent.ERASE} else intent
