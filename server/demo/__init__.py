# SPDX-License-Identifier: AGPL-3.0-or-later
"""Demo session: papers, folder and seed data. Everything here is invented and says so."""
