# SPDX-License-Identifier: AGPL-3.0-or-later
"""The edge to the TUF library: its errors and its calendar as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from tuf.api import exceptions
from tuf.api.serialization import DeserializationError, SerializationError

from client.clock import Millis
from client.errors import ContentMismatch, FormatRefused, MetadataExpired, RollbackDetected, SignatureInvalid

_LAST: Final = 253_402_300_799_000
"""The calendar's last second, UTC milliseconds."""


def moment(at: Millis) -> datetime:
    """As the library wants it; a clock beyond the calendar's end stands there."""
    return datetime.fromtimestamp(min(max(int(at), 0), _LAST) / 1000, UTC)


def millis(at: datetime) -> Millis:
    """UTC milliseconds."""
    return Millis(round(at.timestamp() * 1000))


@contextmanager
def translated(role: str) -> Iterator[None]:
    """The library's errors as ours; an unknown kind is a bug and passes."""
    try:
        yield
    except exceptions.UnsignedMetadataError as error:
        raise SignatureInvalid(f"{role}: threshold") from error
    except exceptions.ExpiredMetadataError as error:
        raise MetadataExpired(role) from error
    except exceptions.BadVersionNumberError as error:
        raise RollbackDetected(f"{role}: {error}") from error
    except exceptions.LengthOrHashMismatchError as error:
        raise ContentMismatch(f"{role}: length or hash") from error
    except (exceptions.RepositoryError, DeserializationError, SerializationError, ValueError, KeyError) as error:
        raise FormatRefused(f"{role}: {type(error).__name__}") from error
