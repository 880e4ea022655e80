# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine's policy: what IT staff fixed for everyone on it. Read once at start, never written.

A missing file means no policy. A file that does not parse fails closed: the program says so and does not
start with weaker rules than were meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from client.errors import EnvironmentFault, Text

MAX_POLICY = 64 * 1024


class PolicyUnreadable(EnvironmentFault):
    """The policy file exists and cannot be used."""

    code = "machine.policy"
    title = Text("Tệp chính sách của máy không đọc được", "The machine's policy file cannot be read")
    next_step = Text("Cán bộ kỹ thuật cần sửa tệp chính sách.", "IT staff must repair the policy file.")


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """Values fixed by IT staff; None leaves the choice to the member or the built-in default."""

    server_url: Annotated[str, Meta(pattern=r"^https?://")] | None = None
    ca_file: str | None = None
    auto_lock_s: Annotated[int, Meta(ge=30, le=3600)] | None = None
    allow_export: bool = True
    allow_print: bool = False
    open_without_sandbox: bool = False
    offline_lease_days: Annotated[int, Meta(ge=1, le=60)] = 14


def load(path: Path) -> Policy:
    """The policy at ``path``, or the empty one when there is no file.

    Raises:
        PolicyUnreadable: The file is too large, not readable or not a policy.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise PolicyUnreadable(type(error).__name__) from error
    if len(data) > MAX_POLICY:
        raise PolicyUnreadable(f"{len(data)} bytes")
    try:
        return msgspec.json.decode(data, type=Policy)
    except msgspec.DecodeError as error:
        raise PolicyUnreadable(str(error)) from error
