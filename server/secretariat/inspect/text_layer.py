# SPDX-License-Identifier: AGPL-3.0-or-later
"""Talks to the process that draws a scan's pages and lays recognised words under them; survives whatever it does.

One process for one paper. Every answer has a deadline and a size; the process is not trusted with either.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Literal, Self

import msgspec
from msgspec import Struct

from client.errors import FormatRefused, PaperBroken, RendererLost, RenderTimeout
from client.resources import resource_path
from server.secretariat.hocr import Page

ANSWER_S: Final = 120.0
"""For one answer; laying a thousand pages takes a few seconds."""
MAX_PIXELS: Final = 40_000_000
"""Of one page's picture: A3 at 400 dpi."""
MAX_SAID: Final = 4_096
MAX_DATA: Final = 1 << 30


class Question(Struct, frozen=True):
    """What is wanted: how the paper is, a page's picture (PNG, grey), or the paper with these words."""

    do: Literal["look", "picture", "layer"]
    page: int = 0
    pages: tuple[Page, ...] = ()


class Answer(Struct, frozen=True):
    """What came, before ``size`` bytes.

    Attributes:
        has_text: Whether any page has a text layer.
        signed: Whether the file carries a digital signature, which any change would break.
    """

    ok: bool = True
    size: int = 0
    pages: int = 0
    has_text: bool = False
    signed: bool = False


class Scan:
    """One paper in a process of its own; use as a context manager."""

    def __init__(self, path: Path, *, timeout_s: float = ANSWER_S) -> None:
        self._timeout_s = timeout_s
        font = str(resource_path("fonts", "NotoSans-Regular.ttf"))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            (sys.executable, "-m", "server.secretariat.inspect.text_worker", str(path), font),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # closing flushes to a process that is gone
                    pipe.close()
        self._process.wait()

    def look(self) -> Answer:
        """How the paper is.

        Raises:
            PaperBroken: It cannot be opened.
            RenderTimeout: It took too long; the process was killed.
            RendererLost: The process died on it.
        """
        return self._ask(Question("look"))[0]

    def picture(self, page: int) -> bytes:
        """A page as a grey PNG. Raises what :meth:`look` raises."""
        return self._ask(Question("picture", page=page))[1]

    def with_words(self, pages: tuple[Page, ...]) -> bytes:
        """The paper with words under its pictures. Raises what :meth:`look` raises."""
        return self._ask(Question("layer", pages=pages))[1]

    def _ask(self, question: Question) -> tuple[Answer, bytes]:
        process, expired = self._process, threading.Event()
        assert process.stdin is not None
        assert process.stdout is not None

        def give_up() -> None:
            expired.set()
            process.kill()

        watchdog = threading.Timer(self._timeout_s, give_up)
        watchdog.start()
        try:
            process.stdin.write(msgspec.json.encode(question) + b"\n")
            process.stdin.flush()
            line = process.stdout.readline(MAX_SAID)
            said = msgspec.json.decode(line, type=Answer) if line.endswith(b"\n") else None
            data = process.stdout.read(min(said.size, MAX_DATA)) if said is not None else b""
        except OSError:
            said, data = None, b""  # the pipe broke: the process is gone
        except msgspec.DecodeError as error:
            raise FormatRefused("text process") from error
        finally:
            watchdog.cancel()
        if said is None or len(data) != said.size:
            raise RenderTimeout("text layer") if expired.is_set() else RendererLost("text layer")
        if not said.ok:
            raise PaperBroken("text layer")
        return said, data
