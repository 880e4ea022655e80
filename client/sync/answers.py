# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading the service's answers: what is an answer, what is a refusal, what is somebody else's page.

Statuses, media types, ranges and problem documents (RFC 9110, RFC 9457) are judged here; nothing here opens a
connection. A refusal becomes one of our errors with the problem's code; a code this version does not know is
kept as it is and treated by ``conflict`` as "not final".
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec

from client.errors import (
    CaptivePortal,
    ClockSkew,
    ContentMismatch,
    DeviceRevoked,
    FormatRefused,
    ProxyBlocked,
    ServiceError,
    ServiceRefused,
    Unreachable,
    WrongCertificate,
)
from client.protocol import http

T = TypeVar("T")

GOOD: Final = frozenset({200, 201, 202, 206})
MEDIA: Final = frozenset({"application/json", http.DSSE_MEDIA, http.TUF_MEDIA, http.BLOB_MEDIA, "text/event-stream"})
MAX_RETRY_AFTER_S: Final = 24 * 3600.0
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429
_NOT_FOUND: Final = 404
_SIGN_IN: Final = 511
"""Network Authentication Required (RFC 6585, 6)."""
_BLOCKED: Final = frozenset({403, 407, 451})
"""What a proxy or a filter says; the service says why in a problem document."""
_UNKNOWN_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")
_CODE: Final = re.compile(r"[a-z0-9-]{1,40}")


class NothingThere(CaptivePortal):
    """404 in somebody else's words: an ordinary web server that has no such file, or a portal that says so."""


def media_of(headers: Mapping[str, str]) -> str:
    """The media type without parameters, lower case; empty when there is none."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def check_media(headers: Mapping[str, str], status: int) -> None:
    """Refuse what the service would never send.

    Raises:
        CaptivePortal: HTML or any other type.
    """
    media = media_of(headers)
    if media not in MEDIA:
        raise CaptivePortal(f"{status} {media or 'no type'}"[:80])


def check_range(text: str, start: int) -> None:
    """Refuse a 206 that is not about the range asked for.

    Raises:
        ContentMismatch: Another range.
    """
    found = _UNKNOWN_RANGE.fullmatch(text)
    if found is None or int(found[1]) != start:
        raise ContentMismatch("range")


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> ServiceError:
    """The error that stands for an answer which is not a success."""
    if status == _TOO_MANY or (status >= _SERVER_ERROR and status != _SIGN_IN):
        return Unreachable(f"status {status}", retry_after_s=retry_after(headers.get("retry-after")))
    if media_of(headers) != http.PROBLEM_MEDIA:
        kind = NothingThere if status == _NOT_FOUND else ProxyBlocked if status in _BLOCKED else CaptivePortal
        return kind(f"{status} {media_of(headers) or 'no type'}"[:80])
    try:
        problem = msgspec.json.decode(body, type=http.ProblemDocument)
    except msgspec.DecodeError:
        return CaptivePortal(f"{status}: not a problem document")
    code = problem.type.removeprefix(http.PROBLEM_PREFIX)
    if code == problem.type or not _CODE.fullmatch(code):
        return CaptivePortal(f"{status}: another service's problem document")
    return _KINDS.get(code, ServiceRefused)(code, status, problem.signed or b"")


_KINDS: Final[dict[str, type[ServiceRefused]]] = {
    http.Problem.DEVICE_REVOKED.value: DeviceRevoked,
    http.Problem.CLOCK_SKEW.value: ClockSkew,
}


def retry_after(text: str | None) -> float | None:
    """Seconds named by a ``Retry-After`` header; None when absent, unreadable or a date.

    A date would have to be read by a clock that may be wrong; the service sends seconds.
    """
    if text is None or not text.strip().isdecimal() or len(text) > len("99999"):
        return None
    return min(float(text), MAX_RETRY_AFTER_S)


def wrong_tls(cause: ssl.SSLError) -> ServiceError:
    """A failed handshake or verification; the reason is the library's constant, not the peer's text."""
    return WrongCertificate(str(cause.reason or "tls")[:60])


def decode(body: bytes, kind: type[T]) -> T:
    """An unsigned JSON body.

    Raises:
        FormatRefused: Not of the documented form.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise FormatRefused(f"answer: {kind.__name__}") from error
