# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes of an answer as they arrive: cut at the front, capped at the end, never gathered."""

from __future__ import annotations

from collections.abc import Iterator

from client.errors import ContentMismatch, LimitExceeded


def skipped(pieces: Iterator[bytes], skip: int) -> Iterator[bytes]:
    """``pieces`` without their first ``skip`` bytes."""
    for piece in pieces:
        rest = piece[skip:] if skip else piece
        skip = max(skip - len(piece), 0)
        if rest:
            yield rest


def capped(pieces: Iterator[bytes], limit: int, *, exact: bool = False) -> Iterator[bytes]:
    """``pieces`` up to ``limit`` bytes; more is an error, or with ``exact`` simply not read."""
    taken = 0
    for piece in pieces:
        taken += len(piece)
        if taken > limit:
            if not exact:
                raise LimitExceeded(f"answer over {limit} bytes")
            yield piece[: limit - (taken - len(piece))]
            return
        yield piece
    if exact and taken < limit:
        raise ContentMismatch(f"{taken} of {limit} bytes")
