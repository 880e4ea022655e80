# SPDX-License-Identifier: AGPL-3.0-or-later
"""``ecabinet-secretariat``: starts the command line and nothing more."""

from __future__ import annotations


def main() -> None:
    """Run one command."""
    from server.secretariat.cli import app

    app()


if __name__ == "__main__":
    main()
