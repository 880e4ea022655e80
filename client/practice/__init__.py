# SPDX-License-Identifier: AGPL-3.0-or-later
"""The practice world ("tập dượt"): an invented session, votes and ballots behind the real screens.

It touches no real data and cannot be mistaken for it: own folder with keys that live in memory only, no network, no
enrolment, no directory; every screen and every page says "TẬP DƯỢT". What is done in it is gone when it is left.
"""
