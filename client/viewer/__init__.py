# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading papers: pure geometry and edits here, MuPDF in ``worker/`` (its own process), Qt in ``view/``."""
