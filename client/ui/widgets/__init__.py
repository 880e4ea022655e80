# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts that screens are made of; each knows how it looks and nothing of what it shows."""
