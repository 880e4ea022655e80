# SPDX-License-Identifier: AGPL-3.0-or-later
"""Hides from a measured program what an installation does not have: libraries of the service and of development.

``httpx`` and ``securesystemslib`` load some of them when they happen to be there (a command line, keys on tokens),
which costs the development environment 10 MB that no member's device pays.

Usage: ``python -m tests.benchmarks.as_installed MODULE [ARGUMENTS]``
"""

from __future__ import annotations

import runpy
import sys
from importlib.abc import MetaPathFinder

ABSENT = frozenset({"rich", "click", "pygments", "pkcs11", "asn1crypto"})


class Hidden(MetaPathFinder):
    """Finds nothing of these, and keeps others from finding it."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(fullname, name=fullname)


if __name__ == "__main__":
    sys.meta_path.insert(0, Hidden())
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
