# SPDX-License-Identifier: AGPL-3.0-or-later
"""Named places where a fault lab may end the process, to prove that nothing is lost or doubled there.

In the program the hook does nothing. A name that is not in ``NAMES`` is a bug, so that the list stays complete.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

USUAL: Final = (
    "act.signed",
    "act.copied",
    "act.committed",
    "act.checkpointed",
    "act.read_back",
    "act.anchored",
    "act.queued",
    "send.marked",
    "send.answered",
    "send.receipted",
    "trust.root_kept",
    "trust.directory_kept",
    "trust.metadata_kept",
    "pack.noted",
    "pack.keyed",
    "pack.opened",
    "paper.chunk",
    "paper.finished",
    "pack.ready",
    "session.saved",
    "poll.saved",
    "closing.saved",
)
"""Reached by what members do every day."""
WIPE: Final = (
    "wipe.ordered",
    "wipe.secret_gone",
    "wipe.keys_gone",
    "wipe.record_gone",
    "wipe.papers_gone",
    "wipe.all_gone",
    "wipe.reported",
)
"""The steps of a wipe, in order."""
RARE: Final = (
    "witness.noted",
    "witness.put_back",
    *WIPE,
    "pack.recalled",
    "notes.waiting",
    "notes.sent",
    "notes.taken",
    "shared.waiting",
    "shared.sent",
    "shared.taken",
    "shared.acknowledged",
    "carried.claimed",
    "downloads.held",
)
"""Reached only after something went wrong, or with a second device; each has a test of its own."""
NAMES: Final = (*USUAL, *RARE)


def _nothing(_name: str) -> None:
    pass


_hook: Callable[[str], None] = _nothing


def crash_point(name: str) -> None:
    """The process may end here."""
    assert name in NAMES, name
    _hook(name)


def install(hook: Callable[[str], None] | None) -> None:
    """Call ``hook`` at every crash point; None takes it away again. For tests only."""
    global _hook  # noqa: PLW0603 - one process, one hook; passing it through every layer would hide the code
    _hook = _nothing if hook is None else hook
