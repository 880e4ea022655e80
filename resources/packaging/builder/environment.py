# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares the environment that is frozen with the target's list of wheels: what was locked is what is shipped.

A development environment holds more (tests, service, builder); its modules are named so that the freezer leaves them
out, whatever some library would import if it could.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from resources.packaging.builder.errors import NotVerified
from resources.packaging.builder.lock import lock_path, pinned
from resources.packaging.builder.release import NAME
from resources.packaging.builder.tools import run

_ASK: Final = """
import importlib.metadata as m, json, re
plain = lambda name: re.sub("[-_.]+", "-", name).lower()
print(json.dumps({
    "versions": {plain(d.name): d.version for d in m.distributions()},
    "modules": {k: [plain(n) for n in v] for k, v in m.packages_distributions().items()},
}))
"""
_OWN: Final = {NAME, "pyinstaller", "pyinstaller-hooks-contrib"}


def superfluous_modules(root: Path, target: str) -> list[str]:
    """Top-level modules of the project's environment that no locked wheel brings.

    Raises:
        NotVerified: A locked wheel is absent or of another version.
    """
    locked = pinned(lock_path(root, target).read_text("utf-8"))
    said = json.loads(run([root / ".venv" / "bin" / "python", "-I", "-c", _ASK]).stdout)
    differing = [
        f"{name} {said['versions'].get(name)}" for name, v in locked.items() if said["versions"].get(name) != v
    ]
    if differing:
        raise NotVerified(f"the environment is not that of locks/{target}.txt: {', '.join(sorted(differing))}")
    shipped = set(locked) | _OWN
    return sorted(module for module, owners in said["modules"].items() if shipped.isdisjoint(owners))
