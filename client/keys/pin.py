# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which PINs are taken: 6 to 32 digits, and not one of those tried first. Pure."""

from __future__ import annotations

from client.errors import BadInput

MIN_DIGITS = 6
MAX_DIGITS = 32
_MAX_PERIOD = 3
_RUNS = "01234567890123456789"


def check_form(pin: str) -> None:
    """Refuse what cannot be a PIN at all, before an attempt is counted.

    Raises:
        BadInput: Not 6 to 32 ASCII digits.
    """
    if not (MIN_DIGITS <= len(pin) <= MAX_DIGITS and pin.isascii() and pin.isdigit()):
        raise BadInput("pin: 6 to 32 digits")


def check_new(pin: str) -> None:
    """Refuse a new PIN that is trivial: one digit, a run up or down, a pattern of up to three repeated.

    Raises:
        BadInput: Also for what :func:`check_form` refuses.
    """
    check_form(pin)
    run = pin in _RUNS * 2 or pin in _RUNS[::-1] * 2
    repeated = any(pin == (pin[:period] * len(pin))[: len(pin)] for period in range(1, _MAX_PERIOD + 1))
    if run or repeated:
        raise BadInput("pin: too simple")
