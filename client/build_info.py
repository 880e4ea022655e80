# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which build this is: written into the package by the installer builder, absent when run from source.

Only a build of the production channel may look like one: everything else says so wherever a version is shown.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec
from msgspec import Struct

from client.resources import resource_path


class BuildInfo(Struct, frozen=True):
    """What the builder wrote.

    Attributes:
        channel: ``source`` is no build at all.
        commit: Short name of the commit it was built from, ``-dirty`` if the tree was changed.
    """

    version: str
    channel: Literal["production", "test", "source"] = "source"
    commit: str = ""

    @property
    def label(self) -> str:
        """Version for people: ``0.1.0``, or ``0.1.0 · TEST BUILD (1a2b3c4)``, the same words in every language."""
        if self.channel == "production":
            return self.version
        name = "TEST BUILD" if self.channel == "test" else "SOURCE"
        return f"{self.version} · {name}" + (f" ({self.commit})" if self.commit else "")


@cache
def program_version() -> str:
    """As installed; looked up when it is first asked for, because the look-up loads as much as the first screen."""
    from importlib import metadata

    return metadata.version("ecabinet")


def build_info() -> BuildInfo:
    """This build."""
    path = resource_path("build-info.json")
    if path.is_file():
        return msgspec.json.decode(path.read_bytes(), type=BuildInfo)
    return BuildInfo(program_version())
