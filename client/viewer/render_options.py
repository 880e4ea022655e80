# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the render process is run: a value made by the composition root from settings and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PAGE_TIMEOUT_S: Final = 10.0
START_TIMEOUT_S: Final = 30.0
ANY_SANDBOX: Final = frozenset({"landlock+seccomp", "landlock", "seccomp", "none"})


@dataclass(frozen=True)
class RenderOptions:
    """How the render process is run.

    Attributes:
        command: Program and arguments; its channel arguments are appended.
        page_timeout_s: Longest time for one page, one text or opening one paper.
        start_timeout_s: Longest time until a new process is ready.
        environment: The process's whole environment.
        accepted_sandboxes: Confinements that policy allows papers to be opened in.
    """

    command: tuple[str, ...]
    page_timeout_s: float = PAGE_TIMEOUT_S
    start_timeout_s: float = START_TIMEOUT_S
    environment: Mapping[str, str] = field(default_factory=dict)
    accepted_sandboxes: frozenset[str] = ANY_SANDBOX
