# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the handlers share: reading path parts, wording answers, mounting paths."""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec
from litestar import Response

from client.errors import FormatRefused
from client.protocol.http import BLOB_MEDIA, DSSE_MEDIA, PATH_TARGET, Problem
from server.auth import Req
from server.problems import Refusal
from server.service import Service

T = TypeVar("T")
JSON: Final = "application/json"
RENAMED: Final = "scope_id"
_NO_STORE: Final = {"Cache-Control": "no-store"}


def mount(path: str) -> str:
    """A path of ``client.protocol.http`` in Litestar's spelling.

    Only a target's name spans two parts; ``scope`` is a word of Litestar's own and becomes ``RENAMED``.
    """
    kind = "path" if path == PATH_TARGET else "str"
    return re.sub(r"{(\w+)}", rf"{{\1:{kind}}}", path.replace("{scope}", f"{{{RENAMED}}}"))


def service_of(request: Req) -> Service:
    """The service this request came to."""
    service: Service = request.app.state.service
    return service


def read_id(value: str, kind: type[T]) -> T:
    """A path part as an id.

    Raises:
        FormatRefused: It does not match the id's pattern.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise FormatRefused("path") from error


def read_number(value: str) -> int:
    """A path part or query value as a number from 0.

    Raises:
        FormatRefused: It is none, or has more than 15 digits.
    """
    if not re.fullmatch(r"0|[1-9][0-9]{0,14}", value):
        raise FormatRefused("number")
    return int(value)


def found(value: T | None) -> T:
    """``value`` itself.

    Raises:
        Refusal: It is None.
    """
    if value is None:
        raise Refusal(Problem.NOT_FOUND)
    return value


def signed_object(envelope: bytes, *, etag: str | None = None) -> Response[bytes]:
    """A DSSE envelope."""
    headers: dict[str, Any] = {**_NO_STORE, **({"ETag": f'"{etag}"'} if etag else {})}
    return Response(envelope, media_type=DSSE_MEDIA, headers=headers)


def opaque(data: bytes, *, media: str = BLOB_MEDIA) -> Response[bytes]:
    """Bytes as they were stored."""
    return Response(data, media_type=media, headers=_NO_STORE)
