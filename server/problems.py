# SPDX-License-Identifier: AGPL-3.0-or-later
"""Errors as answers: every refusal leaves as an RFC 9457 problem document.

It decides status and code of each refusal and nothing else. No document quotes what was sent: ``detail``
holds ids, sizes and hash prefixes, as ``client.errors`` demands. What nobody foresaw is logged with its
traceback and leaves as ``internal`` without any detail.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar, Final

from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException

from client.errors import (
    ContentMismatch,
    DiskFull,
    EcabinetError,
    FormatRefused,
    LimitExceeded,
    SignatureInvalid,
    StoreBusy,
)
from client.protocol import codec
from client.protocol.http import PROBLEM_MEDIA, PROBLEM_PREFIX, Problem, ProblemDocument

RETRY_AFTER_S: Final = 2
_log = logging.getLogger(__name__)

STATUS: Final[dict[Problem, int]] = {
    Problem.BAD_REQUEST: 400,
    Problem.TOO_LARGE: 413,
    Problem.SIGNATURE: 401,
    Problem.CLOCK_SKEW: 401,
    Problem.REPLAY: 401,
    Problem.DEVICE_REVOKED: 401,
    Problem.UNKNOWN_DEVICE: 401,
    Problem.FORBIDDEN: 403,
    Problem.NOT_FOUND: 404,
    Problem.DEVICE_FORK: 409,
    Problem.VOTE_CONFLICT: 409,
    Problem.NOT_ELIGIBLE: 403,
    Problem.POLL_UNKNOWN: 404,
    Problem.POLL_NOT_OPEN: 409,
    Problem.POLL_STATE: 409,
    Problem.WRONG_DEFINITION: 409,
    Problem.BAD_ANSWERS: 422,
    Problem.REVOTE_FORBIDDEN: 409,
    Problem.HASH_MISMATCH: 400,
    Problem.VERSION_CONFLICT: 409,
    Problem.NO_QUORUM: 409,
    Problem.NOT_PRESENT: 409,
    Problem.ABSENCE: 409,
    Problem.DEVICES_AWAY: 409,
    Problem.SESSION_UNKNOWN: 404,
    Problem.SESSION_STATE: 409,
    Problem.NOT_INVITED: 403,
    Problem.NO_SUCH_ITEM: 409,
    Problem.TICKET: 403,
    Problem.RATE: 429,
    Problem.INTERNAL: 500,
}

TITLE: Final[dict[Problem, str]] = {
    Problem.BAD_REQUEST: "The request is not of the documented form",
    Problem.TOO_LARGE: "The body is larger than allowed",
    Problem.SIGNATURE: "The request's signature does not verify",
    Problem.CLOCK_SKEW: "The request's time is outside the window",
    Problem.REPLAY: "This request was seen before",
    Problem.DEVICE_REVOKED: "The directory no longer lists this device as active",
    Problem.UNKNOWN_DEVICE: "The directory does not list this device",
    Problem.FORBIDDEN: "Not for this caller",
    Problem.NOT_FOUND: "There is nothing under this name",
    Problem.DEVICE_FORK: "This device used the statement number for something else",
    Problem.VOTE_CONFLICT: "Another vote of this member stands",
    Problem.NOT_ELIGIBLE: "The member is not eligible in this poll",
    Problem.POLL_UNKNOWN: "There is no such poll",
    Problem.POLL_NOT_OPEN: "The poll is not open yet",
    Problem.POLL_STATE: "The poll's state does not allow this",
    Problem.WRONG_DEFINITION: "The poll's definition is a different one",
    Problem.BAD_ANSWERS: "The answers do not fit the questions",
    Problem.REVOTE_FORBIDDEN: "A vote in this poll cannot be replaced",
    Problem.HASH_MISMATCH: "The bytes are not the promised ones",
    Problem.VERSION_CONFLICT: "Something else or newer is there already",
    Problem.NO_QUORUM: "Fewer members are present than the rules ask for",
    Problem.NOT_PRESENT: "The roll does not list the member as present",
    Problem.ABSENCE: "The member's absence has no consent",
    Problem.DEVICES_AWAY: "Devices are put away",
    Problem.SESSION_UNKNOWN: "There is no such session",
    Problem.SESSION_STATE: "The session's state does not allow this",
    Problem.NOT_INVITED: "The member is not invited to this",
    Problem.NO_SUCH_ITEM: "The agenda has no such item",
    Problem.TICKET: "The ticket is unknown, used or expired",
    Problem.RATE: "Too many requests",
    Problem.INTERNAL: "The service failed",
}


class Refusal(EcabinetError):
    """A request that is refused for a stated reason.

    Args:
        problem: The reason.
        detail: Ids, sizes and hash prefixes only.
        signed: A DSSE object that proves the reason (vote head, time).
        retry_after_s: Seconds to wait, where repeating can help.
    """

    code: ClassVar[str] = "service.refusal"

    def __init__(
        self, problem: Problem, detail: str = "", *, signed: bytes | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(f"{problem.value} {detail}".rstrip())
        self.problem = problem
        self.reason = detail
        self.signed = signed
        self.retry_after_s = retry_after_s


def answer(
    problem: Problem,
    detail: str = "",
    *,
    status: int | None = None,
    signed: bytes | None = None,
    retry_after_s: int | None = None,
) -> Response[bytes]:
    """The problem document as a response."""
    code = status or STATUS[problem]
    document = ProblemDocument(PROBLEM_PREFIX + problem.value, TITLE[problem], code, detail, signed)
    headers = {"Cache-Control": "no-store"}
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    return Response(codec.encode(document), status_code=code, media_type=PROBLEM_MEDIA, headers=headers)


def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """What any exception of a handler becomes."""
    if isinstance(error, Refusal):
        return answer(error.problem, error.reason, signed=error.signed, retry_after_s=error.retry_after_s)
    if isinstance(error, (NotFoundException, MethodNotAllowedException)):
        return answer(Problem.NOT_FOUND)
    if isinstance(error, HTTPException) and error.status_code < 500:  # noqa: PLR2004
        return answer(Problem.BAD_REQUEST)
    if isinstance(error, EcabinetError):
        for kind, problem in _OURS:
            if isinstance(error, kind):
                return answer(problem, error.detail)
    return _unforeseen(request, error)


def _unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    if isinstance(error, StoreBusy):
        return answer(Problem.INTERNAL, "busy", status=503, retry_after_s=RETRY_AFTER_S)
    # The path holds ids at most; method and path are enough to find the request again.
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if isinstance(error, DiskFull):
        return answer(Problem.INTERNAL, "no space left", status=507)
    return answer(Problem.INTERNAL)


_OURS: Final[tuple[tuple[type[EcabinetError], Problem], ...]] = (
    (LimitExceeded, Problem.TOO_LARGE),
    (FormatRefused, Problem.BAD_REQUEST),
    (SignatureInvalid, Problem.SIGNATURE),
    (ContentMismatch, Problem.HASH_MISMATCH),
)
