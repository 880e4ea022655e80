# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every message is made of: keys as text, numbers that fit JSON, target names, and the base of typed objects."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

SignPublic = Annotated[str, Meta(pattern=r"^p256:[A-Za-z0-9_-]{40,100}$")]
SealPublic = Annotated[str, Meta(pattern=r"^hpke-mlkem768-x25519:[A-Za-z0-9_-]{1000,2400}$")]
KeyId = Annotated[str, Meta(pattern=r"^[a-z0-9_-]{4,40}$")]
Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
TargetName = Annotated[str, Meta(pattern=r"^[a-z]{1,12}/[a-z0-9_-]{2,40}\.[0-9]{1,9}$")]


class Signed(Struct, frozen=True, forbid_unknown_fields=True, tag_field="t"):
    """Base of every typed object."""
