# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds, signs, describes and verifies the installers: ``python3 build_installer.py --help``.

Standard library only; the parts are in ``resources/packaging/builder/``, their data in ``resources/packaging/``.
"""

from __future__ import annotations

import sys

from resources.packaging.builder.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
