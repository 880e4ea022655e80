# SPDX-License-Identifier: AGPL-3.0-or-later
"""The facts of one release: version, channel, time, commit, folders; and what the production channel refuses.

The time is that of the commit (or ``SOURCE_DATE_EPOCH``): no build reads the clock.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from resources.packaging.builder.errors import BuilderError, Refused
from resources.packaging.builder.tools import need, run

Channel = Literal["production", "test"]
CHANNELS: Final = ("production", "test")
TARGETS: Final = ("linux", "win-x64", "macos")
NAME: Final = "ecabinet"
PRODUCT: Final = "e-Cabinet"
PUBLISHER: Final = "e-Cabinet project"
RELEASE_VERSION: Final = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,5}")
_SHORT: Final = 12


@dataclass(frozen=True, slots=True)
class Release:
    """One release of the project in ``root``.

    Attributes:
        epoch: Seconds since 1970, the time in every package.
        commit: Full commit id, or empty for a source archive.
        dirty: The tree is not what the commit says.
        dist: Folder of all releases; this one's files are in ``out``.
    """

    root: Path
    version: str
    channel: Channel
    epoch: int
    commit: str
    dirty: bool
    tagged: bool
    dist: Path

    @property
    def out(self) -> Path:
        """``dist/<version>``."""
        return self.dist / self.version

    def target(self, name: str) -> Path:
        """``dist/<version>/<target>``, made if need be."""
        folder = self.out / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def product(self) -> str:
        """The name people see; only production may go without the warning."""
        return PRODUCT if self.channel == "production" else f"{PRODUCT} (TEST BUILD)"

    @property
    def file_version(self) -> str:
        """For file names and Debian: a test build sorts before the release it is a test of."""
        return self.version if self.channel == "production" else f"{self.version}~test"

    @property
    def commit_name(self) -> str:
        """Short, honest name of the source."""
        return (self.commit[:_SHORT] or "archive") + ("-dirty" if self.dirty else "")

    @property
    def packaging(self) -> Path:
        """The checked-in data of the builder."""
        return self.root / "resources" / "packaging"

    def reproducible(self) -> dict[str, str]:
        """Environment that makes tools use the release's time."""
        return {"SOURCE_DATE_EPOCH": str(self.epoch)}

    def refuse(self, *reasons: str) -> None:
        """Stop a production build for any reason that is not empty.

        Raises:
            Refused: Channel production and at least one reason.
        """
        given = [reason for reason in reasons if reason]
        if self.channel == "production" and given:
            raise Refused("channel production refuses: " + "; ".join(given))

    def refuse_tree(self) -> None:
        """Production is built from a clean checkout of the release's tag and nothing else."""
        self.refuse(
            "the tree has uncommitted changes" if self.dirty else "",
            "" if self.commit else "not a checkout: the commit is unknown",
            "" if self.tagged else f"the commit is not tagged v{self.version}",
        )


def read(
    root: Path, channel: Channel, *, dist: Path | None = None, version: str | None = None, timeless: bool = False
) -> Release:
    """The release that ``root`` holds.

    Args:
        root: Top of the project.
        channel: ``test`` marks everything made as a test build.
        dist: Where to put everything; ``root/dist`` if not given.
        version: Another version than the project's, for trials of upgrades; only in channel ``test``.
        timeless: Nothing will be made that carries a time.

    Raises:
        BuilderError: No usable version, or neither a checkout nor ``SOURCE_DATE_EPOCH`` says the time.
    """
    own = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if version is not None and channel == "production":
        raise Refused("channel production refuses: a version other than the project's")
    chosen = version or own
    if not RELEASE_VERSION.fullmatch(chosen):
        raise BuilderError(f"version {chosen!r}: three numbers are needed")
    commit, dirty, tags, epoch = _of_git(root)
    if "SOURCE_DATE_EPOCH" in os.environ:
        epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    if epoch is None and timeless:
        epoch = 0
    if epoch is None:
        raise BuilderError("not a git checkout: set SOURCE_DATE_EPOCH to the time of the release, in seconds")
    tagged = f"v{chosen}" in tags
    return Release(root, chosen, channel, epoch, commit, dirty, tagged, dist or root / "dist")


def _of_git(root: Path) -> tuple[str, bool, tuple[str, ...], int | None]:
    if not (root / ".git").exists():
        return "", False, (), None
    git = need("git")

    def said(*words: str) -> str:
        return run([git, "-c", "safe.directory=*", "-C", root, *words]).stdout.decode().strip()

    tags = tuple(said("tag", "--points-at", "HEAD").split())
    return said("rev-parse", "HEAD"), bool(said("status", "--porcelain")), tags, int(said("log", "-1", "--format=%ct"))
