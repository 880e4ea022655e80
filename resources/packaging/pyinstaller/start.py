# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a frozen build runs: the same entry as ``python -m client``."""

from __future__ import annotations

import sys

from client.__main__ import main

sys.exit(main())
