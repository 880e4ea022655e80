# SPDX-License-Identifier: AGPL-3.0-or-later
"""From blocks to a PDF in the fonts that come with the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from client.resources import resource_path
from server.documents.layout import Typesetter
from server.documents.model import Block
from server.documents.writer import TypeFamily, write_pdf


def pdf(blocks: Sequence[Block], *, title: str, agency: str, made: datetime, notice: str = "") -> bytes:
    """The paper as PDF bytes.

    Args:
        blocks: Its parts, in order.
        title: Document title (metadata).
        agency: Author (metadata).
        made: Creation date (aware).
        notice: Stands at the top right of every page, for invented papers.
    """
    family = _family(resource_path("fonts"))
    layout = Typesetter(family.metrics, notice=notice).typeset(blocks)
    return write_pdf(layout, family, title=title, agency=agency, made=made)


@cache
def _family(fonts: Path) -> TypeFamily:
    return TypeFamily(fonts)
