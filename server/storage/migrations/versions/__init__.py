# SPDX-License-Identifier: AGPL-3.0-or-later
"""One module per step, named by its number."""
