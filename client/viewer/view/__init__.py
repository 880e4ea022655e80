# SPDX-License-Identifier: AGPL-3.0-or-later
"""Qt side of the reader: the page canvas, its pens and fingers, and the strip of small pages."""
