# SPDX-License-Identifier: AGPL-3.0-or-later
"""The e-Cabinet client: read, annotate, comment and vote, with or without a network."""
