# SPDX-License-Identifier: AGPL-3.0-or-later
"""The render process: no keys, no files, no network; imports only ``client.viewer.messages`` and errors."""
