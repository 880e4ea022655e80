# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Windows launcher runs: says where the program lies, then the same entry as ``python -m client``.

``sys.frozen`` must be set before multiprocessing is imported: child processes are then started with the launcher.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.frozen = True  # type: ignore[attr-defined]
sys._MEIPASS = str(Path(sys.executable).parent / "app")  # type: ignore[attr-defined] # noqa: SLF001

from client.__main__ import main  # noqa: E402

sys.exit(main())
