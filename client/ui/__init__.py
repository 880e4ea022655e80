# SPDX-License-Identifier: AGPL-3.0-or-later
"""The windows: Qt widgets that read projections and send acts; no rule of procedure is decided here."""
