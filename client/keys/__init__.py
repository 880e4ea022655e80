# SPDX-License-Identifier: AGPL-3.0-or-later
"""This device's keys: where they rest, how they are unlocked, when they are locked or destroyed."""
