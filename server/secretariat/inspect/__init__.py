# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asks the inspecting process about PDFs and survives whatever a PDF does to it.

Decides how long one paper may take. A process that dies or hangs is killed, the paper it died on is reported, and
the next paper gets a new process. Answers are decoded strictly and capped: the process is not trusted.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

import msgspec
from msgspec import Struct

import server
from client.errors import FormatRefused, InternalFault, PaperFault, RendererLost, RenderTimeout

TIMEOUT_S: Final = 60.0
"""For one paper; the largest allowed takes a few seconds."""
MAX_ANSWER: Final = 1024 * 1024
MAX_LINES: Final = 400
MAX_LINE: Final = 400
"""Characters."""


class InspectRequest(Struct, frozen=True):
    """Look at the PDF at ``path``."""

    path: str


class Inspected(Struct, frozen=True):
    """What the PDF is.

    Attributes:
        lines: Text lines of page 1, cut to ``MAX_LINES`` lines of ``MAX_LINE`` characters.
        has_text: Whether any sampled page has a text layer.
    """

    state: Literal["ok", "broken", "locked", "empty", "unreadable"]
    pages: int = 0
    repaired: bool = False
    has_text: bool = False
    lines: tuple[str, ...] = ()
    javascript: bool = False
    launch: bool = False
    embedded: int = 0


class Inspector:
    """A lazily started inspecting process; use as a context manager.

    Args:
        timeout_s: Seconds one paper may take.
        command: What to run; the real worker by default.
    """

    def __init__(self, *, timeout_s: float = TIMEOUT_S, command: tuple[str, ...] | None = None) -> None:
        self._timeout_s = timeout_s
        self._command = command or (sys.executable, "-m", "server.secretariat.inspect.worker")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def timeout_s(self) -> float:
        """Seconds one paper may take."""
        return self._timeout_s

    def inspect(self, path: Path) -> Inspected:
        """What the PDF at ``path`` is.

        Raises:
            RenderTimeout: It took too long; the process was killed.
            RendererLost: The process died on it.
        """
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        expired = threading.Event()

        def give_up() -> None:
            expired.set()
            process.kill()

        watchdog = threading.Timer(self._timeout_s, give_up)
        watchdog.start()
        try:
            process.stdin.write(msgspec.json.encode(InspectRequest(str(path))) + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline(MAX_ANSWER)
        except OSError:
            answer = b""  # the pipe broke: the process is gone, told below
        finally:
            watchdog.cancel()
        if not answer.endswith(b"\n"):
            self.close()
            raise self._fault(timed_out=expired.is_set())
        try:
            return msgspec.json.decode(answer, type=Inspected)
        except msgspec.DecodeError as error:
            self.close()
            raise FormatRefused("inspecting process") from error

    @staticmethod
    def _fault(*, timed_out: bool) -> PaperFault:
        return RenderTimeout("inspect") if timed_out else RendererLost("inspect")

    def close(self) -> None:
        """End the process; a later paper starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # closing flushes to a process that is gone
                    pipe.close()
        process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        if server.__file__ is None:
            raise InternalFault("server package without a place")
        root = str(Path(server.__file__).resolve().parent.parent)
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )
        return self._process
