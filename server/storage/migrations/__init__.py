# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps of the schema, oldest first; a released step is never edited."""
