# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented text of the demo papers: vocabulary, sentence patterns and the list of papers."""
