# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wire, written once for both ends: messages, strict JSON, names, problems. Pure."""
