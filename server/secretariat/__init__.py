# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secretariat's tool: checks a folder of papers, seals and signs it, runs ballots, reads comments."""
