# SPDX-License-Identifier: AGPL-3.0-or-later
"""The device's two SQLCipher files and the one thread that writes each (protocol.md, section 5)."""
