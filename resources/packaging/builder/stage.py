# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build knows about itself: what it is, whose word counts about newer ones, and the program's own metadata.

The metadata is made here rather than copied, because that of a development environment names folders of the machine.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from resources.packaging.builder import tree
from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.release import NAME, Release

INFO: Final = "build-info.json"
UPDATE_ROOT: Final = "update-root.json"
"""The root that clients believe about releases, if the publisher put one beside the builder's data."""


def write(release: Release, folder: Path) -> None:
    """Write both into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INFO).write_text(json.dumps(_info(release), indent=2) + "\n", "utf-8")
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


def _info(release: Release) -> dict[str, str]:
    return {"version": release.version, "channel": release.channel, "commit": release.commit_name}


def check(release: Release, folder: Path) -> None:
    """Whether the program in ``folder`` was built as this very release: a package must not be called otherwise.

    Raises:
        NotVerified: It was built for another version, channel or commit, or does not say.
    """
    found = [path for path in tree.files(folder) if path.name == INFO]
    if not found:
        raise NotVerified(f"{folder} does not say what it was built as: build it anew")
    for path in found:
        said = json.loads(path.read_text("utf-8"))
        if said != _info(release):
            was = " ".join(str(said.get(name)) for name in ("version", "channel", "commit"))
            raise NotVerified(f"{folder} was built as {was}, which is another release: build it anew")
