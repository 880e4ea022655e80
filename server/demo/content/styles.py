# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a paper's specification to its blocks: picks the builder of its style.

Refuses: an unknown style (``KeyError``); a style is added here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.demo.content import drafts, reports
from server.demo.content.spec import PaperSpec, SessionSpec
from server.documents.model import Block

DRAFTS = frozenset({"decree", "law", "resolution"})


def build(
    spec: PaperSpec, day: date, session: SessionSpec, times: Sequence[tuple[str, str]], *, revision: int = 1
) -> list[Block]:
    """Blocks of one paper.

    Args:
        spec: What to write.
        day: Date of issue.
        session: The session it belongs to (for its programme and ballot).
        times: Start and end of each agenda item, "HH:MM".
        revision: Version of a draft, from 1; other kinds have one version.
    """
    if spec.style in DRAFTS:
        return drafts.draft(spec, revision=revision)
    if spec.style == "programme":
        return reports.programme(spec, day, session, times)
    if spec.style == "ballot":
        return reports.ballot(spec, day, session)
    return {
        "submission": reports.sectioned,
        "appraisal": reports.sectioned,
        "impact": reports.sectioned,
        "report": reports.sectioned,
        "response": reports.response,
        "annex": reports.annex,
    }[spec.style](spec, day)
