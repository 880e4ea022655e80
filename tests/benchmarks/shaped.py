# SPDX-License-Identifier: AGPL-3.0-or-later
"""A link of a known width: a network namespace of its own behind a pair of virtual cards, shaped by ``tc``.

The kernel does the shaping, so it costs neither side a processor, and every program that goes through it is treated
alike. Needs Linux, root and iproute2; ``missing`` says what is not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

NEAR: Final = "10.231.0.1"
FAR: Final = "10.231.0.2"
"""Where a program in the namespace is reached."""
BURST: Final = "256kb"
QUEUE: Final = "20ms"


@dataclass(frozen=True, slots=True)
class Link:
    """The namespace's name; a command prefixed with ``inside`` runs at the far end."""

    name: str

    @property
    def inside(self) -> tuple[str, ...]:
        """Put before a command."""
        return ("ip", "netns", "exec", self.name)


def missing() -> str:
    """Why there can be no shaped link here; empty if there can."""
    if not sys.platform.startswith("linux"):
        return "Linux only"
    if not all(shutil.which(name) for name in ("ip", "tc")):
        return "needs iproute2"
    return "" if os.geteuid() == 0 else "needs root"


@contextmanager
def link(mbit: int) -> Iterator[Link]:
    """A link whose far end sends at most ``mbit`` million bits a second; gone afterwards.

    Raises:
        subprocess.CalledProcessError: This machine does not allow it.
    """
    name = f"ecab{os.getpid()}"
    near, far = f"{name[:13]}n", f"{name[:13]}f"
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "link", "add", near, "type", "veth", "peer", "name", far)
        _run("ip", "link", "set", far, "netns", name)
        _run("ip", "addr", "add", f"{NEAR}/30", "dev", near)
        _run("ip", "link", "set", near, "up")
        _run("ip", "-n", name, "addr", "add", f"{FAR}/30", "dev", far)
        _run("ip", "-n", name, "link", "set", far, "up")
        shape = ("tbf", "rate", f"{mbit}mbit", "burst", BURST, "latency", QUEUE)
        _run("ip", "netns", "exec", name, "tc", "qdisc", "add", "dev", far, "root", *shape)
        yield Link(name)
    finally:
        _run("ip", "netns", "del", name)  # takes both cards with it


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
