# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ecabinet-server``, whose process ends at a named moment of the first statement it decides.

``python -m tests.helpers.doomed_service MOMENT serve ...``; the moments are planted here, the product has none.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

from litestar import Litestar

from server import voting
from server.__main__ import main
from server.storage import polls, statements

MOMENTS: Final = ("lock", "insert", "commit", "reply")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _then_die(module: Any, name: str) -> None:
    honest: Callable[..., Any] = getattr(module, name)

    def last(*given: Any, **named: Any) -> Any:
        honest(*given, **named)
        _die()

    setattr(module, name, last)


def _after_the_reply() -> None:
    honest = Litestar.__call__

    async def last(self: Litestar, scope: Any, receive: Any, send: Any) -> None:
        await honest(self, scope, receive, send)
        if scope.get("path") == "/statements" and scope.get("method") == "POST":
            _die()

    Litestar.__call__ = last  # type: ignore[method-assign]


def plant(moment: str) -> None:
    """End the process once the poll's row is locked, the vote is written, committed, or answered."""
    match moment:
        case "lock":
            _then_die(polls, "locked")
        case "insert":
            _then_die(statements, "add")
        case "commit":
            _then_die(voting, "accept")
        case "reply":
            _after_the_reply()
        case _:
            raise ValueError(moment)


if __name__ == "__main__":
    plant(sys.argv.pop(1))
    main()
