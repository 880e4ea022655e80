# SPDX-License-Identifier: AGPL-3.0-or-later
"""What screens show, computed from domain values; no widgets and no Qt here."""
