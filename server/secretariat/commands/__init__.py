# SPDX-License-Identifier: AGPL-3.0-or-later
"""One module of commands for each thing the secretariat works on; ``cli.py`` joins them."""
