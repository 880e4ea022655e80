# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a job to the question for the render process, and from an answer back to "is this what I asked?".

Decides: what an acceptable answer to a job is. Refuses: sizes, slots and kinds that were not asked for; the
render process has read a hostile paper, so its numbers are compared, never believed.
"""

from __future__ import annotations

from typing import Final

from client.errors import FormatRefused
from client.viewer import messages as m
from client.viewer.render_queue import Job, Kind

_ANSWERS: Final[dict[Kind, type[m.Answer]]] = {
    "open": m.Opened, "text": m.TextPage, "outline": m.Outline, "links": m.Links,
}  # fmt: skip


def question_for(job: Job, number: int) -> m.Request:
    """The request that asks for ``job`` about the paper the process knows as ``number``; not for opening."""
    tile = job.tile
    if tile is not None:
        return m.RenderTile(
            req=job.req, doc=number, page=tile.page, scale=tile.scale, x=tile.x, y=tile.y, width=tile.width,
            height=tile.height, rotation=tile.rotation, night=tile.night, sepia=tile.sepia, generation=tile.generation,
            priority=tile.priority, slot=job.slot,
        )  # fmt: skip
    copy = job.copy
    if copy is not None:
        return m.ExportPaper(req=job.req, doc=number, marks=copy.marks, author=copy.author, stamp=copy.stamp)
    match job.kind:
        case "text":
            return m.GetText(req=job.req, doc=number, page=job.page)
        case "links":
            return m.GetLinks(req=job.req, doc=number, page=job.page)
        case _:
            return m.GetOutline(req=job.req, doc=number)


def askable(job: Job) -> bool:
    """Whether the render process would accept the question: it ends itself over a malformed one."""
    try:
        m.decode_request(m.encode(question_for(job, 0))[m.HEAD_BYTES :])
    except FormatRefused:
        return False
    return True


def fits(job: Job, answer: m.Answer, blob: bytes) -> bool:
    """Whether ``answer`` and its ``blob`` answer ``job`` exactly."""
    if isinstance(answer, m.Dropped):
        return job.unwanted
    if isinstance(answer, m.Failed):
        return job.started is not None
    if job.copy is not None:
        return isinstance(answer, m.Exported) and answer.size == len(blob)
    tile = job.tile
    if tile is None:
        return isinstance(answer, _ANSWERS[job.kind]) and not blob
    if not isinstance(answer, m.Pixels):
        return False
    stride = tile.width * m.BYTES_PER_PIXEL
    length = 0 if job.slot >= 0 else stride * tile.height
    shape = (answer.width, answer.height, answer.stride, answer.slot, len(blob))
    return shape == (tile.width, tile.height, stride, job.slot, length)
