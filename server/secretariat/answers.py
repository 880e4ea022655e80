# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes to the service in pieces, and what its refusals mean to the desk.

A refusal is its own problem document, a busy service, or a stranger's page. Opens no connection.
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from client.errors import (
    CaptivePortal,
    ClockSkew,
    DiskFull,
    EcabinetError,
    FormatRefused,
    ServiceRefused,
    Unreachable,
    WrongCertificate,
)
from client.protocol import codec, http
from client.protocol.http import Problem, ProblemDocument

PIECE: Final = 1024 * 1024
MAX_PROBLEM: Final = codec.MAX_SMALL
_TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def refusal(status: int, media: str, body: bytes) -> EcabinetError:
    """The error that stands for an answer which is not a success.

    Args:
        status: HTTP status.
        media: Media type without parameters.
        body: At most ``MAX_PROBLEM`` bytes; only read when it is a problem document.
    """
    if media != http.PROBLEM_MEDIA:
        return Unreachable(f"status {status}") if status in _TRANSIENT else CaptivePortal(f"{status} {media}")
    try:
        document = msgspec.json.decode(body, type=ProblemDocument)
    except msgspec.DecodeError:
        return FormatRefused("problem document")
    code = document.type.removeprefix(http.PROBLEM_PREFIX)
    if status in _TRANSIENT:
        return Unreachable(f"{status} {code}")
    kind = ClockSkew if code == Problem.CLOCK_SKEW.value else ServiceRefused
    return kind(code, status, body)


def pieces(path: Path, progress: Callable[[int], None]) -> Iterator[bytes]:
    """A file in pieces; ``progress`` is told the bytes that were taken up."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
            progress(len(piece))


def lost(error: BaseException) -> EcabinetError:
    """What a connection that broke means, by what broke it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return WrongCertificate(cause.verify_message)
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:  # while reading the spool
            return DiskFull("spool")
        cause = cause.__cause__ or cause.__context__
    return Unreachable(type(error).__name__)
