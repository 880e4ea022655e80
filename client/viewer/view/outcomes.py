# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a pointer's way over the page amounted to; the canvas makes annotations of it, or hands it on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from client.domain.annotation import Annotation
from client.viewer.geometry import PagePoint
from client.viewer.highlight import Passage
from client.viewer.ink import InkPoint
from client.viewer.lasso import Movable
from client.viewer.view.style import PenStyle


@dataclass(frozen=True)
class Written:
    """A stroke, page points."""

    page: int
    points: tuple[InkPoint, ...]
    pen: PenStyle


@dataclass(frozen=True)
class Erased:
    """These are gone."""

    annotations: tuple[Annotation, ...]


@dataclass(frozen=True)
class Highlighted:
    """A passage was marked."""

    page: int
    passage: Passage


@dataclass(frozen=True)
class TextChosen:
    """A passage was chosen, to copy it or to do something with it; it is shown as chosen until then."""

    page: int
    passage: Passage


@dataclass(frozen=True)
class Caught:
    """The lasso closed around these; none takes the selection away."""

    page: int
    marks: tuple[Movable, ...]


@dataclass(frozen=True)
class Carried:
    """What the lasso caught was put elsewhere on its page, points."""

    dx: float
    dy: float


@dataclass(frozen=True)
class Tapped:
    """Pressed and lifted in one place; ``view`` in view pixels."""

    place: PagePoint
    view: QPointF


Outcome = Written | Erased | Highlighted | TextChosen | Caught | Carried | Tapped
