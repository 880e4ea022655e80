# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pure values and rules of cabinet procedure; imports nothing of the project and no library but msgspec."""
