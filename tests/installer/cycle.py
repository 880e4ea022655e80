# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole life of the real packages, in one run that may be stopped and begun again.

``python -m tests.installer.cycle --work FOLDER`` does it with a line for every step; ``test_full_cycle.py`` does the
same in ``make nightly``. Every step is noted in ``FOLDER/<commit>/steps.json`` with what it made, its time and its
figures; a step that is noted and whose outputs are still there is not done again. Needs the packages of the README's
third list, ``debootstrap`` and ``wine``, root (a chroot), and a network for packages of Debian and Python.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from resources.packaging.builder import release, tools, tree
from resources.packaging.builder.errors import MissingTool, NotVerified

ROOT: Final = Path(__file__).resolve().parents[2]
OLD, NEW = "0.9.0", "0.9.1"
MB: Final = 1_000_000
BUDGET: Final = {"deb": 60 * MB, "msi": 60 * MB, "layout": 130 * MB}
_LAST: Final = 1_500
Facts = dict[str, Any]


def say(text: str) -> None:
    """A line for whoever watches, with the time."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


@dataclass(frozen=True)
class Cycle:
    """One run at one commit.

    Attributes:
        work: Folder of this commit; everything is below it.
    """

    work: Path
    commit: str

    @property
    def dist(self) -> Path:
        """Where the first checkout, which is this one, writes."""
        return self.work / "dist"

    @property
    def other(self) -> Path:
        """A second checkout of the same commit, with an environment of its own."""
        return self.work / "other"

    @property
    def noted(self) -> dict[str, Facts]:
        """Every step that was done, by name."""
        path = self.work / "steps.json"
        found: dict[str, Facts] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
        return found

    def step(self, name: str, make: Callable[[], Facts], *outputs: Path) -> Facts:
        """Do it unless it is noted as done and ``outputs`` are there; what ``make`` says is noted with its times.

        Two runs in the same folder wait for each other step by step; the two halves are not done there at once, because
        a release set takes in whatever installers its folder holds.
        """
        with _alone(self.work / "locks" / name):
            noted = self.noted
            if name in noted and outputs and all(one.exists() for one in outputs):
                say(f"done before: {name}")
                return noted[name]
            say(f"{name} ...")
            began, used = time.monotonic(), _cpu()
            facts = make()
            facts |= {"wall_s": round(time.monotonic() - began), "cpu_s": round(_cpu() - used)}
            self._note(name, facts)
        say(f"{name}: " + ", ".join(f"{key} {value}" for key, value in facts.items()))
        return facts

    def _note(self, name: str, facts: Facts) -> None:
        with _alone(self.work / "locks" / "steps.json"):
            part = self.work / "steps.part"
            part.write_text(json.dumps(self.noted | {name: facts}, indent=2, ensure_ascii=False) + "\n", "utf-8")
            part.replace(self.work / "steps.json")

    def build(self, *words: str | Path, root: Path = ROOT, more: Mapping[str, str] | None = None) -> str:
        """Run ``build_installer.py`` in a checkout, the first one with :attr:`dist` for its output.

        Raises:
            NotVerified: It failed; carries the end of what it said.
        """
        dist = ["--dist", str(self.dist)] if root == ROOT else []
        command = [str(root / ".venv/bin/python"), "build_installer.py", *dist, *map(str, words)]
        done = subprocess.run(
            command, cwd=root, check=False, capture_output=True, text=True, env=os.environ | dict(more or {})
        )
        if done.returncode:
            raise NotVerified(f"{' '.join(command[1:])}:\n{(done.stdout + done.stderr)[-_LAST:]}")
        return done.stdout

    def elsewhere(self) -> None:
        """Make the second checkout."""

        def make() -> Facts:
            folder = tree.fresh(self.other)
            for words in (["clone", "-q", str(ROOT), str(folder)], ["-C", str(folder), "checkout", "-q", self.commit]):
                subprocess.run(["git", *words], check=True)
            words = ["make", ".venv/ready", f"PYTHON={Path(sys.base_prefix) / 'bin' / 'python3'}"]
            subprocess.run(words, cwd=folder, check=True, capture_output=True)
            return {"commit": self.commit[:12]}

        self.step("second checkout with its environment", make, self.other / ".venv" / "ready")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock ``path``; it ends with the process, however that ends."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _cpu() -> float:
    """CPU seconds of this process and of all its children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def begin(work: Path) -> Cycle:
    """A run in ``work`` at the commit that is checked out.

    Raises:
        NotVerified: The checkout is not what its commit says, so that two checkouts could not agree.
    """
    found = release.read(ROOT, "test")
    if found.dirty or not found.commit:
        raise NotVerified("commit first: two checkouts of one commit are compared")
    folder = work.resolve() / found.commit[:12]
    folder.mkdir(parents=True, exist_ok=True)
    return Cycle(folder, found.commit)


def measured(path: Path) -> Facts:
    """Size and hash of a file."""
    return {"MB": round(path.stat().st_size / MB, 1), "sha256": tree.sha256(path)}


def whole(folder: Path) -> str:
    """One hash over names and contents of everything below a folder."""
    return hashlib.sha256(json.dumps(tree.hashes(folder), sort_keys=True).encode()).hexdigest()


def within(what: str, size: int) -> None:
    """Hold a size to its budget.

    Raises:
        NotVerified: It is larger.
    """
    if size > BUDGET[what]:
        raise NotVerified(f"{what}: {size / MB:.1f} MB, more than {BUDGET[what] / MB:.0f} MB")


def missing(commands: tuple[str, ...]) -> list[str]:
    """What has to be installed before these programs can be run."""
    return [tools.how_to_install(tools.TOOLS[name]) for name in commands if tools.here(name, ROOT) is None]


def main(argv: list[str]) -> int:
    """Do all of it, or one half."""
    from tests.installer import cycle_debian, cycle_windows

    halves = {"debian": cycle_debian, "windows": cycle_windows}
    words = argparse.ArgumentParser(
        prog="python -m tests.installer.cycle", description=(__doc__ or "").partition("\n")[0]
    )
    words.add_argument("--work", type=Path, required=True, help="folder for everything; the same one to go on")
    words.add_argument("--only", choices=sorted(halves), help="one half")
    options = words.parse_args(argv)
    chosen = [halves[options.only]] if options.only else list(halves.values())
    lacking = sorted({one for half in chosen for one in missing(half.TOOLS)})
    if lacking:
        raise MissingTool("; ".join(lacking))
    cycle = begin(options.work)
    say(f"commit {cycle.commit[:12]}, in {cycle.work}")
    for half in chosen:
        half.live(cycle)
    total = cycle.noted.values()
    say(f"all done: {sum(one['wall_s'] for one in total)} s, of which {sum(one['cpu_s'] for one in total)} s CPU")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
