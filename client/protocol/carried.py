# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts and receipts carried by hand when there is no network: as a file, or as lines that fit QR codes.

A line is ``ECAB1:<part>/<parts>:<mark>:<base32>`` in characters that QR codes pack densely (ISO/IEC 18004, alphanumeric
mode); the mark is the first eight digits of the whole's SHA-256, so that parts of two votes cannot be mixed up and
a part read wrongly is noticed. Lines may come in any order and more than once.

What is carried proves itself: the act is signed by its device and sealed to the secretariat's readers, the receipt
is signed by the service. So whoever finds the stick or photographs the screen learns and changes nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Final, TypeVar

from client.errors import ContentMismatch, FormatRefused, LimitExceeded
from client.protocol import codec
from client.protocol.messages import CarriedReceipt, CarriedStatement

MAX_FILE: Final = 512 * codec.KIB
MAX_TEXT: Final = 2 * MAX_FILE
MAX_PARTS: Final = 99
PART_CHARS: Final = 640
"""Base32 digits in one line; a code of version 17 holds it with error correction M and reads well from a screen."""
_LINE: Final = re.compile(r"ECAB1:([0-9]{1,2})/([0-9]{1,2}):([0-9A-F]{8}):([A-Z2-7]{1,1000})")

T = TypeVar("T", CarriedStatement, CarriedReceipt)


def lines(data: bytes) -> tuple[str, ...]:
    """``data`` as lines for QR codes.

    Raises:
        LimitExceeded: More than ``MAX_PARTS`` lines would be needed: a file is the way then.
    """
    digits = base64.b32encode(data).decode().rstrip("=")
    parts = [digits[at : at + PART_CHARS] for at in range(0, len(digits), PART_CHARS)]
    if len(parts) > MAX_PARTS:
        raise LimitExceeded(f"{len(parts)} codes")
    mark = _mark(data)
    return tuple(f"ECAB1:{number}/{len(parts)}:{mark}:{part}" for number, part in enumerate(parts, 1))


def arrived(text: str) -> tuple[int, int]:
    """How many parts of how many are among the whole lines of ``text``; ``(0, 0)`` before the first.

    For showing how far scanning is; :func:`read` judges.
    """
    found = [match for line in text.split()[: 2 * MAX_PARTS] if (match := _LINE.fullmatch(line)) is not None]
    return (len({int(match[1]) for match in found}), int(found[-1][2])) if found else (0, 0)


def read(data: bytes, kind: type[T]) -> T:
    """What a file or the lines of scanned codes hold.

    Raises:
        LimitExceeded: Too large.
        FormatRefused: Neither, or parts are missing.
        ContentMismatch: The parts do not make the whole that they name.
    """
    if len(data) > MAX_TEXT:
        raise LimitExceeded(f"{len(data)} bytes, limit {MAX_TEXT}")
    if data.lstrip()[:6] == b"ECAB1:":
        data = _joined(data)
    return codec.decode(data.strip(), kind, limit=MAX_FILE)


def _joined(data: bytes) -> bytes:
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise FormatRefused("codes: not text") from error
    found: dict[int, str] = {}
    marks: set[tuple[str, int]] = set()
    for line in text.split():
        match = _LINE.fullmatch(line)
        if match is None:
            raise FormatRefused("codes: a line of another form")
        number, count, mark, digits = int(match[1]), int(match[2]), match[3], match[4]
        marks.add((mark, count))
        if found.setdefault(number, digits) != digits:
            raise ContentMismatch(f"codes: part {number} differs")
    if len(marks) != 1:
        raise FormatRefused("codes: of several acts")
    mark, count = marks.pop()
    if sorted(found) != list(range(1, count + 1)):
        raise FormatRefused(f"codes: {len(found)} of {count}")
    digits = "".join(found[number] for number in range(1, count + 1))
    try:
        whole = base64.b32decode(digits + "=" * (-len(digits) % 8))
    except binascii.Error as error:
        raise FormatRefused("codes: not base32") from error
    if _mark(whole) != mark:
        raise ContentMismatch("codes: read wrongly")
    return whole


def _mark(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:8].upper()
