# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bytes in, bytes out: every cryptographic call of the program sits in this package.

One home for ``cryptography``, ``securesystemslib`` and ``http_message_signatures``, so that another
cryptographic module can replace them here without a change elsewhere. Nothing in here reads a file, a
clock, a network or a database, and nothing logs.
"""
