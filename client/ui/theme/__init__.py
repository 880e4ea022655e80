# SPDX-License-Identifier: AGPL-3.0-or-later
"""Colours, measures, fonts and icons, once, for style sheets and custom paint alike."""
