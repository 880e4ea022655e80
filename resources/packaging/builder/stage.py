# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build knows about itself: what it is, whose word counts about newer ones, and the program's own metadata.

The metadata is made here rather than copied, because that of a development environment names folders of the machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from resources.packaging.builder.release import NAME, Release

UPDATE_ROOT: Final = "update-root.json"
"""The root that clients believe about releases, if the publisher put one beside the builder's data."""


def write(release: Release, folder: Path) -> None:
    """Write both into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    info = {"version": release.version, "channel": release.channel, "commit": release.commit_name}
    (folder / "build-info.json").write_text(json.dumps(info, indent=2) + "\n", "utf-8")
    root = release.packaging / UPDATE_ROOT
    if root.is_file():
        (folder / UPDATE_ROOT).write_bytes(root.read_bytes())
    metadata = folder / f"{NAME}-{release.version}.dist-info" / "METADATA"
    metadata.parent.mkdir(exist_ok=True)
    lines = (
        "Metadata-Version: 2.4",
        f"Name: {NAME}",
        f"Version: {release.version}",
        "License-Expression: AGPL-3.0-or-later",
    )
    metadata.write_text("\n".join(lines) + "\n", "utf-8")
